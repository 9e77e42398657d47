"""A request goes in the name that the bar showed when its key was handled, or it does not go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event

import pytest

from tests.kit.asking import AGENTS_PATH
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import TOKEN_PATH, ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pilot import Person, listed
from tests.screens.test_acting import act_as, open_agents
from tui.airisk.models import Draft
from tui.history.entry import HistoryEntry
from tui.history.store import History


def asked(server: ForeignAIRisk, path: str) -> list[str]:
    """In whose name each request of that path came."""
    return [each.identity or "" for each in server.requests if each.path == path]


@asynccontextmanager
async def signing_in_late(server: ForeignAIRisk) -> AsyncIterator[tuple[Person, Callable[[], None]]]:
    """Someone who reads the history as Ada, while signing in as Grace takes until the given function is called."""
    token_comes = Event()

    def answer_late(peer: Peer) -> None:
        token_comes.wait()
        peer.answer_normally()

    async with listed(server) as person:
        await act_as(person, "Ada")
        await open_agents(person)
        await person.press("f5")
        await person.sees("200 OK · as Ada Lovelace")
        server.breaks(TOKEN_PATH, Fault(answer_late))
        await person.press("1", "slash", "end", "ctrl+u")
        await person.type("Grace")
        await person.press("enter", "enter")
        await person.bar_says("SIGNING IN as Grace Hopper", "still ACTING AS Ada Lovelace")
        await person.press("h")
        await person.sees("again as now: Ada Lovelace")
        try:
            yield person, token_comes.set
        finally:
            token_comes.set()


async def test_nothing_is_sent_before_the_bar_shows_the_name() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as(person, "Ada")
            await act_as(person, "Grace")
            await open_agents(person)
            with person.app.batch_update():  # so busy is the machine: nothing is drawn for longer than keys wait
                await person.press("minus", "f5")
                await person.until(lambda: not person.app.input_queue.is_busy, "the keys to be handled")
            await person.sees("Not sent: the bar did not show Ada Lovelace · u-1 yet. F5 sends it.")
            await person.press("f5")
            await person.sees("200 OK · as Ada Lovelace")
            assert asked(server, AGENTS_PATH) == ["u-1"]


async def test_nothing_of_the_history_is_sent_before_the_bar_shows_the_name() -> None:
    with ForeignAIRisk() as server:
        async with signing_in_late(server) as (person, sign_in):
            with person.app.batch_update():
                sign_in()
                await person.until(lambda: person.app.identity_status.identity.id == "u-2", "the identity")
                await person.press("f5")
                await person.until(lambda: not person.app.input_queue.is_busy, "the key to be handled")
            await person.sees("Not sent: the bar did not show Grace Hopper · u-2 yet. F5 sends it.")
            await person.press("f5")
            await person.until(lambda: asked(server, AGENTS_PATH) == ["u-1", "u-2"], "the request")


async def test_a_sign_in_that_ends_meanwhile_changes_no_name_of_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    read, is_read = History.draft, asyncio.Event()

    async def read_slowly(history: History, past: HistoryEntry) -> Draft:
        await is_read.wait()
        return await read(history, past)

    monkeypatch.setattr(History, "draft", read_slowly)
    with ForeignAIRisk() as server:
        async with signing_in_late(server) as (person, sign_in):
            await person.press("f5")
            sign_in()
            await person.bar_says("ACTING AS Grace Hopper")
            is_read.set()
            await person.sees("Not sent: it was meant as Ada Lovelace · u-1, and you act as Grace Hopper · u-2 now.")
            assert asked(server, AGENTS_PATH) == ["u-1"]
