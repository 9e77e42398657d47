"""How a test runs a matrix against a deployment on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tui.access.classifier import Classifier
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Cell, Row
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.rules import Rules, default_rules
from tui.access.runner import Run
from tui.airisk.session import Session


async def ask(
    session: Session,
    rows: Sequence[Row],
    requests: Iterable[MatrixRequest],
    *,
    rules: Rules | None = None,
    known: Mapping[tuple[str, str], frozenset[str]] | None = None,
    earlier: Sequence[Cell] = (),
    watch: Callable[[Run], None] = lambda _: None,
    **how: object,
) -> list[Cell]:
    """Run a plan as fast as answers come, and weigh what came of it."""
    given = {"known": known or {}, "concurrency": 16, "rate": 0.0, **how}
    plan = Plan(rows=rows, requests=tuple(requests), **given)  # type: ignore[arg-type]
    plan.check(session.settings)
    cells: list[Cell] = []
    run = Run(session, plan, Classifier(rules or default_rules()), earlier)
    watch(run)
    await run.go(cells.append, lambda _: None)
    columns = [request.column for request in plan.requests]
    return LiveMatrix.evaluated(rows, columns, Expectations(), cells).cells
