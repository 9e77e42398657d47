"""A person who asks an agent on the screen, and streams that go wrong in every way."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.screens.asking import open_endpoint
from tests.screens.stage import Person, listed
from tests.servers.breakable import Behaviour
from tests.servers.foreign import ForeignAIRisk
from tests.servers.peer import Peer

PATH = "/api/Chat/AskAgent"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
DONE = b"event: done\ndata: [DONE]\n\n"


def event(kind: str, data: object) -> bytes:
    """One event."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def delta(text: str) -> bytes:
    """A piece of the text."""
    return event("thread.message.delta", {"delta": {"content": [{"text": {"value": text}}]}})


HELLO = event("thread.message.created", {"id": "m-1"}) + delta("Hello, ") + delta("Grace")


def says(*pieces: bytes, then: Callable[[Peer], None] = Peer.hang_up) -> Behaviour:
    """A stream of these pieces, and then that."""

    def act(peer: Peer) -> None:
        peer.send(HEAD)
        for piece in pieces:
            peer.send(piece)
        then(peer)

    return Behaviour(act)


def reset_later(peer: Peer) -> None:
    """A reset takes with it what was not read yet."""
    peer.pause(0.3)
    peer.reset()


@asynccontextmanager
async def asking(behaviour: Behaviour, **settings: str) -> AsyncIterator[Person]:
    """Someone who has asked an agent something, in a user's name."""
    with ForeignAIRisk(overrides={PATH: behaviour}) as server:
        async with listed(server, size=(120, 40), **settings) as person:
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await ask_agent(person)
            yield person


async def ask_agent(person: Person) -> None:
    """Fill in the question, and agree to send it."""
    await open_endpoint(person, "ask agent")
    await person.until(lambda: getattr(person.app.focused, "name", "") == "conversationID", "the form")
    await person.type("c-1")
    await person.press("tab")
    await person.type("Who am I?")
    await person.press("f5")
    await person.sees("Send this?")
    await person.press("y")
