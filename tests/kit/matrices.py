"""Matrices to report: a small one in which everything occurs, a large one, and one whose every text is hostile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix, RunParameters
from tui.access.model import (
    ANONYMOUS_ROW,
    APPLICATION_ROW,
    Cell,
    Column,
    Coverage,
    Finding,
    Row,
    SkippedEndpoint,
    Verdict,
)
from tui.airisk.identity import SubjectCheck
from tui.airisk.models import AuditHead, User

LIST = Column("GET /api/ListUsers", "List users", "Users")
ASK = Column("POST /api/Chat/AskAgent", "Ask agent", "Chat", "/api/Chat/AskAgent?now=1")

ADA = Row("u-1", name="Ada Lovelace", role="Admin", groups=("staff", "board"), subject_check=SubjectCheck.CONFIRMED)
GRACE = Row("u-2", name="Grace Hopper", role="Monitor")
ALAN = Row("u-3", name="Alan Turing", role="Monitor")
EDSGER = Row("u-4", error="sign-in refused: 403")

OK = "200 OK: success"
FORBIDDEN = "403 Forbidden: forbidden"

HOSTILE = [
    "<script>alert(1)</script></style></title><img src=x onerror=alert(1)>\"' onclick=x {{ 7 * 7 }}]]><failure/>&#0;",
    "=cmd|' /C calc'!A0;+1;-1;@SUM(A1)\r=cmd\n=cmd",
    "\x1b]52;c;aGk=\x07\x00\x9b2J\u202egnp\u200b\ufeff\ufffe\uffff\u2028\ud800" + "a" * 100_000,
]
hostile_texts = pytest.mark.parametrize("text", HOSTILE, ids=["markup", "formulas", "controls, and no end"])


def cell(row: Row, column: Column, status: int | None, verdict: Verdict, reason: str, **told) -> Cell:
    return Cell(
        identity=row.id,
        kind=row.kind,
        endpoint=column.name,
        status=status,
        verdict=verdict,
        reason=reason,
        **{"expected": None} | told,
    )


def matrix_of(rows: Iterable[Row], columns: Sequence[Column], cells: Iterable[Cell], **told: Any) -> Matrix:
    """A document of cells that say what they say."""
    told = {"deployment": "https://a.example", "started": ""} | told
    return LiveMatrix.evaluated(rows, columns, None, cells).document(**told)


def small() -> Matrix:
    """Each verdict and each finding."""
    allow, deny = {"expected": "allow"}, {"expected": "deny"}
    refused = "sign-in refused: 403"
    cells = [
        cell(APPLICATION_ROW, LIST, 200, Verdict.ALLOWED, OK, rule="success", milliseconds=12, bytes=840, **allow),
        cell(APPLICATION_ROW, ASK, 403, Verdict.DENIED, FORBIDDEN, **deny),
        cell(ANONYMOUS_ROW, LIST, 401, Verdict.DENIED, "401 Unauthorized: not signed in", **deny),
        cell(ADA, LIST, 200, Verdict.SAME, OK, baseline=Verdict.SAME, **allow),
        cell(ADA, ASK, 403, Verdict.DENIED, FORBIDDEN, finding=Finding.UNEXPECTED_DENY, **allow),
        cell(GRACE, LIST, 200, Verdict.DIFFERS, OK, baseline=Verdict.SAME, finding=Finding.DRIFT, **allow),
        cell(GRACE, ASK, 200, Verdict.ALLOWED, OK, finding=Finding.UNEXPECTED_ALLOW, attempts=2, **deny),
        cell(ALAN, LIST, 200, Verdict.SAME, OK, **allow),
        cell(ALAN, ASK, 503, Verdict.INCONCLUSIVE, "503: server error", **deny),
        cell(EDSGER, LIST, None, Verdict.INCONCLUSIVE, refused),
        cell(EDSGER, ASK, None, Verdict.INCONCLUSIVE, refused),
    ]
    return matrix_of(
        [APPLICATION_ROW, ANONYMOUS_ROW, ADA, GRACE, ALAN, EDSGER],
        [LIST, ASK],
        cells,
        deployment="https://demo.aicrisk.com",
        client_id="console",
        started="2026-03-31T13:00:00Z",
        finished="2026-03-31T13:00:42Z",
        audit=[AuditHead("desk", 1_234, "9f" * 32)],
        coverage=Coverage(
            source="conf/swagger.json",
            endpoints=4,
            requested=2,
            skipped=(
                SkippedEndpoint("DELETE /api/Users/{id}", "may change data, and was not chosen"),
                SkippedEndpoint("GET /api/Reports/{id}", "missing value: --value id=…"),
            ),
        ),
        parameters=RunParameters(
            concurrency=4, rate=20.0, policy="conf/policy.yaml", baseline="last.json", compared_with="u-1"
        ),
    )


def crowd(users: int, findings: int = 0) -> Matrix:
    """Users of two roles, all alike but for the first, who may do what they should not, and some who are unsure."""
    rows = [Row(f"u-{number}", name=f"User {number}", role=("Auditor", "User")[number % 2]) for number in range(users)]
    columns = [Column(f"GET /api/{number}") for number in range(10)]
    cells = []
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            if number < findings and place == 0:
                told = (200, Verdict.ALLOWED, OK)
            elif (number * 7 + place * 13) % 20 == 0:
                told = (503, Verdict.INCONCLUSIVE, "503: server error")
            else:
                told = (403, Verdict.DENIED, FORBIDDEN)
            finding = Finding.UNEXPECTED_ALLOW if told[0] == 200 else None
            cells.append(cell(row, column, *told, expected="deny", finding=finding))
    return matrix_of(rows, columns, cells, deployment="https://demo.aicrisk.com", started="2026-03-31T13:00:00Z")


def texts(text: str) -> Matrix:
    """A matrix whose every outside text is this one."""
    row = Row.of(User(text, text, role=text), (text,))
    shown = text.encode("utf-8", "backslashreplace").decode()
    column = Column(f"GET /{shown}", shown, shown)
    told = {"rule": shown, "content_type": shown, "expected": "deny"}
    cells = [
        cell(row, column, 200, Verdict.ALLOWED, shown, finding=Finding.UNEXPECTED_ALLOW, **told),
        cell(ANONYMOUS_ROW, column, None, Verdict.INCONCLUSIVE, shown, **told),
    ]
    return matrix_of(
        [row, ANONYMOUS_ROW],
        [column],
        cells,
        deployment="https://demo.aicrisk.com",
        client_id=shown,
        started=shown,
        audit=[AuditHead(shown, 1, "0" * 64)],
        coverage=Coverage(source=shown, endpoints=1, skipped=(SkippedEndpoint(shown, shown),), problems=(shown,)),
        parameters=RunParameters(
            filter=shown, policy=shown, baseline=shown, rules=shown, compared_with=shown, reason=shown
        ),
    )
