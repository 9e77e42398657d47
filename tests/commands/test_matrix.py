"""`airisk-tui matrix` as a script calls it: the plan, whom it asks as, what it asks, what it prints."""

from __future__ import annotations

import json

from tests.commands.matrix_stage import FAST, active, cells_of
from tests.kit.deployment.faults import answers
from tests.kit.permissions import AGENTS, CHATS, NAMES, USERS, people_of
from tui.sandbox.api import is_allowed


def test_everybody_at_every_safe_endpoint_whose_values_are_known(place, sandbox):
    done = place.run("matrix", "--all", "--also-as", "application,anonymous", *FAST, "--format", "json")
    assert done.code == 6, "the suspended user was not tested"
    cells = cells_of(done)
    assert {endpoint for _, endpoint in cells} == set(NAMES)
    for person in active(sandbox):
        for endpoint, name in NAMES.items():
            cell = cells[person.id, endpoint]
            assert cell["verdict"] == ("allowed" if is_allowed(person.role, name) else "denied")
            assert cell["expected"] is None
            assert cell["status"] in {200, 403}
    assert cells["anonymous", USERS]["verdict"] == "denied"
    assert cells["application", USERS]["verdict"] == "allowed"
    assert "42 identities × 3 endpoints" in done.err
    assert "GET /api/Chat/GetConversation/{conversationId}: missing value: --value conversationId=…" in done.err
    assert [each for each in sandbox.log if each.method == "POST" and "oauth2" not in each.path] == []


def test_the_plan_alone_asks_nothing_of_anybody(place, sandbox):
    done = place.run("matrix", "--sample", "5", "--rate", "1", "--dry-run")
    assert (done.code, done.out) == (0, b"")
    assert "5 identities × 3 endpoints" in done.err
    assert "15 GET, and 10 sign-in requests" in done.err
    assert "about 0:25" in done.err
    assert {each.identity for each in sandbox.log} <= {None, "application"}


def test_users_with_a_role_of_which_the_reports_tell(place, sandbox):
    reports = "--report", "run.json", "--report", "run.html"
    done = place.run("matrix", "--role", "auditor", "--role", "Monitor", "--endpoint", AGENTS, *FAST, *reports)
    assert done.code in {0, 6}, done.err
    run = json.loads((place.cwd / "run.json").read_bytes())
    meant = {person.id for person in people_of(sandbox) if person.role in {"Auditor", "Monitor"}}
    assert {row["id"] for row in run["identities"]} == meant
    assert run["parameters"]["roles"] == ["auditor", "Monitor"]
    assert "auditor or Monitor" in (place.cwd / "run.html").read_text()


def test_a_table_for_people_in_which_users_alike_are_one_line(place, sandbox):
    done = place.run("matrix", "--all", "--endpoint", AGENTS, "--endpoint", CHATS, *FAST)
    lines = done.text.splitlines()
    assert "40 identities × 2 endpoints" in lines[0]
    assert any(line.startswith("Monitor") and "A   D" in line for line in lines)
    assert any("users like" in line for line in lines)


def test_values_fill_in_what_endpoints_need(place, sandbox):
    one = "GET /api/Chat/GetConversation/{conversationId}"
    given = ("--value", "conversationId=c-000000-00", "--endpoint", one)
    done = place.run("matrix", "--as", "u-000000", "--as", "u-000001", *given, *FAST, "--format", "json")
    assert {key: cell["verdict"] for key, cell in cells_of(done).items()} == {
        ("u-000000", one): "allowed",
        ("u-000001", one): "denied",
    }
    assert json.loads(done.out)["endpoints"][0]["target"] == "/api/Chat/GetConversation/c-000000-00"


