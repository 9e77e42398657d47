"""One key copies what is under the cursor, and two keys show the responses of this run again."""

from textual.widgets import TextArea

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
            await person.sees("ListAgents", "F5 Resend")
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


WIDE = (150, 48)


async def test_a_change_of_this_run_is_opened_in_its_form_with_its_response_and_sent_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=WIDE) as person:
            await act_as_ada(person)
            await _create_conversation(person, "{{user.id}}-7")
            await open_endpoint(person, "list agents")
            await person.press("escape", "h")
            await person.sees('"agentId": "u-1-7"', "response")
            await person.press("enter")
            await person.sees("POST /api/Chat/CreateConversation", '"agentId":"u-1-7"', "200 OK · as Ada Lovelace")
            await person.sees_no("headers, one per line")
            assert person.row("›", "Create conversation")
            await person.comes_to("agentId")
            await _send_again(person, server, 2)
            assert len({each.body for each in _created(server)}) == 1
            await person.press("h", "enter")
            await person.comes_to("agentId")
            await person.type("agent-8")
            await _send_again(person, server, 3)
            assert _created(server)[-1].body == _created(server)[0].body.replace(b"u-1-7", b"agent-8")
            await person.type("h\ragent-9")  # What is typed ahead is for the field, and no letter of it is a key.
            await _send_again(person, server, 4)
            assert b"agent-9" in _created(server)[-1].body


async def test_a_change_of_an_earlier_run_is_opened_in_its_form_if_it_was_stored_whole() -> None:
    with ForeignAIRisk() as server:
        for run in range(2):
            async with listed(server, size=WIDE, AIRISK_KEEP_BODIES="true") as person:
                await act_as_ada(person)
                if run == 0:
                    await _create_conversation(person, "agent-7")
                else:
                    await person.press("h")
                    await person.sees("CreateConversation", "body    stored")
                    await person.press("enter")
                    await person.comes_to("title")
                    await _send_again(person, server, 2)
        assert len({each.body for each in _created(server)}) == 1


async def test_of_a_change_of_an_earlier_run_without_its_body_the_rest_is_opened_and_nothing_is_sent() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=WIDE) as person:
            await act_as_ada(person)
            await _create_conversation(person, "agent-7")
        async with listed(server, size=WIDE) as person:
            await act_as_ada(person)
            await person.press("h")
            await person.sees("✗ Cannot resend: the body was not stored.")
            await person.press("f5")
            await person.sees("! Cannot resend: the body was not stored.")
            await person.press("enter")
            await person.comes_to("title")
            await person.sees("! The body was not stored. Fill it in, then press F5 to send the request.")
            await person.press("f5")
            await person.sees("! title is required.")
            await person.type("Again")
            await person.tab_to("agentId")
            await person.type("agent-8")
            await _send_again(person, server, 2)
            assert b"Again" in _created(server)[-1].body


async def test_what_no_form_makes_is_opened_as_a_raw_request_with_its_braces_as_they_were() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=WIDE) as person:
            await act_as_ada(person)
            await open_endpoint(person, "create conversation")
            await person.press("f6")
            await person.sees("headers, one per line")
            raw = person.app.screen.query_one(f"#{ids.BODY}", TextArea)
            raw.text = '{"title":"\\{{user.id}}","agentId":"a","metadata":[],"more":1}'
            await person.press("f5")
            await person.sees("Send POST as Ada Lovelace?")
            await person.press("y")
            await person.sees("200 OK · as Ada Lovelace")
            await person.press("escape", "h", "enter")
            await person.sees("headers, one per line", '"more":1')
            await _send_again(person, server, 2)
            assert {each.body for each in _created(server)} == {raw.text.replace("\\", "").encode()}


async def _create_conversation(person: Person, agent: str) -> None:
    await open_endpoint(person, "create conversation")
    await person.tab_to("agentId")
    await person.type(agent)
    await person.press("f5")
    await person.sees("Send POST as Ada Lovelace?")
    await person.press("y")
    await person.sees("200 OK · as Ada Lovelace")


async def _send_again(person: Person, server: ForeignAIRisk, times: int) -> None:
    await person.press("f5")
    await person.sees("Send POST as Ada Lovelace?")
    await person.press("y")
    await person.until(lambda: len(_created(server)) == times, f"{times} requests")
    await person.sees("200 OK · as Ada Lovelace")


def _created(server: ForeignAIRisk) -> list[Received]:
    return [each for each in server.requests if each.path == "/api/Chat/CreateConversation"]


async def _copies(person: Person, key: str, text: str) -> None:
    await person.press(key, "y")
    await person.until(lambda: person.app.clipboard.startswith(text), f"{text} copied")
