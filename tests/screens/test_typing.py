"""Every character that a keyboard has can be typed into every field, and none of them acts."""

import json
import string
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tests.screens.asking import open_endpoint, send_agents
from tests.screens.stage import Person, listed, opened
from tests.servers.foreign import ForeignAIRisk

EVERY = string.ascii_letters + string.digits + string.punctuation + " éßЖ漢🦉"

OPERATION = {
    "tags": ["Odd"],
    "summary": "Odd operation",
    "parameters": [{"name": "word", "in": "query", "required": True, "schema": {"type": "string"}}],
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
}
DESCRIPTION = {"openapi": "3.0.3", "info": {"title": "Odd"}, "paths": {"/api/odd": {"post": OPERATION}}}


async def type_keys(person: Person, text: str) -> None:
    """Type as a terminal tells it: the name of each key, and its character."""
    for character in text:
        person.app.post_message(events.Key(_character_to_key(character), character))
    await person.type("")


async def takes_everything(person: Person, selector: str) -> None:
    """Whatever is typed into the field in focus stands in it, and nothing else happens."""
    screen, field = person.app.screen, person.app.screen.query_one(selector)
    assert person.app.focused is field, f"{person.app.focused} has the focus, not {selector}"
    asked = person.bar
    await person.press("end")
    before = text_of(field)
    await type_keys(person, EVERY)
    assert text_of(field) == before + EVERY
    assert person.app.focused is field
    assert person.app.screen is screen
    assert person.bar.split("  ")[0] == asked.split("  ")[0]


def text_of(field: object) -> str:
    """What stands in it."""
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


Way = Callable[[Person], Awaitable[None]]


async def _nothing(person: Person) -> None:
    """Where the program opens."""


async def _at_odd_operation(person: Person) -> None:
    await person.press("2", "slash")
    await person.type("odd operation")
    await person.press("enter")
    await person.until(lambda: person.focus == "endpoints", "the endpoints")


async def _to_users(person: Person) -> None:
    await person.press("slash")


async def _to_explorer(person: Person) -> None:
    await person.press("2", "slash")


async def _to_form(person: Person) -> None:
    await open_endpoint(person, "odd operation")
    await person.until(lambda: bool(person.app.screen.query("#fields Input")), "the fields")
    person.app.screen.query("#fields Input").first().focus()
    await person.press("end")


async def _to_body(person: Person) -> None:
    await open_endpoint(person, "odd operation")
    await person.until(lambda: bool(person.app.screen.query("#body-text")), "the body")
    person.app.screen.query_one("#body-text").focus()
    await person.press("end")


async def _to_file(person: Person) -> None:
    await open_endpoint(person, "add file")
    await person.until(lambda: bool(person.app.screen.query("FileInput")), "the field for a file")
    person.app.screen.query("FileInput").first().focus()
    await person.press("end")


async def _to_raw(person: Person, field: str) -> None:
    await open_endpoint(person, "odd operation")
    await person.press("f6")
    await person.until(lambda: bool(person.app.screen.query(field)), "the raw form")
    person.app.screen.query_one(field).focus()
    await person.press("end")


async def _to_search(person: Person) -> None:
    await _answered(person)
    await person.press("slash")


async def _to_path(person: Person) -> None:
    await _answered(person)
    await person.press("f")


async def _to_save(person: Person) -> None:
    await _answered(person)
    await person.press("s")
    await person.sees("is written to this file")


async def _to_keep(person: Person) -> None:
    await _answered(person)
    await open_endpoint(person, "list users")
    await person.press("f5")
    await person.sees('"Ada Lovelace"')
    await person.press("escape", "4", "j", "j", "equals_sign")
    await person.sees("stands wherever")


async def _to_compare(person: Person) -> None:
    await _answered(person)
    await person.press("c")
    await person.sees("Compare with")


async def _answered(person: Person) -> None:
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")
    await send_agents(person)
    await person.sees("200 OK")
    await person.press("escape", "4")
    await person.until(lambda: person.focus == "document", "the answer")


async def _to_paste(person: Person) -> None:
    await person.press("p")
    await person.sees("Paste a curl command for")


async def _to_files(person: Person) -> None:
    await person.press("o")
    await person.sees("from a file")
    await person.press("down", "enter")
    await person.sees("Which file?")


async def _to_history(person: Person) -> None:
    await person.press("h")
    await person.sees("History")
    await person.press("slash")


async def _to_known_by_name(person: Person) -> None:
    await person.press("2", "slash")
    await person.type("create user")
    await person.press("enter", "enter")
    await person.sees("Known by name")


