"""What a run asks of whom, and its cells."""

from __future__ import annotations

from tui.access.matrix_document import RunParameters
from tui.access.model import Cell, Column, Row, Verdict
from tui.access.run_file import RunHeader

ADA, BOB = Row("u-1"), Row("u-2")
HEAD = RunHeader(
    key="k",
    deployment="https://a.example",
    client_id="c",
    started="2025-01-01T00:00:00Z",
    parameters=RunParameters(sample=2, seed=9),
    rows=[ADA, BOB],
    columns=[Column("GET /a"), Column("GET /b")],
)


def cell(row: Row, endpoint: str, verdict: Verdict, *, needs_witness: bool = False) -> Cell:
    return Cell(
        identity=row.id,
        endpoint=endpoint,
        status=200,
        verdict=verdict,
        expected=None,
        reason="r",
        needs_witness=needs_witness,
    )
