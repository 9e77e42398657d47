"""Policies, rules and documents as people, other versions and bad disks write them: used, or refused in words."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.matrices import matrix_of
from tests.kit.shaking import shaken, unless_refused
from tests.unit.access.runs import ADA, HEAD, cell
from tui.access.classifier import ClassifiedResponse, Classifier
from tui.access.matrix_document import decode, encode
from tui.access.model import ANONYMOUS_ROW, Column, Row, Verdict
from tui.access.policy import read_policy
from tui.access.rules import read_rules
from tui.access.run_file import RunFile
from tui.airisk.models import User
from tui.errors import MatrixFileError, RulesFileError

COLUMNS = [Column("GET /api/Chat/ListAgents"), Column("POST /api/{x}", target="/api/7?a=b")]
GRACE = Row.of(User("u-1", "Grace", role="Admin, User"), ("staff",))
MATRIX = matrix_of([GRACE, ANONYMOUS_ROW], COLUMNS, [cell(GRACE, COLUMNS[0].name, Verdict.SAME)], started="y")

POLICY = {
    "version": 1,
    "default": "none",
    "rules": [
        {"name": "all", "allow": ["GET /api/Chat/*", "POST /api/{x}"], "roles": ["User", "Risk *"]},
        {"deny": "* /api/*", "users": "*", "except": {"groups": ["staff"], "identities": ["application"]}},
    ],
}
RULES = {
    "version": 1,
    "defaults": False,
    "volatile": ["etag", "$.a[*].b"],
    "rules": [
        {"name": "a", "verdict": "denied", "status": [403, "4xx", "500-599"], "endpoint": "GET *", "reason": "no"},
        {"name": "b", "verdict": "allowed", "json": "$.error[?@.code > 1]", "matches": "^x$", "without": "$..y"},
        {"name": "c", "verdict": "denied", "header": {"Location": "a+"}, "body": "(?i)no", "empty": True},
    ],
}
WRITTEN = {
    ".yaml": lambda document: yaml.safe_dump(document, allow_unicode=True).encode(errors="surrogatepass"),
    ".yml": lambda document: json.dumps(document).encode(),
}

few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


def in_a_file(home: Path, document: object, suffix: str) -> Path:
    path = home / f"written{suffix}"
    path.write_bytes(WRITTEN[suffix](document))
    return path


@given(st.data(), st.sampled_from(sorted(WRITTEN)))
@few
def test_any_policy_is_held_against_everybody_or_refused(home, data, suffix):
    path = in_a_file(home, shaken(POLICY, data), suffix)
    policy = unless_refused(lambda: read_policy(path), RulesFileError)
    for row in GRACE, ANONYMOUS_ROW:
        assert policy is None or set(policy.row(row, COLUMNS).values()) <= {"allow", "deny", None}


@given(st.data(), st.sampled_from(sorted(WRITTEN)), st.sampled_from([b"", b'{"error": [{"code": 2}]}', b"[[[["]))
@few
def test_any_rules_judge_every_response_or_are_refused(home, data, suffix, body):
    judge_by(in_a_file(home, shaken(RULES, data), suffix), body)


@pytest.mark.parametrize("expression", ["a{5000}", "(" * 5000, "(?P<a>", "(?<=a+)b"], ids=lambda text: text[:9])
def test_an_expression_beyond_what_can_be_compiled_is_refused(home, expression):
    rules = {"rules": [{"name": "a", "verdict": "denied", "body": expression}]}
    assert "is not a valid regular expression" in judge_by(in_a_file(home, rules, ".yml"))


def judge_by(path: Path, body: bytes = b"") -> str:
    """Judge answers by the rules in a file; the words where they are refused."""
    try:
        rules = read_rules(path)
    except RulesFileError as refusal:
        return refusal.message
    assert rules.ids
    for status in (200, 403, 302):
        headers = (("Content-Type", "application/json"), ("Location", "/login"))
        answered = ClassifiedResponse(status=status, reason="", headers=headers, endpoint="GET /api/x", body=body)
        assert Classifier(rules).classify(answered).reason
    return ""


@given(st.data())
@few
def test_any_document_is_a_matrix_that_can_be_written_again_or_refused(data):
    content = json.dumps(shaken(msgspec.json.decode(encode(MATRIX)), data)).encode()
    matrix = unless_refused(lambda: decode(content), MatrixFileError)
    assert matrix is None or decode(encode(matrix)) == matrix


WHOLE = cell(ADA, "GET /a", Verdict.ALLOWED)
LINES = [msgspec.json.encode(HEAD), msgspec.json.encode({"cell": WHOLE}), msgspec.json.encode({"row": ADA})]
NEST = b'{"later": ' + b"[" * 100_000


@given(st.data(), st.binary(max_size=30))
@few
def test_of_a_run_that_somebody_else_wrote_what_can_be_read_is_known(home, data, anything):
    damaged = json.dumps(shaken(json.loads(LINES[1]), data, most=1)).encode()
    lines = data.draw(st.permutations([*LINES[1:], damaged, anything]))
    assert WHOLE.key in run_of(home, LINES[0], *lines)


@given(st.data())
@few
def test_a_run_is_known_or_begun_again_whatever_it_says_of_itself(home, data):
    head = json.dumps(shaken(json.loads(LINES[0]), data)).encode()
    assert run_of(home, head, *LINES[1:]).keys() <= {WHOLE.key}


@pytest.mark.parametrize("place", range(2))
def test_a_nest_without_end_in_a_run_is_not_believed(home, place):
    lines = [*LINES]
    lines[place] = NEST
    assert len(run_of(home, *lines)) == 0


def run_of(home: Path, *lines: bytes) -> dict[Any, Any]:
    """The cells of a run whose file holds these lines; it can be gone on with, and what is added is known again."""
    path = home / "run.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    added = cell(ADA, "GET /b", Verdict.DENIED)
    with closing(RunFile.open(path)) as run:
        cells = dict(run.cells)
        if run.head is None:
            run.start(HEAD)
        run.on_cell(added)
        run.flush()
    with closing(RunFile.open(path)) as again:
        assert again.head == run.head
        assert again.cells == {**cells, added.key: added}
    return cells
