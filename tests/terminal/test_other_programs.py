"""A pager that has the terminal: it ends with the program, and what it read is gone."""

import os
import signal
from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.patience import until
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place

pytestmark = pytest.mark.fault("terminal and process")

PAGER = """#!/bin/sh
env >{cwd}/environment
trap '{trap}' TERM
echo $$ >{cwd}/pid.part && mv {cwd}/pid.part {cwd}/pid
cp "$1" {cwd}/read
while :; do sleep 0.1; done
"""
COPIES = ".local/state/airisk-tui/copies"


def read_an_answer(terminal: Terminal, place: Place, trap: str) -> int:
    """Open an answer in a pager that does not end by itself, and return its process id."""
    script = place.cwd / "pager"
    script.write_text(PAGER.format(cwd=place.cwd, trap=trap))
    script.chmod(0o700)
    terminal.sees("Grace Hopper")
    terminal.press("enter")
    terminal.sees("ACTING AS")
    terminal.press("2", "/")
    terminal.type("list agents")
    terminal.press("enter", "enter")
    terminal.sees("GET /api/Chat/ListAgents")
    terminal.press("f5")
    terminal.sees("200 OK")
    terminal.press("4", "v")
    pid = place.cwd / "pid"
    terminal.until(pid.exists, "the pager")
    return int(pid.read_text())


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("trap", ["exit", ""], ids=["a pager that ends", "one that will not"])
def test_a_signal_ends_the_pager_and_then_the_program(place: Place, airisk: ForeignAIRisk, trap: str) -> None:
    place.tell(PAGER=str(place.cwd / "pager"))
    with opened(place) as terminal:
        pid = read_an_answer(terminal, place, trap)
        copies = place.home / COPIES
        assert [each.stat().st_mode & 0o777 for each in (copies, *copies.rglob("*"))] == [0o700, 0o700, 0o600]
        assert b"CLIENT_SECRET" not in (place.cwd / "environment").read_bytes()
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == 143
        assert terminal.unrestored() == []
    until(lambda: is_gone(pid), "the end of the pager")
    assert list(copies.iterdir()) == []


def test_what_a_killed_program_left_is_gone_after_the_next_start(place: Place, airisk: ForeignAIRisk) -> None:
    place.tell(PAGER=str(place.cwd / "pager"))
    copies = place.home / COPIES
    with opened(place) as terminal:
        pid = read_an_answer(terminal, place, "exit")
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        os.kill(pid, signal.SIGTERM)
    assert len(list(copies.iterdir())) == 1
    with opened(place) as terminal:
        terminal.sees("Grace Hopper")
        terminal.until(lambda: list(copies.iterdir()) == [], "the copies gone")
        terminal.quits()
