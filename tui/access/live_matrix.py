"""A matrix while it comes, and one that is whole: cells in the light of the others, counted, and alike rows together.

What is done for a cell costs the same in a matrix of ten rows and of ten thousand, and is done in slices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tui.access.document import Matrix, Summary
from tui.access.evaluation import Evaluator, Expectations, RowGrouping, signature_of
from tui.access.model import EMPTY, Cell, Column, Finding, Row, RowKey, Span, Verdict
from tui.access.shapes import kinds_of
from tui.airisk.models import Part
from tui.background import run_now

_Spot = tuple[int, int]
"""The places of a row and of a column."""

_AT_ONCE = 16
"""Cells between two pauses."""

_MOST_SHAPES = 24
_MOST_KINDS = 3
"""Of what is shown at one endpoint, that are told apart."""


@dataclass(frozen=True, slots=True)
class MixedResponses:
    """An endpoint whose successes come in several shapes: each with the number of its cells, most of them first."""

    endpoint: str
    shapes: tuple[tuple[str, int], ...]


class EmptyResponseCounter:
    """Who was let in, and to what: some deployments refuse with an empty list, or with a success that tells so."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, bool]] = Counter()
        self._shapes: dict[str, Counter[str]] = {}

    def count(self, cell: Cell, step: int) -> None:
        """Take a cell into account, or with -1 no longer."""
        if cell.verdict.is_access:
            self._counted[cell.endpoint, cell.rule == EMPTY] += step
            self._shapes.setdefault(cell.endpoint, Counter())[cell.shape] += step

    @property
    def mixed(self) -> list[MixedResponses]:
        """The endpoints at which people are let in to things of two or three shapes, one of which may be a refusal."""
        return [mixed for endpoint, shapes in self._shapes.items() if (mixed := _mixed(endpoint, shapes))]

    @property
    def nothing(self) -> int:
        """How many were shown nothing where others were shown something."""
        return sum(
            number for (name, is_empty), number in self._counted.items() if is_empty and self._counted[name, False]
        )


