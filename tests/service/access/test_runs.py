"""Running a matrix: other manners of denying, patience, guard rails, the record, and stopping in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.conversing import session_with, settings_for
from tests.kit.deployment.faults import asks_to_wait
from tests.kit.deployment.gated import AREA, DENIALS, GatedAIRisk
from tests.kit.memory import traced
from tests.kit.permissions import QUESTIONS, everybody, people_of, verdicts
from tests.kit.trails import entries_in
from tests.service.access.asking import ask
from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Row, Verdict
from tui.access.plan import Plan
from tui.access.requests import MatrixRequest
from tui.access.rules import read_rules
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft
from tui.airisk.session import Session
from tui.audit.log import AuditLog
from tui.audit.recorder import AuditRecorder
from tui.audit.verify import verify
from tui.config.keyring import Secret
from tui.errors import AuditError, PlanError, RequestRejectedError
from tui.sandbox import Options, Sandbox

AREAS = ("east", "west", "vault")
MAY_ENTER = frozenset(
    {("u-1", "east"), ("u-1", "west"), ("u-1", "vault"), ("u-2", "east"), ("u-3", "west"), ("u-5", "east")}
)
USERS = [Row(f"u-{number}") for number in range(1, 7)]


def area(name: str) -> MatrixRequest:
    return MatrixRequest.of(f"GET {AREA}{name}", Draft("GET", AREA + name))


ASKED = [area(name) for name in AREAS]
TABLE = {
    (row.id, f"GET {AREA}{name}"): Verdict.ALLOWED if (row.id, name) in MAY_ENTER else Verdict.DENIED
    for row in [*USERS, APPLICATION_ROW, ANONYMOUS_ROW]
    for name in AREAS
}


@pytest.mark.parametrize("manner", [name for name in DENIALS if name != "an empty list"])
async def test_whatever_way_a_deployment_denies_in_the_matrix_is_its_table(manner):
    with GatedAIRisk(DENIALS[manner], MAY_ENTER) as server:
        async with session_with(server) as session:
            cells = await ask(session, [*USERS, APPLICATION_ROW, ANONYMOUS_ROW], ASKED)
    assert verdicts(cells) == TABLE


async def test_an_empty_list_proves_nothing_until_a_rule_says_so(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('[[rules]]\nname = "shown nothing"\nstatus = 200\nempty = true\nverdict = "denied"\n')
    with GatedAIRisk(DENIALS["an empty list"], MAY_ENTER) as server:
        async with session_with(server) as session:
            unsure = await ask(session, USERS, ASKED)
            cells = await ask(session, USERS, ASKED, rules=read_rules(path))
    assert {cell.verdict for cell in unsure} == {Verdict.ALLOWED}
    doubted = {(cell.identity, cell.endpoint) for cell in unsure if "some deployments deny this way" in cell.reason}
    assert verdicts(cells) == {key: verdict for key, verdict in TABLE.items() if key[0].startswith("u-")}
    assert doubted == {key for key, verdict in verdicts(cells).items() if verdict is Verdict.DENIED}


async def test_what_nobody_is_shown_may_not_exist():
    with GatedAIRisk(DENIALS["404"], MAY_ENTER) as server:
        async with session_with(server) as session:
            cells = await ask(session, USERS[:2], [area("nowhere"), area("vault")])
    told = verdicts(cells)
    assert {told[row.id, f"GET {AREA}nowhere"] for row in USERS[:2]} == {Verdict.INCONCLUSIVE}
    assert told["u-2", f"GET {AREA}vault"] is Verdict.DENIED


UNANSWERED = {
    "reset": ("resets_before_answer", "closed before the response was complete"),
    "garbage": ("garbage_status_line", "invalid HTTP response"),
    "captive portal": ("captive_portal", "HTML page instead of JSON"),
}


@pytest.mark.parametrize("name", UNANSWERED)
async def test_what_cannot_be_decided_is_not_reported(name):
    fault, words = UNANSWERED[name]
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        server.breaks(f"{AREA}east", fault)
        async with session_with(server) as session:
            first, second = await ask(session, USERS[:1], ASKED[:2])
    assert (first.verdict, second.verdict) == (Verdict.INCONCLUSIVE, Verdict.ALLOWED)
    assert words in first.reason


# Patience


async def test_a_limit_of_requests_is_kept_to_and_nothing_is_lost():
    with Sandbox(Options(users=12, faults=("rate-limit=25",))) as sandbox:
        rows = [row for row in everybody(people_of(sandbox)) if row.id != "u-000009"]  # who is suspended
        async with session_with(sandbox) as session:
            cells = await ask(session, rows, [QUESTIONS["/api/Chat/ListAgents"]], concurrency=8)
        refused = sum(record.status == 429 for record in sandbox.log)
    assert {cell.verdict for cell in cells} == {Verdict.ALLOWED, Verdict.DENIED}
    assert refused < len(sandbox.log) / 2


async def test_who_asks_to_be_left_alone_for_long_is_left_alone():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        server.breaks(f"{AREA}east", asks_to_wait(429, "86400"))
        async with session_with(server) as session:
            cells = await ask(session, USERS, ASKED, concurrency=1)
        asked = [request for request in server.requests if request.path.startswith(AREA)]
    assert {cell.verdict for cell in cells} == {Verdict.INCONCLUSIVE}
    assert len(asked) == 1
    assert "asked to wait 86400 s" in cells[-1].reason


async def test_what_changes_things_is_not_sent_again_by_itself():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        server.breaks(f"{AREA}east", asks_to_wait(429, "1"))
        async with session_with(server) as session:
            (cell,) = await ask(session, USERS[:1], [MatrixRequest.of("POST /x", Draft("POST", f"{AREA}east"))])
        assert len([request for request in server.requests if request.method == "POST" and "area" in request.path]) == 1
    assert (cell.status, cell.verdict) == (429, Verdict.INCONCLUSIVE)


# Guard rails and the record


async def test_protected_users_are_not_even_signed_in():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        async with session_with(server, protected_users=frozenset({"u-2"})) as session:
            cells = await ask(session, USERS[:3], ASKED[:1])
        assert set(server.issued) == {"(generic)", "u-1", "u-3"}
    assert verdicts(cells)["u-2", f"GET {AREA}east"] is Verdict.INCONCLUSIVE
    assert "protected" in cells[1].reason


@pytest.mark.parametrize(
    ("settings", "how", "refusal", "words"),
    [
        ({"read_only": True}, {}, RequestRejectedError, "read-only"),
        ({"act_read_only": True}, {}, RequestRejectedError, "begin read-only"),
        ({"require_reason": True}, {}, RequestRejectedError, "requires a reason"),
        ({}, {"requests": ()}, PlanError, "No endpoint"),
        ({}, {"concurrency": 0}, PlanError, "Concurrency"),
        ({}, {"rate": -1.0}, PlanError, "rate"),
    ],
)
def test_a_plan_that_may_not_be_asked_is_refused_before_anything_is(settings, how, refusal, words):
    unsafe = MatrixRequest.of("POST /api/x", Draft("POST", "/api/x"))
    plan = Plan(**{"rows": USERS, "requests": (unsafe,)} | how)
    with GatedAIRisk(DENIALS["403"], ()) as server:
        with pytest.raises(refusal, match=words):
            plan.check(settings_for(server, **settings))
        assert server.requests == []


async def test_everything_is_in_the_audit_trail_and_no_token_is_kept(tmp_path: Path):
    path = tmp_path / "audit" / "audit.jsonl"
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        settings = settings_for(server)
        secret = Secret(server.client_secret)
        async with AuditRecorder(AuditLog(path), settings) as record, Session(settings, secret, record) as session:
            await ask(session, [*USERS, ANONYMOUS_ROW], ASKED, reason="quarterly review", concurrency=5)
            assert session.token(USERS[0].identity) is None
            assert session.token(APPLICATION) is not None
            assert session.active == APPLICATION
    assert verify(path).error is None
    entries = entries_in(path)
    requests = [(entry.identity, entry.path) for entry in entries if entry.path.startswith(AREA)]
    assert sorted(requests) == sorted((row.id, AREA + name) for row in [*USERS, ANONYMOUS_ROW] for name in AREAS)
    for row in USERS:
        mine = [entry for entry in entries if entry.identity == row.id and "oauth2" not in entry.path]
        assert [entry.event for entry in mine] == ["start", "request", "request", "request", "stop"]
        assert {entry.reason for entry in mine} == {"quarterly review"}


async def test_a_change_is_in_the_audit_trail_before_it_is_asked_of_anybody(tmp_path: Path):
    path = tmp_path / "audit" / "audit.jsonl"
    post = MatrixRequest.of(f"POST {AREA}east", Draft("POST", f"{AREA}east"))
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        settings = settings_for(server)
        async with AuditRecorder(AuditLog(path), settings) as record, session_with(server, record) as session:
            await ask(session, USERS, [post], concurrency=5)
    for row in USERS:
        mine = [entry for entry in entries_in(path) if entry.identity == row.id]
        assert [entry.event for entry in mine] == ["start", "intent", "request", "stop"]
        assert mine[2].intent == mine[1].sequence


async def test_where_acting_begins_read_only_a_run_that_allows_changes_records_it_for_each_user(tmp_path: Path):
    path = tmp_path / "audit" / "audit.jsonl"
    post = MatrixRequest.of(f"POST {AREA}east", Draft("POST", f"{AREA}east"))
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        settings = settings_for(server, act_read_only=True)
        async with (
            AuditRecorder(AuditLog(path), settings) as record,
            session_with(server, record, act_read_only=True) as session,
        ):
            await ask(session, USERS[:1], [post], allows_changes=True)
            await ask(session, USERS[:1], ASKED[:1], allows_changes=True)
    events = [entry.event for entry in entries_in(path) if entry.identity == USERS[0].id]
    assert events == ["start", "allow", "intent", "request", "stop", "start", "request", "stop"]


async def test_without_the_record_that_has_to_be_kept_the_run_ends(tmp_path: Path):
    path = tmp_path / "audit" / "audit.jsonl"
    with GatedAIRisk(DENIALS["403"], MAY_ENTER) as server:
        settings = settings_for(server)
        async with Session(settings, Secret(server.client_secret), AuditRecorder(AuditLog(path), settings)) as session:
            path.parent.parent.joinpath("audit").touch()
            with pytest.raises(AuditError):
                await ask(session, USERS, ASKED)
        assert [request for request in server.requests if request.path.startswith(AREA)] == []


async def test_a_token_that_names_somebody_else_is_not_asked_with():
    with GatedAIRisk(DENIALS["403"], MAY_ENTER, token_form="jwt", token_subject="u-9") as server:
        async with session_with(server) as session:
            (cell,) = await ask(session, USERS[:1], ASKED[:1])
        assert [request for request in server.requests if request.path.startswith(AREA)] == []
    assert (cell.verdict, cell.status) == (Verdict.INCONCLUSIVE, None)
    assert "u-9" in cell.reason


async def test_bodies_are_not_kept():
    with Sandbox(Options(users=1000)) as sandbox:
        rows = [row for row in everybody(people_of(sandbox))[:52] if row.kind == "user"]
        async with session_with(sandbox) as session:
            request = QUESTIONS["/api/ListUsers"]
            await ask(session, rows[:3], [request], concurrency=2)
            with traced() as peak:
                cells = await ask(session, rows, [request], concurrency=2)
                most = peak()
    sizes = [cell.bytes for cell in cells if cell.bytes]
    assert len(sizes) > 40
    assert most < sum(sizes) / 2
