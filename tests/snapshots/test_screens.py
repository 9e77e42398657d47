"""Every screen that the program opens is on a snapshot, and can be read there."""

import ast
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.color import Color
from textual.geometry import Region
from textual.screen import ModalScreen, Screen

import tui.screens
from tests.kit.contrast import READABLE, contrast
from tests.kit.gallery.camera import Look
from tests.kit.snapshot import STATES, THEMES, Line, State
from tui.app.themes import DARK, LIGHT

BAR = 0
SURFACES: dict[Look, str] = {"dark": DARK.surface or "", "light": LIGHT.surface or ""}


def test_every_screen_that_the_program_opens_is_seen() -> None:
    assert {state.screen for state in states().values()} == opened()


def test_every_text_can_be_read_in_both_themes() -> None:
    opened()  # imports all of them
    dialogs = {each.__name__ for each in _below(ModalScreen)}
    faint = [
        (name, theme, *each)
        for (name, state), theme in product(states().items(), THEMES)
        for each in _faint(state, theme, is_dialog=state.screen in dialogs)
    ]
    assert faint == []


@cache
def states() -> Mapping[str, State]:
    """All that were accepted, by name."""
    return {path.stem: State.read(path.read_text(encoding="utf-8")) for path in STATES.glob("*/*.txt")}


def _faint(state: State, theme: Look, *, is_dialog: bool) -> Iterator[tuple[str, str]]:
    """Each text that is drawn too faintly, with its look; what lies below a dialog is meant to be."""
    place = THEMES.index(theme)
    faint = {looks[place] for looks in state.looks.values() if not _is_readable(looks[place])}
    for size in state.lines if faint else ():
        lines = state.picture(size, theme).lines
        active = _place_of_dialog(lines, SURFACES[theme]) if is_dialog else Region(0, 0, *size)
        for row, line in enumerate(lines):
            for column, text, look in _parts(line):
                if look in faint and any(map(str.isalnum, text)) and (row == BAR or active.contains(column, row)):
                    yield text.strip(), look


def _place_of_dialog(lines: Sequence[Line], surface: str) -> Region:
    """Where a dialog is, whose edges are drawn on its surface."""
    drawn = [
        Region(column, row, cell_len(text), 1)
        for row, line in enumerate(lines)
        for column, text, look in _parts(line)
        if look.endswith(surface)
    ]
    return Region.from_union(drawn)


def _parts(line: Line) -> Iterator[tuple[int, str, str]]:
    """What is drawn in each run, where it begins and how it looks."""
    column = 0
    for text, run in line.parts():
        yield column, text, run.look
        column += run.length


@cache
def _is_readable(look: str) -> bool:
    """Whether a text can be read that looks so; what has no ink is blank."""
    words, _, ground = look.rpartition("on ")
    *attributes, ink = words.split() or [""]
    is_steady = not {"dim", "blink"}.intersection(attributes)
    return not ink or (is_steady and contrast(Color.parse(ink), Color.parse(ground)) >= READABLE)


def opened() -> set[str]:
    """The screens that are made somewhere, or are the last of their kind; on others only more is built."""
    for module in pkgutil.walk_packages(tui.screens.__path__, "tui.screens."):
        import_module(module.name)
    screens = {each for each in _below(Screen) if each.__module__.startswith("tui.")}
    sources = (path.read_text(encoding="utf-8") for path in Path(tui.__path__[0]).rglob("*.py"))
    made = {name for source in sources for name in _made(ast.parse(source))}
    return {each.__name__ for each in screens if each.__name__ in made or screens.isdisjoint(_below(each))}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _made(source: ast.Module) -> Iterator[str]:
    """What is called, or is to be called later: `Name(…)`, `module.Name(…)`, `partial(Name, …)`."""
    for call in ast.walk(source):
        if isinstance(call, ast.Call):
            yield _name(call.func)
            if _name(call.func) == "partial":
                yield _name(call.args[0])


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
