"""What is scrolled within a place of its own."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class ScrolledInPlace(ScrollView):
    """A widget that has the screen laid out anew only where its own size depends on how much there is in it."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Let its size follow, or the scrollbars."""
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(virtual_size)
