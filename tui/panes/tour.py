"""The tour of the demo: one line that says what to do next."""

from __future__ import annotations

from rich.cells import cell_len as width
from textual.content import Content
from textual.widgets import Static

OFFER = "New here? Ctrl+T takes you round in two minutes."
STEPS = (
    "/ and letters of a name narrow the list; Enter goes to it.",
    "Enter acts as the user under the cursor: watch the bar on top.",
    "2 goes to the explorer: all that AIRisk can be asked.",
    "F5 sends what is under the cursor: the answer is that user's.",
    "x stops acting: you are the application itself again.",
    "m plans a matrix of who can reach what; Enter runs it.",
)
FAREWELL = "That was it. ? tells all keys; Ctrl+E opens a deployment of your own."


class TourPane(Static):
    """Slim, and never in the way of a key; it offers the tour at first."""

    def __init__(self) -> None:
        super().__init__(id="tour", markup=False)
        self._head, self._words, self._end = "", OFFER, "Esc hides this"

    def show_step(self, step: int) -> None:
        """Say what to do next; behind the last step, that it was the last."""
        is_over = step == len(STEPS)
        self._head = "" if is_over else f"{step + 1}/{len(STEPS)}"
        self._words, self._end = FAREWELL if is_over else STEPS[step], "Esc ends it"
        self.refresh()

    def render(self) -> Content:
        """What to do on the left, the way out on the right as far as it fits."""
        line = Content.assemble((f"{self._head} ".lstrip(), "bold $text-accent"), self._words)
        room = self.content_size.width - width(line.plain) - width(self._end)
        return line + (Content.styled(" " * room + self._end, "$text-muted") if room > 1 else Content(""))
