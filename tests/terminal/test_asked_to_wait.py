"""Where AIRisk has too much to do: only a matrix asks again by itself, in bounds, counting down, and until Esc."""

import re

import pytest

from tests.faults.stage import CTRL_Q
from tests.kit.deployment.faults import asks_to_wait
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place

pytestmark = pytest.mark.fault("network and HTTP")

AGENTS_PATH = "/api/Chat/ListAgents"
MATRIX = ("matrix", "--as", "u-1", "--endpoint", f"GET {AGENTS_PATH}", "--rate", "0")
ESC = "\x1b[27u"


def asked(airisk: ForeignAIRisk) -> int:
    return sum(request.path == AGENTS_PATH for request in airisk.requests)


def seconds_left(terminal: Terminal) -> int:
    """That AIRisk asks to wait; 0 where nothing is told of it."""
    found = re.search(r"AIRisk asks to wait (\d+) s", terminal.shown)
    return int(found[1]) if found else 0


def test_it_is_counted_down_and_esc_ends_it(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "50"))
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("─ 3 users ─")
        terminal.type("m")
        terminal.wait_for("Matrix: who can reach what", "15 GET")
        terminal.type("\r")
        terminal.wait_until(lambda: seconds_left(terminal) > 0)
        told, before = seconds_left(terminal), asked(airisk)
        terminal.wait_until(lambda: 0 < seconds_left(terminal) < told)
        assert asked(airisk) == before
        terminal.type(ESC)
        terminal.wait_for("Cancelled; what is known is kept.")
        terminal.type(CTRL_Q)
        assert terminal.ended() == 0


def test_a_command_waits_and_asks_again(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "1"), times=1)
    done = place.run(*MATRIX)
    assert (done.code, asked(airisk)) == (0, 2)


def test_a_command_that_is_to_wait_for_long_asks_no_more(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "86400"))
    done = place.run(*MATRIX)
    assert (done.code, asked(airisk)) == (4, 1)


def test_a_request_of_a_person_is_asked_once(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "1"))
    done = place.run("request", "GET", AGENTS_PATH, "--as", "u-1")
    assert (done.code, asked(airisk)) == (1, 1)
    assert done.line == "AIRisk answered 429 Too Many Requests. AIRisk asks to wait 1 s."