class LiveMatrix:
    """Rows and columns as they were planned, and what is known of them.

    Args:
        rows: the identities, in their order.
        columns: the endpoints.
        expectations: what cells are weighed against; without them each says what it says.
        known: the cells that are known already, as they were judged by themselves.
        listed: which part of the users the rows were chosen from, where not from all.
        shard: which part of how many it is, where it is not the whole.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        columns: Sequence[Column],
        expectations: Expectations | None,
        known: Iterable[Cell] = (),
        *,
        listed: Part | None = None,
        shard: tuple[int, int] | None = None,
    ) -> None:
        self.rows = list(rows)
        self.columns = columns
        self.listed = listed
        self.shard = shard
        self.grouping = RowGrouping(self.rows)
        self.cell_count = 0
        self.span = Span()
        self._places = {row.key: place for place, row in enumerate(self.rows)}
        self._across = {column.name: place for place, column in enumerate(columns)}
        self._classified: list[list[Cell | None]] = [[None] * len(columns) for _ in self.rows]
        self._evaluated: list[list[Cell | None]] = [[None] * len(columns) for _ in self.rows]
        self._known = list(known)
        self._unnoted = iter(range(0))
        self._waiting: dict[_Spot, None] = {}
        self._changed: dict[int, None] = dict.fromkeys(range(len(self.rows)))
        self._counted: Counter[Verdict | Finding] = Counter()
        self._expecting = 0
        self._unauthorized_everywhere: set[int] = set()
        self._shown = EmptyResponseCounter()
        self._evaluator = (
            Evaluator(expectations, {row.key: row for row in self.rows}, columns) if expectations else None
        )

    @classmethod
    def evaluated(
        cls,
        rows: Iterable[Row],
        columns: Sequence[Column],
        expectations: Expectations | None,
        cells: Iterable[Cell],
        **told: Any,
    ) -> Self:
        """All of it at once. For a hundred thousand cells this takes a second: off the loop."""
        board = cls(rows, columns, expectations, cells, **told)
        run_now(board.flush())
        return board

    @classmethod
    def of(cls, matrix: Matrix) -> Self:
        """A matrix that was weighed before."""
        told = {"listed": matrix.terms.listed, "shard": matrix.terms.shard}
        return cls.evaluated(matrix.identities, matrix.endpoints, None, matrix.cells, **told)

    def document(self, **told: Any) -> Matrix:
        """What is known, once it is settled; `told` are the facts about its run."""
        return Matrix(
            identities=list(self.rows), endpoints=list(self.columns), cells=self.cells, summary=self.summary, **told
        )

    # What comes

    def on_cell(self, cell: Cell) -> None:
        """A cell, as it was judged by itself; what follows from it, `flush` finds out."""
        row, column = self._places[cell.row_key], self._across[cell.endpoint]
        self._classified[row][column] = cell
        self.span.take(cell.at)
        self._note(row, column, cell)

    def on_row(self, row: Row) -> None:
        """What was learnt of an identity."""
        self.rows[self._places[row.key]] = row

    def reevaluate(self, evaluator: Evaluator) -> None:
        """Weigh all cells against something else, once it is settled."""
        self._evaluator = evaluator
        self._unnoted = iter(range(len(self.rows)))

    def flush(self) -> Generator[None, None, None]:
        """Weigh, count and group what waits for it; pauses often, and may be left at any pause, and begun again."""
        yield from self._take_known()
        for row in self._unnoted:
            for column, cell in enumerate(self._classified[row]):
                if cell:
                    self._note(row, column, cell)
            yield
        while self._waiting or self._changed:
            for _ in range(min(_AT_ONCE, len(self._waiting))):
                (row, column), _ = self._waiting.popitem()
                self._evaluate(row, column)
            yield
            if not self._waiting:
                yield from self._group()

    def _take_known(self) -> Generator[None, None, None]:
        while self._known:
            cell = self._known.pop()
            row, column = self._places.get(cell.row_key), self._across.get(cell.endpoint)
            # What came meanwhile is newer.
            if row is not None and column is not None and self._classified[row][column] is None:
                self.on_cell(cell)
            if len(self._known) % _AT_ONCE == 0:
                yield

    def _note(self, row: int, column: int, cell: Cell) -> None:
        if self._evaluator and self._evaluator.register(cell):
            self._waiting |= dict.fromkeys((place, column) for place in range(len(self.rows)))
        self._waiting[row, column] = None

    def _evaluate(self, row: int, column: int) -> None:
        cell = self._classified[row][column]
        if cell is None:
            return
        before, now = self._evaluated[row][column], self._evaluator.evaluate(cell) if self._evaluator else cell
        if before is now:
            return
        self._evaluated[row][column] = now
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
        # In their order, for each is put behind those that are there.
        for number, row in enumerate(sorted(self._changed)):
            if number % _AT_ONCE == 0:
                yield
            if row in self._changed:
                del self._changed[row]
                cells = self._evaluated[row]
                self.grouping.put(row, signature_of(cells))
                self._note_unauthorized_everywhere(row, [cell.status for cell in cells if cell])

    def _note_unauthorized_everywhere(self, place: int, statuses: Sequence[int | None]) -> None:
        """Whether a user was signed in, and then answered 401 whatever was asked."""
        row = self.rows[place]
        if row.kind == "user" and not row.fault and statuses and all(status == 401 for status in statuses):
            self._unauthorized_everywhere.add(place)
        else:
            self._unauthorized_everywhere.discard(place)

    # What is known

    @property
    def cells(self) -> list[Cell]:
        """All that is known, row by row."""
        return [cell for row in self._evaluated for cell in row if cell]

    def cell(self, row: int, column: int) -> Cell | None:
        """What is known of the row at this place at that endpoint."""
        return self._evaluated[row][column]

    def cell_of(self, key: RowKey, column: int) -> Cell | None:
        """What is known of a row at that endpoint."""
        return self._evaluated[self._places[key]][column]

    def row(self, key: RowKey) -> Row | None:
        """A row, as it is known by now."""
        place = self._places.get(key)
        return None if place is None else self.rows[place]

    def place_of(self, key: RowKey) -> int | None:
        """Where a row is."""
        return self._places.get(key)

    def allowed_rows(self, column: int) -> Iterator[Row]:
        """Those who are let in at an endpoint."""
        for row, cells in zip(self.rows, self._evaluated, strict=True):
            if (cell := cells[column]) and cell.verdict.is_access:
                yield row

    # What it comes to, as `tui.access.reports.wording` tells it

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
    def unauthorized_everywhere(self) -> int:
        """How many users were answered 401 everywhere, though they were signed in."""
        return len(self._unauthorized_everywhere)

    @property
    def mixed(self) -> list[MixedResponses]:
        """The endpoints at which people are let in to things of several shapes."""
        return self._shown.mixed

    @property
    def empty_responses(self) -> int:
        """How many were let in and shown nothing where others were shown something."""
        return self._shown.nothing


def _mixed(endpoint: str, shapes: Counter[str]) -> MixedResponses | None:
    """What is shown there; more shapes than anybody would tell apart are no two ways of answering."""
    seen = {shape: number for shape, number in shapes.items() if number > 0}
    kinds = kinds_of(seen) if 1 < len(seen) <= _MOST_SHAPES else []
    if not 1 < len(kinds) <= _MOST_KINDS:
        return None
    counted = [(max(kind, key=seen.__getitem__), sum(seen[shape] for shape in kind)) for kind in kinds]
    return MixedResponses(endpoint, tuple(sorted(counted, key=lambda each: -each[1])))
