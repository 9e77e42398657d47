"""`airisk-tui doctor`: each thing that signing in depends on, and what to do about the first that fails."""

import asyncio
import json
import stat

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.dialect import Dialect
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import AUTHORIZE_PATH, TOKEN_PATH, ForeignAIRisk
from tests.kit.shell import another_program
from tests.kit.trails import an_entry, intend_for_ever
from tui.audit.log import AuditLog
from tui.config.origin import parse_origin
from tui.config.workspace import WorkspaceStore

CHECKS = ["settings", "keyring", "connection", "authorize", "token", "users"]


def test_everything_is_well(place, airisk):
    done = place.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[:2] for line in done.text.splitlines()] == [["✓", check] for check in CHECKS]
    assert "3 users" in done.text
    assert "client secret from the environment. No secure keyring" in done.text


def test_a_password_manager_has_the_secret(place, airisk):
    place.tell(CLIENT_SECRET="", CLIENT_SECRET_COMMAND=f"echo {airisk.client_secret}")
    done = place.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert "client secret from CLIENT_SECRET_COMMAND." in done.text
    assert airisk.client_secret not in done.text
    assert place.run("request", "GET", "/api/ListUsers").code == 0


def test_a_password_manager_that_fails_is_named_with_what_to_do(place, airisk):
    place.tell(CLIENT_SECRET="", CLIENT_SECRET_COMMAND="false")
    for command in (("doctor",), ("users",)):
        done = place.run(*command)
        words = " ".join(f"{done.text} {done.err}".split())
        assert done.code == 2
        assert "CLIENT_SECRET_COMMAND exited with 1." in words
        assert "Run the command in a terminal to see why." in words


def test_keys_that_cannot_be_bound_are_reported_and_keep_nothing_from_being_looked_at(place, airisk):
    keys = place.home / ".config" / "airisk-tui" / "keys.toml"
    keys.parent.mkdir(parents=True)
    keys.write_text('vim = false\nmatirx = "M"\n')
    done = place.run("doctor")
    assert done.code == 2
    assert "line 2: unknown action matirx. Did you mean matrix?" in done.text
    assert "✓ users" in done.text
    keys.write_text('vim = false\nmatrix = "M"\n')
    assert place.run("doctor").code == 0


def test_a_change_that_was_cut_off_is_reported_until_somebody_has_looked(place, airisk):
    trail = place.home / ".local/state/airisk-tui/audit/audit.jsonl"
    AuditLog(trail).write(an_entry(event="intent", method="DELETE", path="/api/x", deployment=airisk.url, status=None))
    done = place.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.text.startswith(f"! changes     1 change has an unknown outcome: DELETE {airisk.url}/api/x as u-127 (")
    assert "Check whether it was done before you resend it.\n✓ settings" in done.text


def test_what_a_killed_program_left_is_reported_by_the_next_to_start_and_once(place, airisk):
    trail = place.home / ".local/state/airisk-tui/audit/audit.jsonl"
    with another_program(intend_for_ever, trail) as (program, heard):
        heard.recv_bytes()
        program.kill()
        program.join()
    first, second = place.run("users"), place.run("users")
    assert (first.code, second.code, second.err) == (0, 0, "")
    assert first.err.startswith(
        "airisk-tui: 1 change has an unknown outcome: POST https://demo.aicrisk.com/api/Chat/Create"
    )
    assert first.err.endswith("Check whether it was done before you resend it.\n")


def test_what_was_left_out_of_the_imported_description_is_reported_one_a_line(place, airisk):
    operation = {"get": {"parameters": [{"name": "session", "in": "cookie"}]}, "trace": {}}
    document = json.dumps({"openapi": "3.0.3", "info": {"title": "Odd"}, "paths": {"/x": operation}}).encode()
    memory = WorkspaceStore(str(parse_origin(airisk.url)), place.home / ".local/state/airisk-tui/deployments")
    asyncio.run(memory.keep_document(document))
    done = place.run("doctor")
    assert done.code == 0
    assert (
        "! description GET /x, line 1: session was skipped: it belongs in an unsupported place (cookie)\n" in done.text
    )
    assert "! description TRACE /x, line 1: skipped: unsupported method\n" in done.text


def test_the_keys_are_listed_by_their_names_for_a_file_of_ones_own(place):
    listed = place.run("keys")
    assert (listed.code, listed.err) == (0, "")
    assert '\n# matrix = ["m"]  # Send the same requests as many users' in listed.text
    assert '\n# filter = ["/"]  # ' in listed.text
    keys = place.home / ".config" / "airisk-tui" / "keys.toml"
    keys.parent.mkdir(parents=True)
    keys.write_text(listed.text.replace('# matrix = ["m"]', 'matrix = ["M"]'))
    assert '\nmatrix = ["M"]  # ' in place.run("keys").text
    assert "✓ keys        1 custom key binding" in place.run("doctor").text


