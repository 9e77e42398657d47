"""Somebody who types at random, and what stood on the screen at each key."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

from tests.kit.deployment.tokens import GENERIC
from tests.kit.pty import END_OF_FRAME, KEYS, Terminal
from tests.long.random_keys.traced import BUSY

T = TypeVar("T")

ANONYMOUS = "(anonymous)"
LABEL = "production"

QUIET = 0.7  # seconds without a byte and a request: what was typed is done
STILL = 0.3  # seconds without a byte: what was typed is drawn
SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
SMALL = ((40, 10), (1, 1))
CLEAR = ("end", "ctrl+u")
WORDS = ("ada", "hop", "u-3", "zzz", "é", "list", "cr")
SAID = ("who is at risk?", "and why?", "é")
COMMANDS = ("ada", "hop", "kn", "matrix", "stop", "history", "list agents", "mark", "zoom", "compare")
TITLES = ("list agents", "list conv", "list users", "get conv", "create conv", "create conv", "ask agent", "feedback")
ANY_KEY = (
    *("escape", "escape", "enter", "enter", "tab", "shift+tab", "up", "down", "left", "right", "space", "home", "end"),
    *("pageup", "pagedown", "backspace", "f2", "f5", "f5", "f6", "ctrl+r", "ctrl+l", "ctrl+j", "ctrl+u"),
    *"1234xxhmcUzajkgGiIrRbtfspAW[]-/?:*",
)
SENDS = {"enter", "f5", "ctrl+j", "[", "]", "a", "r", "R", "A"}
"""Keys that may lead to a request, on some screen or other."""

_ACTIVE = re.compile(r"ACTING AS (?:[^·]*· )?(u-\d+)")
_SAME_AS = re.compile(r"send as (?:[^·│]*· )?(u-\d+|application|anonymous)")
_QUESTION = re.compile(r"request +(?:\w+ by )?([A-Z]+)(?:[^\n/]*\n[^\n]*?)? (/api/[^\s?│]*)")
"""The method, and the path beside or below it."""
_AS = re.compile(r"│ +as +(?:[^·│]*· )?(u-\d+|application|anonymous|\d+ identit)")
_ASKED = re.compile(r"╭─ (?:Send|Talk to) [^─]")
_TALKED_ABOUT = re.compile(r"│ +(?:requests )? *(POST) (/[^\s{│]*)")
_TICKED = re.compile(r"\[x\] ([A-Z]+) (/\S+)")
_PASTE = "\x1b[200~"
_KNOWN_AS = {"application": GENERIC, "anonymous": ANONYMOUS}


@dataclass(frozen=True)
class Permission:
    """A change that somebody agreed to: method and path as drawn, and in whose names; None: in all of a matrix.

    Attributes:
        is_lasting: it holds for a whole conversation.
    """

    method: str
    path: str
    who: str | None
    is_lasting: bool = False


@dataclass(frozen=True)
class Press:
    """A key, and what was drawn when it was pressed.

    Attributes:
        key: as `KEYS` names it, or a word that is typed at once.
        names: what the program calls it, or each letter of a word.
        shown: whose name the bar showed.
        at: when, in seconds of the steady clock.
    """

    key: str
    names: tuple[str, ...]
    shown: str
    at: float


@dataclass(frozen=True)
class Frame:
    """Whose names a frame shows.

    Attributes:
        bar: in the bar; where it cannot be read, in the last that could.
        chosen: those as whom Enter asks: in a comparison, or a question before sending.
        is_in_matrix: it shows a matrix or its plan.
        has_anonymous: it says that something was, or is to be, without a token.
        is_in_conversation: it shows one, or asks whether to begin one.
        is_read_only: its bar says so.
    """

    bar: str = ""
    chosen: frozenset[str] = frozenset()
    is_in_matrix: bool = False
    has_anonymous: bool = False
    is_in_conversation: bool = False
    is_read_only: bool = False


class Typist:
    """Types at random, and looks.

    Attributes:
        presses: every key.
        frames: what each frame showed, from the one before the first on.
        agreed: after how many keys which changes were agreed to.
        screens: all that was drawn when a key was pressed.
        is_awaited: tells whether anything typed is still being answered elsewhere.
    """

    def __init__(self, terminal: Terminal, chance: Random, busy_file: Path, *, is_production: bool) -> None:
        self.terminal = terminal
        self._busy_file = busy_file
        self.presses: list[Press] = []
        self.frames = [Frame(shown_in(terminal.lines))] * (terminal.output.count(END_OF_FRAME) + 1)
        self.agreed: list[tuple[int, Permission]] = []
        self.screens: set[str] = set()
        self.is_production = is_production
        terminal.on_frame = self._note_frame
        self.is_awaited: Callable[[], bool] = lambda: False
        self._chance = chance
        self._answered, self._has_moved = "", False
        self._deeds: tuple[tuple[int, Callable[[], Sequence[str]]], ...] = (
            (12, self._become),
            (1, lambda: ("x",)),
            (2, lambda: ("-",)),
            (16, lambda: (self._one_of("f5", "f5", "ctrl+j"),)),
            (8, lambda: (self._one_of("-", "-", "x", "enter", "f5"), self._one_of("f5", "f5", "ctrl+j", "]", "a"))),
            (12, self._open),
            (4, self._change),
            (6, self._compare),
            (5, self._talk),
            (2, lambda: ("W",)),
            (5, lambda: ("escape", "escape", "2", "h", *["j"] * self._up_to(5), self._one_of("f5", "r", "R", "enter"))),
            (2, lambda: ("escape", "escape", "1", "space", "j", "space", "2", *["j"] * self._up_to(9), "space")),
            (2, self._plan),
            (2, lambda: ("ctrl+p", self._one_of(*COMMANDS), "enter")),
            (2, self._paste),
            (3, lambda: ("escape", "escape", self._one_of("1", "2"), "/", *CLEAR, self._one_of(*WORDS), "escape")),
            (4, lambda: ("escape",) * (1 + self._up_to(4))),
            (2, lambda: (self._one_of("1", "2", "3", "4"), self._one_of("1", "2", "3", "4"), "enter")),
            (2, lambda: ("4", self._one_of("]", "]", "[", "a"))),
            (1, lambda: ("ctrl+r",)),
            (8, lambda: self._chance.choices(ANY_KEY, k=1 + self._up_to(5))),
        )

    # What is done

    def work(self) -> None:
        """Do the next thing: answer what is asked, or do anything at all, quickly or slowly."""
        if _is_asked(self.terminal.screen) and self._chance.random() < 0.8:
            self._look_until_still()
            keys: Sequence[str] = self._answer()
        elif self._chance.random() < 0.06:
            self._resize()
            return
        else:
            weights, deeds = zip(*self._deeds, strict=True)
            keys = self._chance.choices(deeds, weights)[0]()
        pause = self._one_of("none", "short", "short", "long")
        if pause == "none" and not {"y", "m"} & {*keys}:
            self._press(*keys)
        else:
            for key in keys:
                self._press(key)
                self.look(0.3 if pause == "long" else self._chance.uniform(0, 0.05))
                if self._chance.random() < 0.02:
                    self._press(self._one_of("f5", "escape", "enter"))
        self.look(self._chance.uniform(0, 0.5 if SENDS & {*keys} else 0.3))
        if "SIGNING IN" in self.terminal.bar and self._chance.random() < 0.8:
            self.look(1)
        if self._chance.random() < 0.8:  # On a busy machine, keys that nobody waited for would only pile up.
            self.terminal.until(lambda: not self._is_behind(), "the keys to be handled")

    def _is_behind(self) -> bool:
        return self._busy_file.read_bytes() == BUSY

    def rest(self) -> None:
        """Wait until all that was typed is done."""
        still_since = time.monotonic()

        def is_quiet() -> bool:
            nonlocal still_since
            is_under_way = "cancels" in self.terminal.screen or "SIGNING IN" in self.terminal.bar
            if self.is_awaited() or self._is_behind() or is_under_way or self.terminal.draw_within(0):
                still_since = time.monotonic()
            return time.monotonic() - still_since > QUIET

        self.terminal.until(is_quiet, "a rest")

    def look(self, seconds: float) -> None:
        """Look on for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.terminal.draw_within(left)

    def _look_until_still(self) -> None:
        while self.terminal.draw_within(STILL):
            pass

    def leave_everything(self) -> None:
        """Go back to the list of users, whatever is open."""
        self.terminal.resize(120, 40)
        for _ in range(25):
            self._press("escape")
            self.look(0.2)
        self._press("1", "/", *CLEAR, "escape")

    def last_keys(self, number: int = 200) -> str:
        """The last ones, for whoever has to find out."""
        return " ".join(f"{each.key}({each.shown})" for each in self.presses[-number:])

    # Deeds

    def _one_of(self, *each: T) -> T:
        return self._chance.choice(each)

    def _up_to(self, number: int) -> int:
        return self._chance.randrange(number)

    def _become(self) -> Sequence[str]:
        if self._chance.random() < 0.3:
            return ("escape", "escape", "1", "/", *CLEAR, self._one_of("ada", "hop", "u-4"), "enter", "enter")
        return ("escape", "escape", "1", *[self._one_of("j", "k", "g", "G")] * self._up_to(4), "enter")

    def _open(self) -> Sequence[str]:
        sends = self._one_of((), ("f5",), ("f5",), ("f5", "f5"), ("f5", "-", "f5"))
        return ("escape", "escape", "2", "/", *CLEAR, self._one_of(*TITLES), "down", "enter", *sends)

    def _change(self) -> Sequence[str]:
        return ("escape", "escape", "2", "/", *CLEAR, "create conv", "enter", "agent-1", "f5")

    def _compare(self) -> Sequence[str]:
        """Open the list of those to compare with, and choose one of them once it is drawn."""
        self._press("escape", "escape", "4", "c")
        self._look_until_still()
        if "─ Compare with ─" not in self.terminal.screen:
            return ()
        self._press(self._one_of("ada", "ho", "u-", *["down"] * 6))
        for _ in range(self._up_to(5)):
            self._press("down")
        self._look_until_still()
        return ("enter",)

    def _talk(self) -> Sequence[str]:
        """Open a conversation, or go on with the one that is open, and say something."""
        if "─ Talk · " not in self.terminal.screen:
            self._press("escape", "escape", "2", "A")
            self._look_until_still()
            if "╭─ Talk to ─" not in self.terminal.screen:
                return ()
            self._press(*["down"] * self._up_to(3), "enter")
            self._look_until_still()
        ends = self._one_of((), (), ("escape",), ("escape", "escape", "escape"))
        return (self._one_of(*SAID), "enter", *ends)

    def _answer(self) -> Sequence[str]:
        if self.is_production:
            return self._one_of((LABEL, "enter"), (LABEL, "tab", "tab", "enter"), ("enter",), ("escape",))
        return self._one_of(("y",), ("y",), ("tab", "enter"), ("enter",), ("n",), ("escape",), ("space",))

    def _plan(self) -> Sequence[str]:
        ways = [self._one_of("tab", "down", "space", "up") for _ in range(self._up_to(6))]
        return ("escape", "escape", "2", "m", *ways, "enter")

    def _paste(self) -> Sequence[str]:
        path = self._one_of("ListAgents", "GetConversations?results=3", "CreateConversation")
        body = """ -d '{"title": "pasted"}'""" * (path == "CreateConversation")
        host = re.search(r"127\.0\.0\.1:\d+", self.terminal.screen)
        curl = f"curl http://{host[0] if host else 'localhost'}/api/Chat/{path}{body}"
        return ("escape", "escape", "2", "p", f"{_PASTE}{curl}\x1b[201~", "f5")

    def _resize(self) -> None:
        for size in (self._chance.choice(SMALL), self._chance.choice(SIZES)):
            self.terminal.resize(*size)
            self.look(0.2)
        # The bar can be read again before the next key.
        self.terminal.until(lambda: bool(shown_in(self.terminal.lines)), "the bar")

    # What is noted

    def _press(self, *keys: str) -> None:
        """Press keys at once."""
        lines = self.terminal.lines
        screen = "\n".join(lines)
        self.screens.add(screen)
        for key in keys:
            self.presses.append(Press(key, _names_of(key), shown_in(lines), time.monotonic()))
            self._note_permission(key, screen)
        if self.terminal.process.poll() is not None:
            raise AssertionError(f"the program has ended with {self.terminal.ended()}")
        self.terminal.type("".join(KEYS.get(key, key) for key in keys))

    def _note_frame(self) -> None:
        """Note whose names are drawn now."""
        lines = self.terminal.lines
        screen = "\n".join(lines)
        as_chosen = {_KNOWN_AS.get(found[1], found[1])} if (found := _AS.search(screen)) else set[str]()
        frame = Frame(
            shown_in(lines) or self.frames[-1].bar,
            frozenset(self._compared(lines) if "─ Compare with ─" in screen else as_chosen),
            is_in_matrix="─ Matrix" in screen or "─ Access matrix ─" in screen,
            has_anonymous="anonymous" in screen,
            is_in_conversation="╭─ Talk " in screen,
            is_read_only="READ-ONLY" in _bar(lines),
        )
        self.frames.append(frame)

    def _compared(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield in whose name Enter asks in a list of those to compare with."""
        rows = [(row, found[1]) for row, line in enumerate(lines) if (found := _SAME_AS.search(line))]
        colours = {row: self._background(row) for row, _ in rows}
        usual = sorted(colours.values(), key=[*colours.values()].count)[-1:]
        for row, who in rows:
            if len(rows) < 3 or [colours[row]] != usual:
                yield _KNOWN_AS.get(who, who)

    def _background(self, row: int) -> str:
        cells = self.terminal.coloured[row]
        column = "".join(cell.data for cell in cells).index("send as")
        return str(cells[column].bg)

    def _note_permission(self, key: str, screen: str) -> None:
        """Note what is agreed to by this key."""
        agreed = list[Permission]()
        if _is_asked(screen):
            is_sent = key == "enter" and (LABEL in self._answered if self.is_production else self._has_moved)
            is_agreed = is_sent or (key == "y" and not self.is_production)
            self._has_moved |= key in {"tab", "shift+tab", "left", "right", "up", "down"}
            self._answered += key
            whose = _AS.search(screen)
            if is_agreed and whose:
                who = None if "identit" in whose[1] else _KNOWN_AS.get(whose[1], whose[1])
                is_talk = "╭─ Send " not in screen
                asked = (_TALKED_ABOUT if is_talk else _QUESTION).findall(screen)
                agreed = [Permission(method, path, who, is_talk) for method, path in asked]
        else:
            self._answered, self._has_moved = "", False
            if key == "enter" and "─ Access matrix ─" in screen and not self.is_production:
                agreed = [Permission(method, path, None) for method, path in _TICKED.findall(screen)]
        self.agreed += [(len(self.presses), each) for each in agreed]


def _is_asked(screen: str) -> bool:
    """Whether it asks whether to send something."""
    return _ASKED.search(screen) is not None


def _names_of(key: str) -> tuple[str, ...]:
    """What the program calls a key, or each letter of a word."""
    if key.startswith(_PASTE):
        return ("paste",)
    return (key,) if key in KEYS and key != "space" else tuple(KEYS.get(key, key))


def shown_in(lines: Sequence[str]) -> str:
    """Whose name the bar shows: an id, the application identity, or "" where none can be read."""
    bar = _bar(lines)
    if found := _ACTIVE.search(bar):
        return found[1]
    return GENERIC if "APPLICATION" in bar else ""


def _bar(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines[:2])
