"""A person binds keys as they like, by a file, and reads of their own keys wherever a text names one."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_letters, digits

from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import opened
from tui.app.app import AIRiskApp
from tui.app.keymap import read_keymap
from tui.key_labels import key_in_words
from tui.screens.key_scopes import bindings, key_scopes


def write(directory: Path, text: str) -> Path:
    path = directory / "airisk-tui" / "keys.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


async def test_keys_are_bound_again_and_reported_everywhere(tmp_path: Path) -> None:
    write(tmp_path, 'vim = false\nopen_history = ["ctrl+y", "H"]\nfilter = ["/", "f7"]\nmatrix = "x"\n')
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("line 4: x for matrix is already the key of stop_acting (Users).")
            await person.press("escape")
            await person.sees("3 users")
            await person.until(lambda: "^y History" in person.footer, "the own key in the footer")
            await person.press("j")
            await person.stays(lambda: "› u-1" in person.row("Ada Lovelace"), "the cursor")
            await person.press("down")
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the next user")
            await person.press("question_mark")
            await person.type("past requests")
            await person.sees("Ctrl+Y H")
            await person.press("escape", "escape", "h")
            await person.sees_no("Esc closes")
            await person.stays(lambda: "History ─" not in person.screen, "no history")
            await person.press("H")
            await person.sees("No requests yet")
            await person.press("escape", "enter")
            await person.bar_says("ACTING AS Grace")
            await person.press("x")
            await person.bar_says("APPLICATION")


def test_each_line_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        '# mine\nmatirx = "M"\n\nmatrix = 5\nhelp = "wheel"\nvim = "no"\n"quit" = "ctrl+o"\ncopy = "Q"\nwww = "Q"\n',
    )
    keymap = read_keymap(AIRiskApp)
    assert [fault.removeprefix("line ") for fault in keymap.faults] == [
        "2: unknown action matirx. Did you mean matrix?",
        "4: matrix has no key. Write one in quotes, or several in brackets.",
        "5: 'wheel' is not a key. Examples: x, ctrl+x, f6, enter.",
        "6: vim must be true or false.",
        "7: ctrl+o for quit is already the key of choose_deployment (Users).",
        "9: unknown action www. `airisk-tui keys` lists all.",
    ]
    assert keymap.keys == {"copy": "Q"}


def test_two_actions_may_change_places(tmp_path: Path) -> None:
    write(tmp_path, 'matrix = "h"\nopen_history = "m"\n')
    assert read_keymap(AIRiskApp).keys == {"matrix": "h", "open_history": "m"}


def test_without_the_letters_of_vi_everything_still_has_a_key(tmp_path: Path) -> None:
    write(tmp_path, "vim = false")
    keys = read_keymap(AIRiskApp).keys
    assert {"cursor_down", "cursor_up", "scroll_top", "read_right", "choice_down", "request_up"} <= set(keys)
    assert all(keys.values())
    assert not {key for each in keys.values() for key in each.split(",")} & set("jkgGhl")


async def test_a_file_that_is_no_toml_is_reported_and_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "vim = [")
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("Invalid value")
            await person.press("escape")
            await person.sees("3 users")
            await person.press("j")
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the next user")
    assert path.exists()


def _classes() -> Iterator[type[DOMNode]]:
    """Each widget and screen of the program."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name == "tui.__main__" or ".sandbox" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                yield value


def test_every_key_has_a_name_by_which_it_can_be_bound_again_and_says_what_it_does() -> None:
    classes = list(_classes())
    assert len(classes) > 20
    for each in classes:
        for binding in vars(each).get("BINDINGS", ()):
            assert isinstance(binding, Binding)
            assert binding.id, (each, binding)
            is_told = binding.tooltip or binding.description
            assert is_told or not binding.show, (each, binding)


def test_the_list_of_places_knows_every_key_of_the_program() -> None:
    bound = {each.id for node in _classes() for each in vars(node).get("BINDINGS", ())}
    assert bound - set(bindings(AIRiskApp)) == set()
    assert len({place.name for place in key_scopes(AIRiskApp)}) == len(list(key_scopes(AIRiskApp)))


KEY = r"Esc|Enter|Space|F[1-9]|Ctrl\+[A-Z]|\[ and \]"
ALONE = re.compile(rf"(?<![\w|])({KEY})(?![\w}}])")
"""A key that is named as if nobody could bind another."""

