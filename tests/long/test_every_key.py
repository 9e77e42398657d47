"""Wherever one is: each key of a footer does something, what is typed arrives, and only one's own keys are named."""

from pathlib import Path

import pytest

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed, opened
from tests.screens.test_footer import PLACES, QUIT, keys_of, press_and_see
from tests.screens.test_own_keys import ALONE, move_all
from tests.screens.test_ways_in import WALKS, go_on


@pytest.mark.parametrize("place", PLACES)
async def test_each_key_of_the_footer_does_something(place: str) -> None:
    with ForeignAIRisk() as server:
        async with listed(server, size=(140, 40)) as person:
            await PLACES[place](person)
            keys = sorted(keys_of(person))
        for key, _ in keys:
            async with listed(server, size=(140, 40)) as person:
                await PLACES[place](person)
                if key == QUIT:
                    await person.press(key)
                    await person.until(lambda: not person.app.is_running, "the end")
                else:
                    await press_and_see(person, key)


@pytest.mark.parametrize("walk", WALKS)
async def test_whatever_acts_is_reported_and_whatever_is_typed_arrives(
    walk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await go_on(walk, tmp_path)


ACTIONS = (
    ("go_to_explorer", "List agents"),
    ("filter", "filter by title"),
    ("clear_filter", "List agents"),
    ("open_endpoint", "GET /api/Chat/ListAgents"),
    ("submit", "200 OK · as Ada"),
    ("go_to_response", "200 OK"),
    ("search_document", "search"),
    ("leave_search", "200 OK"),
    ("toggle_headers", "connection"),
    ("save_response", "in this file:"),
    ("leave_prompt", "200 OK"),
    ("copy_as", "Copy as"),
    ("leave_choice", "200 OK"),
    ("compare", "Compare with"),
    ("leave_choice", "200 OK"),
    ("help", "Help"),
    ("close_help", "200 OK"),
    ("go_to_request", "Accept-Encoding"),
    ("toggle_raw", "headers, one per line"),
    ("cancel", "headers, one per line"),
    ("go_to_users", "Ada"),
    ("open_history", "History"),
    ("filter", "History"),
    ("clear_filter", "ListAgents"),
    ("back", "headers, one per line"),
    ("check_connection", "All checks passed."),
    ("leave_check", "headers, one per line"),
    ("choose_deployment", "Deployments"),
    ("new_deployment", "Name this deployment."),
    ("leave_prompt", "Deployments"),
    ("leave_deployments", "headers, one per line"),
    ("import_description", "from a file"),
    ("leave_choice", "headers, one per line"),
    ("paste_curl", "Paste a curl command"),
    ("leave_paste", "headers, one per line"),
    ("matrix", "Access matrix"),
    ("start_matrix", " allowed "),
    ("open_cell", "Runs don't store bodies."),
    ("leave_cell", "15 cells tested"),
    ("filter", "filter by name"),
    ("clear_filter", "15 cells tested"),
    ("help", "Help"),
    ("close_help", "15 cells tested"),
)
"""Actions one after another, each with words that are seen after it."""


async def test_wherever_one_goes_no_usual_key_is_named_any_more(tmp_path: Path) -> None:
    moved = move_all(tmp_path)
    with ForeignAIRisk() as server:
        async with opened(server) as person:
            await person.sees("3 users", "acts as this user")
            await person.press(moved["act_as"])
            await person.bar_says("ACTING AS Ada")
            for action, words in ACTIONS:
                await person.press(moved[action])
                await person.sees(words)
                named = [line for line in person.lines if ALONE.search(line)]
                assert named == [], action
