"""Matrix table: the identities stay on the left, with as many endpoints beside them as fit."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, cast

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.coordinate import Coordinate
from textual.message import Message

from tui.access.model import Column as Endpoint
from tui.access.model import Row
from tui.format import count
from tui.panes.matrix.formatting import mark
from tui.panes.matrix.rows import GroupRow, RoleHeader, RowList
from tui.text import clean
from tui.widgets.table.columns import Cell, Column
from tui.widgets.table.virtual_table import VirtualTable


@dataclass(frozen=True, slots=True)
class RowSnapshot:
    """Snapshot of a line: the row that represents it, its fold state, and the marks in the window.

    Snapshots are compared, and so are marks: by their texts, each of which has one style.
    """

    first: Row
    size: int
    is_open: bool
    is_member: bool
    marks: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """The lines, each with the marks of the endpoints in the window.

    Entries read the live matrix, which changes during a run. A table's rows must not change, so a line is read once.
    """

    lines: RowList
    window: range
    _read: dict[int, RoleHeader | RowSnapshot] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> RoleHeader | RowSnapshot:
        """Return a heading, or the snapshot of a line taken on first access."""
        if index not in self._read:
            entry = self.lines[index]
            self._read[index] = entry if isinstance(entry, RoleHeader) else _snapshot(entry, self.window)
        return self._read[index]

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the identity and a mark for each endpoint in the window."""
        line = self.line(index)
        if isinstance(line, RoleHeader):
            name = (clean(line.role, limit=60), "bold $foreground-muted")
            return [Content.assemble(name, (f"  {count(line.size)}", "$foreground-muted")), *[""] * len(self.window)]
        return [_who(line), *line.marks]


def _snapshot(entry: GroupRow, window: range) -> RowSnapshot:
    marks = tuple(_in_line(mark(entry.cell(place), entry.doubt(place))) for place in window)
    return RowSnapshot(entry.first, entry.size, entry.is_open, entry.is_member, marks)


def _in_line(mark: Content) -> Content:
    """Center the letter of a mark, not the mark, so that the letters of a column are one below the other."""
    return mark if len(mark) == 1 else Content(" ") + mark


def _who(line: RowSnapshot) -> Content:
    first = line.first
    name, identifier = clean(first.name, limit=40), clean(first.id, limit=40)
    if line.size > 1:
        fold = "▾ " if line.is_open else "▸ "
        size = (f"{count(line.size)} users", "bold")
        return Content.assemble((fold, "$foreground-muted"), size, (f" like {name or identifier}", "$foreground-muted"))
    margin = "    " if line.is_member else "  "
    if first.kind != "user":
        return Content.assemble(margin, (first.kind, "italic"), (_OTHERS[first.kind], "$foreground-muted"))
    note = (f" · {identifier}" if name else "", "$foreground-muted")
    flag = (" ⊘", "$text-warning") if first.error else ""
    return Content.assemble(margin, name or identifier, note, flag)


_OTHERS = {"application": " · generic token", "anonymous": " · no token"}


_NARROWEST, _USUAL = 6, 15
"""Minimum terminal columns of an endpoint, and the maximum unless a heading needs more and there is room."""

_WHO, _WHO_WIDEST = 24, 46
"""Minimum and maximum columns of the identities; the limit keeps the cells close to them."""

_PADDING = 2


