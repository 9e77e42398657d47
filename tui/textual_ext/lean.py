"""Widgets that have the screen laid out anew only when they must: that costs more than all else of a key."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.visual import VisualType
from textual.widgets import Static


class StableText(Static):
    """Has the screen laid out anew only when it takes another number of lines: that costs more than all else of a key.

    Its width must not depend on the words.
    """

    def __init__(self, words: str | Content = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(words, id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show this, unless it is what is shown."""
        if isinstance(content, Content) and isinstance(self.content, Content) and self.content.is_same(content):
            return
        super().update(content, layout=False)
        self.clear_cached_dimensions()
        width, height = self.content_size  # Both 0 while it is not seen; to show it is a reason of its own.
        if layout and width and self.get_content_height(self.container_size, self.app.viewport_size, width) != height:
            self.refresh(layout=True)


class NoRelayoutScroll(ScrollView):
    """A widget that has the screen laid out anew only where its own size depends on how much there is in it."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Let its size follow, or the scrollbars."""
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(virtual_size)
