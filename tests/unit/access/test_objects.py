"""Who sees what: each listed object is a column, and a cell says whether it is in somebody's list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.kit.matrices import matrix_of
from tui.access.evaluation import Expectations
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import RunParameters, decode, encode
from tui.access.merge import merge
from tui.access.model import Cell, Column, Gap, ListedObjects, Row, Verdict
from tui.access.object_lists import listed_kind, listed_objects
from tui.access.objects import MOST_COLUMNS, evaluated_with_objects
from tui.access.policy import Policy, policy_problems, read_policy
from tui.access.structured_file import StructuredFile
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft, Exchange
from tui.clocks import now
from tui.errors import RulesFileError

ADA, BOB, EVE = (
    Row(f"u-{number}", name=name, role=role)
    for number, name, role in ((1, "Ada", "Admin"), (2, "Bob", "User"), (3, "Eve", "User"))
)
ROWS = [ADA, BOB, EVE]
AGENTS = Column("GET /api/Chat/ListAgents")
OTHER = Column("GET /api/ListAgents")
CLAIMS, LEGAL, RISK = ("a-1", "Claims Intake"), ("a-2", "Legal Review"), ("a-3", "Risk")


def lists(row: Row, *objects: tuple[str, str], column: Column = AGENTS, is_whole: bool = True, **said: Any) -> Cell:
    told = {"status": 200, "verdict": Verdict.ALLOWED, "reason": "200: success", **said}
    listed = ListedObjects(objects, is_whole) if told["verdict"] is Verdict.ALLOWED else None
    return Cell(identity=row.id, endpoint=column.name, expected=None, listed=listed, **told)


def board(*cells: Cell, columns: Sequence[Column] = (AGENTS,), **against: Any) -> LiveMatrix:
    return evaluated_with_objects(ROWS, columns, Expectations(**against), cells, ("agent",))


def said(seen: LiveMatrix, row: Row) -> dict[str, str]:
    """What the cells of a user say of each object."""
    cells = [cell for cell in seen.cells if cell.row_key == row.key]
    return {cell.endpoint.removeprefix("agent:"): cell.verdict.value for cell in cells if "agent:" in cell.endpoint}


def test_each_object_that_anybodys_list_returned_is_a_column_and_a_cell_says_listed_or_not():
    seen = board(lists(ADA, CLAIMS, LEGAL), lists(BOB, CLAIMS), lists(EVE))
    assert [column.label for column in seen.columns] == [
        AGENTS.name,
        "agent Claims Intake (a-1)",
        "agent Legal Review (a-2)",
    ]
    assert said(seen, ADA) == {"a-1": "allowed", "a-2": "allowed"}
    assert said(seen, BOB) == {"a-1": "allowed", "a-2": "denied"}
    assert said(seen, EVE) == {"a-1": "denied", "a-2": "denied"}
    reasons = {cell.reason for cell in seen.cells if cell.endpoint == "agent:a-2"}
    assert reasons == {"listed by GET /api/Chat/ListAgents", "not listed by GET /api/Chat/ListAgents"}


DOUBTS = {
    "the list failed": (
        lists(BOB, status=500, verdict=Verdict.INCONCLUSIVE, reason="500: server error"),
        "500: server",
    ),
    "a part of the list": (lists(BOB, is_whole=False), "returned a part of its list"),
    "no list": (msgspec.structs.replace(lists(BOB), listed=None), "is not a list"),
}


@pytest.mark.parametrize(("cell", "why"), DOUBTS.values(), ids=DOUBTS)
def test_where_the_list_does_not_show_it_the_cell_is_inconclusive(cell, why):
    seen = board(lists(ADA, CLAIMS), cell)
    assert said(seen, BOB) == {"a-1": "inconclusive"}
    assert why in seen.cells[-1].reason
    assert said(seen, EVE) == {}  # whose list was not requested


def test_whose_list_is_denied_sees_nothing_of_it():
    seen = board(lists(ADA, CLAIMS), lists(BOB, status=403, verdict=Verdict.DENIED, reason="403: forbidden"))
    assert said(seen, BOB) == {"a-1": "denied"}
    assert seen.cells[-1].reason == "not listed by GET /api/Chat/ListAgents (403: forbidden)"


def test_what_one_of_two_lists_returned_is_listed():
    both = (AGENTS, OTHER)
    cells = [lists(ADA, CLAIMS), lists(ADA, LEGAL, column=OTHER), lists(BOB), lists(BOB, CLAIMS, column=OTHER)]
    seen = board(*cells, lists(EVE), columns=both)
    assert said(seen, ADA) == {"a-1": "allowed", "a-2": "allowed"}
    assert said(seen, BOB) == {"a-1": "allowed", "a-2": "denied"}
    assert said(seen, EVE) == {"a-1": "inconclusive", "a-2": "inconclusive"}


POLICY: dict[str, Any] = {
    "rules": [
        {"allow": "*"},
        {"allow": "agent:claims*", "roles": "User"},
        {"allow": "agent:a-2", "users": "u-1"},
        {"deny": "agent:Risk", "users": "u-3"},
    ]
}


def test_a_policy_speaks_of_objects_by_name_and_by_id():
    policy = msgspec.convert(POLICY, Policy)
    seen = board(lists(ADA, CLAIMS, LEGAL), lists(BOB, CLAIMS), lists(EVE, RISK), policy=policy)
    found = {(cell.identity, cell.endpoint): str(cell.finding) for cell in seen.cells if cell.finding}
    assert found == {
        ("u-1", "agent:a-1"): "unexpected allow",
        ("u-3", "agent:a-1"): "unexpected deny",
        ("u-3", "agent:a-3"): "unexpected allow",
    }
    assert seen.gaps == []


def test_a_policy_without_objects_expects_nothing_of_them():
    policy = msgspec.convert({"rules": [{"allow": "*"}]}, Policy)
    seen = board(lists(ADA, CLAIMS), lists(BOB), lists(EVE), policy=policy)
    assert [cell.expected for cell in seen.cells] == ["allow", None] * 3


def test_an_object_of_the_policy_that_no_list_returned_is_untested():
    policy = msgspec.convert({"rules": [{"name": "x", "allow": ["agent:Claims*", "agent:Clamis*"]}]}, Policy)
    seen = board(lists(ADA, CLAIMS), lists(BOB), lists(EVE), policy=policy)
    assert seen.gaps == [Gap("object", "Policy rule 1 (“x”):", "“agent:Clamis*” matches no listed agent")]
    assert list(policy.unmatched(None, (), ("agent",))) == []
    needs = "“agent:Claims*” matches nothing without --objects agents"
    assert next(iter(policy.unmatched(None, ()))) == Gap("policy", "Policy rule 1 (“x”):", needs)


def test_a_misspelled_kind_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "policy.yaml"
    path.write_text("rules:\n  - allow: agnet:Claims*\n")
    (problem,) = policy_problems(StructuredFile.read(path))
    assert str(problem) == (
        "line 2: “agnet:Claims*” is neither METHOD PATH nor an object such as agent:NAME or conversation:ID"
    )
    with pytest.raises(RulesFileError, match="agnet"):
        read_policy(path)


def test_an_object_that_is_gone_since_the_baseline_is_no_longer_listed():
    before = board(lists(ADA, CLAIMS), lists(BOB, CLAIMS), lists(EVE)).document(deployment="", started="")
    seen = board(lists(ADA, LEGAL), lists(BOB), lists(EVE), baseline=before)
    assert said(seen, ADA) == {"a-1": "denied", "a-2": "allowed"}
    assert {(cell.identity, cell.finding) for cell in seen.cells if cell.endpoint == "agent:a-1"} == {
        ("u-1", "unexpected deny"),
        ("u-2", "unexpected deny"),
        ("u-3", None),
    }


def test_of_very_many_objects_those_that_most_see_have_a_column_and_the_rest_is_named():
    many = [(f"a-{number:04}", "") for number in range(MOST_COLUMNS + 5)]
    seen = board(lists(ADA, *many), lists(BOB, *many[-3:]), lists(EVE))
    assert len(seen.columns) == 1 + MOST_COLUMNS
    assert {f"agent:{name}" for name, _ in many[-3:]} <= {column.name for column in seen.columns}
    (gap,) = seen.gaps
    assert (gap.kind, gap.name) == ("object", "5 agents")


def shard(which: int, policy: Policy | None, *cells: Cell) -> Any:
    rows = [msgspec.structs.replace(row, place=place) for place, row in enumerate(ROWS, start=1)]
    mine = [row for row in rows if row.id in {cell.identity for cell in cells}]
    parts = evaluated_with_objects(mine, [AGENTS], Expectations(policy), cells, ("agent",), shard=(which, 2))
    return decode(
        encode(
            parts.document(deployment="d", started="", parameters=RunParameters(shard=(which, 2), objects=("agent",)))
        )
    )


@pytest.mark.parametrize("keeps", [False, True])
def test_merged_shards_are_the_whole(keeps):
    policy = msgspec.convert(POLICY, Policy)
    cells = [lists(ADA, CLAIMS, LEGAL), lists(BOB, CLAIMS), lists(EVE, RISK, CLAIMS)]
    parts = [shard(1, policy, *cells[:2]), shard(2, policy, *cells[2:])]
    merged = merge(parts, Expectations(None if keeps else policy, keeps=keeps))
    whole = board(*cells, policy=policy)
    assert [(c.key, c.verdict) for c in merged.cells] == [(c.key, c.verdict) for c in whole.cells]
    found = {(c.identity, c.endpoint): c.finding for c in whole.cells if c.finding}
    assert {(c.identity, c.endpoint): c.finding for c in merged.findings()} == found


BODIES: dict[str, tuple[object, tuple[tuple[str, str], ...]]] = {
    "a list": ([{"id": "a-1", "name": "Claims"}, {"id": 7, "Name": "Risk"}], (("a-1", "Claims"), ("7", "Risk"))),
    "another spelling": ([{"agentID": "a-1", "name": None}], (("a-1", ""),)),
    "in an object": ({"success": True, "data": [{"Id": "a-1"}]}, (("a-1", ""),)),
    ".NET's references": ({"$id": "1", "$values": [{"$id": "2", "id": "a-1"}]}, (("a-1", ""),)),
    "nothing": ([], ()),
    "entries without an id": ([{"name": "x"}, None, 3], ()),
}


def response(body: bytes, path: str = "/api/Chat/ListAgents") -> Exchange:
    draft = Draft("GET", path)
    return Exchange(
        status=200, reason="OK", headers=(), identity=APPLICATION, draft=draft, body=body, seconds=0.0, at=now()
    )


@pytest.mark.parametrize(("body", "objects"), BODIES.values(), ids=BODIES)
def test_ids_come_from_any_usual_list(body, objects):
    assert listed_objects(response(json.dumps(body).encode()), "agent") == ListedObjects(objects)


@pytest.mark.parametrize("body", [b"no", b'{"a": 1}', b'{"a": [], "b": []}', b'"x"'])
def test_what_is_no_list_has_no_objects(body):
    assert listed_objects(response(body), "agent") is None


def test_a_page_of_conversations_is_a_part_and_their_titles_are_not_kept():
    path = "/api/Chat/GetConversations"
    page = json.dumps([{"id": f"c-{number}", "title": "secret"} for number in range(20)]).encode()
    found = listed_objects(response(page, path), "conversation")
    assert found is not None
    assert (found.objects[0], found.is_whole) == (("c-0", ""), False)
    (few,) = [listed_objects(response(b'[{"id": "c-0"}]', path), "conversation")]
    assert few is not None
    assert few.is_whole


def test_lists_are_known_by_their_paths():
    kinds = {
        "GET /api/Chat/ListAgents": "agent",
        "GET /api/ListAgents?x=1": "agent",
        "GET /api/Chat/GetConversations/{agentid}": "conversation",
        "GET /api/Chat/GetConversation/7": None,
        "POST /api/Chat/ListAgents": None,
        "GET /api/ListUsers": None,
    }
    assert {name: listed_kind(Column(name)) for name in kinds} == kinds


def test_a_document_with_objects_is_read_as_it_was_written():
    seen = board(lists(ADA, CLAIMS), lists(BOB), lists(EVE)).document(deployment="d", started="")
    assert decode(encode(seen)) == seen
    assert matrix_of(ROWS, seen.endpoints, seen.cells).cells == seen.cells


def test_a_waiver_accepts_that_a_user_sees_an_object():
    waiver = {"allow": "agent:Legal*", "users": "u-1", "reason": "RISK-1", "owner": "grace", "expires": "2999-12-31"}
    policy = msgspec.convert({"rules": [{"allow": ["GET *", "agent:Claims*"]}], "waivers": [waiver]}, Policy)
    seen = board(lists(ADA, CLAIMS, LEGAL), lists(BOB, CLAIMS, LEGAL), lists(EVE), policy=policy)
    assert {(cell.identity, cell.waiver) for cell in seen.cells if cell.waiver} == {("u-1", "Waiver 1")}
    assert [(use.state, use.cells, use.waived) for use in seen.waivers] == [("in use", 1, 1)]
