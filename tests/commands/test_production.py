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


def test_what_changes_nothing_needs_no_yes(place, airisk):
    airisk.breaks(DONE, answers(200, b"{}"))
    assert place.run("request", "GET", DONE, "--as", "u-2", AIRISK_LABEL="production").code == 0
