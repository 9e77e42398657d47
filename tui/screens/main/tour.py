"""Tour of the demo: one line with the next step, which advances when the step is done."""

from __future__ import annotations

from rich.cells import cell_len as width
from textual.content import Content
from textual.widgets import Static

from tui.key_labels import format_keys
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState

OFFER = "New here? Press {tour|Ctrl+T} for a two-minute tour."
STEPS = (
    "Press {filter|/}, type part of a name to filter the list, then {leave|Enter}.",
    "Press {act_as|Enter} to act as the selected user. Watch the bar at the top.",
    "Press {go_to_explorer|2} for the explorer, which lists the API's endpoints.",
    "Press {send|F5} to send the selected request as that user.",
    "Press {compare|c}, choose another user, and {take_line|Enter} compares the responses.",
    "Press {stop_acting|x} to stop acting as the user.",
    "Press {go_to_users|1}, then {mark_user|Space} twice to mark two users for a matrix.",
    "Press {matrix|m}, then {start_matrix|Enter} for their access matrix. There, {save_matrix|s} saves a report.",
)
FAREWELL = "That's the tour. Press {help|?} for all keys, {choose_deployment|Ctrl+O} for your own deployment."


class TourPane(Static):
    """One line that takes no keys; it offers the tour at first."""

    def __init__(self) -> None:
        super().__init__(id="tour", markup=False)
        self._head, self._words, self._end = "", OFFER, "{cancel|Esc} hides this"

    def show_step(self, step: int) -> None:
        """Show the next step; after the last one, that the tour is over."""
        is_over = step == len(STEPS)
        self._head = "" if is_over else f"{step + 1}/{len(STEPS)}"
        self._words, self._end = FAREWELL if is_over else STEPS[step], "{cancel|Esc} ends it"
        self.refresh()

    def render(self) -> Content:
        """Render the step on the left, and the way out on the right as far as it fits."""
        line = Content.assemble((f"{self._head} ".lstrip(), "bold $text-accent"), format_keys(self._words))
        end = format_keys(self._end)
        room = self.content_size.width - width(line.plain) - width(end)
        return line + (Content.styled(" " * room + end, "$text-muted") if room > 1 else Content(""))


class Tour:
    """Leads a new user through the demo. Each step ends when the state or the focus shows that it is done.

    Args:
        state: state of the screen.
        panes: where the user goes.
    """

    def __init__(self, state: MainState, panes: PaneLayout) -> None:
        self.pane = TourPane()
        self._state = state
        self._panes = panes
        self._step: int | None = None
        state.follow(self.pane, self.advance)

    def begin(self) -> None:
        """Start the tour, or start it over."""
        self._step = 0
        self.pane.display = True
        self.pane.show_step(0)
        self.advance()

    def end(self) -> None:
        """Hide the tour, or its offer."""
        self._step = None
        self.pane.display = False

    def advance(self) -> None:
        """Advance to the first step that is not done yet."""
        step = self._step
        if step is None:
            return
        while step < len(STEPS) and self._is_done(step):
            step += 1
        if step != self._step:
            self._step = step
            self.pane.show_step(step)

    def _is_done(self, step: int) -> bool:
        state = self._state
        return (
            lambda: bool(self._panes.users.filter[0]) and not self._panes.users.is_filtering,
            lambda: state.active.is_user,
            lambda: self._panes.explorer.has_focus_within,
            lambda: state.exchange is not None and state.exchange.identity.is_user,
            lambda: state.has_compared,
            lambda: state.session is not None and not state.active.is_user,
            lambda: len(self._panes.users.marked) > 1,
            lambda: state.has_run_matrix,
        )[step]()
