"""A screen that is opened as a mode of its own, and draws nothing for nothing."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget


class OpenedScreen(Screen[None]):
    """As Textual's, without the frames that nobody sees."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual draws the whole screen again when another widget has the focus, not only the two."""

    def _compositor_refresh(self) -> None:
        # While an app starts, and while it changes its mode, Textual draws whole frames and shows none of them.
        if not self.app._batch_count:  # noqa: SLF001
            super()._compositor_refresh()
