"""Waivers accept unexpected results for a while, and every report says which of them are stale."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from bs4 import BeautifulSoup

from tests.kit.clock import clock_of_the_story
from tests.unit.access.test_evaluation import ADA, AGENTS, BOB, CHATS, COLUMNS, cell
from tui import clocks
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import FAIL_ON, Matrix, RunParameters, decode, encode
from tui.access.merge import merge
from tui.access.model import Cell, Finding, Gap
from tui.access.policy import Policy, policy_problems
from tui.access.reports import csv_report, html, junit, markdown, sarif
from tui.access.reports.wording import cell_sentence, headline, waiver_sentence, warnings
from tui.access.structured_file import StructuredFile
from tui.cli.matrix_files import schema
from tui.cli.matrix_report import exit_code

WAIVER = {"reason": "RISK-1", "owner": "grace", "expires": "2999-12-31"}
EXPIRED = {"expires": "2001-12-31"}
ALLOWED = [cell(row, name, "allowed") for row in (ADA, BOB) for name in (AGENTS, CHATS)]


def policy(*waivers: dict[str, Any], **members: Any) -> Policy:
    return msgspec.convert({"waivers": [WAIVER | each for each in waivers], **members}, Policy)


def board(against: Policy, cells: list[Cell] = ALLOWED) -> LiveMatrix:
    rows = [row for row in (ADA, BOB) if row.id in {each.identity for each in cells}]
    return LiveMatrix.evaluated(rows, COLUMNS[:2], Expectations(against), cells)


def document(against: Policy, cells: list[Cell] = ALLOWED, **parameters: Any) -> Matrix:
    shown = RunParameters(**parameters)
    return board(against, cells).document(deployment="https://a.example", started="", parameters=shown)


def test_what_a_waiver_accepts_is_no_finding_and_the_rest_is():
    seen = board(policy({"allow": AGENTS, "roles": "Admin"}))
    first, *others = seen.cells
    assert (first.finding, first.waiver) == (None, "Waiver 1")
    assert cell_sentence(first) == "allowed, expected deny, accepted by waiver 1: "
    assert {(each.finding, each.waiver) for each in others} == {(Finding.UNEXPECTED_ALLOW, "")}
    assert headline(seen).endswith("4 cells tested, 1 waived.")
    assert [use.state for use in seen.waivers] == ["in use"]


def test_an_unexpected_deny_needs_a_waiver_that_denies():
    cells = [cell(ADA, AGENTS, "denied"), cell(BOB, AGENTS, "denied")]
    seen = board(policy({"allow": AGENTS, "roles": "Admin"}, {"deny": AGENTS, "users": "u-2"}, default="allow"), cells)
    assert [each.waiver for each in seen.cells] == ["", "Waiver 2"]


def test_drift_is_not_waived():
    before = LiveMatrix.evaluated([ADA], COLUMNS[:1], None, [cell(ADA, AGENTS, "denied")])
    baseline = before.document(deployment="", started="")
    against = Expectations(policy({"deny": AGENTS}, default="allow"), baseline)
    (seen,) = LiveMatrix.evaluated([ADA], COLUMNS[:1], against, [cell(ADA, AGENTS, "allowed")]).cells
    assert (seen.finding, seen.waiver) == (Finding.DRIFT, "")


def test_when_all_else_is_as_expected_the_headline_says_so():
    seen = board(policy({"allow": "GET *"}))
    assert headline(seen) == "4 cells tested, 4 waived, all others as expected."


def test_a_waiver_holds_until_the_end_of_its_last_day():
    today = clocks.now().date()
    days = (today, today - timedelta(days=1))
    seen = [board(policy({"allow": "GET *", "expires": day.isoformat()})) for day in days]
    assert [each.waivers[0].state for each in seen] == ["in use", "expired"]
    assert [len(each.document(deployment="", started="").findings()) for each in seen] == [0, 4]


STALE = {
    "expired": ({"allow": AGENTS, "roles": "Admin"} | EXPIRED, "expired", "1 waiver has expired."),
    "not needed": ({"deny": CHATS, "name": "x"}, "not needed", "1 waiver is no longer needed."),
}


@pytest.mark.parametrize("case", STALE.values(), ids=STALE)
def test_a_stale_waiver_is_in_the_headline_every_report_and_the_exit_code(case):
    waiver, state, words = case
    seen = document(policy(waiver, default="allow"))
    (use,) = seen.waivers
    assert use.state == state
    sentence = waiver_sentence(use)
    assert headline(LiveMatrix.of(seen)).endswith(words)
    assert sentence in warnings(LiveMatrix.of(seen))
    assert sentence in csv_report.encode(seen).decode()
    assert decode(encode(seen)).waivers == [use]
    suites = {suite.attrib["name"]: suite for suite in ET.fromstring(junit.encode(seen))}
    assert suites["Waivers"][0][0].tag == "failure"
    assert f"**{state}** |" in markdown.encode(seen).decode()
    (row,) = BeautifulSoup(html.encode(seen), "html.parser").select(".waivers tbody tr")
    assert [each.get_text() for each in row.select(".alarm")] == [state]
    (notice,) = json.loads(sarif.encode(seen))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert (notice["descriptor"]["id"], notice["message"]["text"]) == ("stale-waiver", sentence)
    assert exit_code(seen, tolerated=10) == 1
    assert exit_code(document(policy(waiver, default="allow"), shard=(1, 2)), tolerated=10) == 0
    lenient = [each for each in FAIL_ON if each != "stale-waivers"]
    assert exit_code(document(policy(waiver, default="allow"), fail_on=lenient), tolerated=10) == 0


def test_a_waiver_whose_cells_were_not_tested_may_be_needed():
    down = [cell(BOB, CHATS, "inconclusive")]
    assert [use.state for use in board(policy({"allow": CHATS}, default="allow"), [*ALLOWED[:3], *down]).waivers] == [
        "not tested"
    ]
    assert [use.state for use in board(policy({"allow": "GET /none"}, default="allow")).waivers] == ["not tested"]


def test_waived_results_are_suppressed_ones_for_code_scanning_and_pass_as_tests():
    seen = document(policy({"allow": "GET *", "users": "u-1"}, {"allow": CHATS, "users": "u-2"}))
    live, *waived = json.loads(sarif.encode(seen))["runs"][0]["results"]
    assert "suppressions" not in live
    assert {each["ruleId"] for each in (live, *waived)} == {"unexpected-allow"}
    justifications = [each["suppressions"][0]["justification"] for each in waived]
    assert len(justifications) == 3
    assert "RISK-1" in justifications[0]
    assert ET.fromstring(junit.encode(seen)).attrib["failures"] == "1"
    lines = csv_report.encode(seen).decode().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["waiver", "Waiver 1", "Waiver 1", "", "Waiver 2"]


def test_shards_are_judged_at_the_merge():
    one, other = (
        document(policy({"allow": AGENTS, "users": "u-1"}, {"allow": CHATS, "users": "u-9"}, {"deny": CHATS}), cells)
        for cells in (ALLOWED[:2], ALLOWED[2:])
    )
    assert [use.state for use in other.waivers] == ["not tested", "not tested", "not needed"]
    merged = merge([one, other], Expectations(keeps=True))
    assert [(use.state, use.cells, use.waived) for use in merged.waivers] == [
        ("in use", 1, 1),
        ("not tested", 0, 0),
        ("not needed", 2, 0),
    ]
    assert [each.waiver for each in merged.cells] == ["Waiver 1", "", "", ""]
    again = merge([one, other], Expectations(policy({"allow": "GET *"})))
    assert [(use.state, use.waived) for use in again.waivers] == [("in use", 4)]


def test_a_waiver_that_expired_between_two_shards_is_expired_in_the_merge():
    with clock_of_the_story() as clock:
        tomorrow = clocks.now().date() + timedelta(days=1)
        against = policy({"allow": "GET *", "expires": tomorrow.isoformat()})
        one = document(against, ALLOWED[:2])
        clock.ahead = 2 * 86_400
        other = document(against, ALLOWED[2:])
    for parts in ([one, other], [other, one]):
        assert [(use.state, use.waived) for use in merge(parts, Expectations(keeps=True)).waivers] == [("expired", 2)]


def test_a_waiver_that_names_what_is_not_there_is_a_gap_like_a_rule():
    against = policy({"allow": "GET /none", "name": "old"}, {"allow": AGENTS, "roles": "Adminn"})
    assert list(against.unmatched([ADA, BOB], [AGENTS])) == [
        Gap("policy", "Waiver 1 (“old”):", "“GET /none” matches no known endpoint"),
        Gap("policy", "Waiver 2:", "role “Adminn” matches no user"),
    ]


WAIVERS_IN_YAML = """\
rules: [{allow: GET /a, deny: GET /a}]
waivers:
  - {allow: GET /a, reason: r, owner: o, expires: 2026-12-31}
  - allow: GET /a
    reason: r
    owner: o
    expires: next year
  - {allow: GET /a, reason: r, expires: 2026-12-31, name: x}
  - {reason: r, owner: " ", expires: 2026-12-31}
  - {allow: GET /a, reason: r, owner: " ", expires: 2026-12-31, name: y}
