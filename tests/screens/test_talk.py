"""A conversation with an agent: one key opens it, one confirmation is for all of it, and it is sent as nobody else."""

import json
from pathlib import Path

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, send_agents
from tests.kit.deployment.events import PATH as ASK
from tests.kit.deployment.events import says
from tests.kit.deployment.faults import answers, answers_json
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.peer import Peer
from tests.kit.pilot import Person, listed
from tests.kit.streams import HELLO, send_question, write_question
from tests.kit.trails import entries_in
from tui.airisk.audit_sink import EndReason
from tui.config.paths import audit_file

CREATE = "/api/Chat/CreateConversation"
ADD_FILE = "/api/Chat/AddFileToConversation/c-45-of-u-1"


def posts(server: ForeignAIRisk) -> list[tuple[str, str | None]]:
    """The changes that were asked for, each with whose token came with it."""
    return [(each.path, each.identity) for each in server.requests if each.method == "POST" and "/Chat/" in each.path]


async def talk(person: Person) -> None:
    """Act as Ada, and open a conversation with the second agent that she sees."""
    await act_as_ada(person)
    await person.press("A")
    await person.sees("Talk to", "Agent 1 of Ada Lovelace")
    await person.type("agent 2")
    await person.press("enter")
    await person.sees("Talk · Agent 2 of Ada Lovelace", "Write to Agent 2 of Ada Lovelace as Ada Lovelace.")


async def say(person: Person, text: str) -> None:
    await person.type(text)
    await person.press("enter")


async def agree(person: Person) -> None:
    await person.sees("Talk to Agent 2 of Ada Lovelace as Ada Lovelace?")
    await person.press("y")


async def test_from_an_agent_in_a_response_one_key_one_message_and_one_confirmation() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await send_agents(person)
            await person.sees("200 OK")
            await person.press("escape", "4", "down")
            await person.until(lambda: "A Talk" in person.footer, "the key in the footer")
            await person.press("A")
            await person.sees("Talk · Agent 2 of Ada Lovelace")
            await say(person, "Who am I?")
            await person.sees(f"POST {CREATE}", f"POST {ASK}", "Who am I?")
            await person.reads_in(ids.SUMMARY, "All messages and files are sent without asking again until you leave")
            assert posts(server) == []
            await agree(person)
            await person.sees("Hello, Ada Lovelace")
            await person.press("f1")
            await person.sees("Scroll the conversation up", "Attach a file to the message")
            await person.press("escape")
            await say(person, "And now?")
            await person.until(lambda: person.screen.count("Hello, Ada Lovelace") == 2, "the second reply")
            await person.press("escape", "h")
            await person.until(lambda: person.screen.count("AskAgent") >= 2, "both in the history")
        assert posts(server) == [(CREATE, "u-1"), (ASK, "u-1"), (ASK, "u-1")]
        begun, first, second = (
            json.loads(each.body) for each in server.requests if each.method == "POST" and "/Chat/" in each.path
        )
        assert begun == {"title": "Who am I?", "agentId": "agent-2-of-u-1", "metadata": []}
        assert first == {"conversationID": "c-45-of-u-1", "text": "Who am I?"}
        assert second["text"] == "And now?"
    changed = [(each.path, each.identity) for each in entries_in(audit_file()) if each.event == "intent"]
    assert changed == [(CREATE, "u-1"), (ASK, "u-1"), (ASK, "u-1")]


async def test_the_reply_is_seen_while_it_comes_and_esc_stops_it_and_then_leaves() -> None:
    with ForeignAIRisk(faults={ASK: says(HELLO, then=Peer.wait_until_gone)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await talk(person)
            await say(person, "Who am I?")
            await agree(person)
            await person.sees("Hello, Grace", "Esc stops", "Esc Cancel")
            await say(person, "too early")
            await person.until(lambda: "still replying" in person.notice, "why it is not sent")
            await person.press("escape")
            await person.sees("Hello, Grace", "✗ stopped; the agent may still be running", "Esc Back")
            await person.press("escape")
            await person.until(lambda: "What you wrote is not sent." in person.notice, "what would be lost")
            await person.sees("too early")
            await person.type(" or late")
            await person.until(lambda: not person.notice, "no question")
            await person.press("escape")
            await person.until(lambda: "What you wrote is not sent." in person.notice, "what would be lost")
            await person.sees("too early or late")
            await person.press("escape")
            await person.sees("1 Users", "2 Explorer")
        assert posts(server) == [(CREATE, "u-1"), (ASK, "u-1")]


async def test_files_are_sent_before_the_message_that_they_are_attached_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evidence.txt").write_text("Read me.")
    with ForeignAIRisk(faults={ADD_FILE: answers_json(b'{"id": "f-1"}')}) as server:
        async with listed(server, size=(120, 40)) as person:
            await talk(person)
            await person.press("f3")
            await person.sees("Choose a file", "evidence.txt")
            await person.press("enter")
            await person.sees("+ evidence.txt")
            await say(person, "What is in it?")
            await agree(person)
            await person.sees("+ evidence.txt, 8 B", "Hello, Ada Lovelace")
        assert [path for path, _ in posts(server)] == [CREATE, ADD_FILE, ASK]
        assert b"Read me." in next(each.body for each in server.requests if each.path == ADD_FILE)


async def test_what_was_not_sent_is_still_there_to_be_sent() -> None:
    with ForeignAIRisk(faults={ASK: answers(500, b"oops")}) as server:
        async with listed(server, size=(120, 40)) as person:
            await talk(person)
            await say(person, "Who am I?")
            await person.sees("Don't talk")
            await person.press("n")
            await person.sees("✗ Not sent.")
            assert posts(server) == []
            await person.reads_in(ids.MESSAGE, "▌ Who am I?")
            await person.press("enter")
            await agree(person)
            await person.sees("✗ AIRisk responded with 500")
            await person.reads_in(ids.MESSAGE, "▌ Who am I?")
            server.mends(ASK)
            await person.press("enter")
            await person.sees("Hello, Ada Lovelace")
        assert [path for path, _ in posts(server)] == [CREATE, ASK, ASK]


async def test_on_production_each_request_is_confirmed_as_everywhere() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40), AIRISK_LABEL="production") as person:
            await talk(person)
            await say(person, "Who am I?")
            for title in (f"POST {CREATE}", f"POST {ASK}"):
                await person.sees(title, "Type production to confirm.")
                await say(person, "production")
            await person.sees("Hello, Ada Lovelace")
            await say(person, "Again")
            await person.sees(f"POST {ASK}", "Type production to confirm.")
            await person.press("escape")
            await person.sees("✗ Not sent.")
        assert [path for path, _ in posts(server)] == [CREATE, ASK]


