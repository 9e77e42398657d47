"""One key copies what is under the cursor, and two keys show the responses of this run again."""

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, send_agents, title_of
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed


async def test_one_key_copies_what_is_under_the_cursor() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await _copies(person, "down", "u-2")
            await _copies(person, "2", AGENTS_PATH)
            await person.press("1", "up")
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("escape", "4")
            await person.comes_to(ids.TABLE)
            await _copies(person, "down", "agent-2-of-u-1")
            await _copies(person, "right", "Agent 2 of Ada Lovelace")
            await person.press("r")
            await person.comes_to(ids.DOCUMENT)
            await _copies(person, "j", '{\n    "id": "agent-1-of-u-1"')
            await person.press("h")
            await person.sees("ListAgents", "Resend as then")
            await _copies(person, "home", AGENTS_PATH)
            await person.press("Y")
            await person.sees("Copy as", "the user's ID")
            await person.press("down", "enter")
            await person.until(lambda: person.app.clipboard == "u-1", "the id of who sent it")


async def test_the_responses_of_this_run_are_shown_again_and_nothing_is_sent() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            await person.sees_no(" of 2")
            await person.press("x", "f5")
            await person.sees("401 Unauthorized", "[ 2 of 2 ]")
            sent = len(server.requests)
            await person.press("escape", "4", "left_square_bracket")
            await person.sees("[ 1 of 2 ]", "Agent 1 of Ada Lovelace")
            assert "as Ada Lovelace · u-1" in title_of(person)
            await person.press("left_square_bracket")
            await person.sees("This is the first response of this run.")
            await person.press("right_square_bracket")
            await person.sees("[ 2 of 2 ]", "401 Unauthorized")
            await person.press("right_square_bracket")
            await person.sees("This is the latest response.")
            assert len(server.requests) == sent


async def _copies(person: Person, key: str, text: str) -> None:
    await person.press(key, "y")
    await person.until(lambda: person.app.clipboard.startswith(text), f"{text} copied")
