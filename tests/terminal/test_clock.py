"""The clock jumps while a person acts as somebody: nobody is acted as for longer, and nothing is out of order.

libfaketime turns the wall clock of the program alone; the steady one goes on, as it does when a clock is set.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.machine import libfaketime
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place
from tests.kit.trails import entries_in
from tests.terminal.acting import ADA, act_as, open_agents

pytestmark = pytest.mark.fault("terminal and process")


class Person:
    """Acts as Ada while somebody else sets the clock."""

    def __init__(self, terminal: Terminal, clock: Path, airisk: ForeignAIRisk) -> None:
        self.terminal = terminal
        self._clock, self._airisk = clock, airisk

    def sets_clock(self, offset: str) -> None:
        """Move the wall clock away from the true time."""
        set_clock(self._clock, offset)

    def sees_time_pass(self, seconds: int = 1) -> None:
        """Wait until so much has gone by on the bar of an act of five minutes, whose token has not ended."""
        self.terminal.until(lambda: self._act_left > 0, "the end of the act in the bar")
        before = self._act_left
        self.terminal.until(
            lambda: seconds <= before - self._act_left < 60 and "token 0:" not in self.terminal.bar,
            f"{seconds} s to pass",
        )

    @property
    def _act_left(self) -> int:
        found = re.search(r"ends in (\d+):(\d\d)", self.terminal.bar)
        return int(found[1]) * 60 + int(found[2]) if found else 0

    def is_answered(self) -> None:
        """Send, and wait for an answer in Ada's name."""
        asked = len(self._airisk.requests)
        self.terminal.press("f5")
        self.terminal.until(
            lambda: len(self._airisk.requests) > asked and self.terminal.answer.startswith("200 OK"), "an answer"
        )


def set_clock(clock: Path, offset: str) -> None:
    fresh = clock.with_suffix(".fresh")
    fresh.write_text(f"{offset}\n")
    fresh.replace(clock)


@contextmanager
def acting(place: Place, airisk: ForeignAIRisk, zone: str = "UTC") -> Iterator[Person]:
    """From the first frame to a good end, answered once as Ada."""
    clock = place.root / "clock"
    set_clock(clock, "+0")
    place.tell(LD_PRELOAD=libfaketime(), FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1", TZ=zone)
    # libfaketime's fix of waits on the steady clock, which is not turned here, slows Python's threads 50 times.
    place.tell(FAKETIME_DONT_FAKE_MONOTONIC="1", FAKETIME_FORCE_MONOTONIC_FIX="0", AIRISK_ACT_MINUTES="5")
    with opened(place) as terminal:
        person = Person(terminal, clock, airisk)
        act_as(terminal, ADA)
        open_agents(terminal)
        person.is_answered()
        yield person
        terminal.quits()
    place.environment.pop("LD_PRELOAD")
    assert place.run("audit", "verify").code == 0


def act_as_again(terminal: Terminal) -> None:
    """From wherever the focus is."""
    terminal.press("escape", "1")
    act_as(terminal, ADA)


def test_put_back_nobody_is_acted_as_for_longer_and_an_act_that_ends_while_suspended_is_over(
    place: Place, airisk: ForeignAIRisk
) -> None:
    with acting(place, airisk) as person:
        puts_back(person, "-31d")
        asked = len(airisk.requests)
        os.kill(person.terminal.process.pid, signal.SIGTSTP)
        person.terminal.wait_until_stopped()
        person.sets_clock("+1d")
        os.kill(person.terminal.process.pid, signal.SIGCONT)
        person.terminal.bar_says("APPLICATION")
        assert "u-1" not in {request.identity for request in airisk.requests[asked:]}


def puts_back(person: Person, offset: str) -> None:
    """Set the clock back, and go on as Ada: neither her act nor her token lives for longer."""
    person.sets_clock(offset)
    person.sees_time_pass()
    person.is_answered()


def test_put_forward_the_act_is_over_and_another_begins_with_a_fresh_token(place: Place, airisk: ForeignAIRisk) -> None:
    puts_forward(place, airisk, "+400d")


def puts_forward(place: Place, airisk: ForeignAIRisk, offset: str) -> None:
    """Set the clock forward, see the act end, and act again."""
    with acting(place, airisk) as person:
        person.sets_clock(offset)
        person.terminal.bar_says("APPLICATION")
        person.terminal.until(lambda: "ended after" in person.terminal.notice, "its end to be told")
        act_as_again(person.terminal)
        person.sees_time_pass()
        person.is_answered()
    entries = entries_in(place.home / ".local/state/airisk-tui/audit/audit.jsonl")
    acts = [f"{entry.event} {entry.why}".strip() for entry in entries if entry.event in {"start", "stop"}]
    assert acts == ["start", "stop limit", "start", "stop quit"]


def test_an_hour_that_comes_twice_is_no_jump(place: Place, airisk: ForeignAIRisk) -> None:
    with acting(place, airisk, "Europe/Vienna") as person:
        seconds = datetime.fromisoformat("2027-10-31T01:00:00Z").timestamp() - time.time()
        person.sets_clock(f"+{seconds - 5:.0f}")
        person.terminal.bar_says("APPLICATION")  # The change is months away.
        act_as_again(person.terminal)
        person.sees_time_pass(6)
        person.is_answered()
