"""Lines of the matrix table: identical rows are grouped; groups are unfolded, filtered and sorted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import overload

from tui.access.evaluation import RowGroup
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Finding, Row, RowKey, Verdict
from tui.access.reports.wording import role_heading
from tui.access.suggestions import Suggestion
from tui.airisk.models import User
from tui.airisk.users.search_index import UserIndex


@dataclass(frozen=True, slots=True)
class RoleHeader:
    """Heading of a role, with its number of rows."""

    role: str
    size: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Line of the table: a group of identical rows, a member of an unfolded group, or a single row.

    `is_marked` says whether it has findings or cells that may be denials. A member of a group leaves that to it.
    """

    board: LiveMatrix
    places: Sequence[int]
    is_open: bool = False
    is_member: bool = False
    is_marked: bool = False

    @property
    def size(self) -> int:
        """The number of rows in the line."""
        return len(self.places)

    @property
    def first(self) -> Row:
        """The row that represents the line."""
        return self.board.rows[self.places[0]]

    @property
    def is_one(self) -> bool:
        """Whether the line is a single row."""
        return len(self.places) == 1

    @property
    def rows(self) -> list[Row]:
        """All rows of the line."""
        return [self.board.rows[place] for place in self.places]

    @property
    def key(self) -> RowKey:
        """The key that identifies the line after an update."""
        return self.first.key if self.is_one else ("alike", " ".join(self.first.key))

    def cell(self, column: int) -> Cell | None:
        """Return the cell at an endpoint's index, or None if it was not tested yet."""
        return self.board.cell(self.places[0], column)

    def doubt(self, column: int) -> Suggestion | None:
        """Return the suggestion about the cell at an endpoint's index if it may be a denial, or None."""
        return self.board.suggestion_for(self.cell(column))

    def member(self, number: int) -> GroupRow:
        """Return the row at index `number` as a member line."""
        return GroupRow(self.board, self.places[number : number + 1], is_member=True)

    def number_of(self, key: RowKey) -> int | None:
        """Return the index of the row with this key in the line, or None."""
        place = self.board.place_of(key)
        number = bisect_left(self.places, place) if place is not None else self.size
        return number if number < self.size and self.places[number] == place else None


@dataclass(frozen=True, slots=True)
class MatrixView:
    """View settings: the filter text, the verdict or finding, the sort order, and the unfolded groups."""

    text: str = ""
    says: Verdict | Finding | None = None
    order: str = "gravity"
    unfolded: frozenset[RowKey] = frozenset()


