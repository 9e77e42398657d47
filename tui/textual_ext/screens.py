"""Screens that keep the focus where it is, and one that is a mode of its own and draws nothing for nothing."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class FocusKeepingScreen(Screen[ScreenResultType]):
    """A screen on which nobody types elsewhere because the window was made small."""

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        # Textual takes the focus from what there is no room for just now, and never gives it back.
        is_going = bool(avoiding) or widget not in self.focus_chain
        if is_going:
            super()._reset_focus(widget, avoiding)


class FocusKeepingScreen(FocusKeepingScreen[None]):
    """As Textual's, without the frames that nobody sees."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual draws the whole screen again when another widget has the focus, not only the two."""

    def _compositor_refresh(self) -> None:
        # While an app starts, and while it changes its mode, Textual draws whole frames and shows none of them.
        if not self.app._batch_count:  # noqa: SLF001
            super()._compositor_refresh()
