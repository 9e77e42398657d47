"""A matrix while it comes: each cell is weighed and counted when it is known, so that looking at it costs little.

What is done for a cell costs the same in a matrix of ten rows and of ten thousand, and is done in slices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence

from tui.access.cells import Cell, Column, Finding, Mixed, Row, RowKey, Shown, Span, Verdict, is_turned_away
from tui.access.document import Summary
from tui.access.likeness import Likeness, pattern_of
from tui.access.weighing import Scales, Weighing
from tui.airisk.models import Part

_Spot = tuple[int, int]
"""The places of a row and of a column."""

_AT_ONCE = 16
"""Cells between two pauses."""


class Board:
    """Rows and columns as they were planned, and what is known of them.

    Args:
        rows: the identities, in their order.
        columns: the endpoints.
        scales: what cells are weighed against.
        known: the cells that are known already, as they were judged by themselves.
        listed: which part of the users the rows were chosen from, where not from all.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        columns: Sequence[Column],
        scales: Scales,
        known: Iterable[Cell] = (),
        *,
        listed: Part | None = None,
    ) -> None:
        self.rows = list(rows)
        self.columns = columns
        self.listed = listed
        self.likeness = Likeness(self.rows)
        self.cell_count = 0
        self.span = Span()
        self._places = {row.key: place for place, row in enumerate(self.rows)}
        self._across = {column.name: place for place, column in enumerate(columns)}
        self._judged: list[list[Cell | None]] = [[None] * len(columns) for _ in self.rows]
        self._weighed: list[list[Cell | None]] = [[None] * len(columns) for _ in self.rows]
        self._known = list(known)
        self._unnoted = iter(range(0))
        self._waiting: dict[_Spot, None] = {}
        self._changed: dict[int, None] = dict.fromkeys(range(len(self.rows)))
        self._counted: Counter[Verdict | Finding] = Counter()
        self._expecting = 0
        self._turned_away: set[int] = set()
        self._shown = Shown()
        self._weighing = Weighing(scales, {row.key: row for row in self.rows}, columns)

    # What comes

    def take(self, cell: Cell) -> None:
        """A cell, as it was judged by itself; what follows from it, `settle` finds out."""
        row, column = self._places[cell.row_key], self._across[cell.endpoint]
        self._judged[row][column] = cell
        self.span.take(cell.at)
        self._note(row, column, cell)

    def take_row(self, row: Row) -> None:
        """What was learnt of an identity."""
        self.rows[self._places[row.key]] = row

    def weigh_anew(self, weighing: Weighing) -> None:
        """Weigh all cells against something else, once it is settled."""
        self._weighing = weighing
        self._unnoted = iter(range(len(self.rows)))

    def settle(self) -> Generator[None, None, None]:
        """Weigh, count and group what waits for it; pauses often, and may be left at any pause, and begun again."""
        yield from self._take_known()
        for row in self._unnoted:
            for column, cell in enumerate(self._judged[row]):
                if cell:
                    self._note(row, column, cell)
            yield
        while self._waiting or self._changed:
            for _ in range(min(_AT_ONCE, len(self._waiting))):
                (row, column), _ = self._waiting.popitem()
                self._weigh(row, column)
            yield
            if not self._waiting:
                yield from self._group()

    def _take_known(self) -> Generator[None, None, None]:
        while self._known:
            cell = self._known.pop()
            row, column = self._places.get(cell.row_key), self._across.get(cell.endpoint)
            # What came meanwhile is newer.
            if row is not None and column is not None and self._judged[row][column] is None:
                self.take(cell)
            if len(self._known) % _AT_ONCE == 0:
                yield

    def _note(self, row: int, column: int, cell: Cell) -> None:
        if self._weighing.note(cell):
            self._waiting |= dict.fromkeys((place, column) for place in range(len(self.rows)))
        self._waiting[row, column] = None

    def _weigh(self, row: int, column: int) -> None:
        cell = self._judged[row][column]
        if cell is None:
            return
        before, now = self._weighed[row][column], self._weighing.weigh(cell)
        if before is now:
            return
        self._weighed[row][column] = now
        self._changed[row] = None
        if before:
            self._count(before, -1)
        self._count(now, 1)

    def _count(self, cell: Cell, step: int) -> None:
        self.cell_count += step
        self._counted[cell.verdict] += step
        if cell.finding:
            self._counted[cell.finding] += step
        self._expecting += step * (cell.expected is not None)
        self._shown.count(cell, step)

    def _group(self) -> Generator[None, None, None]:
        while self._changed:
            for _ in range(min(_AT_ONCE, len(self._changed))):
                row, _ = self._changed.popitem()
                cells = self._weighed[row]
                self.likeness.put(row, pattern_of(cells))
                self._note_turned_away(row, [cell.status for cell in cells if cell])
            yield

    def _note_turned_away(self, row: int, statuses: Sequence[int | None]) -> None:
        if is_turned_away(self.rows[row], statuses):
            self._turned_away.add(row)
        else:
            self._turned_away.discard(row)

    # What is known

    def cell(self, row: int, column: int) -> Cell | None:
        """What is known of the row at this place at that endpoint."""
        return self._weighed[row][column]

    def cell_of(self, key: RowKey, column: int) -> Cell | None:
        """What is known of a row at that endpoint."""
        return self._weighed[self._places[key]][column]

    def row(self, key: RowKey) -> Row | None:
        """A row, as it is known by now."""
        place = self._places.get(key)
        return None if place is None else self.rows[place]

    def place_of(self, key: RowKey) -> int | None:
        """Where a row is."""
        return self._places.get(key)

    def let_in(self, column: int) -> Iterator[Row]:
        """Those who are let in at an endpoint."""
        for row, cells in zip(self.rows, self._weighed, strict=True):
            if (cell := cells[column]) and cell.verdict.is_access:
                yield row

    # What it comes to, as `tui.access.reports.words` tells it

    @property
    def summary(self) -> Summary:
        """How many cells say what."""
        return Summary(
            self.cell_count,
            {verdict.value: self._counted[verdict] for verdict in Verdict},
            {finding.value: self._counted[finding] for finding in Finding},
        )

    @property
    def planned(self) -> int:
        """How many cells there will be."""
        return len(self.rows) * len(self.columns)

    @property
    def has_expectations(self) -> bool:
        """Whether anything is expected of any cell."""
        return self._expecting > 0

    @property
    def turned_away(self) -> int:
        """How many users were answered 401 everywhere, though they were signed in."""
        return len(self._turned_away)

    @property
    def mixed(self) -> list[Mixed]:
        """The endpoints at which people are let in to things of several shapes."""
        return self._shown.mixed

    @property
    def shown_nothing(self) -> int:
        """How many were let in and shown nothing where others were shown something."""
        return self._shown.nothing

    @property
    def shard(self) -> None:
        """It is whole."""
        return
