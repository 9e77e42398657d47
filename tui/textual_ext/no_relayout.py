"""Widgets that relayout the screen only when they must; a relayout dominates the cost of a key press."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.visual import VisualType
from textual.widgets import Static


class StableText(Static):
    """Text that relayouts only if its number of lines changes; a relayout dominates the cost of a key press.

    Set a fixed width in CSS: the width must not depend on the text.
    """

    def __init__(self, words: str | Content = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(words, id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show the content, unless it is already shown."""
        if isinstance(content, Content) and isinstance(self.content, Content) and self.content.is_same(content):
            return
        super().update(content, layout=False)
        self.clear_cached_dimensions()
        width, height = self.content_size  # Both are 0 while it is hidden; showing it causes a relayout anyway.
        if layout and width and self.get_content_height(self.container_size, self.app.viewport_size, width) != height:
            self.refresh(layout=True)


class NoRelayoutScroll(ScrollView):
    """Scroll view that relayouts the screen only if its own size depends on its content."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Update its size, or only the scrollbars."""
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(virtual_size)
