"""A person opens the program: what is there before AIRisk has said a word, and what AIRisk may then say."""

import re

import pytest
from textual import events
from textual.message import Message

from tests.kit import ids
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.dialect import SHORT_LIST_PATH
from tests.kit.deployment.faults import asks_to_wait
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.deployment.tokens import GENERIC
from tests.kit.pilot import SIZE, Person, listed, opened, told
from tui.app.app import AIRiskApp
from tui.sandbox import Options, Sandbox


async def test_keys_act_before_airisk_says_a_word_and_esc_cancels_ctrl_r_tries_again_and_ctrl_q_quits() -> None:
    with BrokenServer("never_answers") as server:
        async with opened(server, size=(120, 50)) as person:
            await person.sees("1 Users", "2 Explorer", "Signing in…")
            await person.bar_says("SIGNING IN")
            await person.press("2", "j")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("question_mark")
            await person.sees("Keys", "Terms")
            await person.press("escape")
            await person.sees_no("Terms")
            await person.bar_says("SIGNING IN")
            await person.press("escape")
            await person.sees("Sign-in was canceled.", "Press Ctrl+R to retry")
            await person.bar_says("NOT SIGNED IN")
            asked = len(server.requests)
            await person.press("ctrl+r")
            await person.bar_says("SIGNING IN")
            await person.until(lambda: len(server.requests) > asked, "a request under way")
            await person.press("ctrl+q")
            await person.until(lambda: not person.app.is_running, "the end")
        assert person.app.return_code == 0


async def test_nothing_is_asked_before_the_first_paint() -> None:
    with ForeignAIRisk() as server:
        seen = []

        def look(message: Message) -> None:
            if isinstance(message, events.Ready):
                seen.append(len(server.requests))

        app = AIRiskApp(told(server), has_keyring=False)
        async with app.run_test(size=SIZE, message_hook=look) as pilot:
            await Person(app, pilot).sees("3 users")
        assert seen == [0]


def top_ids(person: Person, most: int) -> list[str]:
    """The ids in the first rows of the table that is on the screen, with the cursor's mark."""
    found = re.findall(r"│ +((?:› )?u-\d+) {2}", person.screen)
    return found[:most]


def seconds_left(person: Person) -> int:
    """That AIRisk asks to wait, as the list of users says it; 0 where it says nothing of it."""
    found = re.search(r"AIRisk asked to wait 0:(\d\d) · Esc cancels", person.screen)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("path", [AUTHORIZE_PATH, SHORT_LIST_PATH])
async def test_an_airisk_that_asks_to_wait_is_waited_for_and_esc_cancels(path: str) -> None:
    with ForeignAIRisk(faults={path: asks_to_wait(503, "50")}) as server:
        async with opened(server) as person:
            await person.until(lambda: seconds_left(person) > 0, "the seconds to wait")
            before = seconds_left(person)
            await person.until(lambda: 0 < seconds_left(person) < before, "fewer seconds")
            await person.press("escape")
            await person.sees("Press Ctrl+R to retry")
            await person.sees_no("asks to wait")
            asked = sum(request.path == path for request in server.requests)
            assert asked == 1
            server.mends()
            await person.press("ctrl+r")
            await person.sees("3 users")


async def test_a_server_that_is_not_there_is_reported_in_a_line_and_tried_again() -> None:
    with BrokenServer("refuses") as server:
        async with opened(server) as person:
            await person.bar_says("NOT SIGNED IN")
            await person.sees("✗ Cannot reach 127.0.0.1", "Press Ctrl+R to retry")
            await person.press("2", "enter", "f5")
            await person.sees("Not signed in.", "Press Ctrl+R to sign in.")


async def test_the_preselected_user_is_under_the_cursor_and_not_yet_acted_as() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, USER_ID="u-2") as person:
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the preselected user")
            await person.bar_says("APPLICATION")
            assert server.issued == [GENERIC]


async def test_the_list_opens_at_its_top_with_the_preselected_user_first_until_it_is_sorted_or_filtered() -> None:
    with Sandbox(Options(users=200)) as sandbox:
        async with listed(sandbox, USER_ID="u-000181") as person:
            await person.until(lambda: top_ids(person, 3) == ["› u-000181", "u-000000", "u-000001"], "the top")
            await person.sees("USER_ID       preselected, so first in the list")
            await person.press("end", "up", "home", "down")
            await person.until(lambda: top_ids(person, 2) == ["u-000181", "› u-000000"], "the cursor on the second")
            await person.press("t")
            await person.until(lambda: top_ids(person, 2) == ["› u-000000", "u-000001"], "the order of the IDs")
            await person.press("T", "g")
            await person.until(lambda: top_ids(person, 1) == ["› u-000199"], "the other order")
            await person.press("t", "t", "t", "g")
            await person.until(lambda: top_ids(person, 2) == ["› u-000181", "u-000000"], "the order of the list")
            await person.press("slash", *"00018")
            await person.until(lambda: top_ids(person, 3) == ["› u-000018", "u-000180", "u-000181"], "the matches")
            await person.press("ctrl+u", "enter", "G")
            await person.sees("› u-000199")
            await person.press("up", *["up"] * 17)
            await person.sees("› u-000180", "u-000182")


async def test_a_preselected_user_who_is_not_in_the_list_says_so_in_the_first_row() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, USER_ID="u-404") as person:
            await person.until(lambda: "not listed" in person.row("› u-404"), "the preselected user")
            await person.press("enter")
            await person.until(lambda: "AIRisk would not sign in as u-404" in person.notice, "AIRisk's answer")
            await person.press("down", "enter")
            await person.bar_says("ACTING AS Ada Lovelace")


async def test_single_user_mode_acts_at_once_and_asks_for_no_list() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, SINGLE_USER="true", USER_ID="u-2") as person:
            await person.bar_says("ACTING AS u-2")
            await person.reads_in(ids.USERS_TABLE, "Single-user mode: the user list is not loaded.")
            await person.until(lambda: person.screen.count("Single-user mode") == 1, "the sentence once, and whole")
            await person.comes_to(ids.ENDPOINTS)
            await person.press("enter", "f5")
            await person.sees("200 OK · as u-2", "Agent 1 of Grace Hopper")
        assert all("List" not in request.path or "Agents" in request.path for request in server.requests)


async def test_an_authorize_step_that_is_not_one_is_reported_and_can_be_tried_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for fault in ("captive_portal", "status_999", "garbage_status_line", "429_seconds"):
                server.breaks(AUTHORIZE_PATH, fault)
                server.revoke()
                await person.press("escape", "ctrl+r")
                await person.until(lambda: "✗" in person.notice, fault)
                await person.sees("3 users")


async def test_a_first_sign_in_that_fails_can_be_tried_again() -> None:
    with ForeignAIRisk(faults={AUTHORIZE_PATH: "captive_portal"}) as server:
        async with opened(server) as person:
            await person.bar_says("NOT SIGNED IN")
            await person.sees("Press Ctrl+R to retry")
            server.mends(AUTHORIZE_PATH)
            await person.press("ctrl+r")
            await person.sees("3 users")
