"""A pager or an editor that has the terminal: it ends with the program, and what it read is gone."""

import os
import signal
from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import until
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("terminal and process")

OTHER_PROGRAM = """#!/bin/sh
env >{cwd}/environment
trap '{trap}' TERM
cat "$@" >{cwd}/read
echo $$ >{cwd}/pid.part && mv {cwd}/pid.part {cwd}/pid
while :; do sleep 0.1; done
"""
COPIES = ".local/state/airisk-tui/copies"


def place_program(place: Place, trap: str) -> None:
    """Have a pager and editor that does not end by itself."""
    script = place.cwd / "other-program"
    script.write_text(OTHER_PROGRAM.format(cwd=place.cwd, trap=trap))
    script.chmod(0o700)
    place.tell(PAGER=str(script), VISUAL=str(script))


def open_answer(terminal: Terminal, place: Place, key: str) -> int:
    """Open an answer in it, and return its process id."""
    terminal.sees("Grace Hopper")
    terminal.press("enter")
    terminal.sees("ACTING AS")
    terminal.press("2", "/")
    terminal.type("list agents")
    terminal.press("enter")
    terminal.sees("GET /api/Chat/ListAgents")
    terminal.press("f5")
    terminal.sees("200 OK")
    terminal.press("4", key)
    pid = place.cwd / "pid"
    terminal.until(pid.exists, "the other program")
    assert b"agent-1-of-u-1" in (place.cwd / "read").read_bytes()
    return int(pid.read_text())


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("trap", ["exit", ""], ids=["one that ends", "one that will not"])
def test_a_signal_ends_the_other_program_and_then_this_one(place: Place, airisk: ForeignAIRisk, trap: str) -> None:
    place_program(place, trap)
    with opened(place) as terminal:
        pid = open_answer(terminal, place, "e")
        copies = place.home / COPIES
        assert [each.stat().st_mode & 0o777 for each in (copies, *copies.rglob("*"))] == [0o700, 0o700, 0o600]
        assert b"CLIENT_SECRET" not in (place.cwd / "environment").read_bytes()
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        assert terminal.unrestored() == []
    until(lambda: is_gone(pid), "the end of the other program")
    assert list(copies.iterdir()) == []


def test_an_enter_typed_while_another_program_has_the_terminal_sends_nothing(
    place: Place, airisk: ForeignAIRisk
) -> None:
    place_program(place, "exit")
    with opened(place) as terminal:
        pid = open_answer(terminal, place, "v")
        sent = len(airisk.requests)
        terminal.type("\r\r")
        os.kill(pid, signal.SIGTERM)
        terminal.sees("agent-1-of-u-1", "1 Users")
        terminal.press("h")
        terminal.sees("Request and response")
        assert len(airisk.requests) == sent


@pytest.mark.parametrize(("key", "left"), [("v", 0), ("e", 1)], ids=["pager", "editor"])
def test_what_a_killed_program_left_is_gone_after_the_next_start(
    place: Place, airisk: ForeignAIRisk, key: str, left: int
) -> None:
    place_program(place, "exit")
    copies = place.home / COPIES
    with opened(place) as terminal:
        pid = open_answer(terminal, place, key)
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        os.kill(pid, signal.SIGTERM)
    assert len(list(copies.iterdir())) == left
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.until(lambda: list(copies.iterdir()) == [], "the copies gone")
        terminal.quits()