class RowList(Sequence[RoleHeader | GroupRow]):
    """Lines of the table; members of an unfolded group are created on access."""

    def __init__(self, tops: Sequence[RoleHeader | GroupRow]) -> None:
        self._tops = tops
        sizes = (1 + top.size if isinstance(top, GroupRow) and top.is_open else 1 for top in tops)
        self._starts = list(accumulate(sizes, initial=0))
        self.row_count = sum(top.size for top in tops if isinstance(top, GroupRow))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> RoleHeader | GroupRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[RoleHeader | GroupRow]: ...
    def __getitem__(self, index: int | slice) -> RoleHeader | GroupRow | list[RoleHeader | GroupRow]:
        """Return a line or a slice of lines. For DataTable, a negative index raises IndexError."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        top, below = self._top(index)
        return top.member(below - 1) if below and isinstance(top, GroupRow) else top

    def whole_at(self, index: int) -> GroupRow | None:
        """Return the unfolded group of which this line is a member, or None."""
        top, below = self._top(index)
        return top if below and isinstance(top, GroupRow) else None

    def _top(self, index: int) -> tuple[RoleHeader | GroupRow, int]:
        """Return the heading or group at or above a line, and how many lines below it the line is."""
        number = bisect_right(self._starts, index) - 1
        return self._tops[number], index - self._starts[number]

    def find(self, key: RowKey) -> int | None:
        """Return the index of the line with this key, or of the folded group of the row with it, or None."""
        for start, top in zip(self._starts, self._tops, strict=False):
            if isinstance(top, GroupRow) and top.key == key:
                return start
            if isinstance(top, GroupRow) and (number := top.number_of(key)) is not None:
                return start + 1 + number if top.is_open else start
        return None

    def find_finding(self, index: int, column: int, columns: int, step: int) -> tuple[int, int] | None:
        """Return the line and the column of the next finding, continuing at the other end; None if there is none.

        A cell that may be a denial counts as one. Those of a group are on its own line, not on those of its members.

        Args:
            index: the line to start from.
            column: the column to start from, -1 on the identity.
            columns: the number of columns.
            step: 1 to search forward, -1 to search backward.
        """
        number = bisect_right(self._starts, index) - 1
        for distance in range(len(self._tops) + 1 if self._tops else 0):
            place = (number + step * distance) % len(self._tops)
            top = self._tops[place]
            if not isinstance(top, GroupRow) or not top.is_marked:
                continue
            for each in range(columns)[::step]:
                is_passed = distance == 0 and (each - column) * step <= 0
                if not is_passed and (cell := top.cell(each)) and (cell.finding or top.doubt(each)):
                    return self._starts[place], each
        return None

    def entry_from(self, index: int) -> int:
        """Return the index of this line, or of the one below if it is a heading."""
        return index + 1 if 0 <= index < len(self) and isinstance(self[index], RoleHeader) else index


class MatrixRows:
    """Builder of the table's lines, which are rebuilt whenever the matrix changes."""

    def __init__(self, board: LiveMatrix) -> None:
        self.board = board
        self._sought, self._found = "", frozenset[int]()

    def lines(self, view: MatrixView) -> RowList:
        """Return the lines of the table, from top to bottom."""
        roles = list(self.board.grouping.roles())
        has_headings = len(roles) > 1
        shown: list[RoleHeader | GroupRow] = []
        for role, is_users, groups in roles:
            matching = [
                (group, GroupRow(self.board, places, is_marked=group.gravity > 0 or group.is_doubtful))
                for group in groups
                if (places := self._matching(group, view))
            ]
            if matching and has_headings:
                title = role_heading(role, is_users=is_users)
                shown.append(RoleHeader(title, sum(entry.size for _, entry in matching)))
            rank = ORDERS[view.order]
            for _, entry in sorted(matching, key=lambda each: (*rank(*each), each[1].places[0])):
                is_open = not entry.is_one and entry.key in view.unfolded
                shown.append(replace(entry, is_open=True) if is_open else entry)
        return RowList(shown)

    def _matching(self, group: RowGroup, view: MatrixView) -> Sequence[int]:
        """Return a copy of the places of the group's matching rows, because groups change during a run."""
        if view.says and view.says not in group.words:
            return ()
        if not view.text.strip():
            return group.places[:]
        if view.text != self._sought:
            self._sought, self._found = view.text, frozenset(self._index.matching(view.text))
        return [place for place in group.places if place in self._found]

    @cached_property
    def _index(self) -> UserIndex:
        return UserIndex(
            User(row.id, row.name, "", row.role, (row.kind, " ".join(row.groups))) for row in self.board.rows
        )


def _name(row: Row) -> str:
    return (row.name or row.id).casefold()


ORDERS: dict[str, Callable[[RowGroup, GroupRow], tuple[object, ...]]] = {
    "gravity": lambda group, entry: (-group.gravity, not group.is_doubtful, -entry.size),
    "most allowed": lambda group, _: (-group.allowed, -group.gravity),
    "least allowed": lambda group, _: (group.allowed, -group.gravity),
    "inconclusive": lambda group, entry: (-group.unsure, -entry.size),
    "name": lambda _, entry: (_name(entry.first),),
}
"""Sort keys by the name of the order. Roles stay together: lines are sorted within a role."""
