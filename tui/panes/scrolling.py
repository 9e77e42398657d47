"""What is scrolled within a place of its own."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class ScrolledInPlace(ScrollView):
    """A widget as large as its place, however much there is in it: Textual would lay the screen out anew for that."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Let the scrollbars follow."""
        self._scroll_update(virtual_size)
