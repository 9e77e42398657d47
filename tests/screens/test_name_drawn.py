"""A request goes in the name that the bar showed when its key was handled, or it does not go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event

import pytest
from textual import events

from tests.kit.asking import AGENTS_PATH, act_as, open_agents, open_endpoint
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pilot import Person, listed
from tui.airisk.models import Draft
from tui.history.entry import HistoryEntry
from tui.history.store import History
from tui.screens.dialogs import ConfirmDialog

LONGER_THAN_KEYS_WAIT = 1.5  # seconds
CREATE_PATH = "/api/Chat/CreateConversation"


def asked(server: ForeignAIRisk, path: str) -> list[str]:
    """In whose name each request of that path came."""
    return [each.identity or "" for each in server.requests if each.path == path]


@asynccontextmanager
async def signing_in_late(server: ForeignAIRisk, person: Person) -> AsyncIterator[Callable[[], None]]:
    """Signing in as Grace takes until the given function is called; until then, the person acts as Ada."""
    token_comes = Event()

    def answer_late(peer: Peer) -> None:
        token_comes.wait()
        peer.answer_normally()

    server.breaks(TOKEN_PATH, Fault(answer_late))
    await person.press("escape", "escape", "1", "slash", "end", "ctrl+u")
    await person.type("Grace")
    await person.press("enter", "enter")
    await person.bar_says("SIGNING IN as Grace Hopper", "still ACTING AS Ada Lovelace")
    try:
        yield token_comes.set
    finally:
        token_comes.set()


async def remember_a_request(person: Person) -> None:
    """Send a request as Ada, which is in the history then."""
    await act_as(person, "Ada")
    await open_agents(person)
    await person.press("f5")
    await person.sees("200 OK · as Ada Lovelace")


async def test_nothing_is_sent_before_the_bar_shows_the_name() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            await act_as(person, "Grace")
            await open_agents(person)
            with person.app.batch_update():  # so busy is the machine: nothing is drawn for longer than keys wait
                await person.press("minus", "f5")
                await person.until(lambda: not person.app.input_queue.is_busy, "the keys to be handled")
            await person.sees(
                "Not sent: the bar did not show Ada Lovelace · u-1 yet. Look at the bar, then press the key again."
            )
            await person.press("f5")
            await person.sees("200 OK · as Ada Lovelace")
            assert asked(server, AGENTS_PATH) == ["u-1"]


async def test_nothing_of_the_history_is_sent_before_the_bar_shows_the_name() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await remember_a_request(person)
            async with signing_in_late(server, person) as sign_in:
                await person.press("h")
                await person.sees("resend as Ada Lovelace")
                with person.app.batch_update():
                    sign_in()
                    await person.until(lambda: person.app.identity_status.identity.id == "u-2", "the identity")
                    await person.press("f5")
                    await person.until(lambda: not person.app.input_queue.is_busy, "the key to be handled")
            await person.sees(
                "Not sent: the bar did not show Grace Hopper · u-2 yet. Look at the bar, then press the key again."
            )
            await person.press("f5")
            await person.until(lambda: asked(server, AGENTS_PATH) == ["u-1", "u-2"], "the request")


async def test_a_sign_in_that_ends_meanwhile_changes_no_name_of_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    read, is_read = History.draft, asyncio.Event()

    async def read_slowly(history: History, past: HistoryEntry) -> Draft:
        await is_read.wait()
        return await read(history, past)

    monkeypatch.setattr(History, "draft", read_slowly)
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await remember_a_request(person)
            async with signing_in_late(server, person) as sign_in:
                await person.press("h")
                await person.sees("resend as Ada Lovelace")
                await person.press("f5")
                sign_in()
                await person.bar_says("ACTING AS Grace Hopper")
            is_read.set()
            await person.sees(
                "Not sent: it was meant to be sent as Ada Lovelace · u-1, but now you act as Grace Hopper · u-2."
            )
            assert asked(server, AGENTS_PATH) == ["u-1"]


async def test_a_question_in_a_name_goes_when_the_bar_turns_to_another() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            await open_endpoint(person, "create conversation")
            await person.tab_to("agentId")
            await person.type("agent-1")
            async with signing_in_late(server, person) as sign_in:
                await person.press("f5")
                await person.sees("Don't send", "as       Ada Lovelace · u-1")
                sign_in()
                await person.bar_says("ACTING AS Grace Hopper")
            await person.sees_no("Don't send")
            await person.press("f5")
            await person.sees("Don't send", "as       Grace Hopper · u-2")
            await person.press("y")
            await person.sees("200 OK · as Grace Hopper")
            assert asked(server, CREATE_PATH) == ["u-2"]


async def test_it_is_said_in_whose_name_a_comparison_asks() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await remember_a_request(person)
            server.breaks(AGENTS_PATH, "never_answers")
            await person.press("c")
            await person.sees("Compare with")
            await person.type("grace")
            await person.press("enter")
            await person.sees("Sending as Grace Hopper · u-2 … Esc cancels.")
            await person.press("escape")
            await person.sees("Canceled.")


async def test_no_key_acts_on_a_screen_that_was_not_drawn() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            await open_endpoint(person, "create conversation")
            await person.tab_to("agentId")
            await person.type("agent-1")
            with person.app.batch_update():
                await person.press("f5")
                person.app.post_message(events.Key("y", "y"))
                await asyncio.sleep(LONGER_THAN_KEYS_WAIT)
                assert isinstance(person.app.screen, ConfirmDialog)
                assert asked(server, CREATE_PATH) == []
            person.app.refresh()  # Textual draws nothing of a batch when it ends
            await person.sees("200 OK · as Ada Lovelace")


async def test_no_description_is_requested_before_the_bar_shows_the_name() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            async with signing_in_late(server, person) as sign_in:
                await person.press("o")
                await person.sees("from the deployment, /swagger/v1/swagger.json")
                with person.app.batch_update():
                    sign_in()
                    await person.until(lambda: person.app.identity_status.identity.id == "u-2", "the identity")
                    before = len(server.requests)
                    await person.press("enter")
                    await person.until(lambda: not person.app.input_queue.is_busy, "the key to be handled")
            await person.sees("Not sent: the bar did not show Grace Hopper · u-2 yet.")
            assert len(server.requests) == before
