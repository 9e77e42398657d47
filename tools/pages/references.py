"""Write the reference pages from the parser, the settings and the key bindings: `make docs`."""

from __future__ import annotations

import argparse
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from textual.binding import Binding

from tools.pages.sources import ROOT, arguments, commands, required, settings, value
from tui.app.app import AIRiskApp
from tui.cli import main
from tui.cli.parser import EXIT_CODES
from tui.config.settings import HEADER, Settings
from tui.key_labels import key_in_words
from tui.screens.key_scopes import key_scopes
from tui.screens.main.screen import MainScreen

DOCS = ROOT / "docs"

_NOTE = "<!-- Written by `make docs`. Do not edit. -->"


def references() -> Mapping[Path, str]:
    """Return the text of every reference page."""
    return {
        DOCS / "cli.md": _page("Command line", _command_line()),
        DOCS / "settings.md": _page("Settings", _settings()),
        DOCS / "keys.md": _page("Keys", _keys()),
        DOCS / "package-index.md": _package_index((ROOT / "README.md").read_text(encoding="utf-8")),
    }


def write() -> None:
    """Write all of them."""
    for path, text in references().items():
        path.write_text(text, encoding="utf-8")


_QUICK_LINKS = re.compile(r"^\[[^]]+\]\(#.*?\n\n", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"^!\[.*?\]\((?!https:).*?\)\n\n", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^]]+)\]\((?!https:)([\w./-]+)(?:#[\w-]+)?\)")
_ABOUT_PATHS = "Paths such as `docs/tutorial.md` are files of the source distribution.\n\n## Highlights\n"


def _package_index(readme: str) -> str:
    """Return the README as a package index can show it: paths instead of links and pictures of the repository."""
    text = _PICTURE.sub("", _QUICK_LINKS.sub("", readme, count=1))
    text = _LINK.sub(lambda link: f"`{link[2]}`" if link[1] == link[2] else f"{link[1]} (`{link[2]}`)", text)
    title, _, rest = text.replace("## Highlights\n", _ABOUT_PATHS, 1).partition("\n")
    return f"{title}\n\n{_NOTE}\n{rest}"


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join((f"# {title}", "", _NOTE, "", *lines)).rstrip("\n") + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table and an empty one, or nothing if there are no rows."""
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    if lines:
        yield from (f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *lines, "")


# Commands


def _command_line() -> Iterator[str]:
    parser = main._parser()  # noqa: SLF001 - the one source
    every = list(_all(parser))
    yield from (_flowing(parser.description), "", "Data is written to stdout, messages to stderr.", "")
    yield from _table(("command", "does"), ((_link(each.prog), _flowing(each.description)) for each in every))
    yield from ("## Options of every command", "", *_arguments(parser, ()))
    yield from ("## Exit codes", "", *_table(("code", "meaning"), EXIT_CODES.items()))
    for command in every:
        yield from (f"## {command.prog}", "", _flowing(command.description), "")
        yield from ("```text", _usage(command), "```", "")
        yield from _arguments(command, tuple(parser._actions))  # noqa: SLF001
        yield from _epilog(command.epilog or "")


def _all(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command, each followed by its own."""
    for command in commands(parser):
        yield command
        yield from _all(command)


def _link(heading: str) -> str:
    return f"[{heading}](#{heading.replace(' ', '-')})"


def _flowing(text: str | None) -> str:
    return " ".join((text or "").split())


def _usage(command: argparse.ArgumentParser) -> str:
    return " ".join((command.prog, "[OPTION]...", *(_written(command, each) for each in required(command))))


def _arguments(command: argparse.ArgumentParser, known: tuple[argparse.Action, ...]) -> Iterator[str]:
    for title, actions in arguments(command, known):
        rows = ((f"`{_written(command, each)}`", _flowing(each.help)) for each in actions)
        kind = "option" if actions[0].option_strings else "argument"
        yield from _table((title or kind, "meaning"), rows)


def _written(command: argparse.ArgumentParser, action: argparse.Action) -> str:
    """Return an argument as it is typed."""
    return " ".join(filter(None, (", ".join(action.option_strings), value(command, action))))


def _epilog(text: str) -> Iterator[str]:
    """Yield paragraphs as they flow, and indented lines as code."""
    for paragraph in filter(None, text.split("\n\n")):
        flowing = [line for line in paragraph.splitlines() if not line.startswith(" ")]
        code = [line.removeprefix("  ") for line in paragraph.splitlines() if line.startswith(" ")]
        if flowing:
            yield from (" ".join(flowing), "")
        if code:
            yield from ("```text", *code, "```", "")


# Settings

_KINDS: Mapping[object, str] = {bool: "true or false", float: "number", Path | None: "path", frozenset[str]: "list"}

_ABOUT_SETTINGS = """\
Settings are read from the environment, then from `.env` in the working directory, never from a parent's. `--env-file`
names another file. `--deployment NAME` reads `NAME.env` in the configuration directory and ignores the environment,
except for guard rails. `airisk-tui doctor` shows which source each value came from.

A file is refused if another user owns it, if others can write to it or its directory, or if it is a link. Nothing in it
is expanded: `$`, `#` and `%` stay as they are. An unknown name that begins with `AIRISK_` is an error.

[.env.example](../.env.example) is a file to copy. [Connect your deployment](connect.md) explains the first steps.
"""


def _settings() -> Iterator[str]:
    yield _ABOUT_SETTINGS
    for described in settings():
        for name, example in described.settings:
            yield from (f"## {HEADER + '…' if name.startswith(HEADER) else name}", "", described.words, "")
            yield from (" · ".join(_facts(name, example)), "")


def _facts(name: str, example: str) -> Iterator[str]:
    """Yield the type of a setting, its default, and an example of another value."""
    field = name.removeprefix("AIRISK_").lower()
    yield f"Type: {_KINDS.get(typing.get_type_hints(Settings).get(field), 'text')}"
    if name in {"AIRISK_URL", "CLIENT_ID"}:
        yield "Required"
    usual = _in_a_file(getattr(Settings.__dataclass_fields__.get(field), "default", ""))
    if usual:
        yield f"Default: `{usual}`"
    if example and example != usual:
        yield f"Example: `{name}={example}`"


def _in_a_file(default: object) -> str:
    """Return a default as it would be written, or an empty text if the setting has none."""
    if isinstance(default, bool):
        return str(default).lower()
    return default if isinstance(default, str) else f"{default:g}" if isinstance(default, float) else ""


# Keys

_ABOUT_KEYS = """\
`?` in the app shows the keys of the pane in focus, and the footer shows the most useful ones: in short, as `⏎` for
`Enter` and `^q` for `Ctrl+Q`. Text fields also have the keys of a shell: `Ctrl+A`, `Ctrl+E`, `Ctrl+U`, `Ctrl+K` and
`Ctrl+W`.

After a send the focus stays in the list. From a form, which folds to make room, and in a window that shows one pane
at a time, it goes to the response. `J` and `K` scroll the response where it is visible. In a text field, `Alt+1` to
`Alt+4` go to a pane.

To change keys, write `keys.toml` in `~/.config/airisk-tui`. Name an action, then its keys:

```toml
vim = false                  # h j k l g G no longer move the cursor
matrix = "M"
filter = ["/", "ctrl+f"]
```

"""


def _keys() -> Iterator[str]:
    yield _ABOUT_KEYS.rstrip("\n") + "\n"
    seen: set[str] = set()
    shared = (("Everywhere", _own(AIRiskApp)), ("Main screen", _own(MainScreen)))
    for title, bindings in (*shared, *((scope.name, scope.bindings) for scope in key_scopes(AIRiskApp))):
        new = {each.id: each for each in bindings if each.id and each.id not in seen}
        seen |= new.keys()
        rows = [(_shown(each), str(each.id), each.tooltip or each.description) for each in new.values()]
        if rows:
            yield from (f"## {title}", "", *_table(("key", "action", "does"), rows))


def _own(kind: type) -> tuple[Binding, ...]:
    return tuple(each for base in kind.__mro__ for each in vars(base).get("BINDINGS", ()) if isinstance(each, Binding))


def _shown(binding: Binding) -> str:
    return " ".join(f"`{key_in_words(key)}`" for key in binding.key.split(","))


if __name__ == "__main__":
    write()
