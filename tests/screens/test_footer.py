"""The footer names a few keys, each of which does something here and now; Esc leads back and does nothing else."""

import pytest

from tests.kit.asking import Way, read_agents, stay
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tui.widgets.key_bar import KeyBar

GLOBAL = {"Stop acting", "Matrix", "History", "Help", "Quit"}
ANYWHERE = {"x", "m", "h", "question_mark", "f1", "ctrl+q"}
"""Keys that do the same everywhere: pressed in one place."""


async def explorer(person: Person) -> None:
    await person.press("2")
    await person.sees("List agents")


async def form(person: Person) -> None:
    await person.press("2", "down", "enter")
    await person.comes_to("agentId")


async def json(person: Person) -> None:
    await read_agents(person)
    await person.press("r")
    await person.sees('"id": "agent-1')


async def history(person: Person) -> None:
    await read_agents(person)
    await person.press("h")
    await person.sees("ListAgents", "Resend as then")


async def matrix(person: Person) -> None:
    await person.press("m")
    await person.sees("Access matrix")
    await person.press("enter")
    await person.sees("10 allowed")


PLACES: dict[str, Way] = {
    "users": stay,
    "explorer": explorer,
    "form": form,
    "table": read_agents,
    "JSON": json,
    "history": history,
    "matrix": matrix,
}


@pytest.mark.parametrize("place", PLACES)
async def test_each_key_of_the_footer_does_something(place: str) -> None:
    with ForeignAIRisk() as server:
        keys = [""]
        while keys:
            async with listed(server, size=(140, 40)) as person:
                await PLACES[place](person)
                if not keys[0]:
                    keys = [key for key in keys_of(person) if place == "users" or key not in ANYWHERE]
                key, *keys = keys
                before = person.screen
                await person.press(key)
                if key != "ctrl+q":
                    await person.until(lambda: person.screen != before, f"what {key} does")  # noqa: B023
                else:
                    await person.until(lambda: not person.app.is_running, "the end")


@pytest.mark.parametrize("place", PLACES)
async def test_the_footer_is_short_and_has_the_way_out(place: str) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            await PLACES[place](person)
            await person.until(lambda: person.footer.rstrip().endswith(" Help  ^q Quit"), "the way out")
            labels = [" ".join(words.split()[1:]) for words in person.footer.split("  ") if words.strip()]
            own = [label for label in labels if label not in GLOBAL]
            assert (len(own) <= 5, len(labels) - len(own) <= 4) == (True, True), person.footer
            sent = asked_of(server)
            await person.press(*["escape"] * 6)
            await person.sees("1 Users")
            assert (asked_of(server), person.app.is_running) == (sent, True)


def asked_of(server: ForeignAIRisk) -> list[str]:
    """The paths of all requests except those that look for a description after the start."""
    return [each.path for each in server.requests if not each.path.endswith(".json")]


def keys_of(person: Person) -> list[str]:
    """The keys that the footer shows."""
    bar = person.app.screen.query_one(KeyBar)
    return list(dict.fromkeys(key for each in bar.render_line(0) if each.style and (key := each.style.meta.get("key"))))


async def test_a_message_does_not_hold_esc_up() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await form(person)
            await person.press("end", "enter", "enter")
            await person.until(lambda: "Press F5 to send the request." in person.notice, "a message")
            await person.press("escape")
            await person.comes_to("endpoints")
            await person.until(lambda: not person.notice, "nothing any more")
