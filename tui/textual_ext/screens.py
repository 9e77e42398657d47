"""Screens that keep the focus."""

from __future__ import annotations

from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class FocusKeepingScreen(Screen[ScreenResultType]):
    """Screen that keeps the focus in its widget when the window becomes small."""

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        # Textual takes the focus from a widget without room, and never restores it.
        is_going = bool(avoiding) or widget not in self.focus_chain
        if is_going:
            super()._reset_focus(widget, avoiding)