class MatrixTable(VirtualTable):
    """Table with a cell cursor. `endpoint` is the index of the cell's endpoint, None on the identity."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select_cursor",
            "Open",
            id="open_cell",
            tooltip="Open the cell, or unfold users with identical results",
        ),
        Binding("left", "go(-1)", "Left", show=False, id="cursor_left", tooltip="Go left, or fold the group"),
        Binding("right", "go(1)", "Right", show=False, id="cursor_right", tooltip="Go right, or unfold the row"),
    ]

    @dataclass
    class Folded(Message):
        """Request to fold or unfold the line under the cursor."""

        is_folded: bool

    class Pointed(Message):
        """Posted when the cursor moves to another cell."""

    def __init__(self) -> None:
        super().__init__([Column("", "who")], id="matrix-table")
        self.set_reactive(VirtualTable.cursor_type, "cell")
        self.cursor_foreground_priority = "renderable"  # Unexpected results have a background of their own.
        self.set_reactive(VirtualTable.header_height, 3)
        self._endpoints: Sequence[Endpoint] = ()
        self._lines = RowList(())
        self._widths: Sequence[int] = ()
        self._first = 0
        self._shown = 0

    def show_lines(self, endpoints: Sequence[Endpoint], lines: RowList, cursor: int) -> None:
        """Show lines, with the cursor on the line at index `cursor`."""
        is_new = len(endpoints) != len(self._endpoints)
        self._endpoints, self._lines = endpoints, lines
        if is_new:
            self._lay_out_endpoints()
        if is_new or cursor != self.cursor_row or not self.row_count:
            self.show(self._rows(), cursor=cursor)
        else:
            self.renew(self._rows())
        self._show_first_heading()

    def _look_of_row(self, row: int) -> Hashable:
        window = (self._first, self._shown)
        return (window, cast("TableRows", self.source).line(row)) if 0 <= row < self.row_count else window

    def _show_first_heading(self) -> None:
        """Scroll to the top if the cursor is on the first entry, to show the heading above it."""
        if self.cursor_row <= 1:
            self.scroll_to(y=0, animate=False, force=True)

    @property
    def entry(self) -> RoleHeader | GroupRow | None:
        """The line under the cursor, if any."""
        return self._lines[self.cursor_row] if 0 <= self.cursor_row < len(self._lines) else None

    @property
    def whole_of_members(self) -> GroupRow | None:
        """The unfolded group of the member under the cursor, if any."""
        return self._lines.whole_at(self.cursor_row)

    @property
    def endpoint(self) -> int | None:
        """The index of the endpoint under the cursor; None on the identity."""
        return self._first + self.cursor_column - 1 if self.cursor_column else None

    def action_go(self, step: int) -> None:
        """Move the cursor one cell, scroll the endpoints at the edge, or fold or unfold from the identity."""
        entry, column = self.entry, self.cursor_column
        is_line = isinstance(entry, GroupRow) and not entry.is_one
        if column == 0 and (step < 0 or (is_line and isinstance(entry, GroupRow) and not entry.is_open)):
            self.post_message(self.Folded(step < 0))
        elif step > 0 and column == self._shown and self._first + self._shown < len(self._endpoints):
            self._move_on(1)
        elif step < 0 and column == 1 and self._first > 0:
            self._move_on(-1)
        else:
            self.cursor_coordinate = Coordinate(self.cursor_row, column + step)

    def action_cursor_down(self) -> None:
        """Move to the next line that is not a heading."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Move to the previous line that is not a heading."""
        self._step(-1)

    def _step(self, step: int) -> None:
        row = self.cursor_row + step
        while 0 <= row < len(self._lines) and isinstance(self._lines[row], RoleHeader):
            row += step
        if 0 <= row < len(self._lines):
            self.cursor_coordinate = Coordinate(row, self.cursor_column)
        self._show_first_heading()

    def go_to_first_endpoint(self) -> None:
        """Move the cursor to the first endpoint in the window."""
        self.cursor_coordinate = Coordinate(self.cursor_row, 1)

    def go_to_finding(self, step: int) -> bool:
        """Move the cursor to the next finding, or the one before for -1. Return whether there is any."""
        column = -1 if self.endpoint is None else self.endpoint
        found = self._lines.find_finding(self.cursor_row, column, len(self._endpoints), step)
        if found:
            row, place = found
            first = min(max(self._first, place - self._shown + 1), place)  # scroll no further than needed
            self._show_from(first, Coordinate(row, 1 + place - first))
        return found is not None

    def _move_on(self, step: int) -> None:
        self._show_from(self._first + step, self.cursor_coordinate)

    def _show_from(self, first: int, cursor: Coordinate) -> None:
        """Show the endpoints from this one on, with the cursor there."""
        self._first = first
        self.set_columns(self._columns())
        self.show(self._rows(), cursor=cursor.row)
        self.cursor_coordinate = cursor
        self.post_message(self.Pointed())

    def watch_cursor_coordinate(self, old_coordinate: Coordinate, new_coordinate: Coordinate) -> None:
        """Post Pointed, and redraw the headings, which underline the cursor's column."""
        super().watch_cursor_coordinate(old_coordinate, new_coordinate)
        self.refresh()
        self.post_message(self.Pointed())

    @on(events.Resize)
    def _fit_endpoints(self, event: events.Resize) -> None:
        self.set_reactive(
            VirtualTable.header_height, 1 if event.size.height < _SHORTEST else 2 if event.size.height < _SHORT else 3
        )
        self._lay_out_endpoints()
        self.show(self._rows(), cursor=self.cursor_row)

    def _lay_out_endpoints(self) -> None:
        whole = self.scrollable_content_region.width
        who = min(max(whole // 3, _WHO), _WHO_WIDEST)
        room = max(whole - who - 2 * _PADDING, _NARROWEST)
        number = max(len(self._endpoints), 1)
        equal = max(room // number - _PADDING, _NARROWEST)
        self._shown = min(len(self._endpoints), max(room // (equal + _PADDING), 1))
        self._widths = [equal] * len(self._endpoints)
        if equal > _NARROWEST:
            self._widths = _shared([*map(self._heading_width, self._endpoints)], equal)
        self._first = min(self._first, len(self._endpoints) - self._shown)
        self.set_columns(self._columns())

    def _columns(self) -> list[Column]:
        window = range(self._first, self._first + self._shown)
        cells = [Column("", str(place), width=self._widths[place], priority=1, align="center") for place in window]
        return [Column("", "who", width=_WHO_WIDEST, minimum=12, priority=100), *cells]

    def _rows(self) -> TableRows:
        return TableRows(self._lines, range(self._first, self._first + self._shown))

    def _heading_lines(self, label: Text, column_index: int, width: int) -> list[Text]:  # noqa: ARG002 - its words
        room = width - 2 * self.cell_padding - len(self._marker_beside(column_index))
        lines = self._who_lines() if column_index == 0 else self._endpoint_lines(column_index, room)
        lines = [*[Text()] * (self.header_height - len(lines)), *lines][: self.header_height]
        shown = []
        for line in lines:
            fit = line.copy()
            fit.truncate(room, overflow="ellipsis")
            if column_index == self.cursor_column and fit.plain:
                fit.stylize("underline")
            fit.align("center" if column_index else "left", room)
            shown.append(fit)
        return shown

    def _who_lines(self) -> list[Text]:
        after = len(self._endpoints) - self._shown - self._first
        hidden = (f"‹ {self._first} more" if self._first else "", f"{after} more ›" if after > 0 else "")
        line = Text("  ".join(filter(None, hidden)))
        if self.header_height == 1:
            return [line if line.plain else Text("Identity")]
        return [line, Text("Identity")]

    def _endpoint_lines(self, column_index: int, room: int) -> list[Text]:
        endpoint = self._endpoints[self._first + column_index - 1]
        words = [*map(Text, _wrapped(self._title(endpoint), room, self._title_lines))]
        return [Text(clean(endpoint.method, limit=room)), *words] if self._title_lines < self.header_height else words

    def _heading_width(self, endpoint: Endpoint) -> int:
        """Return the minimum width in which the endpoint's title is whole."""
        title, most = self._title(endpoint), self._title_lines
        rooms = range(_NARROWEST, max(cell_len(title), _NARROWEST) + 1)
        return next(room for room in rooms if max(map(cell_len, _wrapped(title, room, most)), default=0) <= room)

    def _title(self, endpoint: Endpoint) -> str:
        return clean(endpoint.title if self._is_alone(endpoint) else _tail(endpoint), limit=80)

    @property
    def _title_lines(self) -> int:
        """The number of lines for titles: all, unless the methods differ and need one."""
        differs = len({endpoint.method for endpoint in self._endpoints}) > 1
        return max(self.header_height - differs, 1)

    def _is_alone(self, endpoint: Endpoint) -> bool:
        """Return whether the endpoint has a title and is the first with its method and title."""
        same = (each for each in self._endpoints if (each.method, each.title) == (endpoint.method, endpoint.title))
        return bool(endpoint.title) and next(same) is endpoint


def _tail(endpoint: Endpoint) -> str:
    """Return the path without `/api`."""
    return endpoint.path.removeprefix("/api")


_SHORT, _SHORTEST = 14, 7
"""Lines of the table below which headings take two lines, and one line."""

_WORDS, _PARTS = re.compile(r"(?<=.)(?=[ /])"), re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a heading is wrapped: between words, before a slash, and inside a word that is too long, as in `camelCase`."""


def _wrapped(text: str, room: int, most: int) -> list[str]:
    """Wrap text to `room` columns. The last of at most `most` lines has all that remains, uncut."""
    lines: list[str] = []
    for word in _WORDS.split(text):
        for part in _PARTS.split(word) if cell_len(word.lstrip()) > room else [word]:
            if lines and (len(lines) == most or cell_len(lines[-1] + part) <= room):
                lines[-1] += part
            else:
                lines.append(part.lstrip())
    return lines


def _shared(needed: Sequence[int], equal: int) -> list[int]:
    """Return equal widths if they suffice. Else columns that need less leave the rest to those that need more."""
    most = max(needed, default=0)
    if most <= equal:
        return [min(max(most, _USUAL), equal)] * len(needed)
    widths, room = [*needed], equal * len(needed)
    for done, place in enumerate(sorted(range(len(needed)), key=lambda place: needed[place])):
        widths[place] = min(needed[place], room // (len(needed) - done))
        room -= widths[place]
    return widths
