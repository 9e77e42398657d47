"""What a person waits for opens no screen under their hands, and what they stop or refuse ends nothing else."""

from threading import Event

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, open_endpoint, send_agents, title_of
from tests.kit.deployment.faults import Fault, answers, comes_in_two
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.patience import ENOUGH
from tests.kit.pilot import Person, listed
from tests.screens.typing_stage import typed_text

CREATE = "/api/Chat/CreateConversation"


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the keys rest only when the test says so."""
    monkeypatch.setattr("tui.screens.unasked.REST", ENOUGH)
    return monkeypatch


def keys_rest(typing: pytest.MonkeyPatch) -> None:
    typing.setattr("tui.screens.unasked.REST", 0)


def sent(server: ForeignAIRisk) -> int:
    """How often the conversation was created."""
    return sum(request.path == CREATE for request in server.requests)


async def create(person: Person) -> None:
    """Fill in the form of a conversation, and send it."""
    await open_endpoint(person, "create conversation")
    await person.comes_to("agentId")
    await person.type("agent-1")
    await person.press("f5")
    await person.sees("Send POST as Ada Lovelace?")
    await person.press("y")


async def test_a_question_that_comes_late_is_not_answered_by_what_is_typed(typing: pytest.MonkeyPatch) -> None:
    comes, refused = Event(), answers(401)

    def refuse(peer: Peer) -> None:
        comes.wait(ENOUGH)
        refused.act(peer)

    with ForeignAIRisk(faults={CREATE: Fault(refuse)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await create(person)
            await person.until(lambda: sent(server) == 1, "the request")
            await person.press("1", "slash", "e")
            await person.comes_to(ids.USERS_FILTER)
            comes.set()
            await person.until(lambda: "401" in title_of(person), "the response")
            await person.type("y")
            await person.stays(lambda: typed_text(person) == "ey", "the filter")
            assert sent(server) == 1
            keys_rest(typing)
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("n")
            assert sent(server) == 1


async def test_a_choice_that_comes_late_does_not_take_what_is_typed(typing: pytest.MonkeyPatch) -> None:
    comes = Event()
    with ForeignAIRisk(faults={AGENTS_PATH: comes_in_two(b"", b'[{"id": "a-1", "name": "Risk"}]', comes)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await person.press("A")
            await person.sees("Listing the agents")
            await person.press("1", "slash", *"ho")
            comes.set()
            await person.until(lambda: "Listing the agents" not in person.notice, "the agents")
            await person.type("p")
            await person.stays(lambda: typed_text(person) == "hop", "the filter")
            keys_rest(typing)
            await person.sees("Talk to", "Risk")


async def test_who_stops_acting_compares_with_nobody_any_more() -> None:
    gone = Event()

    def wait(peer: Peer) -> None:
        peer.wait_until_gone()
        gone.set()

    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            server.breaks(AGENTS_PATH, Fault(wait))
            await person.press("4", "c")
            await person.sees("Compare with")
            await person.type("grace")
            await person.sees("send as Grace Hopper")
            await person.press("enter")
            await person.sees("Sending as Grace Hopper")
            await person.press("1", "x")
            await person.bar_says("APPLICATION")
            await person.until(gone.is_set, "the connection closed")


async def test_a_second_request_that_is_not_agreed_to_leaves_the_first_one_alone() -> None:
    comes = Event()
    with ForeignAIRisk(faults={CREATE: comes_in_two(b"", b"{}", comes)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await create(person)
            await person.until(lambda: sent(server) == 1, "the first request")
            await person.press("f5")
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("n")
            await person.until(lambda: "Not sent." in person.notice, "the second one refused")
            comes.set()
            await person.until(lambda: title_of(person).startswith("200 OK"), "the first response")
            assert sent(server) == 1
