"""Days that end before they should: a signal comes at any moment, and the next start finds everything in order."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from tests.faults.common import settings_for
from tests.kit.canaries import files_with, is_in
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, in_terminal
from tests.kit.shell import COMMAND, Place
from tests.kit.trails import entries_in
from tests.long.endurance.day import Day

ENDINGS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "SIGKILL": -9, "SIGSTOP": 0}
"""By which it is ended, and the exit code. What was stopped goes on, and is left with Ctrl+Q."""

AT_ONCE = 10.0  # seconds: one is allowed; the rest is for a busy machine
LONGEST = 1.2  # seconds from the start, or from the last deed, to the signal
MOST_DEEDS = 6
_COMPLAINTS = ("damaged", "broken", "cannot", "not remembered")


class Chaos:
    """The same home, over and over; `closed` counts the acts that a kill left open, and the next start closed."""

    def __init__(self, place: Place, server: ForeignAIRisk, seed: int) -> None:
        self.closed = 0
        self._place, self._server = place, server
        self._state = place.home / ".local" / "state" / "airisk-tui"
        self._chance = Random(seed)

    def round(self, ending: str) -> list[str]:
        """A start, a part of a day, and its end; then what is left of it, and the start after it: what is wrong."""
        with self._started() as terminal:
            day = Day(terminal, self._server, self._place.root / "counts", self._chance.randrange(2**32))
            if self._chance.random() < 0.8:
                terminal.sees(" 3 users ─")
                terminal.type(self._chance.choice(("", "\r")))
                day.work(self._chance.randrange(MOST_DEEDS))
                terminal.type(self._chance.choice(("", "\x1b[27u1\r", "h", "?", "2\r\r", "m")))
            self._look_on(terminal, self._chance.uniform(0, LONGEST))
            faults = self._end(terminal, ending)
            faults += ["a secret was shown"] * any(is_in(each, terminal.output) for each in self._secrets())
        day.mend()
        left_open = self._left_open()
        if ending != "SIGKILL":
            faults += [f"never stopped: {who}" for who in left_open]
        faults += self._left_over() + self._opened_again() + self._left_over()
        faults += [f"not closed by the next: {who}" for who in self._left_open()]
        self.closed += len(left_open)
        return faults

    def _end(self, terminal: Terminal, ending: str) -> list[str]:
        os.kill(terminal.process.pid, getattr(signal, ending))
        faults = self._go_on(terminal) if ending == "SIGSTOP" else []
        began = time.monotonic()
        try:
            code = terminal.ended()
        except AssertionError as fault:
            return [*faults, f"it did not end: {fault}"]
        at_the_door = -getattr(signal, ending)  # It was not even open: a shell says the same of both.
        faults += [] if code in {ENDINGS[ending], at_the_door} else [f"exit code {code}"]
        if ending != "SIGKILL":
            faults += [f"not restored: {each}" for each in terminal.unrestored()]
            faults += [f"took {time.monotonic() - began:.1f} s"] * (time.monotonic() - began > AT_ONCE / 2)
            last_words = terminal.output.rpartition(b"\x1b[?1049l")[2].decode(errors="replace")
            faults += [f"words on stderr: {last_words}"] if "airisk-tui" in last_words else []
        return faults

    def _go_on(self, terminal: Terminal) -> list[str]:
        """Let it go on after a while, and leave it once it has drawn anew."""
        terminal.type("jk")
        self._look_on(terminal, self._chance.uniform(0, LONGEST))
        os.kill(terminal.process.pid, signal.SIGCONT)
        faults = [] if terminal.draw_within(AT_ONCE) else ["nothing was drawn anew"]
        self._look_on(terminal, LONGEST)  # What was typed while the terminal is taken is thrown away.
        terminal.press("ctrl+q")
        return faults

    def _left_over(self) -> list[str]:
        """What should not be on the disk, and what is there and cannot be read."""
        faults = [f"a secret in {name}" for name in files_with(self._secrets(), self._place.root)]
        verdict = self._place.run("audit", "verify")
        faults += [] if verdict.code == 0 else [f"audit verify: {verdict.err or verdict.text}"]
        for path in self._state.rglob("*.json"):
            json.loads(path.read_bytes())
        if (history := self._state / "history.sqlite3").exists():
            with closing(sqlite3.connect(history)) as connection:
                said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            faults += [] if said == ["ok"] else [f"history: {said}"]
        return faults

    def _left_open(self) -> set[str]:
        """Who is acted as by a program that has ended, if one believes the trail."""
        trail = self._state / "audit" / "audit.jsonl"
        acts = set[str]()
        for entry in entries_in(trail) if trail.exists() else ():
            if entry.event in {"start", "stop"}:
                (acts.add if entry.event == "start" else acts.discard)(f"{entry.identity} by {entry.process}")
        return acts

    def _opened_again(self) -> list[str]:
        """Start once more: nothing is complained of, what was left open is told of, nothing half-written stays."""
        with self._started() as terminal:
            terminal.sees(" 3 users ─")
            self._look_on(terminal, 0.2)
            faults = [f"told at the next start: {word}" for word in _COMPLAINTS if word in terminal.screen]
            terminal.press("ctrl+q")
            faults += [f"exit code {code} of the next"] if (code := terminal.ended()) else []
            faults += [f"not restored by the next: {each}" for each in terminal.unrestored()]
        left = [*self._place.tmp.rglob("*"), *(self._state / "audit" / "runs").glob("*")]
        left += self._place.root.rglob(".airisk-tui-*")
        return faults + [f"left: {path.relative_to(self._place.root)}" for path in left]

    @contextmanager
    def _started(self) -> Iterator[Terminal]:
        with in_terminal(COMMAND, cwd=self._place.cwd, environment=self._place.environment) as terminal:
            yield terminal

    def _look_on(self, terminal: Terminal, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            terminal.draw_within(left)

    def _secrets(self) -> list[str]:
        return [self._server.client_secret, *self._server.tokens]


@contextmanager
def chaos(root: Path, seed: int) -> Iterator[Chaos]:
    """One home and one deployment, whatever happens."""
    place = Place(root)
    with ForeignAIRisk(tls=True) as server:
        place.tell(**settings_for(server, AIRISK_TIMEOUT="2"))
        yield Chaos(place, server, seed)
