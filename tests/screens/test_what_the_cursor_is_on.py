"""The right side shows what the cursor is on, before anything is sent, and leaves a response the room."""

import asyncio

import pytest

from tests.kit import ids
from tests.kit.asking import AGENTS_PATH, act_as_ada, open_endpoint, request_line, send_agents
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import Person, listed
from tests.kit.slow_disk import slow_disk
from tui.airisk.endpoints.model import Endpoint
from tui.panes.request.pane import RequestPane
from tui.panes.user_card import UserCard

LONGER_THAN_A_CURSOR_MOVES = 0.3  # seconds


async def test_the_card_of_a_user_follows_the_cursor_and_nothing_is_sent() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, AIRISK_PROTECTED_USERS="u-3") as person:
            await _card_shows(person, "Ada Lovelace", "ada@example.com", "Admin", "no request as this user yet")
            sent = sent_to(server)
            await person.press("down")
            await _card_shows(person, "Grace Hopper", "grace@example.com", "no request as this user yet")
            await person.press("down")
            await _card_shows(person, "Edsger Dijkstra", "protected: the settings forbid")
            await person.press("slash")
            await person.type("hop")
            await _card_shows(person, "Grace Hopper", "grace@example.com")
            assert sent_to(server) == sent


async def test_where_there_is_room_for_one_of_both_it_is_the_lists_and_not_the_cards() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(80, 20)) as person:
            await _card_shows(person, "Ada Lovelace", "ada@example.com", "Admin")
            await person.sees("› u-1 ", "u-3 ")
            await person.pilot.resize_terminal(40, 10)
            await person.sees_no("╭─ Ada Lovelace")
            await person.press("down")
            await person.until(lambda: "Grace" in str(person.app.screen.query_one(UserCard).user), "the next card")
            await person.sees("› u-2 ", "u-1 ")
            await person.press("enter")
            await person.sees("ACTING AS Grace…opper", "› u-2   ● Grace", "✓ Now acting as Grace")


async def test_a_response_stays_until_the_cursor_is_on_another_user() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as_ada(person)
            await _card_shows(person, "Ada Lovelace", "● acting as this user now")
            await send_agents(person)
            await person.sees("200 OK · as Ada Lovelace")
            await person.press("escape", "1")
            await person.comes_to(ids.USERS_TABLE)
            await person.sees("200 OK · as Ada Lovelace")
            await person.press("down")
            await _card_shows(person, "Grace Hopper", "no request as this user yet")
            await person.press("up")
            await _card_shows(person, "Ada Lovelace", "1 request, the last one ")
            await person.press("2")
            await person.sees("200 OK · as Ada Lovelace")


async def test_a_card_stays_when_the_response_before_it_is_stored() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await act_as_ada(person)
            async with slow_disk():
                await send_agents(person)
                await person.sees("200 OK · as Ada Lovelace")
                await person.press("escape", "1", "down")
                await _card_shows(person, "Grace Hopper")
            await _card_shows(person, "Grace Hopper", "no request as this user yet")
            await person.stays(lambda: "─ Grace Hopper ─" in person.screen, "the card")


async def test_the_request_that_one_goes_to_is_the_one_under_the_cursor_however_fast_one_types() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("2", "down", "3")
            await person.comes_to("agentId")
            await person.sees("POST /api/Chat/CreateConversation")


async def test_the_form_of_an_endpoint_follows_the_cursor_and_loses_nothing() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            sent = sent_to(server)
            await person.press("2")
            await person.until(lambda: request_line(person).startswith(f"GET{AGENTS_PATH}"), "the form")
            await person.press("down")
            await person.sees("POST /api/Chat/CreateConversation", "title*")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("enter")
            await person.tab_to("title")
            await person.type("My own words")
            await person.press("escape", "up")
            await person.until(lambda: request_line(person).startswith(f"GET{AGENTS_PATH}"), "the other form")
            await person.press("down")
            await person.sees("POST /api/Chat/CreateConversation", "My own words")
            assert sent_to(server) == sent


async def test_the_request_folds_when_it_was_sent_and_a_free_one_is_not_replaced_by_what_the_cursor_is_on() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("2", "f5")
            await person.sees("401 Unauthorized", "F5 sends it · 3 changes it")
            await person.sees_no("Accept-Encoding")
            await person.press("3")
            await person.sees("Accept-Encoding")
            await person.sees_no("F5 sends it ")

            await person.press("f6")
            await person.sees("headers, one per line")
            await person.press("escape", "down", "down", "down")
            await person.sees("›   POST   Add file")
            await person.stays(lambda: "headers, one per line" in person.screen, "the free request")
            await person.press("f5")
            await person.sees("2 of 2", "F5 sends it · 3 changes it")
            assert {each.path for each in server.requests if "/Chat/" in each.path} == {AGENTS_PATH}


async def test_the_key_that_writes_a_raw_request_leads_back_from_its_body_too() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await open_endpoint(person, "create conversation")
            await person.press("f6")
            await person.sees("headers, one per line")
            await person.press("3")
            await person.comes_to("body-text")
            await person.press("f6")
            await person.sees_no("headers, one per line")
            await person.sees("agentId")


async def test_enter_in_the_filter_of_the_explorer_opens_the_only_match_and_goes_to_several() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            sent = sent_to(server)
            await person.press("2", "slash")
            await person.type("conversation")
            await person.press("enter")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("slash", "end", "ctrl+u")
            await person.type("feed")
            await person.press("enter")
            await person.comes_to("conversationId")
            await person.sees("POST /api/Chat/SubmitFeedback")
            assert sent_to(server) == sent


async def test_the_explorer_points_at_what_the_palette_opened_though_a_filter_hid_it_and_the_cursor_has_rested(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_form = RequestPane.open

    async def open_slowly(pane: RequestPane, endpoint: Endpoint) -> None:
        await open_form(pane, endpoint)
        await asyncio.sleep(LONGER_THAN_A_CURSOR_MOVES)

    monkeypatch.setattr(RequestPane, "open", open_slowly)
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await person.press("2", "slash")
            await person.type("conversation")
            await person.sees_no("Submit feedback")
            await person.press("enter", "colon")
            await person.type("feedb")
            await person.sees("POST Submit feedback")
            await person.press("enter")
            await person.sees("POST /api/Chat/SubmitFeedback")
            await person.press("escape")
            await person.comes_to(ids.ENDPOINTS)
            await person.sees("›   POST   Submit feedback")


def sent_to(server: ForeignAIRisk) -> list[str]:
    """The paths of all requests except those that look for a description after the start."""
    return [each.path for each in server.requests if not each.path.endswith(".json")]


async def _card_shows(person: Person, name: str, *facts: str) -> None:
    await person.sees(f"─ {name} ─", *facts)