def test_for_a_script(place, airisk):
    checks = json.loads(place.run("doctor", "--format", "json").out)
    assert [check["check"] for check in checks] == CHECKS
    assert all(check["ok"] is True and check["milliseconds"] >= 0 for check in checks)


def test_a_single_user_is_signed_in_and_nobody_is_listed(place, airisk):
    place.tell(SINGLE_USER="true", USER_ID="u-2")
    done = place.run("doctor")
    assert done.code == 0
    assert airisk.issued == ["u-2"]
    assert "/api/ListUsers" not in {request.path for request in airisk.requests}


def test_over_tls(place):
    with ForeignAIRisk(tls=True) as server:
        place.reach(server)
        assert "TLS verified" in place.run("doctor", AIRISK_CA_FILE=str(server.ca_file)).text
        done = place.run("doctor")
    assert done.code == 4
    assert "Cannot trust " in done.line
    assert "AIRISK_CA_FILE" in done.line


FAILURES = {
    "no settings": ({"AIRISK_URL": ""}, {}, "settings", 2, "AIRISK_URL is not set"),
    "no secret": ({"CLIENT_SECRET": ""}, {}, "keyring", 2, "Set CLIENT_SECRET in the environment or in .env."),
    "no code": ({}, {AUTHORIZE_PATH: answers(200, b"hello")}, "authorize", 3, "Check that AIRISK_URL is"),
    "client not known": ({"CLIENT_ID": "another"}, {}, "authorize", 3, "Check CLIENT_ID"),
    "secret refused": ({"CLIENT_SECRET": "another"}, {}, "token", 3, "rejected the client secret"),
    "token is HTML": ({}, {TOKEN_PATH: "captive_portal"}, "token", 3, "no usable token"),
    "no list": ({}, {"/api/ListUsers": answers(500)}, "users", 1, "500"),
    "no answer": ({"AIRISK_TIMEOUT": "1"}, {"/api/ListUsers": "never_answers"}, "users", 4, "within 1 s"),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_the_first_failure_ends_it(place, failure):
    settings, faults, check, code, words = failure
    with ForeignAIRisk(faults=faults) as server:
        place.reach(server)
        place.tell(**settings)
        done = place.run("doctor", "--format", "json")
    checks = json.loads(done.out)
    assert done.code == code
    assert words in done.line
    assert [each["check"] for each in checks] == CHECKS[: CHECKS.index(check) + 1]
    assert [each["ok"] for each in checks] == [True] * (len(checks) - 1) + [False]
    assert checks[-1]["advice"]


def test_nobody_there(place):
    with BrokenServer("refuses") as server:
        place.reach(server)
        done = place.run("doctor")
    assert done.code == 4
    assert "✗ connection" in done.text
    assert "refused" in done.line


def test_a_hostile_response_does_not_act(place):
    with ForeignAIRisk(Dialect(error_body="text"), faults={TOKEN_PATH: answers(401, b"\x1b[2J no")}) as server:
        place.reach(server)
        done = place.run("doctor")
    assert done.code == 3
    assert "\x1b" not in done.text + done.err


def test_the_keyring_is_named(place, airisk, real_keyring):
    place.tell(**real_keyring.environment)
    assert "Secret Service" in place.run("doctor").text
    real_keyring.lock()
    done = place.run("doctor", CLIENT_SECRET="")
    assert done.code == 5
    assert "The keyring is locked. Unlock the keyring, then try again." in done.line


def test_a_trace_shows_what_was_exchanged_and_no_secret_name_or_id(place, airisk):
    done = place.run("doctor", "--trace", "trace.har")
    assert done.code == 0
    assert "requests recorded in trace.har, with pseudonyms for all values." in done.err
    file = place.cwd / "trace.har"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_text()
    hidden = {*airisk.given_away, airisk.client_id, f":{airisk.port}", "Ada", "Lovelace", "Grace", '"u-1', "u-2"}
    assert [text for text in hidden if text in written] == []
    log = json.loads(written)["log"]
    assert log["version"] == "1.2"
    assert {(entry["request"]["method"], entry["response"]["status"]) for entry in log["entries"]} >= {
        ("GET", 302),
        ("POST", 200),
        ("GET", 200),
    }
    *_, listing = log["entries"]
    assert listing["request"]["url"].endswith("/api/ListUsers")
    assert len(json.loads(listing["response"]["content"]["text"])) == 3


def test_a_trace_of_what_fails_is_written_too(place):
    with BrokenServer("closes_before_answer") as server:
        place.reach(server)
        done = place.run("doctor", "--trace", "trace.har")
    assert done.code == 4
    file = place.cwd / "trace.har"
    entries = json.loads(file.read_text())["log"]["entries"]
    assert entries[0]["response"]["comment"].startswith("no response: ")
