"""The line of a dialog."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class Line(Input):
    """A line to type into, of which the footer says what Enter does.

    Args:
        does: that, in a word or two; else as in an Input.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Take", id="take_line", tooltip="Take what is typed, or what is chosen below"),
    ]

    def __init__(self, value: str = "", *, does: str = "", **others: Any) -> None:
        super().__init__(value, **others)
        self.verbs = {"take_line": does} if does else {}
        """What keys do here, by the names of their bindings, where it is not the same everywhere."""
