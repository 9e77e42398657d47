"""Wherever a person is, they find out on the screen what the keys do, and what they type arrives where they type."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.binding import ActiveBinding, Binding

from tests.kit import ids
from tests.kit.asking import Way, open_endpoint, read_agents, stay
from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tests.screens.typing_stage import takes_everything, type_keys, typed_text
from tui.key_labels import words_of
from tui.screens.help import key_lines
from tui.screens.main.endpoint_controller import USUAL_PLACES

WIDE = (140, 48)
OPERATION = {
    "tags": ["Odd"],
    "summary": "Odd operation",
    "parameters": [{"name": "word", "in": "query", "required": True, "schema": {"type": "string"}}],
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
}
DESCRIPTION = {"openapi": "3.0.3", "info": {"title": "Odd"}, "paths": {"/api/odd": {"post": OPERATION}}}

WORDS = "xyz hop-"
"""What a quick typist, or a script, types in one burst with the key that asks for it."""


@asynccontextmanager
async def at_a_described_deployment() -> AsyncIterator[Person]:
    """The program on a deployment that describes an operation with a field and a body."""
    described = answers_json(json.dumps(DESCRIPTION).encode())
    with ForeignAIRisk(faults={USUAL_PLACES[0]: described}) as server:
        async with listed(server, size=WIDE) as person:
            await person.sees("1 endpoint imported")
            yield person


# How one comes there


async def at_odd_operation(person: Person) -> None:
    await person.press("2", "slash")
    await person.type("odd operation")
    await person.press("down")
    await person.comes_to(ids.ENDPOINTS)


async def raw(person: Person) -> None:
    await open_endpoint(person, "odd operation")
    await person.press("f6")
    await person.sees("headers, one per line")


async def file_of_a_form(person: Person) -> None:
    await open_endpoint(person, "add file")
    await person.comes_to("conversationId")


async def button(person: Person) -> None:
    await open_endpoint(person, "list agents")
    await person.tab_to(ids.SEND)


async def users_answered(person: Person) -> None:
    await open_endpoint(person, "list users")
    await person.press("f5")
    await person.sees("200 OK")
    await person.press("escape", "4", "j", "j")


async def at_an_operation_known_by_name(person: Person) -> None:
    await person.press("2", "slash")
    await person.type("create user")
    await person.press("down")
    await person.comes_to(ids.ENDPOINTS)


async def a_change(person: Person) -> None:
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")
    await open_endpoint(person, "create conversation")
    await person.comes_to("agentId")
    await person.type("a")


def tab_to(where: str) -> Way:
    return lambda person: person.tab_to(where)


async def to_grace(person: Person) -> None:
    await person.sees("Compare with")
    await person.type("grace")
    await person.press("enter")


@dataclass(frozen=True)
class Stop:
    """A place where keys act.

    `keys` lead there, what is typed right after them ends in `field`, `then` leads on where keys alone do not, `words`
    are seen there, and `back` leads out again. Where a place `is_narrow`, windows of three widths are tried.
    """

    name: str
    keys: tuple[str, ...] = ()
    words: str = ""
    field: str = ""
    then: Way = stay
    back: tuple[str, ...] = ("escape",)
    is_narrow: bool = False


TO_ANSWER = ("escape", "4")
TWICE = ("escape", "escape")
"""Out of a dialog into which something was typed."""

WALKS: dict[str, tuple[Way, tuple[Stop, ...]]] = {
    "users": (stay, (Stop("list", is_narrow=True, back=()), Stop("filter", ("slash",), field=ids.USERS_FILTER))),
    "explorer": (
        at_odd_operation,
        (Stop("list", is_narrow=True, back=()), Stop("filter", ("2", "slash"), field=ids.EXPLORER_FILTER)),
    ),
    "form": (
        at_odd_operation,
        (Stop("field", ("enter",), field="word", back=()), Stop("body", then=tab_to(ids.BODY), field=ids.BODY)),
    ),
    "form that cannot be sent yet": (at_odd_operation, (Stop("field", ("f5",), field="word"),)),
    "form with a file": (file_of_a_form, (Stop("file", ("tab",), field="file"),)),
    "raw request": (
        raw,
        tuple(
            Stop(each, then=tab_to(each), field=each, back=()) for each in (ids.RAW_TARGET, ids.RAW_HEADERS, ids.BODY)
        ),
    ),
    "button": (button, (Stop("button"),)),
    "answer": (
        read_agents,
        (
            Stop("document", is_narrow=True, back=()),
            Stop("search", ("slash",), field=ids.DOCUMENT_FIELD, back=TO_ANSWER),
            Stop("JSONPath", ("f",), field=ids.DOCUMENT_FIELD, back=TO_ANSWER),
            Stop("copying", ("Y",), words="Copy as", back=TO_ANSWER),
            Stop("saving", ("s",), words="in this file:", field=ids.QUESTION, back=("escape", *TO_ANSWER)),
            Stop("whom to compare with", ("c",), words="Compare with", field=ids.CHOICE, back=TO_ANSWER),
            Stop("comparison", ("c",), words="differ", then=to_grace, is_narrow=True),
        ),
    ),
    "value to keep": (
        users_answered,
        (Stop("name", ("equals_sign",), words="Use it anywhere", field=ids.QUESTION, back=TWICE),),
    ),
    "history": (
        read_agents,
        (
            Stop("table", ("h",), words="ListAgents", is_narrow=True),
            Stop("filter", ("h", "slash"), words="History", field=ids.HISTORY_FILTER),
        ),
    ),
    "dialogs": (
        stay,
        (
            Stop("curl command", ("p",), words="Paste a curl command for", field=ids.CURL, back=TWICE),
            Stop("file", ("o", "down", "enter"), words="Choose a file", field=ids.FILE),
            Stop("files", ("o", "down", "enter"), words="odd.txt", then=tab_to(ids.FILES)),
            Stop("help", ("question_mark",), words="Esc closes"),
        ),
    ),
    "operation known by name": (
        at_an_operation_known_by_name,
        (
            Stop(
                "enter the method and path", ("enter",), words="Complete this endpoint", field=ids.QUESTION, back=TWICE
            ),
        ),
    ),
    "change": (a_change, (Stop("question", ("f5",), words="Don't send"),)),
}


SAMPLE = ("users", "value to keep", "dialogs")
"""A list, a response and dialogs; tests/long goes on all walks."""


@pytest.mark.parametrize("walk", SAMPLE)
async def test_whatever_acts_is_reported_and_whatever_is_typed_arrives(walk: str, here: Path) -> None:
    await go_on(walk, here)


async def go_on(walk: str, here: Path) -> None:
    """Go on a walk, in a directory with one file: see what acts reported and what is typed arriving, at each stop."""
    (here / "odd.txt").touch()
    way, stops = WALKS[walk]
    async with at_a_described_deployment() as person:
        await way(person)
        for stop in stops:
            await _arrive(person, stop)
            await person.until(lambda: not _untold(person), f"all keys told at {walk}, {stop.name}")
            if stop.is_narrow:
                await _find_help(person)
            await person.press(*stop.back)


async def _arrive(person: Person, stop: Stop) -> None:
    """Come there by keys, and with words that are typed in the same burst where there is a place for them."""
    for key in stop.keys:
        person.app.post_message(events.Key(key, None))
    if stop.then is stay and stop.field:
        await type_keys(person, WORDS)
    else:
        await person.press()
        await stop.then(person)
    await person.sees(stop.words)
    if stop.field:
        await person.comes_to(stop.field)
        if stop.then is stay:
            await person.until(lambda: typed_text(person).endswith(WORDS), f"{WORDS!r} in {stop.field}")
        await takes_everything(person)


async def _find_help(person: Person) -> None:
    """However many keys there are, the way to help is in sight, in windows of three widths."""
    for width in (120, 100, 80):
        await person.pilot.resize_terminal(width, 30)
        await person.until(partial(_shows_help, person, width), f"the way to help in {width} columns")
    await person.click("? Help")
    await person.sees("Esc closes")
    await person.press("escape")
    await person.sees_no("Esc closes")
    await person.pilot.resize_terminal(*WIDE)


def _shows_help(person: Person, width: int) -> bool:
    footer = person.footer.rstrip()
    return len(footer) <= width and footer.endswith("? Help  ^q Quit")


def _untold(person: Person) -> list[Binding]:
    """What acts just now, of what this program binds, and is told neither in the footer nor in help."""
    screen = person.app.screen
    acting = (active for active in screen.active_bindings.values() if active.enabled)
    own = [active for active in acting if active.binding.id and active.binding.action != "quit"]
    assert own
    has_help = any(active.binding.action == "app.help" for active in own)
    told = {words for lines in key_lines(screen) for _, words in lines} if has_help else set()
    footer = person.footer

    def is_told(active: ActiveBinding) -> bool:
        in_footer = active.binding.show and active.binding.description in footer
        return in_footer or words_of(active) in told or _needs_no_words(active.binding, own)

    return [active.binding for active in own if not is_told(active)]


def _needs_no_words(binding: Binding, own: list[ActiveBinding]) -> bool:
    """Whether it moves in a list or a text, or is a second key for what the footer tells."""
    told = {each.binding.action for each in own if each.binding.show}
    moving = {"first", "last", "cursor_up", "cursor_down", *(f"scroll('{way}')" for way in _WAYS_TO_SCROLL)}
    return binding.action in {*told, *moving}


_WAYS_TO_SCROLL = ("down", "up", "page_down", "page_up")
