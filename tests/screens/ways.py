"""Where a person can type, and how they come there."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed

OPERATION = {
    "tags": ["Odd"],
    "summary": "Odd operation",
    "parameters": [{"name": "word", "in": "query", "required": True, "schema": {"type": "string"}}],
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
}
DESCRIPTION = {"openapi": "3.0.3", "info": {"title": "Odd"}, "paths": {"/api/odd": {"post": OPERATION}}}


Way = Callable[[Person], Awaitable[None]]


async def nothing(person: Person) -> None:
    """Where the program opens."""


async def at_odd_operation(person: Person) -> None:
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
    await answered(person)
    await person.press("slash")


async def _to_path(person: Person) -> None:
    await answered(person)
    await person.press("f")


async def _to_save(person: Person) -> None:
    await answered(person)
    await person.press("s")
    await person.sees("is written to this file")


async def _to_keep(person: Person) -> None:
    await answered(person)
    await open_endpoint(person, "list users")
    await person.press("f5")
    await person.sees('"Ada Lovelace"')
    await person.press("escape", "4", "j", "j", "equals_sign")
    await person.sees("stands wherever")


async def _to_compare(person: Person) -> None:
    await answered(person)
    await person.press("c")
    await person.sees("Compare with")


async def answered(person: Person) -> None:
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")
    await send_agents(person)
    await person.sees("200 OK")
    await person.press("escape", "4")
    await person.until(lambda: person.focus == "document", "the answer")


async def _to_paste(person: Person) -> None:
    await person.press("p")
    await person.sees("Paste a curl command for")


async def to_files(person: Person) -> None:
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
    "file to import": (to_files, "#file-line"),
    "filter of the history": (_to_history, "#history-filter"),
    "how an operation is asked": (_to_known_by_name, "#asked-for"),
}


@asynccontextmanager
async def at_a_described_deployment(tmp_path: Path) -> AsyncIterator[Person]:
    description = tmp_path / "odd.json"
    description.write_text(json.dumps(DESCRIPTION))
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 48)) as person:
            await to_files(person)
            await person.type(str(description))
            await person.press("enter")
            await person.sees("1 endpoint imported")
            await person.press("escape", "1")
            yield person
