"""Table of the objects of a JSON array; only visible rows are decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable

from tui.text import clean
from tui.widgets.json_viewer.objects import Field, Objects, shortened
from tui.widgets.table.columns import Align, Cell, Column
from tui.widgets.table.virtual_table import VirtualTable

_NARROW = 10
"""Columns to which a value may shrink; of ids and names, at least `_WIDE` stay."""

_WIDE = 26
"""Columns of the widest value from which on a column takes a share of the remaining room."""

_HEADING = 16
"""Columns of a heading that widen its column."""

_WIDEST = 40
"""Columns of an id or a name."""


@dataclass(frozen=True, slots=True)
class _ObjectRows:
    objects: Objects

    def __len__(self) -> int:
        return len(self.objects)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the values of an object in the order of the fields."""
        values = self.objects.values(index)
        return [_cell(values[field.name]) if field.name in values else "" for field in self.objects.fields]


def _cell(value: object) -> Cell:
    words = shortened(value)
    return Content.styled(words, "$text-muted") if value is None or isinstance(value, (list, dict)) else words


class ObjectTable(VirtualTable):
    """Table with a cell cursor: one row for each object, one column for each field that has room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="open_object", tooltip="Read the whole object, with every field"),
        Binding("left", "cursor_left", "Left", show=False, id="field_left", tooltip="Go to the field on the left"),
        Binding(
            "l,right", "cursor_right", "Right", show=False, id="field_right", tooltip="Go to the field on the right"
        ),
        Binding("space", "page_down", "Page down", show=False, id="objects_page_down", tooltip="Go one page down"),
    ]

    class Pointed(Message):
        """Posted when the cursor moves to another value."""

    @dataclass
    class Opened(Message):
        """Request to show a whole object."""

        objects: Objects
        index: int

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__([Column("", "none")], id=id)
        self.set_reactive(VirtualTable.cursor_type, "cell")
        self.objects: Objects | None = None

    def show_objects(self, objects: Objects | None) -> None:
        """Show objects from the first on; None shows none."""
        self.objects = objects
        self.clear()
        if objects:
            self.set_columns(_columns(objects.fields))
            self.show(_ObjectRows(objects))
            self.move_cursor(row=0, column=0, animate=False)

    @property
    def place(self) -> tuple[int, str] | None:
        """The index of the object under the cursor, and the name of its field."""
        if not self.objects or not self.row_count:
            return None
        return self.cursor_row, str(self.ordered_columns[self.cursor_column].key.value)

    def path_at_cursor(self) -> str:
        """Return the JSONPath of the value under the cursor."""
        return self.objects.path(*self.place) if self.objects and self.place else ""

    def value_at_cursor(self) -> str | None:
        """Return the value under the cursor; None if it has members or is missing."""
        return self.objects.leaf(*self.place) if self.objects and self.place else None

    def text_at_cursor(self) -> str:
        """Return the value under the cursor as text."""
        return self.objects.text(*self.place) if self.objects and self.place else ""

    @on(DataTable.CellSelected)
    def _open(self, event: DataTable.CellSelected) -> None:
        event.stop()
        if self.objects and self.place:
            self.post_message(self.Opened(self.objects, self.place[0]))

    @on(DataTable.CellHighlighted)
    @on(events.Resize)
    def _point(self, event: events.Event) -> None:
        event.stop()
        self.post_message(self.Pointed())


def _columns(fields: Sequence[Field]) -> list[Column]:
    return [_column(field, 100 - place) for place, field in enumerate(fields)]


def _column(field: Field, priority: int) -> Column:
    label = clean(field.name, limit=_WIDE)
    width = max(field.width, min(cell_len(label), _HEADING))
    if field.width > _WIDE and field.is_leaf and not field.is_key:
        return Column(label, field.name, minimum=_HEADING, priority=priority)
    least = max(min(width, _WIDE if field.is_key else _NARROW), min(cell_len(label), _HEADING))
    align: Align = "right" if field.is_number else "left"
    return Column(label, field.name, min(width, _WIDEST if field.is_key else _WIDE), least, 1, priority, align)
