"""The clock jumps while a person acts as somebody: nobody is acted as for longer, and nothing is out of order.

libfaketime turns the wall clock of the program alone; the steady one goes on, as it does when a clock is set.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.stage import CTRL_Q, F5, Watched
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.machine import libfaketime
from tests.kit.patience import PATIENCE
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place
from tests.kit.trails import entries_in

pytestmark = pytest.mark.fault("terminal and process")

ESC = "\x1b[27u"


class Person(Watched):
    """Acts as Ada while somebody else sets the clock."""

    def __init__(self, terminal: Terminal, clock: Path, airisk: ForeignAIRisk) -> None:
        super().__init__(terminal)
        self._clock, self._airisk = clock, airisk

    @property
    def top(self) -> str:
        """The whole bar."""
        return self.terminal.shown.partition("\n")[0]

    def sets_clock(self, offset: str) -> None:
        """Move the wall clock away from the true time."""
        set_clock(self._clock, offset)

    def sees(self, *words: str) -> None:
        """Wait until the bar says this."""
        self.terminal.wait_until(lambda: all(each in self.top for each in words))

    def sees_time_pass(self, seconds: int = 1) -> None:
        """Wait until so much has gone by on the bar, of an act of five minutes and a token of an hour."""
        before = self._act_left()
        self.terminal.wait_until(lambda: seconds <= before - self._act_left() < 60)
        assert re.search(r"token (1 h 00|5\d) min", self.top)

    def _act_left(self) -> int:
        found = re.search(r"ends in (\d+):(\d\d)", self.top)
        return int(found[1]) * 60 + int(found[2]) if found else 0

    def is_answered(self) -> None:
        """Send, and wait for an answer in Ada's name."""
        asked, end = len(self._airisk.requests), time.monotonic() + PATIENCE
        self.type(F5)
        while len(self._airisk.requests) == asked or not self.answer.startswith("200 OK"):
            assert time.monotonic() < end, self.terminal.shown
            self.terminal.draw_within(0.05)


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
    place.tell(FAKETIME_DONT_FAKE_MONOTONIC="1", AIRISK_ACT_MINUTES="5")
    with in_terminal(COMMAND, cwd=place.cwd, environment=place.environment) as terminal:
        terminal.wait_for("─ 3 users ─")
        terminal.type("\r")
        person = Person(terminal, clock, airisk)
        person.sees("ACTING AS Ada")
        terminal.type("2/list agents\r\r")
        terminal.wait_for("GET /api/Chat/ListAgents HTTP/1.1")
        person.is_answered()
        yield person
        terminal.type(CTRL_Q)
        assert terminal.ended() == 0
        assert terminal.unrestored() == []
    place.environment.pop("LD_PRELOAD")
    assert place.run("audit", "verify").code == 0


@pytest.mark.parametrize("offset", ["-1d", "-31d", "-1h"])
def test_put_back_nobody_is_acted_as_for_longer_and_no_token_lives_for_longer(
    place: Place, airisk: ForeignAIRisk, offset: str
) -> None:
    with acting(place, airisk) as person:
        person.sets_clock(offset)
        person.sees_time_pass()
        person.is_answered()


@pytest.mark.parametrize("offset", ["+1d", "+31d", "+400d"])
def test_put_forward_the_act_is_over_and_another_begins_with_a_fresh_token(
    place: Place, airisk: ForeignAIRisk, offset: str
) -> None:
    with acting(place, airisk) as person:
        person.sets_clock(offset)
        person.sees("GENERIC")
        person.terminal.wait_until(lambda: "are over: generic again." in person.notice)
        person.type(ESC + "1\r")
        person.sees("ACTING AS Ada")
        person.sees_time_pass()
        person.is_answered()
    entries = entries_in(place.home / ".local/state/airisk-tui/audit/audit.jsonl")
    acts = [f"{entry.event} {entry.why}".strip() for entry in entries if entry.event in {"start", "stop"}]
    assert acts == ["start", "stop limit", "start", "stop quit"]


@pytest.mark.parametrize("change", ["2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"], ids=["spring", "autumn"])
def test_an_hour_of_daylight_saving_is_no_jump(place: Place, airisk: ForeignAIRisk, change: str) -> None:
    with acting(place, airisk, "Europe/Vienna") as person:
        seconds = datetime.fromisoformat(change).timestamp() - time.time()
        person.sets_clock(f"+{seconds - 5:.0f}")
        person.sees("GENERIC")  # The change is months away.
        person.type(ESC + "1\r")
        person.sees("ACTING AS Ada")
        person.sees_time_pass(6)
        person.is_answered()
