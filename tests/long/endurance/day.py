"""A long day in front of the program: whatever a person does, in a random order, while the network is at its worst."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.common import break_server, settings_for
from tests.faults.network import FAULTS, SILENT
from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import KEYS, Terminal, in_terminal
from tests.kit.shell import Place

COUNTED = (sys.executable, str(Path(__file__).with_name("counted.py")))
ESC = "\x1b[27u"  # as the keyboard protocol has it: before another key a bare one would be Alt
QUIET = 0.04  # seconds without a byte: it has drawn what there was to draw
LONGEST = 0.5  # seconds that a person looks on
DEEDS_UNSEEN = 5  # after which a person looks whether all of them are done
TIMEOUT = 1.0
WORDS = ("ada", "hop", "zzz", "u-", "é", "e")
SIZES = ((80, 24), (120, 40), (200, 60), (40, 10), (1, 1))


@dataclass(frozen=True)
class Counts:
    """What the program holds when nothing is under way: MiB of memory, thousands of objects, widgets and so on.

    Widgets that were made before the first paint ended are not counted; they stay.
    """

    memory: float
    objects: float
    widgets: int
    files: int
    threads: int
    tasks: int


class Day:
    """The person, the program, the deployment and the line to it."""

    def __init__(self, terminal: Terminal, server: ForeignAIRisk, counts: Path, seed: int) -> None:
        self.terminal = terminal
        self.done = 0
        self._server = server
        self._counts = counts
        self._chance = Random(seed)
        self._deeds: tuple[Callable[[], None], ...] = (
            self._become,
            self._become,
            self._send,
            self._send,
            self._send,
            self._filter,
            self._look_around,
            self._refresh,
            self._resize,
            self._suspend,
            self._break,
        )

    def work(self, deeds: int) -> None:
        """Do so many things, one after the other."""
        for _ in range(deeds):
            self._chance.choice(self._deeds)()
            self._look()
            self.done += 1
            if self.done % DEEDS_UNSEEN == 0:
                self._catch_up()

    def rest(self) -> Counts:
        """Mend what is broken, wait until nothing is under way any more, and count."""
        self.mend()
        self.terminal.resize(120, 40)
        self._catch_up()
        self._look(quiet=TIMEOUT, longest=2.5 * TIMEOUT)
        self._type(KEYS["ctrl+r"])
        self.terminal.sees(" 3 users ─")  # one may be marked
        self._counts.unlink(missing_ok=True)
        os.kill(self.terminal.process.pid, signal.SIGUSR1)
        self.terminal.until(self._counts.exists, "the counts")
        self._server.requests.clear()
        return Counts(**json.loads(self._counts.read_text()))

    def _catch_up(self) -> None:
        """Wait until all that was typed is handled: a busy machine may be hundreds of keys behind."""
        mark = f"after {self.done}"
        self._type(ESC * 4 + "1/" + mark)
        self.terminal.sees(mark)
        self._type(ESC * 2 + "1")

    def _type(self, keys: str) -> None:
        self.terminal.type(keys)

    def _look(self, quiet: float = QUIET, longest: float = LONGEST) -> None:
        end = time.monotonic() + longest
        while time.monotonic() < end and self.terminal.draw_within(quiet):
            pass

    def _become(self) -> None:
        self._type(ESC * 2 + "1" + "jk"[self._chance.randrange(2)] * self._chance.randrange(3) + "\r")
        if self._chance.random() < 0.4:
            self._look()
            self._type(self._chance.choice("x-"))

    def _send(self) -> None:
        if self._chance.random() < 0.3:
            self._type(
                ESC * 2 + "2/\x1b[F\x15list " + self._chance.choice(("agents", "conversations", "users")) + "\r\r"
            )
            self._look()
        self._type(KEYS["f5"])
        if self._chance.random() < 0.2:
            self._type(ESC)

    def _filter(self) -> None:
        self._type(ESC * 2 + "1/" + self._chance.choice(WORDS))
        self._look()
        self._type(ESC * 2)

    def _look_around(self) -> None:
        for keys in self._chance.sample(("?", ":switch", "h", "4/a" + ESC, "2jj", "\t\t"), 2):
            self._type(ESC * 2 + "1" + keys)
            self._look()
        self._type(ESC * 3)

    def _refresh(self) -> None:
        self._type(KEYS["ctrl+r"])

    def _resize(self) -> None:
        for _ in range(self._chance.randrange(1, 6)):
            self.terminal.resize(*self._chance.choice(SIZES))
        self._look()
        self.terminal.resize(120, 40)

    def _suspend(self) -> None:
        pid = self.terminal.process.pid
        os.kill(pid, signal.SIGSTOP)
        self._type("jk")
        os.kill(pid, signal.SIGCONT)

    def _break(self) -> None:
        self.mend()
        if self._chance.random() < 0.6:
            break_server(self._server, self._chance.choice((*FAULTS, *SILENT)).how, EVERY_PATH)
        elif self._chance.random() < 0.5:
            self._server.revoke()

    def mend(self) -> None:
        """Have the server well again."""
        self._server.mends()


@contextmanager
def a_day(root: Path, seed: int) -> Iterator[Day]:
    """From the first frame to a good end."""
    place = Place(root)
    with ForeignAIRisk(tls=True) as server:
        place.tell(**settings_for(server, AIRISK_TIMEOUT=str(TIMEOUT)))
        place.tell(COUNTS=str(root / "counts"), PYTHONPATH=str(Path(__file__).parents[3]))
        with in_terminal(COUNTED, cwd=place.cwd, environment=place.environment) as terminal:
            terminal.sees("─ 3 users ─")
            yield Day(terminal, server, root / "counts", seed)
            terminal.press("ctrl+q")
            assert terminal.ended() == 0
            assert terminal.unrestored() == []
