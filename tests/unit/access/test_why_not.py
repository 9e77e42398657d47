"""A denied user beside those who are allowed: who is nearest, and which trait tells both apart."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.kit.matrices import cell, matrix_of
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import encode
from tui.access.model import APPLICATION_ROW, Column, Row, Verdict
from tui.access.selection import IdentitySelection
from tui.access.why_not import why_not, why_not_lines
from tui.airisk.models import User, UserList
from tui.cli.matrix_why import run
from tui.errors import PlanError

COLUMN = Column("GET /a")
CLAIMS, LEGAL = (("department", "Claims"),), (("department", "Legal"),)
DENIED = [
    Row("u-1", name="Ada", role="User", groups=("EMEA",), attributes=CLAIMS),
    Row("u-2", name="Bob", role="Auditor", attributes=LEGAL),
    Row("u-3", name="Cat", role="User, Auditor", groups=("APAC",), attributes=LEGAL),
]
ALLOWED = [
    Row("u-4", name="Dan", role="Admin", groups=("Privacy",), attributes=LEGAL),
    Row("u-5", name="Eve", role="User", groups=("Privacy", "EMEA"), attributes=CLAIMS),
    Row("u-6", name="Fay", role="Auditor", groups=("Privacy",), attributes=LEGAL),
]
ROWS = [*DENIED, *ALLOWED, APPLICATION_ROW]


def board(rows: list[Row] = ROWS) -> LiveMatrix:
    cells = [cell(row, COLUMN, 403, Verdict.DENIED, "403: forbidden") for row in rows if row not in ALLOWED]
    cells += [cell(row, COLUMN, 200, Verdict.ALLOWED, "200: success") for row in rows if row in ALLOWED]
    return LiveMatrix.evaluated(rows, [COLUMN], None, cells)


def said(place: int, rows: list[Row] = ROWS) -> list[str]:
    why = why_not(board(rows), place, 0)
    return [*why_not_lines(why)] if why else []


def test_the_nearest_allowed_users_are_named_with_what_sets_them_apart():
    correlation, *nearest = said(0)
    assert correlation == "Allowed: 3 of 3 with group “Privacy”, 0 of 3 without. A correlation, not a cause."
    assert nearest[0] == "Eve · u-5: has group “Privacy”"
    assert [line.partition(":")[0] for line in nearest] == ["Eve · u-5", "Dan · u-4", "Fay · u-6"]
    assert nearest[2] == (
        "Fay · u-6: has department “Legal”, group “Privacy”, role “Auditor”; "
        "lacks department “Claims”, group “EMEA”, role “User”"
    )


def test_a_trait_that_only_the_denied_have_is_named_too():
    rows = [Row("u-1", groups=("Leavers",)), Row("u-4", name="Dan"), Row("u-5", name="Eve")]
    cells = [cell(rows[0], COLUMN, 403, Verdict.DENIED, "")]
    cells += [cell(row, COLUMN, 200, Verdict.ALLOWED, "") for row in rows[1:]]
    why = why_not(LiveMatrix.evaluated(rows, [COLUMN], None, cells), 0, 0)
    assert why is not None
    assert [*why_not_lines(why)] == [
        "Allowed: 0 of 1 with group “Leavers”, 2 of 2 without. A correlation, not a cause.",
        "Dan · u-4: lacks group “Leavers”",
        "Eve · u-5: lacks group “Leavers”",
    ]


def test_where_the_user_list_tells_nothing_no_trait_is_blamed():
    rows = [Row("u-1", role="User"), Row("u-4", name="Dan", role="User")]
    cells = [cell(rows[0], COLUMN, 403, Verdict.DENIED, ""), cell(rows[1], COLUMN, 200, Verdict.ALLOWED, "")]
    why = why_not(LiveMatrix.evaluated(rows, [COLUMN], None, cells), 0, 0)
    assert why is not None
    assert [*why_not_lines(why)] == ["Dan · u-4: the user list shows no difference"]


@pytest.mark.parametrize(("place", "rows"), [(3, ROWS), (6, ROWS), (0, DENIED)], ids=["allowed", "no user", "alone"])
def test_there_is_nothing_to_explain(place, rows):
    assert said(place, rows) == []


def test_attributes_are_the_texts_of_the_list_that_users_share():
    users = [
        User(f"u-{number}", more=(f"day {number}", ("Legal", "Claims")[number % 2], "on", "EMEA"))
        for number in range(8)
    ]
    listing = UserList(users, ("Birthday", "Department", "Status", "Groups"))
    rows = IdentitySelection(is_all=True).rows(listing)
    assert rows[0].attributes == (("Department", "Legal"),)
    assert rows[0].groups == ("EMEA",)


def test_a_report_explains_each_denial_of_a_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "run.json"
    matrix = matrix_of(ROWS, [COLUMN], board().cells)
    path.write_bytes(encode(matrix))

    def told(user: str, endpoint: str = "") -> str:
        assert run(argparse.Namespace(report=path, user=user, endpoint=endpoint)) == 0
        return capsys.readouterr().out

    first, *others = told("u-1").splitlines()
    assert first == "Ada · u-1 (User) at GET /a: denied: 403: forbidden"
    assert others == [f"  {line}" for line in said(0)]
    assert told("u-1", "GET /a") == told("u-1")
    assert told("u-4") == "Dan · u-4 (Admin) is not denied anywhere.\n"
    assert told("u-4", "GET /a") == "Dan · u-4 (Admin) at GET /a: allowed: 200: success\n"
    assert "Only users are compared" in told("application")
    for user, endpoint in (("u-9", ""), ("u-1", "GET /b")):
        with pytest.raises(PlanError, match="The report has no"):
            told(user, endpoint)
