"""The table of the explorer, and the keys that act in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.panes.explorer_rows import columns
from tui.panes.table import LazyTable


class EndpointTable(LazyTable):
    """Endpoints under the names of their groups."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="open_endpoint", tooltip="Fill in this endpoint, or fold a group"),
        Binding(
            "left",
            "fold(True)",
            "Fold",
            show=False,
            id="fold_group",
            tooltip="Fold the group of the line under the cursor",
        ),
        Binding(
            "right",
            "fold(False)",
            "Unfold",
            show=False,
            id="unfold_group",
            tooltip="Show what is folded under the cursor",
        ),
        Binding(
            "asterisk",
            "favour",
            "Favourite",
            key_display="*",
            show=False,
            id="favour",
            tooltip="Put this endpoint first, or no longer",
        ),
        Binding("space", "mark", "Mark", id="mark_endpoint", tooltip="Mark this endpoint for the matrix, or no longer"),
    ]

    @dataclass
    class Folded(Message):
        """The group under the cursor is to be folded, or not."""

        is_folded: bool

    class Favoured(Message):
        """The endpoint under the cursor is liked, or no longer."""

    class Marked(Message):
        """The endpoint under the cursor is marked, or no longer."""

    def __init__(self) -> None:
        super().__init__(columns(0), id="endpoints")
        self.show_header = False

    @on(events.Resize)
    def _choose_columns(self, event: events.Resize) -> None:
        self.set_columns(columns(event.size.width))

    def action_fold(self, is_folded: bool) -> None:  # noqa: FBT001 - as an action gives it
        """Fold or unfold the group under the cursor."""
        self.post_message(self.Folded(is_folded))

    def action_favour(self) -> None:
        """Like the endpoint under the cursor, or no longer."""
        self.post_message(self.Favoured())

    def action_mark(self) -> None:
        """Mark the endpoint under the cursor, or no longer."""
        self.post_message(self.Marked())
