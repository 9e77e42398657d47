"""`airisk-tui matrix` as a script calls it: plan, verdicts, expectations, reports, exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.commands import Outcome, Place
from tests.servers.behaviours import answers
from tests.servers.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tui.sandbox import Options, Sandbox
from tui.sandbox.people import People, Person
from tui.sandbox.permissions import is_allowed

pytest_plugins = ["tests.places"]

AGENTS, CHATS, USERS = "GET /api/Chat/ListAgents", "GET /api/Chat/GetConversations", "GET /api/ListUsers"
NAMES = {AGENTS: "ListAgents", CHATS: "GetConversations", USERS: "ListUsers"}
FAST = ("--rate", "0", "--concurrency", "8")


@pytest.fixture
def sandbox(place: Place) -> Iterator[Sandbox]:
    """A sandbox, which the environment of `place` names."""
    with Sandbox(Options(users=40)) as served:
        reach(place, served)
        yield served


def reach(place: Place, served: Sandbox) -> None:
    place.tell(AIRISK_URL=served.url, CLIENT_ID=served.options.client_id, CLIENT_SECRET=served.options.client_secret)


def cells_of(done: Outcome) -> dict[tuple[str, str], dict[str, Any]]:
    return {(cell["identity"], cell["endpoint"]): cell for cell in json.loads(done.out)["cells"]}


def active(served: Sandbox) -> list[Person]:
    people = People(served.options.users, served.options.seed)
    return [person for person in people if not person.is_suspended]


def test_everybody_at_every_safe_endpoint_whose_values_are_known(place, sandbox):
    done = place.run("matrix", "--all", "--with", "generic,anonymous", *FAST, "--format", "json")
    assert done.code == 0, done.err
    cells = cells_of(done)
    assert {endpoint for _, endpoint in cells} == set(NAMES)
    for person in active(sandbox):
        for endpoint, name in NAMES.items():
            cell = cells[person.id, endpoint]
            assert cell["verdict"] == ("allowed" if is_allowed(person.role, name) else "denied")
            assert cell["expected"] is None
            assert cell["status"] in {200, 403}
    assert cells["anonymous", USERS]["verdict"] == "denied"
    assert cells["generic", USERS]["verdict"] == "allowed"
    assert "42 identities × 3 endpoints" in done.err
    assert "GET /api/Chat/GetConversation/{conversationId}: it needs --value conversationId=…" in done.err
    assert [each for each in sandbox.log if each.method == "POST" and "oauth2" not in each.path] == []


def test_the_plan_alone_asks_nothing_of_anybody(place, sandbox):
    done = place.run("matrix", "--sample", "5", "--rate", "1", "--plan")
    assert (done.code, done.out) == (0, b"")
    assert "5 identities × 3 endpoints" in done.err
    assert "15 GET, and 10 requests to sign in" in done.err
    assert "about 0:25" in done.err
    assert {each.identity for each in sandbox.log} <= {None, "generic"}


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
    assert f"left out: {create}: it may change things" in done.err
    done = place.run(*given, "--confirm", create, "--format", "json")
    assert cells_of(done)["u-000000", create]["verdict"] == "allowed"
    done = place.run(*given, "--confirm", create, "--read-only")
    assert done.code == 2
    assert "read-only" in done.err


def test_a_body_goes_along_where_one_is_given(place, sandbox):
    ask = "POST /api/Chat/AskAgent"
    body = '{"conversationID": "c-000000-00", "text": "Hello"}'
    given = ("matrix", "--as", "u-000000", "--as", "u-000001", "--endpoint", ask, "--body", ask, body)
    done = place.run(*given, "--confirm", ask, *FAST, "--format", "json")
    assert [cell["verdict"] for cell in cells_of(done).values()] == ["allowed", "denied"]


def test_answers_are_compared_with_one_identity(place, sandbox):
    given = ("--as", "u-000001", "--as", "u-000004", "--compare-with", "u-000000", "--endpoint", AGENTS)
    done = place.run("matrix", *given, "--endpoint", USERS, *FAST, "--format", "json")
    cells = cells_of(done)
    assert [cells[who, USERS]["verdict"] for who in ("u-000000", "u-000001", "u-000004")] == ["allowed", "same", "same"]
    assert cells["u-000001", AGENTS]["verdict"] == "differs"


# What is expected

POLICY = """\
version: 1
default: deny
rules:
  - allow: [GET /api/Chat/ListAgents, GET /api/ListUsers]
  - allow: GET /api/Chat/GetConversations
    roles: [Admin, Risk Manager, Auditor, User]
  - allow: GET /api/ListUsers
    identities: generic
"""
PLANTED = """\
  - name: planted, nobody may know
    deny: GET /api/Chat/ListAgents
    users: [u-000001, u-000002]
  - name: planted, everybody knows
    allow: GET /api/Chat/GetConversations
    users: u-000004