def test_what_may_change_things_is_asked_only_where_it_is_confirmed(place, sandbox):
    create = "POST /api/Chat/CreateConversation"
    given = (
        "matrix",
        "--as",
        "u-000000",
        "--endpoint",
        create,
        "--endpoint",
        AGENTS,
        "--value",
        "agentId=agent-0",
        *FAST,
    )
    done = place.run(*given, "--format", "json")
    assert set(cells_of(done)) == {("u-000000", AGENTS)}
    assert f"skipped {create}: may change data" in done.err
    done = place.run(*given, "--allow-unsafe", create, "--format", "json")
    assert cells_of(done)["u-000000", create]["verdict"] == "allowed"
    done = place.run(*given, "--allow-unsafe", create, "--read-only")
    assert done.code == 7
    assert "read-only" in done.err


def test_a_body_goes_along_where_one_is_given(place, sandbox):
    ask = "POST /api/Chat/AskAgent"
    body = '{"conversationID": "c-000000-00", "text": "Hello"}'
    (place.cwd / "ask.json").write_text(body)
    given = ("matrix", "--as", "u-000000", "--as", "u-000001", "--endpoint", ask, "--body", f"{ask}=@ask.json")
    done = place.run(*given, "--allow-unsafe", ask, *FAST, "--format", "json")
    assert [cell["verdict"] for cell in cells_of(done).values()] == ["allowed", "denied"]


def test_responses_are_compared_with_one_identity(place, sandbox):
    given = ("--as", "u-000001", "--as", "u-000004", "--compare-with", "u-000000", "--endpoint", AGENTS)
    done = place.run("matrix", *given, "--endpoint", USERS, *FAST, "--format", "json")
    cells = cells_of(done)
    assert [cells[who, USERS]["verdict"] for who in ("u-000000", "u-000001", "u-000004")] == ["allowed", "same", "same"]
    assert cells["u-000001", AGENTS]["verdict"] == "differs"


def test_a_list_of_users_that_fails_once_is_requested_again(place, airisk):
    airisk.breaks("/api/ListUsers", answers(500), times=1)
    done = place.run("matrix", "--all", "--endpoint", AGENTS, *FAST, "--format", "json")
    assert len(cells_of(done)) == 3
    airisk.breaks("/api/ListUsers", answers(500))
    assert place.run("matrix", "--all").code == 4
    done = place.run("matrix", "--as", "u-1", "--endpoint", AGENTS, *FAST, "--format", "json")
    assert cells_of(done)["u-1", AGENTS]["verdict"] == "allowed"
    assert "Names, roles and groups are unknown." in done.err


def test_what_is_said_of_an_endpoint_that_is_not_asked_is_a_mistake(place, sandbox):
    ask, create = "POST /api/Chat/AskAgent", "POST /api/Chat/CreateConversation"
    for strays in (["--allow-unsafe", create], ["--body", f"{create}=@none.json"]):
        for others in ([], ["--endpoint", ask]):
            done = place.run("matrix", "--as", "u-000000", *others, *strays, *FAST)
            assert done.code == 2
            words = (
                f"{strays[0]} names “{create}”, which is not in the matrix. Pass the same METHOD PATH with --endpoint."
            )
            assert done.line == words
            assert done.out == b""


def test_a_report_names_the_end_of_the_audit_trail_which_can_be_verified_later(place, airisk):
    given = ("matrix", "--as", "u-1", "--endpoint", AGENTS, *FAST)
    done = place.run(*given, "--report", "run.json")
    (head,) = json.loads((place.cwd / "run.json").read_text())["audit"]
    noted = f"{head['entry']}:{head['hash']}"
    assert f"Audit trail: {noted} on {head['host']}\n" in done.text
    assert place.run(*given).code == 0, "the trail goes on"
    verified = place.run("audit", "verify", "--expects", noted)
    assert verified.code == 0
    assert f"Entry {head['entry']} is the expected one." in verified.text
    path = place.home / ".local/state/airisk-tui/audit/audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"u-1"', b'"u-2"', 1))
    assert place.run("audit", "verify", "--expects", noted).code == 1
