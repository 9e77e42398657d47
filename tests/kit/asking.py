"""How a person makes a request ready and sends it, and where they read what came of it."""

from tests.kit import ids
from tests.kit.pilot import Person

AGENTS_PATH = "/api/Chat/ListAgents"


async def act_as_ada(person: Person) -> None:
    """Act as the first user, where the list has the focus."""
    await person.press("enter")
    await person.bar_says("ACTING AS Ada")


async def open_endpoint(person: Person, title: str) -> None:
    """Find an endpoint by its title, and open it."""
    await person.press("escape", "escape", "2", "slash", "end", "ctrl+u")
    await person.type(title)
    await person.press("enter", "enter")
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
