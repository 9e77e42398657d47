"""A run: rows are asked side by side, each by `tui.access.asking`, until every cell is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui import clocks
from tui.access.asking import AskingRow, Take, TakeRow, together
from tui.access.cells import Cell, Row
from tui.access.judging import Judge
from tui.access.pace import Pace
from tui.access.plan import Plan
from tui.access.questions import Question
from tui.access.refusals import TokenHabits
from tui.airisk.session import Session

_Open = tuple[Row, list[Question]]
"""A row, and what it is still to be asked."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. `seconds_left` is a guess; `held` are seconds for which AIRisk asked to wait."""

    done: int
    total: int
    seconds_left: float
    held: float = 0.0
    is_paused: bool = False


class Run:
    """One run of a plan.

    Args:
        session: in which it asks; whoever is acted as there stays so.
        plan: what to ask, checked.
        judge: says what answers mean.
    """

    def __init__(self, session: Session, plan: Plan, judge: Judge) -> None:
        self.pace = Pace(plan.concurrency, plan.rate)
        self._session = session
        self._plan = plan
        self._judge = judge
        self._habits = TokenHabits()
        self._before = sum(map(len, plan.known.values()))
        self._done = 0
        self._began = clocks.steady()
        self._paused_at: float | None = None

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        total = self._plan.cells
        done = self._before + self._done
        elapsed = (self._paused_at or clocks.steady()) - self._began
        each = elapsed / self._done if self._done else self._plan.seconds / max(total - self._before, 1)
        return Progress(done, total, each * (total - done), self.pace.held, self.pace.is_paused)

    def pause(self) -> None:
        """Ask nothing more for now; what is under way comes to its end."""
        if self._paused_at is None:
            self._paused_at = clocks.steady()
            self.pace.pause()

    def go_on(self) -> None:
        """Ask again; the time that it stood still counts for nothing."""
        if self._paused_at is not None:
            self._began += clocks.steady() - self._paused_at
            self._paused_at = None
            self.pace.go_on()

    async def go(self, take: Take, take_row: TakeRow) -> None:
        """Ask all that is not known. Cancelled, it stops at once; what was handed over stays true.

        Raises:
            AIRiskError: the audit trail, which has to be kept, cannot be, or a cell could not be taken.
        """
        self._began = clocks.steady()
        rows = self._rows()
        at_once = max(1, min(self._plan.concurrency, len(self._plan.rows)))
        lanes = max(1, self._plan.concurrency // at_once)
        # One iterator for all of them: a row is taken by whoever is free.
        await together(self._work(rows, lanes, take, take_row) for _ in range(at_once))

    async def _work(self, rows: Iterator[_Open], lanes: int, take: Take, take_row: TakeRow) -> None:
        for row, questions in rows:
            asking = AskingRow(
                self._session, self._judge, self.pace, row, habits=self._habits, reason=self._plan.reason
            )
            await asking.go(questions, lanes, self._counted(take), take_row)

    def _counted(self, take: Take) -> Take:
        def counted(cell: Cell) -> None:
            take(cell)
            self._done += 1

        return counted

    def _rows(self) -> Iterator[_Open]:
        for row in self._plan.rows:
            if questions := self._plan.questions_for(row):
                yield row, questions
