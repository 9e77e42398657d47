"""A text among others, which changes often."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class Words(Static):
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
