"""The line above a list in which a person types what to keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui.bindings import format_keys
from tui.panes.scrolling import ScrolledInPlace


class FilterLine(Input, ScrolledInPlace):
    """An input that narrows a list while its text is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "clear_or_leave", "Clear", id="clear_or_leave", tooltip="Clear the filter; again to leave it"
        ),
        Binding("enter,down", "leave", "To the list", id="leave", tooltip="Go to the first match"),
    ]

    @dataclass
    class Left(Message):
        """The person is done typing and wants the list."""

        filter_line: FilterLine

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=format_keys(placeholder), id=id, compact=True, select_on_focus=False)
        self._is_cleared = False

    async def _on_key(self, event: events.Key) -> None:
        """Type; but right after Esc the slash that asks for the filter is no text."""
        if self._is_cleared and event.character == "/":
            event.prevent_default()
            event.stop()
        self._is_cleared = False

    def on_blur(self) -> None:
        """Begin with text when it comes back."""
        self._is_cleared = False

    def action_clear_or_leave(self) -> None:
        """Clear what is typed, or go back to the list if there is nothing."""
        if self.value:
            self.value = ""
            self._is_cleared = True
        else:
            self.post_message(self.Left(self))

    def action_leave(self) -> None:
        """Go to the list with what is typed."""
        self.post_message(self.Left(self))
