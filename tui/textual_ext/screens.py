"""Screens for which the defaults of Textual do not fit."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class TabStopScreen(Screen[ScreenResultType]):
    """Screen in which Tab passes over widgets whose `is_tab_stop` is False."""

    @property
    def focus_chain(self) -> list[Widget]:
        """The widgets that Tab goes to, in their order, and the one that has the focus."""
        return [each for each in super().focus_chain if each is self.focused or getattr(each, "is_tab_stop", True)]


class FocusKeepingScreen(TabStopScreen[ScreenResultType]):
    """Screen that keeps the focus in its widget when the window becomes small or the widget is hidden for a moment."""

    _hidden: Widget | None = None
    """The widget that lost the focus because it was hidden, until another one has the focus."""

    def on_mount(self) -> None:
        """Restore the focus once its widget is shown again."""
        self.screen_layout_refresh_signal.subscribe(self, self._restore_focus)

    def _reset_focus(self, widget: Widget, avoiding: list[Widget] | None = None) -> None:
        # Textual takes the focus from a widget without room or that is hidden, and never restores it.
        is_going = bool(avoiding) or widget not in self.focus_chain
        if is_going:
            super()._reset_focus(widget, avoiding)
            self._hidden = None if avoiding or self.focused else widget

    def _restore_focus(self, _: Screen[object]) -> None:
        if self._hidden and self.focused:
            self._hidden = None
        elif self._hidden and self._hidden in self.focus_chain:
            self.set_focus(self._hidden)


class QuietStartScreen(FocusKeepingScreen[ScreenResultType]):
    """Screen that draws no frame while Textual shows none."""

    def _compositor_refresh(self) -> None:
        # While an app starts, and while it changes its mode, Textual draws frames and shows none of them. Later frames
        # hold only what differs from them: rows of the splash screen would stay on the terminal.
        if not self.app._batch_count:  # noqa: SLF001
            super()._compositor_refresh()


class DismissibleScreen(TabStopScreen[ScreenResultType]):
    """Screen that dismisses itself, and not whatever screen is on top by then."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Dismiss the screens over it, without a result, and then itself; do nothing if it is gone."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.screen.dismiss(None)
        return super().dismiss(result)
