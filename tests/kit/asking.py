"""How a person makes a request ready and sends it, and where they read what came of it."""

from collections.abc import Awaitable, Callable

from tests.kit import ids
from tests.kit.pilot import Person

AGENTS_PATH = "/api/Chat/ListAgents"

Way = Callable[[Person], Awaitable[None]]
"""What a person does to come somewhere."""


async def act_as_ada(person: Person) -> None:
    """Act as the first user, where the list has the focus."""
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")


async def open_endpoint(person: Person, title: str) -> None:
    """Find an endpoint by its title, and open it."""
    await person.press("escape", "escape", "2", "slash", "end", "ctrl+u")
    await person.type(title)
    await person.press("down", "enter")
    await person.until(lambda: "Pick an endpoint" not in person.text_in(ids.REQUEST_LINE), "the form")


async def send_agents(person: Person) -> None:
    """Ask for the agents."""
    await open_endpoint(person, "list agents")
    await person.press("f5")


def title_of(person: Person) -> str:
    """What the answer pane says of the answer, in one line."""
    return person.text_in(ids.ANSWER_WORDS, joint=" ")


def request_line(person: Person) -> str:
    """What would be sent, in one line without its blanks."""
    return person.text_in(ids.REQUEST_LINE).replace(" ", "")


async def act_as(person: Person, name: str) -> None:
    """Choose the user of that first name."""
    await person.press("1", "slash")
    await person.press("end", "ctrl+u")
    await person.type(name)
    await person.press("enter")
    await person.bar_says(f"ACTING AS {name}")


async def open_agents(person: Person) -> None:
    """Make the request for the agents ready."""
    await person.press("2")
    await person.press("enter")
    await person.sees(f"GET {AGENTS_PATH}")


async def stay(person: Person) -> None:
    """Stay where the program opens."""


async def read_agents(person: Person) -> None:
    """As the first user, get the agents, and go to the response."""
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")
    await send_agents(person)
    await person.sees("200 OK")
    await person.press("escape", "4")
    await person.comes_to(ids.TABLE)
