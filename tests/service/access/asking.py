"""How a test runs a matrix against a deployment on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tui.access.board import Board
from tui.access.cells import Cell, Row
from tui.access.judging import Judge
from tui.access.plan import Plan
from tui.access.questions import Question
from tui.access.rules import Rules, default_rules
from tui.access.running import Run
from tui.access.weighing import Scales
from tui.airisk.session import Session


async def ask(
    session: Session,
    rows: Sequence[Row],
    questions: Iterable[Question],
    *,
    rules: Rules | None = None,
    known: Mapping[tuple[str, str], frozenset[str]] | None = None,
    watch: Callable[[Run], None] = lambda _: None,
    **how: object,
) -> list[Cell]:
    """Run a plan as fast as answers come, and weigh what came of it."""
    given = {"known": known or {}, "concurrency": 16, "rate": 0.0, **how}
    plan = Plan(rows=rows, questions=tuple(questions), **given)  # type: ignore[arg-type]
    plan.check(session.settings)
    cells: list[Cell] = []
    run = Run(session, plan, Judge(rules or default_rules()))
    watch(run)
    await run.go(cells.append, lambda _: None)
    columns = [question.column for question in plan.questions]
    return Board.settled(rows, columns, Scales(), cells).cells
