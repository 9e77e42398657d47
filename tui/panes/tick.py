"""A box to tick."""

from textual.content import Content
from textual.widgets import Checkbox


class Tick(Checkbox):
    """A checkbox that can be read without colours."""

    BUTTON_LEFT = BUTTON_RIGHT = ""

    def __init__(self, label: str, *, id: str, value: bool = False, disabled: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(label), value, id=id, compact=True, disabled=disabled)
        self._draw_tick()

    def watch_value(self) -> None:
        """Show what it is set to."""
        super().watch_value()
        self._draw_tick()

    def _draw_tick(self) -> None:
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"
