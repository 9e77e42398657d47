"""A line of a form on which one of a few values is chosen, without opening anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.text import clean


class Turning(Static, can_focus=True):
    """Shows `‹ value ›`; left, right and Space turn to another one.

    Args:
        name: by which messages tell it.
        values: what it shows, by what it stands for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn(1)", "Change", id="turn", tooltip="Choose the next value, or a file"),
        Binding("right,l", "turn(1)", show=False, id="turn_on", tooltip="Choose the next value"),
        Binding("left,h", "turn(-1)", show=False, id="turn_back", tooltip="Choose the value before"),
    ]

    @dataclass
    class Turned(Message):
        """Another value was chosen, or where there is only one, another one is wanted."""

        turning: Turning
        step: int

        @property
        def control(self) -> Turning:
            """The line itself."""
            return self.turning

    def __init__(self, id: str, values: Sequence[tuple[str, str]], value: str = "") -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, markup=False, classes="turning")
        self._values = list(values)
        keys = [key for key, _ in values]
        self._place = keys.index(value) if value in keys else 0

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._values[self._place][0] if self._values else ""

    def offer(self, values: Sequence[tuple[str, str]]) -> None:
        """Offer these values, the first of them unless they stand for the same as before."""
        if [key for key, _ in values] != [key for key, _ in self._values]:
            self._place = 0
        self._values = list(values)
        self.refresh(layout=True)

    def render(self) -> Content:
        """The value between the signs that it can be turned."""
        words = clean(self._values[self._place][1], limit=90) if self._values else ""
        style = "bold" if self.has_focus else ""
        return Content.assemble(("‹ ", "$foreground-muted"), (words, style), (" ›", "$foreground-muted"))

    def on_click(self, event: events.Click) -> None:
        """As Space."""
        event.stop()
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """Go to the next value, or the one before."""
        if self._values:
            self._place = (self._place + step) % len(self._values)
        self.refresh(layout=True)
        self.post_message(self.Turned(self, step))
