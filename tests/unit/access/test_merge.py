"""Two reports of one run make one, whichever is named first."""

from __future__ import annotations

import pytest

from tests.kit.matrices import cell, matrix_of
from tui.access.evaluation import Expectations
from tui.access.matrix_document import Matrix
from tui.access.merge import merge
from tui.access.model import Column, Row, Verdict

ADA = Row("u-1", name="Ada")
COLUMNS = [Column("GET /a"), Column("GET /b")]


def report(*cells: tuple[Verdict, str]) -> Matrix:
    """A report of what Ada may do, with a verdict and a day for each endpoint."""
    told = zip(COLUMNS, cells, strict=True)
    found = [cell(ADA, column, 200, verdict, "", at=f"2026-11-{day}") for column, (verdict, day) in told]
    return matrix_of([ADA], COLUMNS, found)


@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the other way round"])
def test_of_two_cells_a_conclusive_one_counts_and_then_the_newer(step: int) -> None:
    parts = [
        report((Verdict.ALLOWED, "01"), (Verdict.INCONCLUSIVE, "03")),
        report((Verdict.DENIED, "02"), (Verdict.DENIED, "02")),
    ]
    merged = merge(parts[::step], Expectations())
    assert [each.verdict for each in merged.cells] == [Verdict.DENIED, Verdict.DENIED]
