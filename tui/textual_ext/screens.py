"""Screens that keep the focus where it is."""

from __future__ import annotations

from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class FocusKeepingScreen(Screen[ScreenResultType]):
    """A screen on which nobody types elsewhere because the window was made small."""

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        # Textual takes the focus from what there is no room for just now, and never gives it back.
        is_going = bool(avoiding) or widget not in self.focus_chain
        if is_going:
            super()._reset_focus(widget, avoiding)
