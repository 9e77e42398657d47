"""What a matrix is held against, where that is told, and how the command ends."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest

from tests.commands.matrix_stage import FAST, cells_of
from tests.kit.asking import AGENTS_PATH
from tests.kit.deployment.faults import answers, answers_json
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH
from tests.kit.permissions import AGENTS, CHATS

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
    given = ("--all", "--also-as", "application,anonymous", "--policy", "policy.yaml", *FAST)
    done = place.run("matrix", *given, "--fail-on", "unexpected-allow,unexpected-deny")
    assert done.code == 0
    assert "123 of 126 cells tested, all as expected; 3 untested: all of " in done.text
    assert place.run("matrix", *given).code == 6


def test_three_planted_violations_are_found_and_no_other(place, sandbox):
    (place.cwd / "policy.yaml").write_text(POLICY + PLANTED)
    reports = [word for kind in ("json", "csv", "html", "xml", "sarif") for word in ("--report", f"m.{kind}")]
    given = ("--all", "--also-as", "application,anonymous", "--policy", "policy.yaml", *FAST, *reports)
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
    assert {(row["identity"], row["endpoint"]) for row in rows if row["identity"] and row["finding"]} == planted
    assert len(ET.parse(place.cwd / "m.xml").findall(".//failure[@type!='untested identity']")) == 3
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


def test_6_where_too_much_cannot_be_decided_and_1_where_anything_is_unexpected(place, airisk):
    airisk.breaks("/api/Chat/GetConversations", answers(500))
    (place.cwd / "policy.yaml").write_text("rules: [{deny: GET /api/Chat/ListAgents}]\n")
    given = ("matrix", "--all", "--endpoint", AGENTS, "--endpoint", CHATS, *FAST)
    done = place.run(*given)
    assert (done.code, "inconclusive" in done.text) == (6, True)
    assert place.run(*given, "--policy", "policy.yaml").code == 1
    assert place.run(*given, "--resume", "--max-inconclusive", "100").code == 6
    airisk.mends()
    settled = place.run(*given, "--resume")
    assert settled.code == 0
    assert "have results" in settled.err


WRONG = {
    "nobody": ((), "No users selected"),
    "nobody of that name": (("--filter", "zzzzzz"), "No users match"),
    "a role of nobody": (("--role", "Admn"), "No user has the role “Admn”. Did you mean “Admin”?"),
    "an empty role": (("--all", "--role", ""), "--role is empty"),
    "an empty id": (("--as", ""), "--as is empty"),
    "no endpoint": (("--as", "u-000000", "--endpoint", "ListAgents"), "is not METHOD PATH"),
    "another host": (("--as", "u-000000", "--endpoint", "GET //evil.example/x"), "begin with one /"),
    "a missing value": (("--as", "u-000000", "--endpoint", "GET /api/x/{id}"), "id is required"),
    "no such policy": (("--all", "--policy", "none.yaml"), "none.yaml cannot be read"),
    "no such baseline": (("--all", "--baseline", "none.json"), "none.json cannot be read"),
    "no such rules": (("--all", "--rules", "none.toml"), "none.toml cannot be read"),
    "no such kind of report": (("--all", "--report", "m.pdf"), "unknown report format"),
    "no such directory": (("--all", "--report", "none/m.json"), "not a directory"),
    "too much at once": (("--all", "--concurrency", "1000"), "Concurrency"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_2_what_cannot_be_meant(place, sandbox, wrong):
    arguments, words = wrong
    done = place.run("matrix", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert words in done.line


@pytest.mark.parametrize("arguments", [("--shard", "3/2"), ("--also-as", "root"), ("--rate", "-1"), ("--sample", "0")])
def test_2_wrong_usage(place, arguments):
    done = place.run("matrix", "--all", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert "Traceback" not in done.err


def test_3_sign_in_refused(place, airisk):
    assert place.run("matrix", "--all", CLIENT_SECRET="another").code == 3
    airisk.breaks(AUTHORIZE_PATH, answers(500))
    assert place.run("matrix", "--as", "u-1").code == 3


def test_6_nothing_could_be_decided(place, airisk):
    airisk.breaks("/api/Chat/ListAgents", answers(503))
    done = place.run("matrix", "--as", "u-1", "--endpoint", AGENTS, *FAST)
    assert done.code == 6
    assert "inconclusive" in done.text
    assert "Too many inconclusive cells: more than 10 %." in done.err
    assert TOKEN_PATH in {request.path for request in airisk.requests}


EXPLODING_RULES = """
[[rules]]
name = "exploding"
verdict = "denied"
body = '(a+)+$'
json = "$[?match(@, '(a+)+b')]"
"""


def test_patterns_that_explode_hold_nobody_up(place, airisk):
    airisk.breaks(AGENTS_PATH, answers_json(json.dumps(["a" * 5_000 + "!"]).encode()))
    (place.cwd / "rules.toml").write_text(EXPLODING_RULES)
    wild = "*a" * 30 + "*b"
    (place.cwd / "policy.yaml").write_text(json.dumps({"rules": [{"deny": wild, "roles": wild}]}))
    done = place.run(
        *("matrix", "--as", "u-1", "--endpoint", f"GET {AGENTS_PATH}?long={'a' * 5_000}", "--format", "json"),
        *("--rules", "rules.toml", "--policy", "policy.yaml", "--allow-unmatched"),
    )
    (cell,) = json.loads(done.out)["cells"]
    assert (cell["status"], cell["verdict"]) == (200, "allowed")