"""
WAIVERS_IN_TOML = """\
[[waivers]]
allow = "GET /a"
reason = "r"
owner = "o"
expires = 2026-12-31

[[waivers]]
allow = "GET /a"
reson = "r"
"""


def test_each_problem_of_a_waiver_is_listed_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(WAIVERS_IN_YAML)
    assert [str(each) for each in policy_problems(StructuredFile.read(tmp_path / "policy.yaml"))] == [
        "line 1: exactly one of “allow” and “deny” is needed",
        "line 7: “expires” must be a date (such as 2026-12-31)",
        "line 8: waiver “x”: “owner” is missing",
        "line 9: exactly one of “allow” and “deny” is needed",
        "line 10: waiver “y”: “owner” is empty",
    ]
    (tmp_path / "policy.toml").write_text(WAIVERS_IN_TOML)
    assert [each.line for each in policy_problems(StructuredFile.read(tmp_path / "policy.toml"))] == [9]


def test_a_waiver_fits_the_schema_for_editors() -> None:
    known = json.loads(schema(Policy))
    jsonschema.validate({"waivers": [WAIVER | {"allow": AGENTS}]}, known)
    with pytest.raises(jsonschema.ValidationError, match="'owner' is a required property"):
        jsonschema.validate({"waivers": [{"allow": AGENTS, "reason": "r", "expires": "2026-12-31"}]}, known)
