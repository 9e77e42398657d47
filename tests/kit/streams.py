"""A person who asks an agent on the screen, and streams that go wrong in every way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.kit.asking import open_endpoint
from tests.kit.deployment.events import PATH, delta, event
from tests.kit.deployment.faults import Fault
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed

HELLO = event("thread.message.created", {"id": "m-1"}) + delta("Hello, ") + delta("Grace")


@asynccontextmanager
async def asking(fault: Fault | str, **settings: str) -> AsyncIterator[Person]:
    """Someone who has asked an agent something, in a user's name."""
    with ForeignAIRisk(faults={PATH: fault}) as server:
        async with listed(server, size=(130, 40), **settings) as person:
            await person.press("j", "enter")
            await person.bar_says("ACTING AS Grace Hopper")
            await ask_agent(person)
            yield person


async def ask_agent(person: Person) -> None:
    """Fill in the question, and agree to send it."""
    await write_question(person)
    await send_question(person)


async def write_question(person: Person) -> None:
    """Fill in the question."""
    await open_endpoint(person, "ask agent")
    await person.comes_to("conversationID")
    await person.type("c-1")
    await person.press("tab")
    await person.type("Who am I?")


async def send_question(person: Person) -> None:
    """Agree to send what is filled in."""
    await person.press("f5")
    await person.sees("Don't send")
    await person.press("y")