"""


def test_a_policy_that_holds_is_exit_code_0(place, sandbox):
    (place.cwd / "policy.yaml").write_text(POLICY)
    given = ("--all", "--with", "generic,anonymous", "--policy", "policy.yaml", *FAST)
    done = place.run("matrix", *given)
    assert done.code == 0
    assert "Everything that could be told is as expected." in done.text


def test_three_planted_violations_are_found_and_no_other(place, sandbox):
    (place.cwd / "policy.yaml").write_text(POLICY + PLANTED)
    reports = [word for kind in ("json", "csv", "html", "xml", "sarif") for word in ("--report", f"m.{kind}")]
    given = ("--all", "--with", "generic,anonymous", "--policy", "policy.yaml", *FAST, *reports)
    done = place.run("matrix", *given)
    assert done.code == 1
    assert done.text.count("\nunexpected allow: ") == 2
    assert done.text.count("\nunexpected deny: ") == 1
    planted = {("u-000001", AGENTS), ("u-000002", AGENTS), ("u-000004", CHATS)}
    document = json.loads((place.cwd / "m.json").read_text())
    found = {(cell["identity"], cell["endpoint"]): cell["finding"] for cell in document["cells"] if "finding" in cell}
    assert set(found) == planted
    assert document["summary"]["findings"] == {"unexpected allow": 2, "unexpected deny": 1, "drift": 0}
    rows = list(csv.DictReader(io.StringIO((place.cwd / "m.csv").read_text())))
    assert {(row["identity"], row["endpoint"]) for row in rows if row["finding"]} == planted
    assert len(ET.parse(place.cwd / "m.xml").findall(".//failure")) == 3
    sarif = json.loads((place.cwd / "m.sarif").read_text())
    assert len([result for run in sarif["runs"] for result in run["results"]]) == 3
    page = (place.cwd / "m.html").read_text()
    assert all(identity in page for identity, _ in planted)
    assert sandbox.options.client_secret not in page


def test_a_saved_run_is_a_baseline(place, sandbox):
    given = ("matrix", "--as", "u-000000", "--as", "u-000004", *FAST)
    assert place.run(*given, "--report", "before.json").code == 0
    done = place.run(*given, "--baseline", "before.json", "--format", "json")
    assert done.code == 0
    assert {cell["verdict"] for cell in cells_of(done).values()} == {"same", "denied"}
    document = json.loads((place.cwd / "before.json").read_text())
    changed = next(cell for cell in document["cells"] if cell["verdict"] == "denied")
    changed["verdict"] = "allowed"
    (place.cwd / "before.json").write_text(json.dumps(document))
    done = place.run(*given, "--baseline", "before.json")
    assert done.code == 1
    assert "unexpected deny: " in done.text


# How it ends


def test_1_beats_4_and_4_is_said_where_too_much_cannot_be_told(place, sandbox):
    sandbox.faults.switch_on("flaky=0.6")
    given = ("matrix", "--filter", "u-00000", "--endpoint", AGENTS, "--endpoint", CHATS, *FAST)
    # The list of users is among what fails now and then.
    outcomes = [place.run(*given) for _ in range(6)]
    ran = [done for done in outcomes if "could not be told" in done.text]
    assert ran
    assert {done.code for done in ran} == {4}
    assert place.run(*given, "--resume", "--inconclusive", "100").code == 0
    sandbox.faults.clear()
    settled = place.run(*given, "--resume")
    assert settled.code == 0
    assert "are known already" in settled.err


WRONG = {
    "nobody": ((), "Nobody is chosen"),
    "nobody of that name": (("--filter", "zzzzzz"), "Nobody fits"),
    "an empty id": (("--as", ""), "--as is empty"),
    "no endpoint": (("--as", "u-000000", "--endpoint", "ListAgents"), "is not METHOD PATH"),
    "another host": (("--as", "u-000000", "--endpoint", "GET //evil.example/x"), "cannot be asked"),
    "a missing value": (("--as", "u-000000", "--endpoint", "GET /api/x/{id}"), "cannot be asked"),
    "no such policy": (("--all", "--policy", "none.yaml"), "none.yaml cannot be read"),
    "no such baseline": (("--all", "--baseline", "none.json"), "none.json cannot be read"),
    "no such rules": (("--all", "--rules", "none.toml"), "none.toml cannot be read"),
    "no such kind of report": (("--all", "--report", "m.pdf"), "names no kind of report"),
    "no such directory": (("--all", "--report", "none/m.json"), "not a directory"),
    "too much at once": (("--all", "--concurrency", "1000"), "at once"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_2_what_cannot_be_meant(place, sandbox, wrong):
    arguments, words = wrong
    done = place.run("matrix", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert words in done.line


@pytest.mark.parametrize("arguments", [("--shard", "3/2"), ("--with", "root"), ("--rate", "-1"), ("--sample", "0")])
def test_2_wrong_usage(place, arguments):
    done = place.run("matrix", "--all", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert "Traceback" not in done.err


def test_3_sign_in_refused(place, airisk):
    assert place.run("matrix", "--all", CLIENT_SECRET="another").code == 3
    airisk.override(AUTHORIZE_PATH, answers(500))
    assert place.run("matrix", "--as", "u-1").code == 3


def test_4_nothing_could_be_told(place, airisk):
    airisk.override("/api/Chat/ListAgents", answers(503))
    done = place.run("matrix", "--as", "u-1", "--endpoint", AGENTS, *FAST)
    assert done.code == 4
    assert "could not be told" in done.text
    assert TOKEN_PATH in {request.path for request in airisk.requests}


def test_the_rules_explain_themselves(place):
    done = place.run("matrix", "--show-rules")
    assert done.code == 0
    assert 'name = "error inside"' in done.text
