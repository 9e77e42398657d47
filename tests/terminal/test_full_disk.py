"""The disk is full while a person works: what is not kept is told of, what was kept is not lost, and on it goes."""

import json
import shutil
import time
from collections.abc import Iterator

import pytest

from tests.faults.stage import CTRL_Q, F5, Watched
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.disk import SmallDisk, on_a_small_disk
from tests.kit.patience import PATIENCE
from tests.kit.shell import Place
from tests.kit.trails import entries_in

pytestmark = pytest.mark.fault("terminal and process")

ESC = "\x1b[27u"
NO_ROOM = "No space left on device."
STATE = ".local/state/airisk-tui"


class Person(Watched):
    """Acts as Ada in front of a program whose disk can be filled."""

    def __init__(self, disk: SmallDisk, place: Place, airisk: ForeignAIRisk) -> None:
        super().__init__(disk.terminal)
        self.disk = disk
        self._place, self._airisk = place, airisk

    def sends(self) -> None:
        """Send, and wait until it was answered."""
        asked, end = len(self._airisk.requests), time.monotonic() + PATIENCE
        self.type(F5)
        while len(self._airisk.requests) == asked or "Esc cancels" in self.terminal.shown:
            assert time.monotonic() < end, self.terminal.shown
            self.terminal.draw_within(0.05)  # What is the same as before is not drawn.

    def sends_until_told(self, *words: str) -> None:
        """Send with no room, until these words are read: a page that was begun holds some more."""
        for _ in range(100):
            self.disk.fill()
            self.sends()
            while self.terminal.draw_within(0.3):
                if all(each in self.notice for each in words):
                    return
        raise AssertionError(self.terminal.shown)

    def reads(self, *words: str) -> None:
        """Wait until these words are told."""
        self.terminal.wait_until(lambda: all(each in self.notice for each in words))

    def comes_back(self, times: int) -> None:
        """Wait until the program has its terminal again, and has drawn anew."""

        def is_back() -> bool:
            _, *later = self.terminal.output.split(b"\x1b[?1049h")[1:]
            return len(later) == times and b"ACTING AS" in later[-1]

        self.terminal.wait_until(is_back)

    def leaves(self) -> None:
        """Keep a copy of the disk, which nobody else sees, and leave."""
        shutil.copytree(self.disk.root, self._place.root, dirs_exist_ok=True)
        self.type(CTRL_Q)
        assert self.terminal.ended() == 0
        assert self.terminal.unrestored() == []


@pytest.fixture
def person(place: Place, airisk: ForeignAIRisk, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Acts as Ada, and was answered once."""
    place.tell(PAGER="cat", **getattr(request, "param", {}))
    with on_a_small_disk(place) as disk:
        someone = Person(disk, place, airisk)
        disk.terminal.type("\r")
        disk.terminal.wait_for("ACTING AS Ada")
        disk.terminal.type("2/list agents\r\r")
        disk.terminal.wait_for("GET /api/Chat/ListAgents HTTP/1.1")
        someone.sends()
        disk.terminal.wait_for("200 OK")
        yield someone


def test_what_is_not_recorded_is_told_and_what_was_is_not_lost(person: Person, place: Place) -> None:
    person.sends_until_told("The audit trail cannot be written", NO_ROOM, "Until then nothing is recorded.")
    person.disk.make_room()
    person.sends()
    person.type("1x")
    person.terminal.wait_until(lambda: person.bar.startswith("GENERIC"))
    person.leaves()
    assert place.run("audit", "verify").code == 0
    events = [entry.event for entry in entries_in(place.home / STATE / "audit" / "audit.jsonl")]
    assert events.count("start") == events.count("stop") == 1
    assert events[-2:] == ["request", "stop"]


def test_what_is_not_remembered_is_told_and_what_was_is_not_lost(person: Person, place: Place) -> None:
    habits = next(person.disk.root.rglob("habits.json"))
    before = habits.read_bytes()
    person.type("2")
    person.disk.fill()
    person.type("*")
    person.reads("What is remembered of this deployment cannot be kept", NO_ROOM)
    assert [path.name for path in habits.parent.iterdir()] == ["habits.json"]
    assert habits.read_bytes() == before
    person.disk.make_room()
    person.type("**")
    person.terminal.wait_until(lambda: b"GET /api/Chat/ListAgents" in habits.read_bytes().partition(b"favourites")[2])
    person.leaves()


def test_an_answer_is_not_saved_over_another_that_would_be_lost(person: Person, place: Place) -> None:
    saved = person.disk.root / "cwd" / "ListAgents.json"
    saved.write_bytes(b"of yesterday")
    person.disk.fill()
    person.type("4s")
    person.terminal.wait_for("is written to this file")
    person.type("\r")
    person.terminal.wait_for("There is such a file.")
    person.type("\r")
    person.reads("ListAgents.json cannot be written", NO_ROOM)
    assert saved.read_bytes() == b"of yesterday"
    assert [path.name for path in saved.parent.iterdir()] == ["ListAgents.json"]
    person.disk.make_room()
    person.type("s")
    person.terminal.wait_for("is written to this file")
    person.type("\r")
    person.terminal.wait_for("There is such a file.")
    person.type("\r")
    person.reads("Saved to ListAgents.json.")
    assert json.loads(saved.read_bytes())[0]["id"] == "agent-1-of-u-1"
    person.leaves()


def test_an_answer_that_cannot_be_lent_to_the_pager_is_told_of(person: Person) -> None:
    person.type("4v")
    person.comes_back(1)
    person.disk.fill()
    person.type("v")
    person.reads("cat could not be used", NO_ROOM)
    person.disk.make_room()
    person.type("v")
    person.comes_back(2)
    person.leaves()


def test_a_history_without_room_is_told_of_and_goes_on_with_what_it_had(person: Person) -> None:
    person.sends_until_told("cannot be")  # used: the history; or written: the trail, told a moment later
    person.disk.make_room()
    person.sends()
    person.type(ESC + "1h")
    person.terminal.wait_for("Again as now", "/api/Chat/ListAgents")
    person.type(ESC + CTRL_Q)
    assert person.terminal.ended() == 0


@pytest.mark.parametrize("person", [{"AIRISK_REQUIRE_AUDIT": "true"}], indirect=True)
def test_where_the_trail_is_required_nobody_is_acted_as_without_it(person: Person) -> None:
    for _ in range(60):  # faster than it is answered: each request gives way to the next
        person.disk.fill()
        person.type(F5)
        person.terminal.draw_within(0.02)
    person.terminal.wait_until(lambda: person.bar.startswith("GENERIC"))
    person.disk.make_room()
    person.type(ESC * 2 + "1\r")
    person.terminal.wait_until(lambda: person.bar.startswith("ACTING AS Ada"))
    person.leaves()