async def test_where_acting_begins_read_only_nothing_is_sent_until_changes_are_allowed() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40), AIRISK_ACT_READ_ONLY="true") as person:
            await talk(person)
            await say(person, "Who am I?")
            await person.sees("✗ POST blocked: acting as Ada Lovelace · u-1 is read-only.", "then W allows changes")
            assert posts(server) == []


async def test_a_conversation_ends_with_the_acting_session_it_is_held_in() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(120, 40), AIRISK_REQUIRE_AUDIT="true") as person:
            await talk(person)
            path = audit_file()
            path.unlink()
            path.mkdir()
            await say(person, "Who am I?")
            await agree(person)
            await person.until(lambda: person.who == "APPLICATION", "nobody acted as")
            await person.sees("cannot be written")
            await person.type("As whom")
            await person.stays(lambda: "As whom" not in person.screen, "a line that takes no more")
            await person.press("escape")
            await person.sees("1 Users", "2 Explorer")
        assert posts(server) == []


async def test_a_conversation_that_ends_while_a_reply_comes_says_why() -> None:
    with ForeignAIRisk(faults={ASK: says(HELLO, then=Peer.wait_until_gone)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await talk(person)
            await say(person, "Who am I?")
            await agree(person)
            await person.sees("Hello, Grace", "Esc stops")
            main = person.app.deployments.main
            assert main
            main.identity.stop(EndReason.LIMIT)
            await person.sees("✗ Canceled. AIRisk may already have processed it.")
            await person.sees("This conversation ended: you no longer act as Ada Lovelace")


async def test_esc_in_a_conversation_stops_its_reply_and_no_other_response_that_comes() -> None:
    with ForeignAIRisk(faults={ASK: says(HELLO, then=Peer.wait_until_gone)}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await write_question(person)
            await send_question(person)
            await person.sees("Hello, Grace")
            await person.press("A")
            await person.sees("Talk to")
            await person.type("agent 2")
            await person.press("enter")
            await person.sees("Talk · Agent 2 of Ada Lovelace")
            await say(person, "Who am I?")
            await agree(person)
            await person.sees("Hello, Grace", "Esc stops")
            await person.press("escape")
            await person.sees("stopped; the agent may still be running")
            await person.press("escape")
            await person.sees("1 Users", "stopped; the agent may still be running", "Esc Cancel")
            await person.press("escape")
            await person.sees_no("Esc Cancel")
            assert "Canceled" not in person.notice
            await person.press("h")
            await person.until(
                lambda: sum("/api/Chat/AskAgent" in line for line in person.lines) > 2, "both, and one below"
            )


async def test_who_stops_acting_while_the_agents_are_listed_asks_for_them_no_longer() -> None:
    with ForeignAIRisk(faults={AGENTS_PATH: "never_answers"}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await person.press("A")
            await person.until(lambda: any(each.path == AGENTS_PATH for each in server.requests), "the request")
            await person.press("x")
            await person.bar_says(" APPLICATION ")
            work = [each for each in person.app.workers if each.group == "talk"]
            await person.until(lambda: all(each.is_finished for each in work), "no more of it")
            await person.until(lambda: "Listing" not in person.notice, "no word of it")


async def test_where_no_agent_is_listed_it_is_said_and_nothing_is_opened() -> None:
    with ForeignAIRisk(faults={AGENTS_PATH: answers_json(b"[]")}) as server:
        async with listed(server, size=(120, 40)) as person:
            await act_as_ada(person)
            await person.press("A")
            await person.until(lambda: "AIRisk lists no agents for Ada Lovelace" in person.notice, "why not")
            server.breaks(AGENTS_PATH, answers(403, b"{}"))
            await person.press("A")
            await person.until(lambda: "AIRisk responded with 403" in person.notice, "why not")
            await person.sees("1 Users")