WAYS: dict[str, tuple[Way, str]] = {
    "filter of users": (_to_users, "#users-filter"),
    "filter of endpoints": (_to_explorer, "#explorer-filter"),
    "field of a form": (_to_form, "#fields Input"),
    "body": (_to_body, "#body-text"),
    "field for a file": (_to_file, "FileInput"),
    "path of a raw request": (lambda person: _to_raw(person, "#raw-target"), "#raw-target"),
    "headers of a raw request": (lambda person: _to_raw(person, "#raw-headers"), "#raw-headers"),
    "body of a raw request": (lambda person: _to_raw(person, "#body-text"), "#body-text"),
    "search": (_to_search, "#document-field"),
    "JSONPath": (_to_path, "#document-field"),
    "file to save to": (_to_save, "#asked-for"),
    "name to keep under": (_to_keep, "#asked-for"),
    "whom to compare with": (_to_compare, "#choice-line"),
    "curl command": (_to_paste, "#pasted"),
    "file to import": (_to_files, "#file-line"),
    "filter of the history": (_to_history, "#history-filter"),
    "how an operation is asked": (_to_known_by_name, "#asked-for"),
}


@asynccontextmanager
async def _at_a_described_deployment(tmp_path: Path) -> AsyncIterator[Person]:
    description = tmp_path / "odd.json"
    description.write_text(json.dumps(DESCRIPTION))
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 48)) as person:
            await _to_files(person)
            await person.type(str(description))
            await person.press("enter")
            await person.sees("1 endpoint imported")
            await person.press("escape", "1")
            yield person


@pytest.mark.parametrize(("way", "field"), WAYS.values(), ids=WAYS)
async def test_every_character_can_be_typed(way: Way, field: str, tmp_path: Path) -> None:
    async with _at_a_described_deployment(tmp_path) as person:
        await way(person)
        await person.until(lambda: person.app.focused is person.app.screen.query(field).first(), field)
        await takes_everything(person, field)


async def test_the_label_of_production_is_typed(tmp_path: Path) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_LABEL="production") as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await open_endpoint(person, "submit feedback")
            await person.press("f5")
            for field in person.app.screen.query("#fields Input").results(Input):
                field.focus()
                await person.type("x")
            await person.press("f5")
            await person.sees("Send this?")
            await takes_everything(person, "#typed-label")


async def test_the_reason_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_REQUIRE_REASON="true") as person:
            await person.press("enter")
            await person.sees("needs a reason")
            await takes_everything(person, "#asked-for")


async def test_what_is_needed_to_sign_in_is_typed() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("Client secret")
            for name in ("AIRISK_URL", "CLIENT_ID", "REDIRECT_URI", "USER_ID", "CLIENT_SECRET"):
                person.app.screen.query_one(f"#{name}").focus()
                await person.press("end")
                await takes_everything(person, f"#{name}")


WORDS = "xyz hop-"


async def _burst(person: Person, *keys: str) -> None:
    """Keys and words in one go, as a quick typist or a script types them."""
    for key in keys:
        person.app.post_message(events.Key(key, None))
    await type_keys(person, WORDS)


BURSTS: dict[str, tuple[Way, tuple[str, ...], str]] = {
    "users": (_nothing, ("slash",), "#users-filter"),
    "explorer": (_nothing, ("2", "slash"), "#explorer-filter"),
    "form": (_at_odd_operation, ("enter",), "#fields Input"),
    "form that cannot be sent yet": (_at_odd_operation, ("f5",), "#fields Input"),
    "search": (_answered, ("slash",), "#document-field"),
    "JSONPath": (_answered, ("f",), "#document-field"),
    "save": (_answered, ("s",), "#asked-for"),
    "compare": (_answered, ("c",), "#choice-line"),
    "paste": (_nothing, ("p",), "#pasted"),
    "file": (_nothing, ("o", "down", "enter"), "#file-line"),
    "history": (_nothing, ("h", "slash"), "#history-filter"),
}


@pytest.mark.parametrize(("way", "keys", "field"), BURSTS.values(), ids=BURSTS)
async def test_what_is_typed_right_after_a_key_that_asks_for_it_is_not_lost(
    way: Way, keys: tuple[str, ...], field: str, tmp_path: Path
) -> None:
    async with _at_a_described_deployment(tmp_path) as person:
        await way(person)
        await _burst(person, *keys)
        await person.until(lambda: bool(person.app.screen.query(field)), field)
        await person.until(lambda: text_of(person.app.screen.query(field).first()).endswith(WORDS), WORDS)
