"""A person turns the pages of a list on the screen, both ways, and has them joined."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from threading import Event

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, open_endpoint, title_of
from tests.kit.deployment.faults import Fault, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pilot import Person, listed

PATH = "/api/Chat/GetConversations"


@pytest.fixture
def server() -> Iterator[ForeignAIRisk]:
    with ForeignAIRisk() as listening:
        yield listening


@asynccontextmanager
async def reading(server: ForeignAIRisk) -> AsyncIterator[Person]:
    """Someone who reads the first page of 45 conversations."""
    async with listed(server, size=(160, 40)) as person:
        await person.press("j", "enter")
        await person.bar_says("ACTING AS Grace Hopper")
        await open_endpoint(person, "list conversations")
        await person.press("f5")
        await person.sees("200 OK", "Conversation 0 ")
        await person.press("escape", "escape", "4")
        await person.comes_to(ids.TABLE)
        yield person


def skips(server: ForeignAIRisk) -> list[str]:
    """Which pages were asked for."""
    asked = (dict(request.query) for request in server.requests if request.path.startswith(PATH))
    return [query.get("skip", "") for query in asked]


async def test_pages_there_and_back_and_joined_in_the_name_that_the_bar_shows(server: ForeignAIRisk) -> None:
    async with reading(server) as person:
        await person.until(lambda: "Next page" in person.footer, "the way on in the footer")
        for number, first in ((2, 20), (3, 40)):
            await person.press("right_square_bracket")
            await person.sees(f"Page {number}.", f"Conversation {first} ")
        await person.press("right_square_bracket")
        await person.sees("This is the last page.")
        for number, first in ((2, 20), (1, 0)):
            await person.press("left_square_bracket")
            await person.sees(f"Page {number}.", f"Conversation {first} ")
        await person.press("left_square_bracket")
        await person.sees("This is the first page.")
        assert "as Grace Hopper" in title_of(person)
        assert skips(server) == ["0", "20", "40", "20", "0"]

        await person.press("right_square_bracket")
        await person.sees("Page 2.")
        await person.press("a")
        await person.sees("All pages loaded: 3 pages, 45 entries.")
        await person.press("G")
        await person.sees("Conversation 44")
        assert skips(server)[5:] == ["20", "0", "20", "40"]


async def test_no_page_is_requested_in_another_name_or_where_there_are_none(
    server: ForeignAIRisk,
) -> None:
    async with reading(server) as person:
        await person.press("x")
        await person.bar_says("APPLICATION")
        await person.press("4")
        for key in ("right_square_bracket", "a"):
            await person.press(key)
            await person.sees("These pages were requested as Grace Hopper · u-2, but you stopped acting.")
            await person.press("escape", "4")
        await person.press("1", "g", "enter")
        await person.bar_says("ACTING AS Ada")
        await person.press("4", "right_square_bracket")
        await person.sees("but now you act as Ada Lovelace · u-1.")
        assert skips(server) == ["0"]

        await open_endpoint(person, "list agents")
        await person.press("f5")
        await person.sees("Agent 1 of Ada")
        await person.press("escape", "escape", "4")
        await person.until(lambda: "Next page" not in person.footer, "no page to turn")
        asked = len(server.requests)
        await person.press("right_square_bracket", "a", "f5")
        await person.until(lambda: len(server.requests) > asked, "the request again")
        await person.sees("Agent 1 of Ada")
        assert [request.path for request in server.requests[asked:]] == [AGENTS_PATH]
        await person.stays(lambda: "Page" not in person.notice, "no word of pages")


async def test_as_many_pages_are_compared_as_were_joined_and_unlike_ones_are_reported(server: ForeignAIRisk) -> None:
    async with reading(server) as person:
        await person.press("a")
        await person.sees("All pages loaded: 3 pages, 45 entries.")
        await person.press("c")
        await person.type("ada")
        await person.sees("send as Ada Lovelace")
        await person.press("enter")
        await person.until(lambda: person.screen.count("all 45 entries, in 3 pages") == 2, "both lists, whole")
        await person.sees_no("different pages")
        asked = [dict(each.query)["skip"] for each in server.requests if each.path.startswith(PATH)][-3:]
        assert asked == ["0", "20", "40"]
        await person.press("escape", "c")
        pages = [f"GET {PATH}  page {number} · 200 as " for number in (3, 2, 1)]
        await person.sees(*pages)
        await person.press(*["down"] * 4, "enter")  # one of the pages as it came, after users, generic and anonymous
        await person.sees(
            " only", "all 45 entries, in 3 pages", "different pages of the list", "press a to load all pages"
        )


async def test_earlier_responses_of_one_path_are_told_apart_by_their_queries(server: ForeignAIRisk) -> None:
    async with reading(server) as person:
        for filtered in ("agent-1", "agent-2"):
            await person.press("3")
            await person.comes_to("agentid")
            await person.press("end", "ctrl+u")
            await person.type(filtered)
            await person.press("f5")
            await person.until(lambda: f"agentid={filtered}" in title_of(person), "the response")  # noqa: B023
        await person.press("escape", "escape", "4", "c")
        await person.sees(f"GET {PATH}  page 1 · agentid=agent-1 · 200 as ", f"GET {PATH}  page 1 · 200 as ")


async def test_a_whole_list_is_compared_with_the_whole_list_of_the_other(server: ForeignAIRisk) -> None:
    server.breaks(PATH, answers_json(b'[{"id": "c-0", "title": "Conversation 0 "}]'), times=1)
    async with reading(server) as person:
        await person.press("c")
        await person.type("ada")
        await person.sees("send as Ada Lovelace")
        await person.press("enter")
        await person.sees("─ Compare ─", "all 45 entries, in 3 pages")


FULL = json.dumps([{"id": number} for number in range(20)]).encode()


def pages_until(count: int, then: Callable[[Peer], None]) -> Fault:
    """So many pages, each with something of its own, and then that."""
    numbers = iter(range(1000))

    def act(peer: Peer) -> None:
        number = next(numbers)
        if number < count:
            answers_json(FULL.replace(b'"id": 0', b'"id": %d' % (1000 + number))).act(peer)
        else:
            then(peer)

    return Fault(act)


async def read_again(server: ForeignAIRisk, person: Person) -> None:
    """Read the first page again, of a deployment that is well."""
    server.mends(PATH)
    await person.press("escape", "escape", "f5")
    await person.sees("200 OK", "Conversation 0 ")
    await person.press("escape", "escape", "4")
    await person.comes_to(ids.TABLE)


async def test_pages_without_end_are_stopped_with_esc_and_what_came_before_the_network_failed_is_kept(
    server: ForeignAIRisk,
) -> None:
    asked = Event()

    def wait(peer: Peer) -> None:
        asked.set()
        peer.wait_until_gone()

    async with reading(server) as person:
        server.breaks(PATH, pages_until(2, Peer.hang_up))
        await person.press("a")
        await person.sees("was closed before the response", "$[0].id  1000")
        await person.press("slash")
        await person.type('"id": 19')
        await person.sees("1 of 2")

        await read_again(server, person)
        server.breaks(PATH, pages_until(3, wait))
        await person.press("a")
        await person.until(asked.is_set, "the fourth page asked for")
        await person.sees("3 pages, 60 entries so far.", "Esc stops.")
        await person.press("escape")
        await person.sees("Stopped after 3 pages, 60 entries: canceled.")
        await person.sees("$[0].id  1000")
        await person.press("slash")
        await person.type('"id": 19')
        await person.sees("1 of 3")
        assert "200 OK" in title_of(person)


async def test_why_it_ended_early_is_reported(server: ForeignAIRisk) -> None:
    async with reading(server) as person:
        for fault, words in ENDS:
            server.breaks(PATH, fault)
            await person.press("a")
            await person.until(lambda words=words: words in person.notice, words)  # type: ignore[misc]
            await read_again(server, person)


ENDS = (
    (answers(403), "Stopped after 0 pages, 0 entries: AIRisk responded with 403."),
    (answers_json(b'{"a": 1}'), "Stopped after 0 pages, 0 entries: the response is not an array."),
    (answers_json(FULL), "Stopped after 1 page, 20 entries: AIRisk returned the same page again."),
)
"""How the pages end, and what is said of it."""
