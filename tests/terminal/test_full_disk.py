"""The disk is full while a person works: what is not kept is told of, what was kept is not lost, and on it goes."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.asking import AGENTS_PATH
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.disk import SmallDisk, on_a_small_disk
from tests.kit.patience import LOOKS_AT
from tests.kit.shell import Place
from tests.kit.trails import entries_in
from tests.terminal.acting import ADA, act_as, open_agents

pytestmark = pytest.mark.fault("terminal and process")

NO_ROOM = "No space left on device."
STATE = ".local/state/airisk-tui"
PAGE, SMALLEST_ENTRY = 4096, 128
"""Bytes."""


class Person:
    """Acts as Ada in front of a program whose disk can be filled."""

    def __init__(self, disk: SmallDisk, place: Place, airisk: ForeignAIRisk) -> None:
        self.disk = disk
        self.terminal = disk.terminal
        self._place, self._airisk = place, airisk

    @property
    def trail(self) -> Path:
        """The audit trail, on the disk."""
        return self.disk.root / "home" / STATE / "audit" / "audit.jsonl"

    def sends(self) -> None:
        """Send, and wait until it was answered."""
        asked = len(self._airisk.requests)
        self.terminal.press("f5")
        self.terminal.until(
            lambda: len(self._airisk.requests) > asked and "Esc cancels" not in self.terminal.screen, "an answer"
        )

    def sends_until(self, is_so: Callable[[], bool]) -> None:
        """Send with no room until it is so: what was begun of the trail's last page holds some entries more."""
        for _ in range(PAGE // SMALLEST_ENTRY):
            written = self.trail.stat().st_size
            self.disk.fill()
            self.terminal.press("f5")
            self.terminal.until(lambda: is_so() or self.trail.stat().st_size > written, "an entry, or its failure")  # noqa: B023
            if is_so():
                return
        raise AssertionError(self.terminal.screen)

    def has_remembered(self) -> bool:
        """Whether the history holds the request: it is written last, beside the keys."""
        return any(AGENTS_PATH.encode() in each.read_bytes() for each in self.disk.root.rglob("history.sqlite3*"))

    def is_told(self, *words: str) -> bool:
        """Whether the notice says all of these."""
        return all(each in self.terminal.notice for each in words)

    def hears(self, *words: str) -> None:
        """Wait until the notice says all of these."""
        self.terminal.until(lambda: self.is_told(*words), f"{words} in the notice")

    def comes_back(self, times: int) -> None:
        """Wait until the program has its terminal again, and has drawn anew."""

        def is_back() -> bool:
            _, *later = self.terminal.output.split(b"\x1b[?1049h")[1:]
            return len(later) == times and b"ACTING AS" in later[-1]

        self.terminal.until(is_back, "the program's next frame")

    def leaves(self) -> None:
        """Keep a copy of the disk, which nobody else sees, and leave."""
        shutil.copytree(self.disk.root, self._place.root, dirs_exist_ok=True)
        self.terminal.quits()


@pytest.fixture
def person(place: Place, airisk: ForeignAIRisk, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Acts as Ada, and was answered once."""
    place.tell(PAGER="cat", **getattr(request, "param", {}))
    with on_a_small_disk(place) as disk:
        someone = Person(disk, place, airisk)
        act_as(disk.terminal, ADA)
        open_agents(disk.terminal)
        someone.sends()
        disk.terminal.sees("200 OK")
        disk.terminal.until(someone.has_remembered, "the request in the history")
        yield someone


def test_what_is_not_recorded_is_reported_and_what_was_is_not_lost(person: Person, place: Place) -> None:
    person.sends_until(
        lambda: person.is_told("The audit trail cannot be written", NO_ROOM, "Until it can be, nothing is recorded.")
    )
    person.disk.make_room()
    person.sends()
    person.terminal.press("escape", "1", "h")
    person.terminal.sees("F5 Resend", "/api/Chat/ListAgents")
    person.terminal.press("escape")
    person.terminal.sees_no("F5 Resend")
    person.terminal.type("1x")
    person.terminal.bar_says("APPLICATION")
    person.terminal.until(lambda: '"event":"stop"' in person.trail.read_text(), "the end of the act in the trail")
    person.leaves()
    assert place.run("audit", "verify").code == 0
    events = [entry.event for entry in entries_in(place.home / STATE / "audit" / "audit.jsonl")]
    assert events.count("start") == events.count("stop") == 1
    assert events[-2:] == ["request", "stop"]


def test_what_is_not_remembered_is_reported_and_what_was_is_not_lost(person: Person, place: Place) -> None:
    habits = next(person.disk.root.rglob("habits.json"))
    before = habits.read_bytes()
    person.terminal.type("2")
    person.disk.fill()
    person.terminal.type("*")
    person.hears("The saved data of this deployment cannot be saved", NO_ROOM)
    assert [path.name for path in habits.parent.iterdir()] == ["habits.json"]
    assert habits.read_bytes() == before
    person.disk.make_room()
    person.terminal.type("**")
    person.terminal.until(
        lambda: b"GET /api/Chat/ListAgents" in habits.read_bytes().partition(b"favourites")[2], "the favourite on disk"
    )
    person.leaves()


def test_a_response_is_not_saved_over_another_that_would_be_lost_nor_lent_to_the_pager(person: Person) -> None:
    saved = person.disk.root / "cwd" / "ListAgents.json"
    saved.write_bytes(b"of yesterday")
    person.disk.fill()
    person.terminal.type("4s")
    person.terminal.sees("in this file:")
    person.terminal.press("enter")
    person.terminal.sees("File exists.")
    time.sleep(LOOKS_AT)
    person.terminal.press("enter")
    person.hears("ListAgents.json could not be written", NO_ROOM)
    person.terminal.sees_no("in this file:")
    assert saved.read_bytes() == b"of yesterday"
    assert [path.name for path in saved.parent.iterdir()] == ["ListAgents.json"]
    person.disk.make_room()
    person.terminal.type("s")
    person.terminal.sees("in this file:")
    person.terminal.press("enter")
    person.terminal.sees("File exists.")
    time.sleep(LOOKS_AT)
    person.terminal.press("enter")
    person.hears("Saved to ListAgents.json.")
    assert json.loads(saved.read_bytes())[0]["id"] == "agent-1-of-u-1"

    person.terminal.type("v")
    person.comes_back(1)
    person.disk.fill()
    person.terminal.type("v")
    person.hears("cat failed", NO_ROOM)
    person.disk.make_room()
    person.terminal.type("v")
    person.comes_back(2)
    person.leaves()


@pytest.mark.parametrize("person", [{"AIRISK_REQUIRE_AUDIT": "true"}], indirect=True)
def test_where_the_trail_is_required_nobody_is_acted_as_without_it(person: Person) -> None:
    person.sends_until(lambda: person.terminal.who.startswith("APPLICATION"))
    person.disk.make_room()
    person.terminal.press("escape", "escape", "1", "enter")
    person.terminal.bar_says("ACTING AS Ada")
    person.leaves()
