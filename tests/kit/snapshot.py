"""Pictures of the program as text: what is drawn, and how it looks, at each size and in each theme.

A file holds one state. For each size it has the lines, without blanks at their ends, and then how their characters
look: `3-5: a2 b76 a` says that in lines 3 to 5 two columns look as `a`, 76 as `b`, and the rest as `a`. What a letter
stands for in the dark and in the light theme is said at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from itertools import accumulate, groupby, product
from pathlib import Path
from string import ascii_letters
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.kit.gallery.camera import Camera, Look, Size, masked, surroundings
from tests.kit.gallery.walks import WALKS
from tests.kit.pilot import Person, drawn

STATES = Path(__file__).parents[1] / "snapshots" / "states"
"""A folder for each walk, a file for each of its states."""

THEMES: tuple[Look, ...] = ("dark", "light")

_ATTRIBUTES = ("bold", "dim", "italic", "underline", "underline2", "strike", "blink")
_THROUGH_BLANKS = {"underline", "underline2", "strike"}
_PARTS = re.compile(r" +|[^ ]+")
_SHOWN = 60
"""Lines of a difference that are shown."""


class Run(NamedTuple):
    """So many columns that look alike."""

    length: int
    look: str


class Line(NamedTuple):
    """What is drawn on a line, and how it looks."""

    text: str
    runs: tuple[Run, ...]

    def parts(self) -> Iterator[tuple[str, Run]]:
        """What is drawn in each run."""
        texts = Strip([Segment(self.text)]).adjust_cell_length(sum(run.length for run in self.runs))
        for run, part in zip(self.runs, texts.divide(accumulate(run.length for run in self.runs)), strict=True):
            yield part.text, run


@dataclass(frozen=True)
class Picture:
    """What is on the window; `screen` is the name of the screen on top."""

    screen: str
    lines: tuple[Line, ...]

    def rows(self) -> Iterator[str]:
        """All of it, for a person to compare: each line, and below it what looks how."""
        yield self.screen
        for line in self.lines:
            yield line.text
            for text, run in line.parts():
                yield f"    {run.look}: {text.strip() or f'{run.length} blanks'}"


Pictures = Mapping[tuple[Size, Look], Picture]
"""Those of one state."""


def picture_of(person: Person) -> Picture:
    """What that person sees."""
    return Picture(type(person.app.screen).__name__, tuple(map(_line, drawn(person.app))))


def difference(expected: Picture, seen: Picture) -> str:
    """What has changed, for a person to read."""
    rows = list(unified_diff(list(expected.rows()), list(seen.rows()), "accepted", "seen", n=1, lineterm=""))
    more = f"\n… {len(rows) - _SHOWN} lines more" if len(rows) > _SHOWN else ""
    return "\n".join(rows[:_SHOWN]) + more


class Comparing(Camera):
    """Holds what is seen in a theme against the files in a folder."""

    def __init__(self, size: Size, theme: Look, folder: Path) -> None:
        super().__init__(size)
        self.theme = theme
        self.folder = folder

    async def expose(self, person: Person, name: str) -> None:
        """Wait until it is what was accepted."""
        __tracebackhide__ = True  # What has changed is to be read, and at which step.
        path = self.folder / f"{name}.txt"
        accept = f"`make accept ARGS={self.folder.name}`"
        assert path.exists(), f"{name} was never accepted: {accept}"
        accepted = State.read(path.read_text(encoding="utf-8")).picture(self.size, self.theme)
        try:
            await person.until(lambda: picture_of(person) == accepted, name)
        except AssertionError:
            words = f"{name} at {self.size[0]}x{self.size[1]}, {self.theme}; if this is meant: {accept}"
            raise AssertionError(f"{words}\n{difference(accepted, picture_of(person))}") from None


async def compare(walk: str, size: Size, theme: Look) -> None:
    """Go on a walk, and see what was accepted, all of it."""
    camera = Comparing(size, theme, STATES / walk)
    with surroundings(theme):
        await WALKS[walk](camera)
    accepted = {path.stem for path in camera.folder.iterdir()}
    assert accepted == set(camera.taken), f"what is no longer seen: `make accept ARGS={walk}`"


def _line(segments: Iterable[Segment]) -> Line:
    parts = [(part, segment.style) for segment in segments for part in _PARTS.findall(segment.text)]
    text = masked("".join(part for part, _ in parts))
    looks = ((cell_len(part), _look(style, is_blank=part.isspace())) for part, style in parts)
    return Line(text.rstrip(), _joined(looks))


@cache
def _look(style: Style | None, *, is_blank: bool) -> str:
    """A style in words, `bold #d5dae8 on #12151f`; what of it cannot be seen in a blank is left out there."""
    if style is None:
        return "plain"
    ink, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
    words = [name for name in _ATTRIBUTES if getattr(style, name)]
    if is_blank and not _THROUGH_BLANKS.intersection(words):
        return f"on {_colour(ground)}"
    return " ".join((*words, _colour(ink), "on", _colour(ground)))


def _colour(colour: Color | None) -> str:
    return "default" if colour is None else colour.name


def _joined(looks: Iterable[tuple[int, str]]) -> tuple[Run, ...]:
    """Runs as long as they can be: what is written on a ground goes on where blanks follow on the same ground."""
    runs: list[Run] = []
    for length, look in looks:
        last = runs.pop() if runs else Run(0, look)
        if _covers(last.look, look):
            runs.append(Run(last.length + length, last.look))
        elif _covers(look, last.look):
            runs.append(Run(last.length + length, look))
        else:
            runs += [last, Run(length, look)]
    return tuple(runs)


def _covers(look: str, other: str) -> bool:
    """Whether the other is the same, or that of a blank on the same ground."""
    return look == other or (other.startswith("on ") and look.endswith(f" {other}"))


def _runs(looks: Iterable[str]) -> tuple[Run, ...]:
    return _joined((1, look) for look in looks)


# Files


@dataclass
class State:
    """One state, as it is written down.

    Attributes:
        lines: what is drawn, by size; it is the same in each theme.
        runs: of letters, for each line.
        looks: what each letter stands for, in each of THEMES.
    """

    screen: str
    lines: dict[Size, list[str]]
    runs: dict[Size, list[tuple[Run, ...]]]
    looks: dict[str, tuple[str, ...]]

    def picture(self, size: Size, theme: Look) -> Picture:
        """What is seen at that size and in that theme."""
        place = THEMES.index(theme)
        lines = zip(self.lines[size], self.runs[size], strict=True)
        looks = ((text, ((run.length, self.looks[run.look][place]) for run in runs)) for text, runs in lines)
        return Picture(self.screen, tuple(Line(text, _joined(each)) for text, each in looks))

    @classmethod
    def of(cls, pictures: Pictures, before: State | None) -> State:
        """What is seen, in the letters that were used `before`."""
        sizes = list(dict.fromkeys(size for size, _ in pictures))
        lines, looks = {}, {}
        for size in sizes:
            each = [pictures[size, theme] for theme in THEMES]
            texts = [[line.text for line in picture.lines] for picture in each]
            differing = [pair for pair in zip(*texts, strict=True) if pair[0] != pair[1]]
            assert texts[0] == texts[1], f"{size}: it is not the same text in each theme: {differing}"
            lines[size] = texts[0]
            looks[size] = [
                list(zip(*map(_cells, same), strict=True))
                for same in zip(*(picture.lines for picture in each), strict=True)
            ]
        letters = _letters(looks, before)
        runs = {size: [_runs(letters[look] for look in cells) for cells in looks[size]] for size in sizes}
        (screen,) = {picture.screen for picture in pictures.values()}
        return cls(screen, lines, runs, {letter: look for look, letter in letters.items()})

    @classmethod
    def read(cls, text: str) -> State:
        """What a file says."""
        rows = iter(text.splitlines())
        state = cls(next(rows), {}, {}, {})
        for row in rows:
            if match := re.fullmatch(r"(\d+)x(\d+)", row):
                size = int(match[1]), int(match[2])
                state.lines[size] = [next(rows) for _ in range(size[1])]
                state.runs[size] = _read_runs(rows, size)
            elif row:
                letter, *looks = re.split(r"  +", row)
                state.looks[letter] = tuple(looks)
        return state

    def written(self) -> str:
        """The same as a file."""
        rows = [self.screen]
        for size, lines in self.lines.items():
            rows += ["", "{}x{}".format(*size), *lines, *_written_runs(self.runs[size])]
        wide = max(len(looks[0]) for looks in self.looks.values())
        rows += ["", *(f"{letter}  {dark:{wide}}  {light}" for letter, (dark, light) in sorted(self.looks.items()))]
        return "\n".join(rows) + "\n"


Looks = Mapping[Size, list[list[tuple[str, ...]]]]
"""How each column of each line looks, in each theme."""


def _cells(line: Line) -> list[str]:
    return [run.look for run in line.runs for _ in range(run.length)]


def _letters(looks: Looks, before: State | None) -> dict[tuple[str, ...], str]:
    """A letter for each look: the one that it had, or that what it replaces had."""
    had = before.looks if before else {}
    seen: dict[tuple[str, ...], tuple[Size, int, int]] = {}
    for size, lines in looks.items():
        for row, line in enumerate(lines):
            for column, look in enumerate(line):
                seen.setdefault(look, (size, row, column))
    letters = {look: letter for letter, look in had.items() if look in seen}
    more = (letter for letter in _alphabet() if letter not in had)
    for look, (size, row, column) in seen.items():
        if look not in letters:
            replaced = _letter_at(before, size, row, column)
            letters[look] = replaced if replaced and replaced not in letters.values() else next(more)
    return letters


def _letter_at(state: State | None, size: Size, row: int, column: int) -> str:
    if state is None or size not in state.runs:
        return ""
    letters = [run.look for run in state.runs[size][row] for _ in range(run.length)]
    return letters[column] if column < len(letters) else ""


def _alphabet() -> Iterator[str]:
    yield from ascii_letters
    yield from map("".join, product(ascii_letters, repeat=2))


def _written_runs(lines: list[tuple[Run, ...]]) -> Iterator[str]:
    row = 1
    for runs, alike in groupby(lines):
        last = row + len(list(alike)) - 1
        words = [*(f"{run.look}{run.length}" for run in runs[:-1]), *(run.look for run in runs[-1:])]
        yield f"{row}{f'-{last}' if last > row else ''}: {' '.join(words)}"
        row = last + 1


def _read_runs(rows: Iterator[str], size: Size) -> list[tuple[Run, ...]]:
    lines: list[tuple[Run, ...]] = []
    while len(lines) < size[1]:
        places, _, words = next(rows).partition(": ")
        first, _, last = places.partition("-")
        *runs, rest = re.findall(r"([A-Za-z]+)(\d*)", words)
        known = [Run(int(length), letter) for letter, length in runs]
        known.append(Run(size[0] - sum(run.length for run in known), rest[0]))
        lines += [tuple(known)] * (int(last or first) - int(first) + 1)
    return lines
