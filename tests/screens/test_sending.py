"""A person makes a request ready, sends it in somebody's name, and reads what came of it."""

import json
from pathlib import Path

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, open_endpoint, request_line, send_agents, title_of
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed
from tui.sandbox import Options, Sandbox


async def test_the_same_request_shows_what_each_may_see() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await send_agents(person)
            await person.sees("200 OK · as Ada Lovelace · u-1", "Agent 1 of Ada Lovelace")
            await person.press("minus")
            await person.bar_says("APPLICATION")
            await person.press("f5")
            await person.sees("401 Unauthorized · as application", "The application's token can only list users")


async def test_a_403_says_whose_permissions_those_are() -> None:
    with Sandbox(Options(users=50)) as sandbox:
        async with listed(sandbox) as person:
            await person.press("slash")
            await person.type("monitor")
            await person.press("enter", "enter")
            await person.bar_says("ACTING AS")
            await open_endpoint(person, "list conversations")
            await person.press("f5")
            name = " · ".join(person.bar.split("ACTING AS ")[1].split(" · ")[:2])
            await person.until(lambda: title_of(person).startswith("403 Forbidden"), "403")
            await person.until(lambda: "is not allowed to do this." in " ".join(title_of(person).split()), "whose")
            assert name in title_of(person).split("is not allowed")[0].splitlines()[-1]


async def test_what_was_typed_is_remembered_for_each_endpoint() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "get conversation conversationid")
            await person.type("c 7/8")
            await person.until(lambda: "GET/api/Chat/GetConversation/c%207%2F8" in request_line(person), "the path")
            await open_endpoint(person, "list conversations")
            await person.until(lambda: "results=20&skip=0" in request_line(person), "the query")
            await open_endpoint(person, "get conversation conversationid")
            await person.until(lambda: "GET/api/Chat/GetConversation/c%207%2F8" in request_line(person), "the path")
            await person.sees("c 7/8")


async def test_a_required_field_is_reported_before_anything_is_sent() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "get conversation conversationid")
            await person.sees("conversationId*", "conversationId is required.")
            asked = len(server.requests)
            await person.press("f5")
            await person.until(lambda: "! conversationId is required." in person.notice, "a warning")
            await person.press("tab")
            await person.until(lambda: person.focus != "conversationId", "the focus elsewhere")
            await person.press("f5")
            await person.comes_to("conversationId")
            await person.comes_to("conversationId")
            assert len(server.requests) == asked


async def test_a_number_that_is_none_is_reported() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "list conversations")
            await person.tab_to("results")
            await person.press("end", "ctrl+u")
            await person.type("many")
            await person.sees("results must be a whole number.")


async def test_a_body_is_sent_as_json() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await open_endpoint(person, "create conversation")
            await person.type("agent-0")
            await person.press("shift+tab")
            await person.type('Vendor "Q3"')
            await person.press("f5")
            await person.sees("Don't send", "POST /api/Chat/CreateConversation", "Ada Lovelace · u-1")
            await person.press("y")
            await person.sees("200 OK · as Ada Lovelace", '"title": "Vendor \\"Q3\\""')
            (sent,) = (each for each in server.requests if each.path == "/api/Chat/CreateConversation")
        assert json.loads(sent.body) == {"title": 'Vendor "Q3"', "agentId": "agent-0", "metadata": []}
        assert sent.header("content-type") == "application/json"
        assert sent.identity == "u-1"


async def test_a_file_is_uploaded_under_its_name(here: Path) -> None:
    report = here / "risk report.pdf"
    report.write_bytes(b"%PDF \x00\xff")
    path = "/api/Chat/AddFileToConversation/c-1"
    with ForeignAIRisk(faults={path: answers(200, b"{}", ("Content-Type", "application/json"))}) as server:
        async with listed(server) as person:
            await open_endpoint(person, "add file")
            await person.type("c-1")
            await person.press("tab")
            await person.type(report.name)
            await person.press("f5")
            await person.sees("200 OK")
            (sent,) = (each for each in server.requests if each.path == path)
        assert (sent.header("content-type") or "").startswith("multipart/form-data")
        assert b'name="risk report.pdf"' in sent.body
        assert b"%PDF \x00\xff" in sent.body


