"""One key copies what is under the cursor, and two keys show the responses of this run again."""

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, open_endpoint, send_agents, title_of
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.messages import Received
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
            await person.sees("ListAgents", "Resend as before")
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
            await person.sees_no(" of 2 ]")
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


async def test_a_change_of_this_run_is_opened_with_its_response_and_sent_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(150, 48)) as person:
            await act_as_ada(person)
            await open_endpoint(person, "create conversation")
            await person.tab_to("agentId")
            await person.type("agent-7")
            await person.press("f5")
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("y")
            await person.sees("200 OK · as Ada Lovelace")
            await person.press("escape", "h")
            await person.sees('"agentId": "agent-7"', "response")
            await person.press("enter")
            await person.sees("headers, one per line", '"agentId":"agent-7"', "200 OK · as Ada Lovelace")
            await person.press("f5")
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("y")
            await person.until(lambda: sum(each.method == "POST" for each in _created(server)) == 2, "the second one")
            assert len({each.body for each in _created(server)}) == 1


def _created(server: ForeignAIRisk) -> list[Received]:
    return [each for each in server.requests if each.path == "/api/Chat/CreateConversation"]


async def _copies(person: Person, key: str, text: str) -> None:
    await person.press(key, "y")
    await person.until(lambda: person.app.clipboard.startswith(text), f"{text} copied")
