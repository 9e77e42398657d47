"""Many things at once, in real terminals: one press is one act, one name has one answer, two windows have one trail."""

import json
import os
import time
from threading import Event

import pytest

from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import LOOKS_AT, PATIENCE
from tests.kit.pty import opened
from tests.kit.shell import Place
from tests.terminal.acting import ADA, AGENTS_PATH, GRACE, act_as, open_agents

pytestmark = pytest.mark.fault("many things at once")


def held(gate: Event) -> Fault:
    """Answers when the gate is open."""

    def act(peer: Peer) -> None:
        gate.wait(PATIENCE)
        peer.answer_normally()

    return Fault(act)


def test_enter_pressed_twice_signs_in_once(place: Place, airisk: ForeignAIRisk) -> None:
    gate = Event()
    with opened(place) as terminal:
        terminal.sees("─ 3 users ─")
        airisk.breaks(AUTHORIZE_PATH, held(gate))
        terminal.press("enter")
        terminal.bar_says(f"SIGNING IN as {ADA}")
        terminal.press("enter", "enter")
        terminal.wait_until_read()
        gate.set()
        terminal.bar_says(f"ACTING AS {ADA} · token not confirmed")
        terminal.quits()
    assert airisk.issued.count("u-1") == 1


def test_a_response_for_one_is_never_seen_under_another(place: Place, airisk: ForeignAIRisk) -> None:
    gate = Event()
    with opened(place) as terminal:
        act_as(terminal, ADA)
        open_agents(terminal)
        airisk.breaks(AGENTS_PATH, held(gate))
        terminal.press("f5")
        terminal.until(lambda: any(each.path == AGENTS_PATH for each in airisk.requests), "the request")
        act_as(terminal, GRACE, keys="1j")
        gate.set()
        terminal.press("f5")
        terminal.sees(f"200 OK · as {GRACE}", "agent-1-of-u-2")
        terminal.quits()
    assert b"agent-1-of-u-1" not in terminal.output
    assert [each.identity for each in airisk.requests if each.path == AGENTS_PATH] == ["u-1", "u-2"]


def test_two_windows_have_each_its_own_identity_and_one_trail(place: Place, airisk: ForeignAIRisk) -> None:
    with opened(place) as left, opened(place) as right:
        act_as(left, ADA)
        act_as(right, GRACE, keys="j")
        for terminal in (left, right):
            open_agents(terminal)
        for number, (terminal, who) in enumerate(((left, ADA), (right, GRACE), (left, ADA)), 1):
            terminal.press("f5")
            # The response before looks alike: quitting behind it would cancel the request.
            terminal.until(lambda: sum(each.path == AGENTS_PATH for each in airisk.requests) == number, "the request")  # noqa: B023
            terminal.sees(f"200 OK · as {who}")
        for terminal in (left, right):
            terminal.quits()
    assert place.run("audit", "verify").code == 0
    entries = json.loads(place.run("audit", "show", "--format", "json").out)
    for identity in ("u-1", "u-2"):
        theirs = [entry["event"] for entry in entries if entry["identity"] == identity]
        asked = sum(each.identity == identity for each in airisk.requests)
        assert theirs == ["start", *["request"] * asked, "stop"]


def test_quitting_does_not_wait_for_what_is_being_saved(place: Place, airisk: ForeignAIRisk) -> None:
    os.mkfifo(place.cwd / "nobody-reads")
    with opened(place) as terminal:
        act_as(terminal, ADA)
        open_agents(terminal)
        terminal.press("f5")
        terminal.sees("200 OK")
        terminal.type("4s")
        terminal.sees("in this file:")
        terminal.type("\x15nobody-reads\r")
        terminal.sees("File exists.")
        time.sleep(LOOKS_AT)
        terminal.press("enter")
        terminal.sees_no("in this file:")
        terminal.quits()
