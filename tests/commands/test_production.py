"""On production a command changes nothing unless --yes confirms it: there is nobody to ask."""

import sys

import pytest

from tests.kit.deployment.faults import answers

DONE = "/api/done"

COMMANDS = {
    "request, as the application": (("request", "DELETE", DONE), "DELETE /api/done"),
    "request, as a user": (("request", "post", DONE, "--as", "u-2"), "POST /api/done"),
    "exec": (
        ("exec", "--as", "u-2", "--", sys.executable, "-c", "print('run')"),
        "A command with a token",
    ),
    "matrix": (
        ("matrix", "--as", "u-2", "--endpoint", f"DELETE {DONE}", "--allow-unsafe", f"DELETE {DONE}"),
        "DELETE /api/done",
    ),
}


@pytest.mark.parametrize(("command", "what"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_changes_things_needs_yes_on_production(place, airisk, command, what):
    airisk.breaks(DONE, answers(200, b"{}"))
    place.tell(AIRISK_LABEL="Production")
    done = place.run(*command)
    refusal = f"{what} may change data at 127.0.0.1:{airisk.port}, which is labeled Production."
    assert (done.code, done.out) == (7, b"")
    assert done.err.splitlines()[-1] == f"airisk-tui: {refusal} Pass --yes to confirm."
    assert DONE not in [request.path for request in airisk.requests]
    assert "u-2" not in airisk.issued

    confirmed = place.run(command[0], "--yes", *command[1:])
    assert confirmed.code == 0, confirmed.err
    assert confirmed.text.strip() == "run" if command[0] == "exec" else DONE in [each.path for each in airisk.requests]


AS_A_USER = {name: told for name, told in COMMANDS.items() if "application" not in name}


@pytest.mark.parametrize(("command", "what"), AS_A_USER.values(), ids=AS_A_USER)
def test_where_acting_begins_read_only_a_change_as_a_user_has_to_be_allowed(place, airisk, command, what):
    airisk.breaks(DONE, answers(200, b"{}"))
    place.tell(AIRISK_ACT_READ_ONLY="true")
    done = place.run(*command)
    assert (done.code, done.out) == (7, b"")
    assert f"{what} may change data, and acting" in done.err.splitlines()[-1]
    assert done.err.splitlines()[-1].endswith("Pass --allow-changes.")
    assert "u-2" not in airisk.issued

    allowed = place.run(command[0], "--allow-changes", *command[1:])
    assert allowed.code == 0, allowed.err
    shown = place.run("audit", "show", "--user", "u-2", "--json")
    assert '"event":"allow"' in shown.text.replace(" ", "")


def test_what_changes_nothing_needs_no_yes(place, airisk):
    airisk.breaks(DONE, answers(200, b"{}"))
    assert place.run("request", "GET", DONE, "--as", "u-2", AIRISK_LABEL="production").code == 0
