"""A matrix is written as a document, read again, and refused where it is none."""

from __future__ import annotations

import stat
from typing import Any

import msgspec
import pytest

from tests.kit.matrices import matrix_of
from tui.access.matrix_document import Matrix, decode, encode, read_matrix
from tui.access.model import ANONYMOUS_ROW, Cell, Column, Finding, Row, Verdict
from tui.access.reports import write
from tui.airisk.models import User
from tui.errors import MatrixFileError

GRACE = Row.of(User("u-1", "Grace", role="Admin"), ("staff",))


def cell(verdict: Verdict, finding: Finding | None = None, **told) -> Cell:
    given: dict[str, Any] = {
        "identity": "u-1",
        "endpoint": "GET /api/Chat/ListAgents",
        "status": 200,
        "expected": None,
    } | told
    return Cell(verdict=verdict, reason="because", finding=finding, **given)


def matrix(*cells: Cell) -> Matrix:
    columns = [Column(name) for name in dict.fromkeys(cell.endpoint for cell in cells)]
    return matrix_of([GRACE, ANONYMOUS_ROW], columns, cells, started="2025-01-01")


def test_what_was_written_is_read_again_as_it_was(tmp_path):
    found = matrix(cell(Verdict.ALLOWED), cell(Verdict.INCONCLUSIVE, identity="anonymous", kind="anonymous"))
    path = tmp_path / "matrix.json"
    write(found, path)
    assert read_matrix(path) == found
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["matrix.json"]


def test_each_cell_says_at_least_what_the_documentation_promises():
    document = msgspec.json.decode(encode(matrix(cell(Verdict.INCONCLUSIVE, status=None))))
    assert document["version"] == 1
    assert document["cells"] == [
        {
            "identity": "u-1",
            "endpoint": "GET /api/Chat/ListAgents",
            "status": None,
            "verdict": "inconclusive",
            "expected": None,
            "reason": "because",
        }
    ]


def test_the_gravest_findings_come_first_and_everything_is_counted():
    found = matrix(
        cell(Verdict.SAME, Finding.DRIFT, endpoint="GET /a"),
        cell(Verdict.DENIED, Finding.UNEXPECTED_DENY, endpoint="GET /b"),
        cell(Verdict.ALLOWED, Finding.UNEXPECTED_ALLOW, endpoint="GET /c"),
        cell(Verdict.ALLOWED, endpoint="GET /d"),
    )
    assert [each.finding for each in found.findings()] == list(Finding)
    assert found.summary.count(Verdict.ALLOWED) == 2
    assert found.summary.count(Finding.DRIFT) == 1
    assert found.summary.findings == {"unexpected allow": 1, "unexpected deny": 1, "drift": 1}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": "1"}', b'{"version": 1}', b"\xff", b"[" * 9999])
def test_another_document_is_refused_in_words(content):
    with pytest.raises(MatrixFileError, match=r"x\.json is not a matrix"):
        decode(content, "x.json")


def test_a_newer_version_is_refused_by_its_number():
    with pytest.raises(MatrixFileError, match="version 2; this program reads version 1"):
        decode(b'{"version": 2}')


def test_an_id_that_cannot_be_sent_is_at_fault_and_can_still_be_written():
    row = Row.of(User("u-\ud83d", "Half"))
    assert row.error
    assert decode(encode(matrix_of([row], [], []))).identities == [row]
