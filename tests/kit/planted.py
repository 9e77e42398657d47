"""A matrix in which known faults are planted."""

from __future__ import annotations

import msgspec

from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import FAIL_ON, Matrix, RunParameters
from tui.access.model import Cell, Column, Row, Verdict
from tui.access.policy import Policy

ROWS = [Row(f"u-{number}", name=f"User {number}", role="User") for number in range(40)]
COLUMNS = [Column(f"GET /{number}") for number in range(10)]
DOWN = {"GET /8", "GET /9"}
VIOLATIONS = [(ROWS[number].id, COLUMNS[number % 4].name) for number in range(10)]
DRIFTS = [(ROWS[20 + number].id, "GET /6") for number in range(10)]
TYPOS = [
    {"deny": "DELETE /typo/*"},
    {"allow": "GET /1", "roles": "Usr"},
    {"allow": "GET /1", "users": "u-99"},
    {"allow": "GET /1", "groups": "Stff"},
    {"allow": "GET /1", "except": {"users": "u-99"}},
]
WAIVER = {"reason": "RISK-1", "owner": "grace", "expires": "2999-12-31"}
POLICY = msgspec.convert(
    {
        "default": "none",
        "rules": [{"deny": [f"GET /{number}" for number in range(4)]}, {"allow": ["GET /4", "GET /5"]}, *TYPOS],
        "waivers": [
            WAIVER | {"allow": "GET /3", "users": "u-30", "expires": "2001-01-01"},
            WAIVER | {"allow": "GET /2", "users": "u-31"},
            WAIVER | {"deny": "GET /4"},
            WAIVER | {"allow": "GET /0", "users": "u-39"},
        ],
    },
    Policy,
)


def _cell(row: Row, column: Column, verdict: Verdict, digest: str = "") -> Cell:
    status = {Verdict.ALLOWED: 200, Verdict.DENIED: 403}.get(verdict, 500)
    return Cell(
        identity=row.id, endpoint=column.name, status=status, verdict=verdict, expected=None, reason="r", digest=digest
    )


def _measured(*, is_planted: bool) -> list[Cell]:
    """Each cell: denied at the first four endpoints, allowed at the others, apart from what was planted."""
    cells = []
    for row in ROWS:
        for number, column in enumerate(COLUMNS):
            verdict, digest = (Verdict.DENIED, "") if number < 4 else (Verdict.ALLOWED, "same")
            if is_planted:
                place = (row.id, column.name)
                is_open = place in VIOLATIONS or place == ("u-39", "GET /0")
                verdict = Verdict.INCONCLUSIVE if column.name in DOWN else Verdict.ALLOWED if is_open else verdict
                digest = "other" if place in DRIFTS else digest
            cells.append(_cell(row, column, verdict, digest))
    return cells


def planted() -> Matrix:
    """Ten violations, ten drifts, five typos in the policy, three stale waivers, and two untested endpoints."""
    baseline = LiveMatrix.evaluated(ROWS, COLUMNS, None, _measured(is_planted=False)).document(
        deployment="", started=""
    )
    gaps = POLICY.unmatched(ROWS, {column.name for column in COLUMNS})
    against = Expectations(POLICY, baseline)
    board = LiveMatrix.evaluated(ROWS, COLUMNS, against, _measured(is_planted=True), gaps=gaps)
    parameters = RunParameters(fail_on=(*FAIL_ON, "drift"))
    return board.document(deployment="https://a.example", started="", parameters=parameters)
