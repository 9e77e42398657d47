"""From each pane and dialog, each key that goes back, closes or focuses, and then Enter: nothing is sent by that."""

from collections.abc import Awaitable, Callable

import pytest

from tests.kit import ids
from tests.kit.asking import open_endpoint, send_agents
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed

DIGITS = ("1", "2", "3", "4")
EVERY_WAY = ("escape", *DIGITS, "tab", "shift+tab")
CREATE_PATH = "/api/Chat/CreateConversation"

Go = Callable[[Person], Awaitable[None]]


async def act_as_ada(person: Person) -> None:
    await person.press("1", "slash", "end", "ctrl+u", "enter", "g", "enter")
    await person.bar_says("ACTING AS Ada")


async def the_users(person: Person) -> None:
    await person.press("1")


async def the_filter_of_the_users(person: Person) -> None:
    await person.press("1", "slash", "end", "ctrl+u")
    await person.type("ada")


async def the_explorer(person: Person) -> None:
    await person.press("2")


async def the_filter_of_the_explorer(person: Person) -> None:
    await person.press("2", "slash", "end", "ctrl+u")
    await person.type("agents")


async def a_request_without_a_field(person: Person) -> None:
    await open_endpoint(person, "list agents")


async def a_field(person: Person) -> None:
    await open_endpoint(person, "create conversation")
    await person.type("agent-1")


async def a_free_request(person: Person) -> None:
    await open_endpoint(person, "list agents")
    await person.press("f6")
    await person.sees("headers, one per line")


async def an_answer(person: Person) -> None:
    await person.press("4")


async def the_search_of_an_answer(person: Person) -> None:
    await person.press("4", "slash")
    await person.type("agent")


async def the_help(person: Person) -> None:
    await person.press("escape", "escape", "question_mark")
    await person.sees("Esc closes")


async def the_history(person: Person) -> None:
    await person.press("2", "h")
    await person.sees("─ History ─")


async def the_filter_of_the_history(person: Person) -> None:
    await the_history(person)
    await person.press("slash")
    await person.type("agents")


async def a_text_to_paste(person: Person) -> None:
    await person.press("2", "p")
    await person.sees("Paste a curl command")


async def what_to_copy(person: Person) -> None:
    await person.press("4", "Y")
    await person.sees("Copy as")


async def whom_to_compare_with(person: Person) -> None:
    await person.press("4", "c")
    await person.sees("Compare with")


async def a_description_to_import(person: Person) -> None:
    await person.press("2", "o")
    await person.sees("OpenAPI description")


async def the_plan_of_a_matrix(person: Person) -> None:
    await person.press("2", "m")
    await person.sees("Access matrix")


async def the_palette(person: Person) -> None:
    await person.press("ctrl+p")
    await person.sees("Search for commands")


async def a_question_before_a_change(person: Person) -> None:
    await act_as_ada(person)
    await open_endpoint(person, "create conversation")
    await person.type("agent-1")
    await person.press("f5")
    await person.sees("Don't send")


PLACES: dict[Go, tuple[str, ...]] = {
    the_users: EVERY_WAY,
    the_filter_of_the_users: EVERY_WAY,
    the_explorer: EVERY_WAY,
    the_filter_of_the_explorer: EVERY_WAY,
    a_request_without_a_field: EVERY_WAY,
    a_field: EVERY_WAY,
    a_free_request: EVERY_WAY,
    an_answer: EVERY_WAY,
    the_search_of_an_answer: EVERY_WAY,
    the_help: EVERY_WAY,
    the_history: EVERY_WAY,
    the_filter_of_the_history: EVERY_WAY,
    a_text_to_paste: EVERY_WAY,
    what_to_copy: EVERY_WAY,
    a_question_before_a_change: ("escape", *DIGITS),
    # Enter says in these what is to be sent: whom to ask as, or what.
    whom_to_compare_with: ("escape",),
    a_description_to_import: ("escape",),
    the_plan_of_a_matrix: ("escape",),
    the_palette: ("escape",),
}
"""How to get there, and the keys that are pressed there before Enter."""


def asked(server: ForeignAIRisk) -> int:
    """How many requests came, those to sign in and for the list apart."""
    return sum("/Chat/" in request.path for request in server.requests)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_nothing_is_sent_unless_send_was_reached_by_tab(place: Go) -> None:
    with ForeignAIRisk(faults={CREATE_PATH: answers(200, b"{}")}) as server:
        async with listed(server, size=(120, 44)) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            for way in PLACES[place]:
                await back_to_the_application(person)
                await place(person)
                await person.press(way)
                is_send_by_tab = way in {"tab", "shift+tab"} and person.focus == ids.SEND
                if not is_send_by_tab:
                    await person.press("enter")
                    await person.stays(lambda: asked(server) == 1, f"after {way} and Enter, nothing sent")
            await back_to_the_application(person)
            await act_as_ada(person)
            await send_agents(person)  # comes later than anything else would have
            await person.until(lambda: asked(server) >= 2, "the request that was meant")
            assert asked(server) == 2


async def back_to_the_application(person: Person) -> None:
    """Close what is open, and act as nobody: then no change is confirmed, and each would be sent at once."""
    await person.press(*["escape"] * 5, "2", "escape", "x")
    await person.bar_says("APPLICATION")
