"""What a run asks of whom, and its cells."""

from __future__ import annotations

from tui.access.cells import Cell, Column, Row, Verdict
from tui.access.document import Terms
from tui.access.kept import Head

ADA, BOB = Row("u-1"), Row("u-2")
HEAD = Head(
    key="k",
    deployment="https://a.example",
    client_id="c",
    started="2025-01-01T00:00:00Z",
    terms=Terms(sample=2, seed=9),
    rows=[ADA, BOB],
    columns=[Column("GET /a"), Column("GET /b")],
)


def cell(row: Row, endpoint: str, verdict: Verdict, *, hidden: bool = False) -> Cell:
    return Cell(
        identity=row.id, endpoint=endpoint, status=200, verdict=verdict, expected=None, reason="r", hidden=hidden
    )