LETTER = re.compile(
    r"(?:^|[.;,·(] )([a-zA-Z0-9?=/*-]) "
    r"(?:opens|stops|asks|plans|goes|tells|looks|chooses|pauses|resumes|saves|hides|shows|loads)\b"
    r"|\b[Pp]ress ([a-zA-Z0-9?=/*-]) (?:to|and|for|again)\b"
)
IN_BRACKETS = re.compile(r"\(([a-z0-9])\)")
TEMPLATE = re.compile(r"\{(\w+)\|([^{}|]+)\}")
WORDS_OF_OTHER_MEANING = ("Enter it again.", "Enter a ticket number", "Press Enter to move to the next field")


@cache
def _modules() -> list[tuple[str, ast.Module]]:
    """Those that show texts."""
    files = sorted(Path(tui.__path__[0]).rglob("*.py"))
    own = [path for path in files if "sandbox" not in path.parts and path.name != "key_labels.py"]
    return [(str(path), ast.parse(path.read_text())) for path in own]


def _texts() -> Iterator[tuple[str, str]]:
    """What the program's own code says on its screens, by file: not what explains the code."""
    for file, tree in _modules():
        explaining = {
            id(each.value)
            for each in ast.walk(tree)
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        }
        bound = {
            id(word.value)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"Binding", "key_label"}
            for word in [*call.keywords, *(ast.keyword(value=each) for each in call.args)]
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining | bound:
                yield file, node.value


def test_no_text_names_a_key_that_can_be_bound_again() -> None:
    fixed = []
    for file, text in _texts():
        rest = TEMPLATE.sub("", text)
        for words in WORDS_OF_OTHER_MEANING:
            rest = rest.replace(words, "")
        fixed += [(file, text) for pattern in (ALONE, LETTER, IN_BRACKETS) if pattern.search(rest)]
    assert fixed == []


def test_each_key_that_a_text_names_is_the_usual_one_of_its_action() -> None:
    known: dict[str, set[str]] = {}
    for place in key_scopes(AIRiskApp):
        for each in place.bindings:
            known.setdefault(each.id or "", set()).add(each.key)
    assert {name: keys for name, keys in known.items() if len(keys) > 1} == {}, "two actions by one name"
    named = [found for _, text in _texts() for found in TEMPLATE.findall(text)]
    assert len(named) > 40
    named += _labels()
    for action, usual in named:
        keys = [key_in_words(key) for key in next(iter(known[action])).split(",")]
        assert usual in [*keys, *(_ARROWS.get(key, key) for key in keys)], (action, usual)


def _labels() -> list[tuple[str, str]]:
    """The action and the usual key of each call of `key_label`."""
    calls = (node for _, tree in _modules() for node in ast.walk(tree) if isinstance(node, ast.Call))
    texts = (
        [each.value for each in call.args if isinstance(each, ast.Constant)] for call in calls if _labels_key(call)
    )
    labels = [(str(text[0]), str(text[1])) for text in texts if len(text) == 2]
    assert len(labels) > 5
    return labels


def _labels_key(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "key_label"


_ARROWS = {"Up": "↑", "Down": "↓"}


def move_all(directory: Path) -> dict[str, str]:
    """Write a file in which every action has a key of its own, and none its usual one."""
    modifiers = ("", "shift+", "ctrl+", "alt+", "ctrl+shift+", "alt+shift+", "alt+ctrl+", "alt+ctrl+shift+")
    free = [f"{modifier}f{number}" for modifier, number in product(modifiers, range(10, 25))]
    free += [f"alt+{character}" for character in ascii_letters + digits]
    names = sorted(bindings(AIRiskApp))
    assert len(names) <= len(free)
    own = dict(zip(names, free, strict=False))
    write(directory, "".join(f'{name} = "{key}"\n' for name, key in own.items()))
    return own


async def test_the_first_screen_names_ones_own_keys(tmp_path: Path) -> None:
    """tests/long goes everywhere with them."""
    moved = move_all(tmp_path)
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("3 users", "acts as this user")
            await person.sees(
                f"{key_in_words(moved['filter'])} filter by name",
                f"{key_in_words(moved['act_as'])} acts as this user",
                f"╭─ {key_in_words(moved['go_to_users'])} Users ─",
            )
            assert not ALONE.search(person.screen), ALONE.search(person.screen)
            await person.press(moved["act_as"])
            await person.bar_says("ACTING AS Ada")
            await person.sees(f"{key_in_words(moved['go_to_explorer'])} to explore")
            await person.sees(f", {key_in_words(moved['stop_acting'])} to stop.")
