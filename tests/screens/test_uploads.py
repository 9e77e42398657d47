"""A person attaches a file: its size is seen before, how far it has gone out meanwhile, and it can be given up."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.kit import ids
from tests.kit.asking import open_endpoint
from tests.kit.deployment.faults import answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.narrow import NarrowLine, narrow_line
from tests.kit.pilot import Person, listed

SIZE = 12_000_000
PATH = "/api/Chat/AddFileToConversation/c-1"


@pytest.fixture
def server() -> Iterator[ForeignAIRisk]:
    with ForeignAIRisk(faults={PATH: answers_json(b'{"id": "f-1"}')}) as listening:
        yield listening


@pytest.fixture
def file(here: Path) -> Path:
    report = here / "Q3 report; final.pdf"
    report.write_bytes(b"%PDF" + bytes(SIZE - 4))
    return report


@asynccontextmanager
async def attaching(server: ForeignAIRisk, file: Path, line: NarrowLine) -> AsyncIterator[Person]:
    """Someone who has agreed to send the file."""
    async with listed(server, size=(120, 40), AIRISK_URL=line.url) as person:
        await person.press("j", "enter")
        await person.bar_says("ACTING AS Grace Hopper")
        await open_endpoint(person, "add file")
        await person.comes_to("conversationId")
        await person.type("c-1")
        await person.press("tab")
        await person.type(file.name)
        await person.sees("12.0 MB")
        await person.press("f5")
        await person.sees("Don't send", file.name)
        await person.press("y")
        yield person


async def test_it_is_seen_how_far_it_has_gone_out(server: ForeignAIRisk, file: Path) -> None:
    with narrow_line(server, room=1_000_000) as line:
        async with attaching(server, file, line) as person:
            await person.sees("% of 12.0 MB sent as Grace Hopper", "Esc cancels")
            await person.press("1", "j")
            await person.until(lambda: "› u-3" in person.screen, "the next user: keys act meanwhile")
            line.goes_on.set()
            await person.sees("200 OK · as Grace Hopper", '"id": "f-1"')
    received = [request for request in server.requests if request.path == PATH]
    assert len(received) == 1
    assert b'filename="Q3 report; final.pdf"' in received[0].body
    assert len(received[0].body) > SIZE


async def test_esc_gives_it_up(server: ForeignAIRisk, file: Path) -> None:
    with narrow_line(server, room=1_000_000) as line:
        async with attaching(server, file, line) as person:
            await person.sees("% of 12.0 MB sent as Grace Hopper")
            await person.press("escape")
            await person.sees("Canceled")
            line.goes_on.set()
            await person.press("escape", "escape", "1")
            await person.comes_to(ids.USERS_TABLE)
            await person.bar_says("ACTING AS Grace Hopper")
        assert line.passed < SIZE
    assert not [request for request in server.requests if request.path == PATH]
