"""A long list: seen while it is still coming, filtered and sorted in slices; nobody is chosen but who is seen."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from tests.kit.deployment.dialect import SHORT_LIST_PATH
from tests.kit.deployment.faults import comes_in_two, stalls
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.shapes import Person
from tests.kit.patience import comes_true
from tests.kit.pilot import opened
from tui.panes.users import UsersTable
from tui.sandbox import Options, Sandbox
from tui.screens.main.screen import MainScreen

MANY = 25_000


async def test_the_first_users_are_seen_and_moved_among_while_the_others_are_coming() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server) as person:
            await person.sees("users so far", "u-0000")
            await person.press("j", "j")
            await person.sees("› u-0002")
            rest_may_come.set()
            await person.sees(" 3,000 users ─", "› u-0002")


async def test_the_preselected_user_is_first_and_under_the_cursor_before_they_have_arrived() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server, USER_ID="u-2999") as person:
            await person.sees("users so far", "› u-2999", "u-0000")
            rest_may_come.set()
            await person.sees(" 3,000 users ─", "› u-2999  Ada 2999")


async def test_nobody_slides_under_the_cursor_if_the_preselected_user_never_arrives() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server, USER_ID="u-9999") as person:
            await person.sees("users so far", "› u-9999", "u-0000")
            rest_may_come.set()
            await person.sees(" 3,000 users ─", "› u-9999  not listed")


async def test_a_cursor_that_was_moved_while_the_list_came_stays_on_its_user() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server, USER_ID="u-2999") as person:
            await person.sees("users so far", "› u-2999", "u-0000")
            await person.press("j", "j")
            await person.sees("users so far", "› u-0001")
            rest_may_come.set()
            await person.sees(" 3,000 users ─", "› u-0001")


async def test_a_cursor_among_the_matches_of_a_filter_stays_on_its_user_when_the_list_is_complete() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server, USER_ID="u-2999") as person:
            await person.sees("users so far", "› u-2999", "u-0000")
            await person.press("slash", *"999", "down")
            await person.sees("› u-0999")
            rest_may_come.set()
            await person.sees("3 of 3,000 ─", "› u-0999")


async def test_a_filter_that_matches_no_user_yet_says_so_and_shows_the_first_who_come() -> None:
    with list_in_two(stays_out=1) as (server, rest_may_come):
        async with opened(server) as person:
            await person.sees("APPLICATION", "users so far")
            await person.press("slash", *"ada 2500")
            await person.sees("No matches so far. More users are loading.")
            rest_may_come.set()
            await person.sees("u-2500  Ada 2500", "users so far")


async def test_enter_acts_from_the_first_turn_in_which_the_users_are_there() -> None:
    with list_in_two() as (server, _):
        async with opened(server, USER_ID="u-2999") as person:
            screen = lambda: person.app.screen  # noqa: E731
            await comes_true(
                lambda: isinstance(screen(), MainScreen) and screen().is_mounted,
                "the main screen",
                meanwhile=lambda _: asyncio.sleep(0),
            )
            person.app.screen.query_one(UsersTable).action_select_cursor()
            await person.bar_says("ACTING AS u-2999")


async def test_who_is_acted_as_before_the_list_names_them_is_not_acted_as_again() -> None:
    with list_in_two() as (server, rest_may_come):
        async with opened(server, USER_ID="u-2999") as person:
            await person.sees("users so far", "› u-2999", "u-0000")
            await person.press("enter")
            await person.bar_says("ACTING AS u-2999")
            rest_may_come.set()
            await person.sees(" 3,000 users ─", "› u-2999  ● Ada 2999")
            signed_in = server.issued.count("u-2999")
            await person.press("enter")
            await person.until(lambda: "You already act as u-2999." in person.notice, "who is acted as")
            assert server.issued.count("u-2999") == signed_in


@contextmanager
def list_in_two(stays_out: int = 0) -> Iterator[tuple[ForeignAIRisk, Event]]:
    """A list of 3,000 users, of whom the second half comes once the event is set, but for the last so many bytes."""
    people = [{"id": f"u-{number:04}", "name": f"Ada {number}", "about": "x" * 150} for number in range(3_000)]
    body = json.dumps(people).encode()
    gate, half = Event(), len(body) // 2
    fault = comes_in_two(body[:half], body[half:], gate, stays_out=stays_out)
    with ForeignAIRisk(faults={SHORT_LIST_PATH: fault}) as server:
        server.add_user(Person("u-2999", "Ada", "2999"))
        try:
            yield server, gate
        finally:
            gate.set()


async def test_all_that_came_of_a_list_that_stands_still_is_seen() -> None:
    people = [{"id": f"u-{number:04}", "name": "Ada", "about": "x" * 150} for number in range(1_500)]
    with ForeignAIRisk(faults={SHORT_LIST_PATH: stalls(json.dumps(people).encode().removesuffix(b"]"))}) as server:
        async with opened(server) as person:
            await person.sees("? Help", "1,460 users so far")
            await person.press("G")
            await person.sees("u-1459")


async def test_a_list_that_breaks_off_leaves_nobody() -> None:
    with list_in_two(stays_out=1) as (server, rest_may_come):
        async with opened(server) as person:
            await person.sees("APPLICATION", "users so far")
            rest_may_come.set()
            time.sleep(0.5)  # noqa: ASYNC251 - the program stands still, so that it gets the key and more users at once
            await person.press("escape")
            await person.sees("Loading the users was canceled.", "not loaded")
            await person.sees_no("u-0000")


async def test_it_is_sorted_and_enter_takes_the_first_of_those_who_are_found_however_quickly_it_is_typed() -> None:
    with Sandbox(Options(users=MANY)) as crowd:
        async with opened(crowd) as person:
            await person.sees(f" {MANY:,} users ─")
            await person.press("t", "T")
            await person.sees("ID ▼", "› u-000000")
            await person.press("g")
            await person.sees("› u-024999")
            await person.press("t")
            await person.sees("Name ▲", "› u-024999")
            await person.click("Role")
            await person.sees("Role ▲")
            await person.click("Role ▲")
            await person.sees("Role ▼")
            await person.type("/monitor\r")
            await person.sees(f"of {MANY:,} ─", "Role ▼")
            await person.bar_says("APPLICATION")
            await person.press("slash", "ctrl+u", "escape")
            await person.sees(f" {MANY:,} users ─")
            await person.type("/u-024999\r\r")
            await person.bar_says("u-024999")
