"""Lists in pages: forwards and back, in the query or in the path, and all of them joined."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.kit.conversing import GRACE, session_with
from tests.kit.deployment.faults import CATALOG, Fault, answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.pagination import CombinedPages, Page, all_pages, next_page, page_of, previous_page
from tui.errors import AIRiskError

CONVERSATIONS = "/api/Chat/GetConversations"


def asked(path: str, *query: tuple[str, str], entries: object = 20, status: int = 200) -> Exchange:
    """An answer with so many entries."""
    body = json.dumps(list(range(entries)) if isinstance(entries, int) else entries).encode()
    draft = Draft("GET", path, query)
    return Exchange(
        status=status,
        reason="",
        headers=(),
        draft=draft,
        identity=Identity.of(GRACE),
        body=body,
        seconds=0,
        at=datetime.now(UTC),
    )


PAGES: dict[str, tuple[Draft, Page | None]] = {
    "the list itself": (Draft("GET", CONVERSATIONS), Page(20, 0)),
    "its other path": (Draft("GET", "/api/GetConversations"), Page(20, 0)),
    "of one agent": (Draft("GET", f"{CONVERSATIONS}/agent-0"), Page(20, 0)),
    "in the query": (Draft("GET", CONVERSATIONS, (("results", "10"), ("skip", "30"))), Page(10, 30)),
    "in the query of another list": (Draft("GET", "/api/Other", (("Skip", "5"),)), Page(20, 5)),
    "in the path": (Draft("GET", f"{CONVERSATIONS}/agent-0/10/30/q"), Page(10, 30)),
    "in the path without an agent": (Draft("GET", f"{CONVERSATIONS}//10/30/"), Page(10, 30)),
    "empty values": (Draft("GET", CONVERSATIONS, (("results", ""), ("skip", ""))), Page(20, 0)),
    "no list": (Draft("GET", "/api/Chat/ListAgents"), None),
    "one of them": (Draft("GET", "/api/Chat/GetConversation/c-1"), None),
    "what changes things": (Draft("POST", CONVERSATIONS, (("skip", "5"),)), None),
    "no numbers": (Draft("GET", CONVERSATIONS, (("results", "many"),)), None),
    "none on a page": (Draft("GET", CONVERSATIONS, (("results", "0"),)), None),
    "below nothing": (Draft("GET", CONVERSATIONS, (("skip", "-1"),)), None),
}


@pytest.mark.parametrize(("draft", "page"), PAGES.values(), ids=PAGES)
def test_which_page_a_request_asks_for(draft: Draft, page: Page | None) -> None:
    assert page_of(draft) == page


def test_the_next_page_and_the_one_before_in_the_query() -> None:
    exchange = asked(CONVERSATIONS, ("agentid", "a"), ("results", "20"), ("skip", "20"), ("metadatasearch", ""))
    following, before = next_page(exchange), previous_page(exchange)
    assert following
    assert before
    assert following.query == (("agentid", "a"), ("metadatasearch", ""), ("results", "20"), ("skip", "40"))
    assert before.query[-1] == ("skip", "0")


def test_the_next_page_and_the_one_before_in_the_path() -> None:
    exchange = asked(f"{CONVERSATIONS}/agent-0/20/20/Q3%2F4")
    following, before = next_page(exchange), previous_page(exchange)
    assert following
    assert before
    assert following.path == f"{CONVERSATIONS}/agent-0/20/40/Q3%2F4"
    assert before.path == f"{CONVERSATIONS}/agent-0/20/0/Q3%2F4"


def preserved(*ids: int) -> object:
    """A page as .NET writes it where it preserves references: the last entry is only referred to."""
    entries = [{"$id": str(place), "id": each, "of": {"$ref": "1"}} for place, each in enumerate(ids, start=2)]
    return {"$id": "1", "$values": [*entries, {"$ref": "2"}]}


def test_an_array_that_is_wrapped_has_a_next_page_too() -> None:
    assert next_page(asked(CONVERSATIONS, ("results", "3"), entries=preserved(1, 2)))
    assert next_page(asked(CONVERSATIONS, ("results", "4"), entries=preserved(1, 2))) is None


async def test_wrapped_pages_are_joined_and_each_keeps_whom_it_refers_to() -> None:
    pages = iter([preserved(1, 2), preserved(3)])

    async def send(draft: Draft) -> Exchange:
        return asked(draft.path, *draft.query, entries=next(pages))

    joined = [each async for each in all_pages(Draft("GET", CONVERSATIONS, (("results", "3"),)), send)][-1]
    assert (joined.why, joined.pages) == ("", 2)
    assert [each["id"] for each in json.loads(joined.exchange.body)] == [1, 2, 1, 3, 3]
    assert b"$id" not in joined.exchange.body


def test_a_short_page_is_the_last_and_the_first_has_none_before() -> None:
    assert next_page(asked(CONVERSATIONS, entries=19)) is None
    assert next_page(asked(CONVERSATIONS, entries=0)) is None
    assert previous_page(asked(CONVERSATIONS)) is None
    assert next_page(asked("/api/Chat/ListAgents")) is None
    assert next_page(asked(CONVERSATIONS, entries={"not": "a list"})) is None


def test_before_a_page_that_does_not_begin_at_one_comes_the_first() -> None:
    before = previous_page(asked(CONVERSATIONS, ("skip", "7")))
    assert before
    assert before.query == (("results", "20"), ("skip", "0"))
    assert Page(20, 40).number == 3


# Over a real wire


@pytest.fixture
def server() -> Iterator[ForeignAIRisk]:
    with ForeignAIRisk() as listening:
        yield listening


def joined(server: ForeignAIRisk, draft: Draft) -> list[CombinedPages]:
    """All that came of asking for every page."""

    async def ask() -> list[CombinedPages]:
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            return [each async for each in all_pages(draft, lambda page: session.send(page, identity))]

    return asyncio.run(ask())


def pages_asked(server: ForeignAIRisk) -> list[str]:
    return [request.target.removeprefix(CONVERSATIONS) for request in server.requests if CONVERSATIONS in request.path]


def test_all_pages_are_one_response(server: ForeignAIRisk) -> None:
    steps = joined(server, Draft("GET", CONVERSATIONS, (("skip", "20"),)))

    assert [(each.pages, each.entries, each.is_over) for each in steps] == [
        (1, 20, False),
        (2, 40, False),
        (3, 45, True),
    ]
    assert steps[-1].why == ""
    assert [len(json.loads(each.exchange.body)) for each in steps] == [20, 40, 45]
    whole = json.loads(steps[-1].exchange.body)
    assert [each["title"] for each in whole] == [f"Conversation {number}" for number in range(45)]
    assert pages_asked(server) == [f"?results=20&skip={skip}" for skip in (0, 20, 40)]


def test_all_pages_in_the_path_are_too(server: ForeignAIRisk) -> None:
    steps = joined(server, Draft("GET", f"{CONVERSATIONS}/x/15/0/"))

    assert (steps[-1].pages, steps[-1].entries, steps[-1].why) == (4, 45, "")
    assert pages_asked(server) == [f"/x/15/{skip}/" for skip in (0, 15, 30, 45)]


FULL = json.dumps([{"id": number} for number in range(20)]).encode()


def _turns(behave: Callable[[int], Callable[[Peer], None]]) -> Fault:
    """Another fault at each request, counted from 0."""
    count = iter(range(1000))

    def act(peer: Peer) -> None:
        behave(next(count))(peer)

    return Fault(act)


STOPS: dict[str, tuple[Fault, int, int, str]] = {
    "a server that ignores skip": (answers_json(FULL), 1, 20, "AIRisk returned the same page again"),
    "a refusal at once": (answers(403), 0, 0, "AIRisk responded with 403"),
    "a refusal later": (
        _turns(lambda turn: (answers_json(FULL) if turn == 0 else answers(500)).act),
        1,
        20,
        "AIRisk responded with 500",
    ),
    "no array": (answers_json(b'{"items": []}'), 0, 0, "the response is not an array"),
    "no array later": (
        _turns(lambda turn: answers_json(FULL if turn == 0 else b"null").act),
        1,
        20,
        "the response is not an array",
    ),
    "nothing": (answers(204), 0, 0, "AIRisk responded with 204"),
    "no JSON": (answers_json(b"[1, 2"), 0, 0, "the response is not an array"),
}


@pytest.mark.parametrize(("fault", "pages", "entries", "why"), STOPS.values(), ids=STOPS)
def test_what_ends_the_pages_before_their_end_is_reported(
    server: ForeignAIRisk, fault: Fault, pages: int, entries: int, why: str
) -> None:
    server.breaks(CONVERSATIONS, fault)
    last = joined(server, Draft("GET", CONVERSATIONS))[-1]

    assert (last.pages, last.entries, last.is_over, last.why) == (pages, entries, True, why)


def test_pages_that_came_before_the_network_failed_were_handed_over(server: ForeignAIRisk) -> None:
    server.breaks(
        CONVERSATIONS,
        _turns(lambda turn: (answers_json(FULL) if turn == 0 else CATALOG["resets_before_answer"]).act),
    )

    async def ask() -> list[int]:
        heard = []
        async with session_with(server) as session:
            identity = await session.act_as(GRACE)
            with contextlib.suppress(AIRiskError):
                async for each in all_pages(Draft("GET", CONVERSATIONS), lambda page: session.send(page, identity)):
                    heard.append(each.entries)  # noqa: PERF401 - what came before the fault counts
                heard.append(0)
        return heard

    assert asyncio.run(ask()) == [20]


def test_numbers_and_texts_stand_in_the_joined_answer_as_they_came(server: ForeignAIRisk) -> None:
    page = b'[1.0,\n 12345678901234567890123, "\\u00e9\\/", {"b":1,  "a":2}]'
    server.breaks(CONVERSATIONS, answers_json(page))
    last = joined(server, Draft("GET", CONVERSATIONS))[-1]

    assert last.exchange.body == b'[1.0,12345678901234567890123,"\\u00e9\\/",{"b":1,  "a":2}]'
