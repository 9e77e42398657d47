"""Somebody who types at random, and what stood on the screen at each key."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from tests.kit.deployment.tokens import GENERIC
from tests.kit.pty import KEYS, Terminal

T = TypeVar("T")

ANONYMOUS = "(anonymous)"
LABEL = "production"

QUIET = 0.7  # seconds without a byte and a request: what was typed is done
STILL = 0.3  # seconds without a byte: what was typed is drawn
SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
SMALL = ((40, 10), (1, 1))
CLEAR = ("end", "ctrl+u")
WORDS = ("ada", "hop", "u-3", "zzz", "é", "list", "cr")
COMMANDS = ("ada", "hop", "kn", "matrix", "stop", "history", "list agents", "mark", "zoom", "compare")
TITLES = ("list agents", "list conv", "list users", "get conv", "create conv", "create conv", "ask agent", "feedback")
ANY_KEY = (
    *("escape", "escape", "enter", "enter", "tab", "shift+tab", "up", "down", "left", "right", "space", "home", "end"),
    *("pageup", "pagedown", "backspace", "f2", "f5", "f5", "f6", "ctrl+r", "ctrl+l", "ctrl+j", "ctrl+u"),
    *"1234xxhmcUzajkgGiIrRbtfsp[]-/?:*",
)
SWITCHES = {"enter", "x", "-", "R", "f5", "ctrl+j"}
"""Keys that may lead to another identity in the bar; a request of the history is asked again by the last two."""
SENDS = {"enter", "f5", "ctrl+j", "[", "]", "a", "r", "R"}
"""Keys that may lead to a request, on some screen or other."""

_ACTIVE = re.compile(r"ACTING AS (?:[^·]*· )?(u-\d+)")
_SAME_AS = re.compile(r"the same as (?:[^·│]*· )?(u-\d+|application|anonymous)")
_QUESTION = re.compile(r"request +(?:\w+ by )?([A-Z]+) (/[^\s?│]*)")
_AS = re.compile(r"│ +as +(?:[^·│]*· )?(u-\d+|application|anonymous|\d+ identit)")
_TICKED = re.compile(r"\[x\] ([A-Z]+) (/\S+)")
_KNOWN_AS = {"application": GENERIC, "anonymous": ANONYMOUS}


@dataclass(frozen=True)
class Permission:
    """A change that somebody agreed to: method and path as drawn, and in whose names; None: in all of a matrix."""

    method: str
    path: str
    who: str | None


@dataclass(frozen=True)
class Press:
    """A key, and what was drawn when it was pressed.

    Attributes:
        key: as `KEYS` names it, or a word that is typed at once.
        shown: whose name the bar showed.
        bar: the number of bars that were drawn by then.
        is_early: keys before it may still lead to another name in the bar; it waits for them.
        named: whom else the screen named to ask as: in a comparison, a matrix, or an entry of the history.
        is_in_matrix: a matrix or its plan was drawn, or was about to be.
    """

    key: str
    shown: str
    bar: int
    is_early: bool
    named: frozenset[str] = field(default_factory=frozenset)
    is_in_matrix: bool = False


class Typist:
    """Types at random, and looks.

    Attributes:
        presses: every key.
        bars: whose names were drawn in the bar, each change.
        rests: how many keys and bars there were each time all was quiet.
        agreed: after how many keys which changes were agreed to.
        screens: all that was drawn when a key was pressed.
        is_awaited: tells whether anything typed is still being answered elsewhere.
    """

    def __init__(self, terminal: Terminal, chance: Random, *, is_production: bool) -> None:
        self.terminal = terminal
        self.presses: list[Press] = []
        self.bars: list[str] = []
        self.rests: list[tuple[int, int]] = []
        self.agreed: list[tuple[int, Permission]] = []
        self.screens: set[str] = set()
        self.is_production = is_production
        self.is_awaited: Callable[[], bool] = lambda: False
        self._chance = chance
        self._is_early = False
        self._answered, self._has_moved = "", False
        self._deeds: tuple[tuple[int, Callable[[], Sequence[str]]], ...] = (
            (12, self._become),
            (1, lambda: ("x",)),
            (2, lambda: ("-",)),
            (8, lambda: (self._one_of("f5", "f5", "ctrl+j"),)),
            (6, self._open),
            (4, self._change),
            (6, self._compare),
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
        if "─ Send this? ─" in self.terminal.screen and self._chance.random() < 0.8:
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
                self.look(0.3 if pause == "long" else self._chance.uniform(0, 0.1))
                if self._chance.random() < 0.02:
                    self._press(self._one_of("f5", "escape", "enter"))
        self.look(self._chance.uniform(0, 0.8 if SENDS & {*keys} else 0.3))
        if "SIGNING IN" in self.terminal.bar and self._chance.random() < 0.8:
            self.look(1)

    def rest(self) -> None:
        """Wait until all that was typed is done."""
        still_since = time.monotonic()

        def is_quiet() -> bool:
            nonlocal still_since
            moved = self._note_bar() | self.is_awaited() | ("cancels" in self.terminal.screen)
            if moved or self.terminal.draw_within(0):
                still_since = time.monotonic()
            return time.monotonic() - still_since > QUIET

        self.terminal.until(is_quiet, "a rest")
        self.rests.append((len(self.presses), len(self.bars)))
        self._is_early = False

    def look(self, seconds: float) -> None:
        """Look on for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.terminal.draw_within(left):
                self._note_bar()

    def _look_until_still(self) -> None:
        while self.terminal.draw_within(STILL):
            self._note_bar()

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
        sends = self._one_of((), ("f5",), ("f5",))
        return ("escape", "escape", "2", "/", *CLEAR, self._one_of(*TITLES), "enter", "enter", *sends)

    def _change(self) -> Sequence[str]:
        return ("escape", "escape", "2", "/", *CLEAR, "create conv", "enter", "enter", "agent-1", "f5")

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
        return ("escape", "escape", "2", "p", f"\x1b[200~{curl}\x1b[201~", "f5")

    def _resize(self) -> None:
        for size in (self._chance.choice(SMALL), self._chance.choice(SIZES)):
            self.terminal.resize(*size)
            self.look(0.2)
        # The bar can be read again before the next key.
        self.terminal.until(lambda: self._note_bar() or bool(shown_in(self.terminal.lines)), "the bar")

    # What is noted

    def _press(self, *keys: str) -> None:
        """Press keys at once."""
        lines = self.terminal.lines
        screen = "\n".join(lines)
        self.screens.add(screen)
        self._note_bar()
        for number, key in enumerate(keys):
            press = Press(
                key,
                shown_in(lines),
                len(self.bars) - 1,
                is_early=self._is_early or number > 0,
                named=frozenset(self._named(key, lines)),
                is_in_matrix="─ Matrix" in screen or self._is_matrix_opened(),
            )
            self.presses.append(press)
            self._note_permission(key, screen)
            self._is_early = self._is_early or key in SWITCHES
        if self.terminal.process.poll() is not None:
            raise AssertionError(f"the program has ended with {self.terminal.ended()}")
        self.terminal.type("".join(KEYS.get(key, key) for key in keys))

    def _note_bar(self) -> bool:
        shown = shown_in(self.terminal.lines)
        is_new = bool(shown) and (not self.bars or self.bars[-1] != shown)
        if is_new:
            self.bars.append(shown)
        return is_new

    def _is_matrix_opened(self) -> bool:
        """Whether one was asked for just now, and may be drawn by the time that the next key is read."""
        return not {"m", "matrix"}.isdisjoint(each.key for each in self.presses[-8:])

    def _named(self, key: str, lines: Sequence[str]) -> set[str]:
        """Whom else the screen names to ask as, if this key is pressed."""
        screen = "\n".join(lines)
        if key == "enter" and "─ Compare with ─" in screen:
            rows = [(row, found[1]) for row, line in enumerate(lines) if (found := _SAME_AS.search(line))]
            colours = {row: self._background(row) for row, _ in rows}
            usual = sorted(colours.values(), key=[*colours.values()].count)[-1:]
            chosen = [who for row, who in rows if len(rows) < 3 or [colours[row]] != usual]
            return {_KNOWN_AS.get(who, who) for who in chosen}
        is_of_nobody = key in {"R", "[", "]", "a", "f5"} and "anonymous" in screen
        return {ANONYMOUS} if is_of_nobody else set()

    def _background(self, row: int) -> str:
        cells = self.terminal.coloured[row]
        column = "".join(cell.data for cell in cells).index("the same as")
        return str(cells[column].bg)

    def _note_permission(self, key: str, screen: str) -> None:
        """Note what is agreed to by this key."""
        agreed = list[Permission]()
        if "─ Send this? ─" in screen:
            is_sent = key == "enter" and (LABEL in self._answered if self.is_production else self._has_moved)
            is_agreed = is_sent or (key == "y" and not self.is_production)
            self._has_moved |= key in {"tab", "shift+tab", "left", "right", "up", "down"}
            self._answered += key
            whose = _AS.search(screen)
            if is_agreed and whose:
                who = None if "identit" in whose[1] else _KNOWN_AS.get(whose[1], whose[1])
                agreed = [Permission(method, path, who) for method, path in _QUESTION.findall(screen)]
        else:
            self._answered, self._has_moved = "", False
            if key == "enter" and "─ Matrix: who can reach what ─" in screen and not self.is_production:
                agreed = [Permission(method, path, None) for method, path in _TICKED.findall(screen)]
        self.agreed += [(len(self.presses), each) for each in agreed]


def shown_in(lines: Sequence[str]) -> str:
    """Whose name the bar shows: an id, the application identity, or "" where none can be read."""
    bar = " ".join(line.strip() for line in lines[:2])
    if found := _ACTIVE.search(bar):
        return found[1]
    return GENERIC if "APPLICATION" in bar else ""