async def test_a_file_that_is_not_there_is_reported_before_anything_is_sent() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "add file")
            await person.type("c-1")
            await person.press("f5")
            await person.until(lambda: "Choose a file to send." in person.notice, "the words")
            await person.press("tab")
            await person.type("/nowhere/at/all")
            await person.press("f5")
            await person.until(lambda: "/nowhere/at/all is not a file." in person.notice, "the words")
            await send_agents(person)  # comes later than a request with the file would have
            await person.sees("401 Unauthorized")
        assert not [request for request in server.requests if "AddFileToConversation" in request.path]


async def test_a_revoked_token_is_renewed_and_the_response_says_so() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            server.revoke("u-1")
            await send_agents(person)
            await person.until(lambda: "token renewed, resent" in title_of(person), "the words")
            assert "200 OK" in title_of(person)


async def test_an_endpoint_known_by_name_only_can_be_completed_and_is_remembered() -> None:
    made = answers(201, b"{}", ("Content-Type", "application/json"))
    with ForeignAIRisk(faults={"/api/Users/Create": made}) as server:
        async with listed(server) as person:
            await person.press("2", "slash")
            await person.type("create user")
            await person.press("enter")
            await person.sees("documentation lists Create User but not its path")
            asked = len(server.requests)
            await person.press("escape")
            await person.sees_no("Known by name")
            await person.press("enter")
            await person.type("FETCH /api/Users/Create")
            await person.press("enter")
            await person.until(lambda: "GET, HEAD, OPTIONS" in person.notice, "which methods there are")
            assert len(server.requests) == asked
            await person.press("enter")
            await person.type("POST /api/Users/Create")
            await person.press("enter")
            await person.until(lambda: request_line(person) == "POST/api/Users/Create", "the form")
            await person.press("f5")
            await person.until(lambda: title_of(person).startswith("201 Created"), "the answer")
        async with listed(server) as person:
            await open_endpoint(person, "create user")
            await person.until(lambda: request_line(person) == "POST/api/Users/Create", "what was found out before")


async def test_what_changes_things_is_not_sent_when_the_person_thinks_better_of_it() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("enter")
            await person.bar_says("ACTING AS Ada")
            await open_endpoint(person, "submit feedback")
            for words in ("c-1", "m-1"):
                await person.type(words)
                await person.press("tab")
            await person.sees("feedback*         choose one", "feedback is required.")
            await person.press("enter", "down", "enter")
            await person.sees("feedback*         Like")
            asked = len(server.requests)
            for key in ("n", "escape", "enter"):
                await person.press("f5")
                await person.sees("Don't send")
                await person.bar_says("ACTING AS Ada Lovelace")
                await person.press(key)
                await person.until(lambda: "Not sent." in person.notice, "the words")
            assert len(server.requests) == asked


async def test_esc_leaves_a_field_so_that_letters_are_keys_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "get conversation conversationid")
            await person.type("c-1")
            await person.press("escape")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("1")
            await person.comes_to(ids.USERS_TABLE)


async def test_where_the_panes_take_turns_an_opened_form_has_the_focus() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(80, 24)) as person:
            await person.press("2", "ctrl+enter")
            await person.sees("401 Unauthorized")
            await person.press("3", "2", "slash")
            await person.type("list conversations")
            await person.press("enter")
            await person.sees("results=20&skip=0")
            await person.comes_to("agentid")
            await person.until(lambda: "Raw" in person.footer, "what can be done with the form")


async def test_nothing_is_sent_from_the_heading_of_a_group() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            sent = len(server.requests)
            await person.press("2", "escape", "g")
            await person.until(lambda: "⏎ Fold" in person.footer and "F5" not in person.footer, "the keys of a group")
            await person.press("f5")
            await person.until(lambda: "Nothing to send yet." in person.notice, "why nothing is sent")
            await person.press("enter")
            await person.until(lambda: "⏎ Unfold" in person.footer, "the folded group")
            assert len(server.requests) == sent


async def test_the_focus_stays_in_the_list_from_which_a_request_is_sent_and_esc_is_offered_to_cancel_it() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await send_agents(person)
            await person.sees("401 Unauthorized")
            for key, its_list in (("1", ids.USERS_TABLE), ("2", ids.ENDPOINTS)):
                server.breaks(AGENTS_PATH, "never_answers")
                await person.press(key, "f5")
                await person.until(lambda: "Esc Cancel" in person.footer, "what Esc does")
                await person.press("escape")
                await person.sees("✗ Canceled.")
                server.mends()
                await person.press("f5")
                await person.sees("401 Unauthorized · as application")
                await person.stays(lambda: person.focus == its_list, "the focus")  # noqa: B023
