"""Every screen that the program opens is on a snapshot."""

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from textual.command import CommandPalette
from textual.screen import Screen

import tui.screens
from tests.kit.snapshot import STATES, State


def test_every_screen_that_the_program_opens_is_seen() -> None:
    seen = {State.read(path.read_text(encoding="utf-8")).screen for path in STATES.glob("*/*.txt")}
    assert seen == opened() | {CommandPalette.__name__}


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
