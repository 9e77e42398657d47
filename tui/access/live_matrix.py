"""A running or finished matrix: cells are evaluated and counted, and rows with identical results are grouped.

The work per cell does not depend on the number of rows, and is done in slices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, Self

from tui.access.evaluation import Evaluator, Expectations, RowGrouping, signature_of
from tui.access.matrix_document import Matrix, Summary
from tui.access.model import Cell, Column, Finding, Gap, Row, RowKey, Span, Verdict, WaiverUse
from tui.access.suggestions import ResponseKinds, Suggestion
from tui.airisk.models import Part
from tui.background import run_now

_Spot = tuple[int, int]
"""The indexes of a row and of a column."""

_AT_ONCE = 16
"""Cells between two pauses."""


class LiveMatrix:
    """The planned rows and columns, and the cells known so far.

    Args:
        rows: the identities, in their order.
        columns: the endpoints.
        expectations: what cells are evaluated against; without it they stay as they are.
        known: the cells that are known already, as they were classified.
        listed: the part of the users that was listed, unless all were.
        shard: (which part, of how many), unless the matrix is the whole.
        gaps: what is known to be missing, except the identities and endpoints that were not tested.
        waivers: what is known of the waivers, unless cells are evaluated against a policy.
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
        gaps: Iterable[Gap] = (),
        waivers: Sequence[WaiverUse] = (),
    ) -> None:
        self.rows = list(rows)
        self.columns = columns
        self.listed = listed
        self.shard = shard
        self.other_gaps = [gap for gap in gaps if gap.kind not in {"endpoint", "identity"}]
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
        self._found: Counter[tuple[Finding, int]] = Counter()
        self._unexpected: Counter[Verdict] = Counter()
        self._expecting = 0
        self._waived = 0
        self._known_waivers = list(waivers)
        self._checked = 0
        self._tested_in_row = [0] * len(self.rows)
        self._tested_in_column = [0] * len(columns)
        self._unauthorized_everywhere: set[int] = set()
        self._responses = ResponseKinds()
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
        **options: Any,
    ) -> Self:
        """Create and flush a matrix. Takes a second for 100,000 cells: call it off the event loop."""
        board = cls(rows, columns, expectations, cells, **options)
        run_now(board.flush())
        return board

    @classmethod
    def of(cls, matrix: Matrix) -> Self:
        """Create a live matrix from a document, without evaluating its cells again."""
        return cls.evaluated(
            matrix.identities,
            matrix.endpoints,
            None,
            matrix.cells,
            listed=matrix.parameters.listed,
            shard=matrix.parameters.shard,
            gaps=matrix.gaps,
            waivers=matrix.waivers,
        )

    def document(self, **facts: Any) -> Matrix:
        """Return the matrix as a document; call `flush` first. `facts` are those about its run."""
        return Matrix(
            identities=list(self.rows),
            endpoints=list(self.columns),
            cells=self.cells,
            gaps=self.gaps,
            waivers=self.waivers,
            suggestions=self.suggestions,
            summary=self.summary,
            **facts,
        )

    # Updates

    def on_cell(self, cell: Cell) -> None:
        """Store a cell as it was classified; `flush` evaluates it."""
        row, column = self._places[cell.row_key], self._across[cell.endpoint]
        self._classified[row][column] = cell
        self.span.take(cell.at)
        self._note(row, column, cell)

    def on_row(self, row: Row) -> None:
        """Replace a row, for example after its sign-in."""
        self.rows[self._places[row.key]] = row

    def reevaluate(self, evaluator: Evaluator) -> None:
        """Evaluate all cells with another evaluator at the next `flush`."""
        self._evaluator = evaluator
        self._unnoted = iter(range(len(self.rows)))

    def flush(self) -> Generator[None, None, None]:
        """Evaluate, count and group pending cells; yield often. A new generator continues where another was dropped."""
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
                if self._responses.settle():
                    self._changed |= dict.fromkeys(range(len(self.rows)))
                yield from self._group()

    def _take_known(self) -> Generator[None, None, None]:
        while self._known:
            cell = self._known.pop()
            row, column = self._places.get(cell.row_key), self._across.get(cell.endpoint)
            # A cell that arrived in the meantime is newer.
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
            self._count(before, row, column, -1)
        self._count(now, row, column, 1)

    def _count(self, cell: Cell, row: int, column: int, step: int) -> None:
        if cell.verdict is not Verdict.INCONCLUSIVE:
            self._tested_in_row[row] += step
            self._tested_in_column[column] += step
            self._checked += step * (cell.expected is not None)
        self.cell_count += step
        self._counted[cell.verdict] += step
        if cell.finding:
            self._counted[cell.finding] += step
            self._found[cell.finding, column] += step
            self._unexpected[cell.verdict] += step * (cell.finding is not Finding.DRIFT)
        self._expecting += step * (cell.expected is not None)
        self._waived += step * bool(cell.waiver)
        self._responses.count(cell, step)

    def _group(self) -> Generator[None, None, None]:
        # Sorted, because each new place is appended to its group.
        for number, row in enumerate(sorted(self._changed)):
            if number % _AT_ONCE == 0:
                yield
            if row in self._changed:
                del self._changed[row]
                cells = self._evaluated[row]
                self.grouping.put(row, signature_of(cells, self._responses.suggestion_for))
                self._note_unauthorized_everywhere(row, [cell.status for cell in cells if cell])

    def _note_unauthorized_everywhere(self, place: int, statuses: Sequence[int | None]) -> None:
        """Note whether a user signed in and then got 401 for every request."""
        row = self.rows[place]
        if row.kind == "user" and not row.error and statuses and all(status == 401 for status in statuses):
            self._unauthorized_everywhere.add(place)
        else:
            self._unauthorized_everywhere.discard(place)

    # Cells and rows

    @property
    def cells(self) -> list[Cell]:
        """All known cells, row by row."""
        return [cell for row in self._evaluated for cell in row if cell]

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the evaluated cell at this row and column, or None if it is unknown."""
        return self._evaluated[row][column]

    def cell_of(self, key: RowKey, column: int) -> Cell | None:
        """Return the evaluated cell of the row with this key, or None if it is unknown."""
        return self._evaluated[self._places[key]][column]

    def row(self, key: RowKey) -> Row | None:
        """Return the row with this key, or None."""
        place = self._places.get(key)
        return None if place is None else self.rows[place]

    def place_of(self, key: RowKey) -> int | None:
        """Return the index of a row, or None."""
        return self._places.get(key)

    def place_of_column(self, column: Column) -> int | None:
        """Return the place of an endpoint, or of an object; None if no list contains it."""
        return self._across.get(column.name)

    def allowed_rows(self, column: int) -> Iterator[Row]:
        """Yield the rows that are allowed at an endpoint."""
        for row, cells in zip(self.rows, self._evaluated, strict=True):
            if (cell := cells[column]) and cell.verdict.is_access:
                yield row

    # Totals, which `tui.access.reports.wording` puts into words

    @property
    def summary(self) -> Summary:
        """The counts of cells."""
        return Summary(
            self.cell_count,
            {verdict.value: self._counted[verdict] for verdict in Verdict},
            {finding.value: self._counted[finding] for finding in Finding},
            self._waived,
        )

    @property
    def planned(self) -> int:
        """The number of cells when the run is complete."""
        return len(self.rows) * len(self.columns)

    @property
    def tested(self) -> int:
        """The number of conclusive cells."""
        return sum(self._tested_in_row)

    @property
    def checked(self) -> int:
        """The number of conclusive cells with an expectation."""
        return self._checked

    @property
    def waived(self) -> int:
        """The number of unexpected results that are waived."""
        return self._waived

    @property
    def waivers(self) -> list[WaiverUse]:
        """What became of each waiver. Takes longer the more cells they cover."""
        uses = self._evaluator.waivers.uses(self.rows, self._evaluated) if self._evaluator else []
        return uses or self._known_waivers

    @property
    def gaps(self) -> list[Gap]:
        """What was not tested, or is named in vain: endpoints and identities first."""
        return [*self._untested_columns(), *self._untested_rows(), *self.other_gaps]

    def _untested_columns(self) -> Iterator[Gap]:
        for place, column in enumerate(self.columns):
            cells = [row[place] for row in self._evaluated] if not self._tested_in_column[place] else []
            if (reason := _common_reason(cells)) is not None:
                yield Gap("endpoint", column.label, reason)

    def _untested_rows(self) -> Iterator[Gap]:
        if not self.tested and len(self.rows) > 1:  # the endpoints say it
            return
        for row, tested, cells in zip(self.rows, self._tested_in_row, self._evaluated, strict=True):
            if not tested and (reason := _common_reason(cells)) is not None:
                yield Gap("identity", row.label, row.error or reason)

    @property
    def found(self) -> list[tuple[Finding, Column, int]]:
        """The findings by kind and column, each with its number of cells: the gravest first, then the most."""
        groups = ((finding, self.columns[column], number) for (finding, column), number in self._found.items())
        return sorted((each for each in groups if each[2]), key=lambda each: (-each[0].gravity, -each[2], each[1].name))

    def unexpected(self, verdict: Verdict) -> int:
        """Return how many of the cells with that verdict are unexpected."""
        return self._unexpected[verdict]

    @property
    def has_expectations(self) -> bool:
        """Whether anything is expected of any cell."""
        return self._expecting > 0

    @property
    def unauthorized_everywhere(self) -> int:
        """The number of users who got 401 everywhere although they signed in."""
        return len(self._unauthorized_everywhere)

    @property
    def suggestions(self) -> list[Suggestion]:
        """The verdict rules that the deployment may need, as of the last `flush`."""
        return self._responses.suggestions

    def suggestion_for(self, cell: Cell | None) -> Suggestion | None:
        """Return the suggestion about a cell whose response may be a denial, or None."""
        return self._responses.suggestion_for(cell) if cell else None

    def doubtful(self, verdict: Verdict) -> int:
        """Return how many of the cells with that verdict may be denials."""
        return self._responses.doubtful[verdict]


def _common_reason(cells: Sequence[Cell | None]) -> str | None:
    """Return the most common reason of cells, or None if one is unknown or there are none."""
    reasons = Counter(cell.reason for cell in cells if cell)
    return reasons.most_common(1)[0][0] if reasons and reasons.total() == len(cells) else None
