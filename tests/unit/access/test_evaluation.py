"""Cells in the light of the others: hidden things, comparisons, expectations, drift, and what outweighs what."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tui.access.evaluation import Evaluator, Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Cell, Column, Finding, Row, Verdict
from tui.access.policy import Policy, read_policy
from tui.errors import RulesFileError

AGENTS, CHATS = "GET /api/Chat/ListAgents", "GET /api/Chat/GetConversations?results=5"
COLUMNS = [Column(AGENTS), Column(CHATS), Column("POST /api/Chat/{id}", target="/api/Chat/7")]
ADA = Row("u-1", name="Ada", role="Admin", groups=("EMEA", "Office"))
BOB = Row("u-2", name="Bob", role="User, Auditor", groups=("APAC",))
ROWS = [ADA, BOB, APPLICATION_ROW, ANONYMOUS_ROW]


def cell(row: Row, endpoint: str, verdict: str, **told: Any) -> Cell:
    given: dict[str, Any] = {"status": 200, "expected": None, "reason": ""} | told
    return Cell(identity=row.id, kind=row.kind, endpoint=endpoint, verdict=Verdict(verdict), **given)


def matrix(*cells: Cell) -> Matrix:
    return LiveMatrix.evaluated(ROWS, COLUMNS, None, cells).document(deployment="", started="")


def weighed(*cells: Cell, **against: Any) -> list[Cell]:
    return LiveMatrix.evaluated(ROWS, COLUMNS, Expectations(**against), cells).cells


def test_what_is_not_there_for_one_is_denied_where_another_is_let_in():
    hidden = cell(BOB, AGENTS, "inconclusive", status=404, needs_witness=True)
    assert weighed(cell(ADA, AGENTS, "allowed"), hidden)[1].verdict is Verdict.DENIED
    assert weighed(cell(ADA, CHATS, "allowed"), hidden)[1].verdict is Verdict.INCONCLUSIVE
    again = weighed(*weighed(cell(ADA, AGENTS, "allowed"), hidden)[1:])
    assert again[0].verdict is Verdict.INCONCLUSIVE  # without the witness it is as open as before


def test_what_a_404_means_is_said_by_who_else_was_let_in_and_once():
    hidden = cell(BOB, AGENTS, "inconclusive", status=404, needs_witness=True, reason="404 Not Found: not there")
    beside = weighed(cell(ADA, AGENTS, "allowed"), hidden)[1]
    assert beside.reason == "404 Not Found: not there, but others are allowed"
    (alone,) = weighed(beside)
    assert alone.reason == "404 Not Found: not there, as for every other identity; it may not exist"
    assert weighed(alone) == [alone]


def test_a_refusal_in_a_200_is_a_denial_only_beside_what_has_another_shape():
    refused = cell(BOB, AGENTS, "inconclusive", needs_witness=True, shape="{title}", reason="200 OK: a refusal")
    beside = [weighed(cell(ADA, AGENTS, "allowed", shape=shape), refused)[1] for shape in ("[]", "{id,title,text}")]
    assert {each.verdict for each in beside} == {Verdict.DENIED}
    assert beside[0].reason == "200 OK: a refusal, but others get other data"
    for shape in ("{title}", "{id,title}", ""):
        alone = weighed(cell(ADA, AGENTS, "allowed", shape=shape), refused)[1]
        assert alone.verdict is Verdict.INCONCLUSIVE
        words = "200 OK: a refusal, as for every other identity; it may be the usual response"
        assert (alone.reason, weighed(alone)) == (words, [alone])


def test_a_witness_who_is_let_in_no_more_is_none():
    refused = cell(BOB, AGENTS, "inconclusive", needs_witness=True, shape="{title}")
    evaluator = Evaluator(Expectations(), {row.key: row for row in ROWS}, COLUMNS)
    evaluator.register(refused)
    witnesses = (
        cell(ADA, AGENTS, "allowed", shape="[]"),
        cell(APPLICATION_ROW, AGENTS, "allowed", shape="[]"),
        cell(ADA, AGENTS, "denied"),
        cell(APPLICATION_ROW, AGENTS, "allowed", shape="{title}"),
        cell(ADA, AGENTS, "allowed", shape="[]"),
        cell(ADA, AGENTS, "denied"),
    )
    seen = [(evaluator.register(witness), evaluator.evaluate(refused).verdict) for witness in witnesses]
    assert seen[:3] == [(True, "denied"), (False, "denied"), (False, "denied")]
    assert seen[3:] == [(True, "inconclusive"), (True, "denied"), (True, "inconclusive")]


def test_responses_are_compared_with_those_of_one_identity():
    cells = weighed(
        cell(ADA, AGENTS, "allowed", digest="a"),
        cell(BOB, AGENTS, "allowed", digest="a"),
        cell(APPLICATION_ROW, AGENTS, "allowed", digest="b"),
        cell(ANONYMOUS_ROW, AGENTS, "denied"),
        compared_with=ADA.key,
    )
    assert [each.verdict for each in cells] == ["allowed", "same", "differs", "denied"]
    assert {each.finding for each in cells} == {None}


def test_a_baseline_is_what_is_expected_where_there_is_no_policy():
    before = matrix(
        cell(ADA, AGENTS, "allowed", digest="a"),
        cell(ADA, CHATS, "allowed", digest="c"),
        cell(BOB, AGENTS, "denied"),
        cell(BOB, CHATS, "allowed", digest="c"),
        cell(APPLICATION_ROW, AGENTS, "inconclusive"),
    )
    now = [
        cell(ADA, AGENTS, "allowed", digest="a"),
        cell(ADA, CHATS, "allowed", digest="d"),
        cell(BOB, AGENTS, "allowed", digest="a"),
        cell(BOB, CHATS, "denied"),
        cell(APPLICATION_ROW, AGENTS, "allowed", digest="a"),
        cell(ANONYMOUS_ROW, AGENTS, "allowed", digest="a"),
    ]
    told = [(each.verdict, each.expected, each.finding) for each in weighed(*now, baseline=before)]
    assert told == [
        ("same", "allow", None),
        ("differs", "allow", Finding.DRIFT),
        ("allowed", "deny", Finding.UNEXPECTED_ALLOW),
        ("denied", "allow", Finding.UNEXPECTED_DENY),
        ("allowed", None, None),
        ("allowed", None, None),
    ]


def test_what_the_policy_agrees_with_is_only_drift_and_what_cannot_be_decided_is_nothing():
    before = matrix(cell(ADA, AGENTS, "denied"), cell(BOB, AGENTS, "allowed", digest="a"))
    policy = Policy(default="allow")
    allowed, unknown = weighed(
        cell(ADA, AGENTS, "allowed"), cell(BOB, AGENTS, "inconclusive"), baseline=before, policy=policy
    )
    assert (allowed.finding, allowed.baseline) == (Finding.DRIFT, "denied")
    assert unknown.finding is None


def test_a_policy_is_what_is_expected_of_every_cell():
    cells = weighed(cell(ADA, AGENTS, "denied"), cell(BOB, AGENTS, "allowed"), policy=Policy(default="allow"))
    assert [(each.expected, each.finding) for each in cells] == [("allow", Finding.UNEXPECTED_DENY), ("allow", None)]


def test_several_roles_in_one_text_are_apart_by_commas():
    policy = msgspec.convert({"default": "none", "rules": [{"allow": "*", "roles": "Risk Manager"}]}, Policy)
    row = Row("u-3", role="Auditor , Risk Manager")
    assert policy.row(row, COLUMNS)[AGENTS] == "allow"
    assert policy.row(Row("u-4", role="Risk, Manager"), COLUMNS)[AGENTS] is None


def test_merged_cells_keep_what_was_expected_of_them():
    first = weighed(cell(ADA, AGENTS, "allowed"), policy=Policy())
    assert weighed(*first, keeps=True) == first
    assert weighed(*first)[0].expected is None
    assert weighed(*first, policy=Policy(default="none"))[0].finding is None


POLICY = """\
version: 1
rules:
  - allow: [GET /api/chat/*]
    roles: [admin, audit*]
  - name: not this one
    deny: GET /api/Chat/GetConversations
    groups: APAC
  - allow: "* /api/Chat/{anything}"
    users: u-1
    except: {groups: Nowhere}
  - allow: GET /api/Chat/ListAgents
    identities: [application]
"""


def test_a_policy_says_who_may_call_what(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY)
    policy = read_policy(path)
    said = {row.id: list(policy.row(row, COLUMNS).values()) for row in ROWS}
    assert said == {
        "u-1": ["allow", "allow", "allow"],
        "u-2": ["allow", "deny", "deny"],
        "application": ["allow", "deny", "deny"],
        "anonymous": ["deny", "deny", "deny"],
    }


def test_a_rule_without_names_means_all_users_and_nobody_else():
    policy = msgspec.convert({"default": "none", "rules": [{"deny": "*"}]}, Policy)
    assert [policy.row(row, COLUMNS)[AGENTS] for row in ROWS] == ["deny", "deny", None, None]
    assert policy.row(ADA, COLUMNS)[AGENTS] == "deny"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: [{users: a}]", "line 1: exactly one of “allow” and “deny” is needed"),
        ("rules: [{name: x, allow: a, deny: b}]", "rule “x”: "),
        ("default: maybe", "line 1: “default” must be allow, deny or none, not “maybe”"),
        ("rules: [{allow: a, role: Admin}]", "role"),
        ("[]", "must be a mapping"),
        ("rules: {{", "is not YAML"),
    ],
)
def test_a_policy_that_cannot_be_understood_is_refused_in_words(tmp_path, text, words):
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(RulesFileError) as refusal:
        read_policy(path)
    assert words in refusal.value.message
