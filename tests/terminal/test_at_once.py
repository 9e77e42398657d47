"""Many things at once, in real terminals: one press is one act, one name has one answer, two windows have one trail."""

import json
import os
import time
from threading import Event

import pytest

from tests.faults.stage import ADA, CTRL_Q, F5, Watched
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place

pytestmark = pytest.mark.fault("many things at once")

AGENTS_PATH = "/api/Chat/ListAgents"
GRACE = "Grace Hopper · u-2"
QUITS_WITHIN = 5.0  # seconds: 2, and what a busy machine adds


def acts_as(terminal: Terminal, keys: str, who: str) -> None:
    watched = Watched(terminal)
    terminal.wait_for("─ 3 users ─")
    terminal.type(keys)
    terminal.wait_until(lambda: watched.bar == f"ACTING AS {who} · asserted")


def makes_a_request(terminal: Terminal) -> None:
    terminal.type("2/list agents\r\r")
    terminal.wait_for(f"GET {AGENTS_PATH} HTTP/1.1")


def held(gate: Event) -> Fault:
    """Answers when the gate is open."""

    def act(peer: Peer) -> None:
        gate.wait(30)
        peer.answer_normally()

    return Fault(act)


def test_enter_pressed_twice_signs_in_once(place: Place, airisk: ForeignAIRisk) -> None:
    gate = Event()
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        watched = Watched(terminal)
        terminal.wait_for("─ 3 users ─")
        airisk.breaks(AUTHORIZE_PATH, held(gate))
        terminal.type("\r")
        terminal.wait_until(lambda: watched.bar.startswith(f"SIGNING IN as {ADA}"))
        terminal.type("\r\r")
        terminal.wait_until_read()
        gate.set()
        terminal.wait_until(lambda: watched.bar == f"ACTING AS {ADA} · asserted")
        terminal.type(CTRL_Q)
        assert terminal.ended() == 0
    assert airisk.issued.count("u-1") == 1


def test_an_answer_for_one_is_never_seen_under_another(place: Place, airisk: ForeignAIRisk) -> None:
    gate = Event()
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        acts_as(terminal, "\r", ADA)
        makes_a_request(terminal)
        airisk.breaks(AGENTS_PATH, held(gate))
        terminal.type(F5)
        terminal.wait_until(lambda: airisk.requests[-1].path == AGENTS_PATH)
        acts_as(terminal, "1j\r", GRACE)
        gate.set()
        terminal.type(F5)
        terminal.wait_for(f"200 OK · as {GRACE}", "agent-1-of-u-2")
        terminal.type(CTRL_Q)
        assert terminal.ended() == 0
    assert b"agent-1-of-u-1" not in terminal.output
    assert [each.identity for each in airisk.requests if each.path == AGENTS_PATH] == ["u-1", "u-2"]


def test_two_windows_have_each_its_own_identity_and_one_trail(place: Place, airisk: ForeignAIRisk) -> None:
    with (
        in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as left,
        in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as right,
    ):
        acts_as(left, "\r", ADA)
        acts_as(right, "j\r", GRACE)
        for terminal in (left, right):
            makes_a_request(terminal)
        for terminal, who in ((left, ADA), (right, GRACE), (left, ADA)):
            terminal.type(F5)
            terminal.wait_for(f"200 OK · as {who}")
        for terminal in (left, right):
            terminal.type(CTRL_Q)
            assert terminal.ended() == 0
    assert place.run("audit", "verify").code == 0
    entries = json.loads(place.run("audit", "show", "--format", "json").out)
    for identity in ("u-1", "u-2"):
        theirs = [entry["event"] for entry in entries if entry["identity"] == identity]
        asked = sum(each.identity == identity for each in airisk.requests)
        assert theirs == ["start", *["request"] * asked, "stop"]


def test_quitting_does_not_wait_for_what_is_being_saved(place: Place, airisk: ForeignAIRisk) -> None:
    os.mkfifo(place.cwd / "nobody-reads")
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        acts_as(terminal, "\r", ADA)
        makes_a_request(terminal)
        terminal.type(F5)
        terminal.wait_for("200 OK")
        terminal.type("4s")
        terminal.wait_for("is written to this file")
        terminal.type("\x15nobody-reads\r")
        terminal.wait_for("There is such a file.")
        terminal.type("\r")
        terminal.wait_until(lambda: "is written to this file" not in terminal.shown)
        begun = time.monotonic()
        terminal.type(CTRL_Q)
        assert terminal.ended() == 0
        assert time.monotonic() - begun < QUITS_WITHIN
        assert terminal.unrestored() == []
