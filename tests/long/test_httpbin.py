"""A person asks a server not written here, httpbin, on the real screen: with a request written freely."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.kit import ids
from tests.kit.asking import request_line
from tests.kit.deployment.httpbin import Httpbin, httpbin
from tests.kit.pilot import Person, opened


@pytest.fixture(scope="module")
def server() -> Iterator[Httpbin]:
    with httpbin() as served:
        yield served


@asynccontextmanager
async def at_httpbin(server: Httpbin, **settings: str) -> AsyncIterator[Person]:
    """A person who writes a request freely."""
    async with opened(server, size=(140, 52), **settings) as person:
        await person.sees("2 users")
        await person.press("2", "slash")
        await person.type("list agents")
        await person.press("enter")
        await person.until(lambda: "ListAgents" in request_line(person), "the form")
        await person.press("f6")
        await person.tab_to(ids.RAW_TARGET)
        yield person


async def ask(person: Person, path: str) -> None:
    """Type a path, and send it."""
    await person.press("3")
    await person.tab_to(ids.RAW_TARGET)
    await person.press("end", "ctrl+u")
    await person.type(path)
    await person.press("f5")


ANSWERS = (
    ("/json", "200 OK", '"title": "Sample Slide Show"'),
    ("/image/png", "200 OK", "PNG image · image/png · 100 × 100"),
    ("/status/418", "418", "teapot"),
    ("/gzip", "Unexpected compressed response", "/gzip as application"),
)


async def test_what_httpbin_answers_is_read_on_the_screen_and_esc_gives_up_what_takes_long(server: Httpbin) -> None:
    async with at_httpbin(server) as person:
        for path, title, body in ANSWERS:
            await ask(person, path)
            await person.until(lambda path=path: server.heard[-1:] == [f"GET {path}"], path)  # type: ignore[misc]
            await person.sees(title, body)
        await ask(person, "/redirect/2")
        await person.sees("302 FOUND", "Redirects to /relative-redirect/1.")
        await person.press("escape", "4", "i")
        await person.sees("Location: /relative-redirect/1")
        assert server.heard[-1] == "GET /redirect/2", "nobody goes there"
        await ask(person, "/delay/9")
        await person.until(lambda: server.heard[-1:] == ["GET /delay/9"], "the request")
        await person.press("escape")
        await person.sees("Canceled")
