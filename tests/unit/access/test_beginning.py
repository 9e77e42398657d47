"""What was begun is gone on with by whoever comes next, with the very same requests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tui.access.matrix_document import RunParameters
from tui.access.model import Cell, Row, Verdict
from tui.access.plan import ProposedRun, latest_unfinished, restore_requests
from tui.access.requests import MatrixRequest, parse_request
from tui.access.rules import Rules, default_rules, read_rules
from tui.access.run_file import RunFile, directory_of
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.variables import Variables
from tui.airisk.identity import Identity
from tui.config.origin import parse_origin
from tui.config.settings import Settings
from tui.errors import PlanError

SETTINGS = Settings(parse_origin("http://127.0.0.1:1"), "client")
ADA = Identity("user", "u/1", "Ada")
CATALOGUE = {endpoint.title: endpoint for endpoint in ENDPOINTS}
Begin = Callable[..., RunFile]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Begin a run of these requests, and leave it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def begun(*requests: MatrixRequest, rules: Rules | None = None, name: str = "run") -> RunFile:
        path = directory_of(str(SETTINGS.origin)) / f"{name}.jsonl"
        terms = RunParameters(concurrency=2, rate=5.0, rules=rules.name if rules else "")
        given = {"parameters": terms, "rules": rules or default_rules(), "path": path, "earlier": None}
        proposal = ProposedRun.of([Row("u/1"), Row("u-2")], requests, (), **given)  # type: ignore[arg-type]
        file, _ = proposal.start(SETTINGS, goes_on=False)
        first = requests[0].column.name
        file.on_cell(
            Cell(identity="u/1", endpoint=first, status=200, verdict=Verdict.ALLOWED, expected=None, reason="")
        )
        file.close()
        return file

    return begun


def test_the_same_requests_are_made_again_whatever_was_typed(begin: Begin, tmp_path: Path) -> None:
    upload = tmp_path / "report.pdf"
    upload.write_bytes(b"%PDF")
    values = {"conversationId": "c 1", "file": str(upload), "agentid": "a/1", "id": "7"}
    requests = [
        parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {}),
        parse_request("GET /api/x/{id}?of={{user.id}}", ENDPOINTS, values),
        parse_request("POST /api/y", ENDPOINTS, {}, body='{"a": "b"}'),
        parse_request("POST /api/Chat/AddFileToConversation/{conversationId}", ENDPOINTS, values),
        MatrixRequest.of_form(
            "GET /api/Chat/GetConversations",
            EndpointForm(CATALOGUE["List conversations"], {"agentid": "{{user.id}}", "results": "5"}),
            Variables(),
        ),
    ]
    begin(*requests)
    left = latest_unfinished(SETTINGS)
    assert left
    assert left.head
    again, skipped = restore_requests(left.head, ENDPOINTS)
    assert skipped == ()
    assert [each.column for each in again] == [each.column for each in requests]
    assert [each.make(ADA) for each in again] == [each.make(ADA) for each in requests]


def test_what_cannot_be_asked_as_it_was_is_left_out_by_name(begin: Begin, tmp_path: Path) -> None:
    upload = tmp_path / "gone.pdf"
    upload.write_bytes(b"%PDF")
    begin(
        parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {}),
        parse_request(
            "POST /api/Chat/AddFileToConversation/{conversationId}",
            ENDPOINTS,
            {"conversationId": "c-1", "file": str(upload)},
        ),
    )
    upload.unlink()
    left = latest_unfinished(SETTINGS)
    assert left
    assert left.head
    again, (skipped,) = restore_requests(left.head, ENDPOINTS)
    assert [each.column.name for each in again] == ["GET /api/Chat/ListAgents"]
    assert "gone.pdf is not a file" in skipped.reason


def test_a_secret_is_not_kept_and_what_needs_it_is_left_out(begin: Begin) -> None:
    canary = "canary-5f2a91"
    vault = Endpoint(
        "Vault", "", "POST", "/api/vault", fields=(Field("word", is_password=True), Field("X-Pin", "header"))
    )
    run = begin(
        parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {}),
        parse_request(f"GET /api/x?api_key={canary}", ENDPOINTS, {}),
        parse_request("POST /api/y", ENDPOINTS, {}, body=f'{{"password": "{canary}"}}'),
        parse_request("POST /api/vault", [vault], {"word": canary, "X-Pin": canary}),
    )
    assert canary not in run.path.read_text()
    assert run.head
    again, skipped = restore_requests(run.head, [*ENDPOINTS, vault])
    assert [each.column.name for each in again] == ["GET /api/Chat/ListAgents"]
    assert [(each.name, each.reason.partition(" held a secret")[0]) for each in skipped] == [
        ("GET /api/x?api_key=••••", "api_key"),
        ("POST /api/y", "the body"),
        ("POST /api/vault", "word, X-Pin"),
    ]


def test_the_newest_that_was_left_is_meant_and_none_that_was_finished_or_is_at_work(begin: Begin) -> None:
    request = parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {})
    assert latest_unfinished(SETTINGS) is None
    older, newer = begin(request, name="older"), begin(request, name="newer")
    os.utime(older.path, (1, 1))
    assert (left := latest_unfinished(SETTINGS))
    assert left.path == newer.path
    at_work = RunFile.open(newer.path)
    assert (left := latest_unfinished(SETTINGS))
    assert left.path == older.path
    at_work.on_cell(msgspec.structs.replace(next(iter(at_work.cells.values())), identity="u-2"))
    at_work.close()
    assert (left := latest_unfinished(SETTINGS))
    assert left.path == older.path
    assert latest_unfinished(Settings(SETTINGS.origin, "another client")) is None


def test_other_rules_than_it_was_begun_with_are_refused(begin: Begin, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rules]]\nname = "a"\nstatus = 200\nverdict = "denied"\n')
    begin(parse_request("GET /api/Chat/ListAgents", ENDPOINTS, {}), rules=read_rules(path))
    left = latest_unfinished(SETTINGS)
    assert left
    assert ProposedRun.resume(left, ENDPOINTS, RunParameters()).rules.name == str(path)
    path.write_text('[[rules]]\nname = "a"\nstatus = 200\nverdict = "allowed"\n')
    with pytest.raises(PlanError, match="The rules have changed"):
        ProposedRun.resume(left, ENDPOINTS, RunParameters())


def test_what_may_change_things_is_confirmed_again_whatever_the_file_says_by_now(begin: Begin) -> None:
    path = begin(parse_request("GET /api/a", ENDPOINTS, {}), parse_request("GET /api/b", ENDPOINTS, {})).path
    path.write_text(path.read_text().replace("GET /api/b", "DELETE /api/b"))
    left = latest_unfinished(SETTINGS)
    assert left
    proposal = ProposedRun.resume(left, ENDPOINTS, RunParameters(), ())
    assert [request.column.name for request in proposal.plan.requests] == ["GET /api/a"]
    assert [(each.name, "may change data" in each.reason) for each in proposal.plan.skipped] == [
        ("DELETE /api/b", True)
    ]
    confirmed_by_name = ProposedRun.resume(left, ENDPOINTS, RunParameters(), ["delete /api/b"])
    assert [request.is_safe for request in confirmed_by_name.plan.requests] == [True, False]
