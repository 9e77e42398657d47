"""What the pages name is there: links, commands, options, keys, settings, files, and the architecture."""

import contextlib
import importlib
import inspect
import io
import pkgutil
import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key

import tui
from tests.kit.shell import parsers
from tests.pages.pages import PAGES, ROOT, anchors, command_lines, links, prose, said_in_code, section
from tui.cli import main
from tui.config.settings import HANDED_TO_CHILDREN, HEADER, NAMES

README = ROOT / "README.md"
of_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

# Links


@of_every_page
def test_its_links_lead_somewhere(page):
    for link in links(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


# Commands


@of_every_page
def test_its_commands_can_be_typed(page):
    for line in command_lines(page):
        words = shlex.split(line, comments=True) if re.match(r"(airisk-tui|make) (?!\d)", line) else []
        if words[:1] == ["airisk-tui"]:
            until = next((place for place, word in enumerate(words) if word in {"|", ">", "&&"}), len(words))
            assert refusal_of(words[1:until]) == "", line
        if words[:1] == ["make"]:
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(), line


def refusal_of(arguments):
    """What is said where the command line does not understand this; a command may lack what must follow it."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main._parser().parse_args(arguments)
    last = said.getvalue().removeprefix("airisk-tui: ")
    return "" if last.startswith("The following arguments are required") else last


@of_every_page
def test_its_options_are_of_some_command(page):
    known = {name for parser in parsers().values() for action in parser._actions for name in action.option_strings}
    named = {match for said in said_in_code(page) for match in re.findall(r"^--[a-z][\w-]*", said)}
    assert named - known == set()


def test_every_command_is_named_on_a_page():
    said = " ".join(line for page in PAGES for line in command_lines(page))
    assert [name for name in parsers() if not re.search(rf"\b(airisk-tui|make) ?{name}\b", said)] == []


# Keys

IN_TEXT = re.compile(r"(?:Ctrl\+)?(?:Enter|Space|Tab|Esc|F\d+)|Ctrl\+[A-Z]|[a-z]")
AS_TEXTUAL = {"esc": "escape", "←": "left", "→": "right", "↑": "up", "↓": "down", "pgup": "pageup", "pgdn": "pagedown"}


@of_every_page
def test_its_keys_are_bound(page):
    named = {said for said in said_in_code(page) if IN_TEXT.fullmatch(said)} | keys_in_tables(prose(page))
    assert {key for key in named if as_textual(key) not in bound_keys()} == set()


def keys_in_tables(text):
    """What stands between backticks in the columns headed `key`, in all tables."""
    keys = set()
    for table in re.findall(r"^\|.*\| *\n\|[-| :]+\|\n(?:\|.*\n)*", text, re.MULTILINE):
        heads, _, *rows = (re.split(r"(?<!`)\|(?!`)", line) for line in table.splitlines())
        for place, head in enumerate(heads):
            if head.strip() == "key":
                keys |= {key for row in rows for key in re.findall(r"`([^`]+)`", row[place])}
    return keys


def test_the_keys_of_every_table_are_looked_at():
    first = "| key | does |\n|---|---|\n| `a`, `|` | one `b` |\n"
    second = "| does | key |\n|---|:--:|\n| two | `c` |\n"
    assert keys_in_tables(f"Before\n\n{first}\nBetween\n\n{second}") == {"a", "|", "c"}


def as_textual(key):
    """`Ctrl+R` as bindings write it."""
    *modifiers, last = key.split("+")
    name = last if len(last) == 1 and not modifiers else last.lower()
    spelt = AS_TEXTUAL.get(name) or (_character_to_key(name) if len(name) == 1 else name)
    return "+".join((*(each.lower() for each in modifiers), spelt))


@cache
def bound_keys():
    """The keys of every screen and pane."""
    bound = {App.COMMAND_PALETTE_BINDING}
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        if found.name != "tui.__main__":
            for _, kind in inspect.getmembers(importlib.import_module(found.name), inspect.isclass):
                bound |= {key for base in kind.__mro__ for key in keys_of(base)} if issubclass(kind, DOMNode) else set()
    return bound


def keys_of(kind):
    for binding in kind.__dict__.get("BINDINGS", ()):
        keys = binding.key if isinstance(binding, Binding) else binding[0]
        yield from keys.split(",")


# Settings

SETTING = re.compile(r"\b(AIRISK_[A-Z_]+|CLIENT_[A-Z_]+|REDIRECT_URI|SINGLE_USER|USER_ID)\b")


@of_every_page
def test_its_settings_are_known(page):
    named = {name for name in SETTING.findall(page.read_text()) if not name.startswith(HEADER)}
    assert named - set(NAMES) - HANDED_TO_CHILDREN == set()


def test_every_setting_is_explained():
    assert set(NAMES) - set(SETTING.findall((ROOT / ".env.example").read_text())) == set()


# Length


def test_the_readme_is_short():
    assert len(README.read_text().split()) <= 1300


# Files, and the architecture

FILE = re.compile(r"[\w./-]*\w(?:/|\.(?:py|md|toml|tcss|txt|svg|1))")


@of_every_page
def test_its_files_exist(page):
    """Named from the repository, from the program in it, or from the tests' kit."""
    named = {said for said in said_in_code(page) if FILE.fullmatch(said)} - IN_OTHER_PLACES
    bases = (ROOT, ROOT / "tui", ROOT / "tests" / "kit", page.parent)
    assert [name for name in named if not any((base / name).exists() for base in bases)] == []


IN_OTHER_PLACES = {"audit/", "keys.toml"}
"""Files that are not of the repository."""


def test_the_architecture_is_what_the_tree_is():
    drawn = tree(section(ROOT / "docs" / "architecture.md", "The packages"))
    assert [path for path in drawn if not (ROOT / path).exists()] == []
    rooms = {path.relative_to(ROOT) for path in (ROOT / "tui").iterdir() if not path.name.startswith("_")}
    # git leaves a directory behind that holds compiled modules.
    rooms -= {path for path in rooms if (ROOT / path).is_dir() and not [*(ROOT / path).rglob("*.py")]}
    assert rooms - drawn - {Path("tui/py.typed")} == set()


def tree(text):
    """The paths of a tree drawn with ├── and └──; a line may name several files before its words."""
    (drawing,) = re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    paths: set[Path] = set()
    inside: list[str] = []
    for indent, named in re.findall(r"^([│├└─ ]*)([\w.]+/?(?: [\w.]+/?)*)(?:  .*)?$", drawing, re.MULTILINE):
        names = named.split()
        inside[len(indent) // 4 :] = names[:1]
        paths |= {Path(*inside[:-1], name) for name in names}
    return paths
