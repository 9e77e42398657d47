"""What the generated pages are written from: the parser and .env.example."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SETTING = re.compile(r"(?:# )?([A-Z_]+)=(.*)")


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the commands of a parser, in the order in which they are declared."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.values()


def arguments(
    parser: argparse.ArgumentParser, known: tuple[argparse.Action, ...] = ()
) -> Iterator[tuple[str, list[argparse.Action]]]:
    """Yield the title of each group, empty for argparse's own, and those of its arguments that are not `known`."""
    before = {(tuple(each.option_strings), each.help) for each in known if each.option_strings}
    for group in parser._action_groups:  # noqa: SLF001
        actions = [each for each in group._group_actions if (tuple(each.option_strings), each.help) not in before]  # noqa: SLF001
        shown = [each for each in actions if each.help and each.help != argparse.SUPPRESS]
        if shown:
            yield "" if group.title in {"options", "positional arguments"} else str(group.title), shown


def required(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what must follow the command's name."""
    return [each for each in parser._actions if each.required or not each.option_strings]  # noqa: SLF001


def value(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return what stands for the value of an argument, as `--help` shows it; empty if it takes none."""
    return parser._get_formatter()._format_args(action, action.dest.upper())  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Described:
    """A paragraph of .env.example: its comment, and the settings below it with their example values."""

    words: str
    settings: tuple[tuple[str, str], ...]


def settings() -> Iterator[Described]:
    """Yield the paragraphs of .env.example."""
    for paragraph in (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n"):
        lines = paragraph.splitlines()
        found = [match for match in map(_SETTING.fullmatch, lines) if match]
        words = " ".join(line.removeprefix("# ") for line in lines if not _SETTING.fullmatch(line))
        yield Described(words, tuple((match[1], match[2]) for match in found))
