"""Where AIRisk has too much to do: only a matrix asks again by itself, in bounds, counting down, and until Esc."""

import re

import pytest

from tests.kit.deployment.faults import asks_to_wait
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("network and HTTP")

AGENTS_PATH = "/api/Chat/ListAgents"
MATRIX = ("matrix", "--as", "u-1", "--endpoint", f"GET {AGENTS_PATH}", "--rate", "0")


def asked(airisk: ForeignAIRisk) -> int:
    return sum(request.path == AGENTS_PATH for request in airisk.requests)


def seconds_left(terminal: Terminal) -> int:
    """That AIRisk asks to wait; 0 where nothing is told of it."""
    found = re.search(r"AIRisk asked to wait (\d+) s", terminal.screen)
    return int(found[1]) if found else 0


def test_it_is_counted_down_and_esc_ends_it(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "50"))
    with opened(place) as terminal:
        terminal.sees("─ 3 users ─")
        terminal.press("m")
        terminal.sees("Access matrix", "15 GET")
        terminal.press("enter")
        terminal.until(lambda: seconds_left(terminal) > 0, "the seconds to wait")
        before = seconds_left(terminal)
        terminal.until(lambda: 0 < seconds_left(terminal) < before, "fewer seconds")
        terminal.press("escape")
        terminal.sees("Run canceled. Results so far are saved.")
        terminal.quits()
    whose = [request.identity for request in airisk.requests if request.path == AGENTS_PATH]
    assert len(whose) == len(set(whose)), "nobody was asked again while it waited"


def test_a_command_waits_and_asks_again(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "1"), times=1)
    done = place.run(*MATRIX)
    assert (done.code, asked(airisk)) == (0, 2)


def test_a_command_that_is_to_wait_for_long_asks_no_more(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "86400"))
    done = place.run(*MATRIX)
    assert (done.code, asked(airisk)) == (6, 1)


def test_a_request_of_a_person_is_asked_once(place: Place, airisk: ForeignAIRisk) -> None:
    airisk.breaks(AGENTS_PATH, asks_to_wait(429, "1"))
    done = place.run("request", "GET", AGENTS_PATH, "--as", "u-1")
    assert (done.code, asked(airisk)) == (1, 1)
    assert done.line == "AIRisk responded with 429 Too Many Requests. AIRisk asks to wait 1 s."
