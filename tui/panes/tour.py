"""The tour of the demo: one line that says what to do next."""

from __future__ import annotations

from rich.cells import cell_len as width
from textual.content import Content
from textual.widgets import Static

from tui.bindings import format_keys

OFFER = "New here? {tour|Ctrl+T} takes you round in two minutes."
STEPS = (
    "{filter|/} and letters of a name narrow the list; {leave|Enter} goes to it.",
    "{act_as|Enter} acts as the user under the cursor: watch the bar on top.",
    "{go_to_explorer|2} goes to the explorer: all that AIRisk can be asked.",
    "{send|F5} sends what is under the cursor: the answer is that user's.",
    "{stop_acting|x} stops acting: you are the application itself again.",
    "{matrix|m} plans a matrix of who can reach what; {start_matrix|Enter} runs it.",
)
FAREWELL = "That was it. {help|?} tells all keys; {choose_deployment|Ctrl+O} opens a deployment of your own."


class TourPane(Static):
    """Slim, and never in the way of a key; it offers the tour at first."""

    def __init__(self) -> None:
        super().__init__(id="tour", markup=False)
        self._head, self._words, self._end = "", OFFER, "{cancel|Esc} hides this"

    def show_step(self, step: int) -> None:
        """Say what to do next; behind the last step, that it was the last."""
        is_over = step == len(STEPS)
        self._head = "" if is_over else f"{step + 1}/{len(STEPS)}"
        self._words, self._end = FAREWELL if is_over else STEPS[step], "{cancel|Esc} ends it"
        self.refresh()

    def render(self) -> Content:
        """What to do on the left, the way out on the right as far as it fits."""
        line = Content.assemble((f"{self._head} ".lstrip(), "bold $text-accent"), format_keys(self._words))
        end = format_keys(self._end)
        room = self.content_size.width - width(line.plain) - width(end)
        return line + (Content.styled(" " * room + end, "$text-muted") if room > 1 else Content(""))
