"""Write the manual page from what `--help` and .env.example say: `make docs`."""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import tui
from tools.pages.sources import ROOT, arguments, commands, required, settings, value
from tui.cli import main
from tui.cli.parser import EXIT_CODES, FIRST_STEPS

PAGE = ROOT / "data" / "share" / "man" / "man1" / "airisk-tui.1"
"""Where it lies in the repository; a wheel puts what is in data/ under the prefix, where man looks."""

_FILES = {
    ".env": "settings, in the working directory; never in a parent's",
    "~/.config/airisk-tui": "deployments, as NAME.env, and key bindings, as keys.toml",
    "~/.local/state/airisk-tui": "history, saved data of each deployment and matrix runs, which airisk-tui forget "
    "deletes; in audit/ the audit trail, which no command deletes",
}


def page(day: str) -> str:
    """Return the manual page as roff; `day` is the date of its last change, such as 2025-03-31."""
    parser = main._parser()  # noqa: SLF001 - the one source
    name, description = parser.prog, str(parser.description)
    return "\n".join(
        (
            f'.TH AIRISK-TUI 1 {day} "airisk-tui {tui.__version__}" "User Commands"',
            *(".SH NAME", rf"{_text(name)} \- list the users of an AIRisk deployment, and act as one"),
            *(".SH SYNOPSIS", _synopsis(parser)),
            *(".SH DESCRIPTION", _text(description)),
            *(".SH EXAMPLES", *_list(FIRST_STEPS)),
            *(".SH OPTIONS", *_options(parser, ())),
            *(".SH COMMANDS", *_commands(parser, tuple(parser._actions))),  # noqa: SLF001
            *(".SH ENVIRONMENT", *_environment()),
            *(".SH FILES", *_list(_FILES)),
            *(".SH EXIT STATUS", *_list(EXIT_CODES), ".PP", "Data is written to stdout, messages to stderr.", ""),
        )
    )


def write() -> None:
    """Write the page with today's date, unless it says what it said before."""
    if not is_current():
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(f"{datetime.now(UTC):%Y-%m-%d}"), encoding="utf-8")


def is_current() -> bool:
    """Whether the page that is there says what `--help` says now."""
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    day = re.match(r"\.TH \S+ 1 (\S+) ", written)
    return day is not None and written == page(day[1])


def _commands(parser: argparse.ArgumentParser, known: tuple[argparse.Action, ...]) -> Iterator[str]:
    """Each command with its parts, without the options that are `known` already."""
    for command in commands(parser):
        yield f".SS {_synopsis(command)}"
        yield _text(str(command.description))
        yield from _options(command, known)
        yield from _epilog(command.epilog or "")
        yield from _commands(command, known)


def _synopsis(parser: argparse.ArgumentParser) -> str:
    """Return the name of a command with its required arguments."""
    words = [_named(parser, each) for each in required(parser)]
    return rf"\fB{_text(parser.prog)}\fR [\fIOPTION\fR]... {' '.join(words)}".rstrip()


def _options(parser: argparse.ArgumentParser, known: tuple[argparse.Action, ...]) -> Iterator[str]:
    for title, actions in arguments(parser, known):
        if title:
            yield from (".PP", rf"\fI{_text(title)}\fR")
        for action in actions:
            yield from (".TP", _named(parser, action), _text(str(action.help)))


def _named(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return an argument as it is typed: names in bold, placeholders in italics."""
    names = ", ".join(rf"\fB{_text(each)}\fR" for each in action.option_strings)
    stands_for = value(parser, action)
    return " ".join(filter(None, (names, rf"\fI{_text(stands_for)}\fR" if stands_for else "")))


def _epilog(text: str) -> Iterator[str]:
    """Paragraphs as they flow; lines that are set in stay as they are."""
    for paragraph in filter(None, text.split("\n\n")):
        lines = paragraph.splitlines()
        flowing = [line for line in lines if not line.startswith(" ")]
        if flowing:
            yield from (".PP", *map(_text, flowing))
        if len(flowing) < len(lines):
            yield from (".PP", ".EX", *map(_text, lines[len(flowing) :]), ".EE")


def _environment() -> Iterator[str]:
    """Return the settings as .env.example explains them."""
    for described in settings():
        heads = [rf"\fB{_text(name)}\fR" for name, _ in described.settings]
        yield from (".TP", ", ".join(heads)) if heads else ()
        yield _text(described.words)


def _list(items: dict[str, str]) -> Iterator[str]:
    for term, meaning in items.items():
        yield from (".TP", rf"\fB{_text(term)}\fR", _text(meaning))


def _text(text: str) -> str:
    r"""Text in which nothing is a request of roff; a hyphen is one that can be typed."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", escaped)


if __name__ == "__main__":
    write()
