"""Whatever a key does can be found out on the screen, wherever the person is, and needs no mouse."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode

import tui
from tests.kit.asking import open_endpoint
from tests.kit.pilot import Person
from tests.screens.ways import WAYS, Way, answered, at_a_described_deployment, at_odd_operation, nothing
from tui.keys import words_of
from tui.screens.help import key_lines


async def _to_button(person: Person) -> None:
    await open_endpoint(person, "list agents")
    await person.until(lambda: person.focus == "send", "the button")


async def _to_copying(person: Person) -> None:
    await answered(person)
    await person.press("y")
    await person.sees("Copy as")


async def _to_comparison(person: Person) -> None:
    await answered(person)
    await person.press("c")
    await person.sees("Compare with")
    await person.type("grace")
    await person.press("enter")
    await person.sees("differ")


async def _to_confirming(person: Person) -> None:
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")
    await open_endpoint(person, "create conversation")
    await person.until(lambda: getattr(person.app.focused, "name", "") == "agentId", "the field")
    await person.type("a")
    await person.press("f5")
    await person.sees("Send this?")


async def _to_list_of_files(person: Person) -> None:
    await WAYS["file to import"][0](person)
    await person.press("down")
    await person.until(lambda: person.focus == "files", "the files")


async def _to_help(person: Person) -> None:
    await person.press("question_mark")
    await person.sees("Esc closes")


async def _to_table_of_history(person: Person) -> None:
    await answered(person)
    await person.press("h")
    await person.sees("ListAgents")


PLACES: dict[str, Way] = {
    "users": nothing,
    "explorer": at_odd_operation,
    "answer": answered,
    "button": _to_button,
    "copying": _to_copying,
    "comparison": _to_comparison,
    "confirming": _to_confirming,
    "list of files": _to_list_of_files,
    "help": _to_help,
    "history": _to_table_of_history,
    **{name: way for name, (way, _) in WAYS.items()},
}


def _own(person: Person) -> list[ActiveBinding]:
    """What acts just now, of what this program binds."""
    acting = (active for active in person.app.screen.active_bindings.values() if active.enabled)
    return [active for active in acting if active.binding.id and active.binding.action != "quit"]


@pytest.mark.parametrize("place", PLACES)
async def test_whatever_acts_is_told_in_the_footer_or_in_help(place: str, tmp_path: Path) -> None:
    async with at_a_described_deployment(tmp_path) as person:
        await PLACES[place](person)
        screen, own = person.app.screen, _own(person)
        has_help = any(active.binding.action == "app.help" for active in own)
        told = {words for lines in key_lines(screen) for _, words in lines} if has_help else set()
        assert own
        for active in own:
            in_footer = active.binding.show and active.binding.description in person.footer
            assert in_footer or words_of(active) in told or _needs_no_words(active.binding, own), active.binding


def _needs_no_words(binding: Binding, own: list[ActiveBinding]) -> bool:
    """Whether it moves in a list or a text, or is a second key for what the footer tells."""
    told = {each.binding.action for each in own if each.binding.show}
    moving = {"first", "last", "cursor_up", "cursor_down", *(f"scroll('{way}')" for way in _WAYS_TO_SCROLL)}
    return binding.action in {*told, *moving}


_WAYS_TO_SCROLL = ("down", "up", "page_down", "page_up")


def _classes() -> Iterator[type[DOMNode]]:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name == "tui.__main__" or ".sandbox" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                yield value


def test_every_key_has_a_name_by_which_it_can_be_bound_anew_and_says_what_it_does() -> None:
    classes = list(_classes())
    assert len(classes) > 20
    for each in classes:
        for binding in vars(each).get("BINDINGS", ()):
            assert isinstance(binding, Binding)
            assert binding.id, (each, binding)
            is_told = binding.tooltip or binding.description
            assert is_told or not binding.show, (each, binding)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("place", ["users", "explorer", "answer", "comparison", "history"])
async def test_the_way_to_help_is_in_sight_however_many_keys_there_are(place: str, width: int, tmp_path: Path) -> None:
    async with at_a_described_deployment(tmp_path) as person:
        await PLACES[place](person)
        await person.pilot.resize_terminal(width, 30)
        await person.until(lambda: len(person.footer.rstrip()) <= width, "the footer")
        await person.until(lambda: person.footer.rstrip().endswith("? Help"), "the way to help")
        await person.click("? Help")
        await person.sees("Esc closes")
