"""Write the manual page from what `--help` and .env.example say: `make man`."""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import tui
from tui.cli import main
from tui.cli.parser import EXIT_CODES, FIRST_STEPS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "data" / "share" / "man" / "man1" / "airisk-tui.1"
"""Where it lies in the repository; a wheel puts what is in data/ under the prefix, where man looks."""

_FILES = {
    ".env": "settings, in the working directory; never a parent's",
    "~/.local/state/airisk-tui": "the history, what is remembered of each deployment, and runs of the matrix: what "
    "airisk-tui forget removes; and in audit/ the audit trail, which nothing removes",
}
_SETTING = re.compile(r"(?:# )?([A-Z_]+)=(.*)")


def page(day: str) -> str:
    """The manual page as roff; `day` is that of its last change, as 2025-03-31."""
    parser = main._parser()  # noqa: SLF001 - the one source
    name, description = parser.prog, str(parser.description)
    return "\n".join(
        (
            f'.TH AIRISK-TUI 1 {day} "airisk-tui {tui.__version__}" "User Commands"',
            *(".SH NAME", rf"{_text(name)} \- see the users of an AIRisk deployment, and become one of them"),
            *(".SH SYNOPSIS", _synopsis(parser)),
            *(".SH DESCRIPTION", _text(description), ".PP", _text(FIRST_STEPS[0].upper() + FIRST_STEPS[1:])),
            *(".SH OPTIONS", *_options(parser, ())),
            *(".SH COMMANDS", *_commands(parser, tuple(parser._actions))),  # noqa: SLF001
            *(".SH ENVIRONMENT", *_environment()),
            *(".SH FILES", *_list(_FILES)),
            *(".SH EXIT STATUS", *_list(EXIT_CODES), ".PP", "Data goes to stdout, words to stderr.", ""),
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
    """Each command with its parts; options that are `known` already are not told again."""
    for command in _parts(parser):
        yield f".SS {_synopsis(command)}"
        yield _text(str(command.description))
        yield from _options(command, known)
        yield from _epilog(command.epilog or "")
        yield from _commands(command, known)


def _parts(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:  # noqa: SLF001 - argparse tells them in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.values()


def _synopsis(parser: argparse.ArgumentParser) -> str:
    """The name of a command, and what must follow; the options are told one by one."""
    required = [_named(parser, each) for each in parser._actions if each.required or not each.option_strings]  # noqa: SLF001
    return rf"\fB{_text(parser.prog)}\fR [\fIOPTION\fR]... {' '.join(required)}".rstrip()


def _options(parser: argparse.ArgumentParser, known: tuple[argparse.Action, ...]) -> Iterator[str]:
    told = {(tuple(each.option_strings), each.help) for each in known if each.option_strings}
    for group in parser._action_groups:  # noqa: SLF001
        actions = [each for each in group._group_actions if (tuple(each.option_strings), each.help) not in told]  # noqa: SLF001
        shown = [each for each in actions if each.help]
        if shown and group.title not in {"options", "positional arguments"}:
            yield from (".PP", rf"\fI{_text(str(group.title))}\fR")
        for action in shown:
            yield from (".TP", _named(parser, action), _text(str(action.help)))


def _named(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """An argument as it is typed: names in bold, what stands for a value in italics."""
    formatter = parser._get_formatter()  # noqa: SLF001
    value = formatter._format_args(action, action.dest.upper())  # noqa: SLF001
    names = ", ".join(rf"\fB{_text(each)}\fR" for each in action.option_strings)
    return " ".join(filter(None, (names, rf"\fI{_text(value)}\fR" if value else "")))


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
    """The settings as .env.example explains them: a comment stands before the names that it is about."""
    for paragraph in (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n"):
        lines = paragraph.splitlines()
        settings = [match for match in map(_SETTING.fullmatch, lines) if match]
        words = " ".join(line.removeprefix("# ") for line in lines if not _SETTING.fullmatch(line))
        heads = [rf"\fB{_text(name)}\fR" for name, _ in (match.groups() for match in settings)]
        yield from (".TP", ", ".join(heads)) if heads else ()
        yield _text(words)


def _list(items: dict[str, str]) -> Iterator[str]:
    for term, meaning in items.items():
        yield from (".TP", rf"\fB{_text(term)}\fR", _text(meaning))


def _text(text: str) -> str:
    r"""Text in which nothing is a request of roff; a hyphen is one that can be typed."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", escaped)


if __name__ == "__main__":
    write()
