"""A person opens the program: what is there before AIRisk has said a word, and what AIRisk may then say."""

from pathlib import Path

import pytest
from textual import events
from textual.message import Message
from textual.widgets import Input

from tests.screens.stage import SIZE, Person, listed, opened, told
from tests.servers.behaviours import BEHAVIOURS, answers
from tests.servers.broken import BrokenServer
from tests.servers.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.servers.tokens import GENERIC
from tui.app import AIRiskApp


async def test_the_screen_is_drawn_and_the_keys_answer_before_airisk_does() -> None:
    with BrokenServer("never_answers") as server:
        async with opened(server, size=(120, 50)) as person:
            await person.sees("1 Users", "2 Explorer", "Signing in …")
            await person.bar_says("SIGNING IN")
            await person.press("2", "j")
            assert person.focus == "endpoints"
            await person.press("question_mark")
            await person.sees("Keys", "Words")
            await person.press("escape")
            await person.sees_no("Words")
            assert "SIGNING IN" in person.bar


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


async def test_esc_cancels_a_sign_in_that_hangs_and_ctrl_r_tries_again() -> None:
    with BrokenServer("never_answers") as server:
        async with opened(server) as person:
            await person.bar_says("SIGNING IN")
            await person.press("escape")
            await person.sees("The sign-in was cancelled.", "Ctrl+R asks again.")
            await person.bar_says("NOT SIGNED IN")
            await person.press("ctrl+r")
            await person.bar_says("SIGNING IN")


async def test_ctrl_q_quits_while_the_sign_in_hangs() -> None:
    with BrokenServer("never_answers") as server:
        async with opened(server) as person:
            await person.until(lambda: bool(server.requests), "a request under way")
            await person.press("ctrl+q")
            await person.until(lambda: not person.app.is_running, "the end")
        assert person.app.return_code == 0


async def test_a_server_that_is_not_there_is_told_in_a_line_and_tried_again() -> None:
    with BrokenServer("refuses") as server:
        async with opened(server) as person:
            await person.bar_says("NOT SIGNED IN")
            await person.sees("✗ Cannot reach 127.0.0.1", "Ctrl+R asks again.")
            await person.press("2", "enter", "f5")
            await person.sees("Not signed in.", "Ctrl+R signs in.")


async def test_the_preselected_user_is_under_the_cursor_and_not_yet_acted_as() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, USER_ID="u-2") as person:
            assert "▸ u-2" in person.row("Grace Hopper")
            assert "GENERIC" in person.bar
            assert server.issued == [GENERIC]


async def test_a_preselected_user_who_is_gone_leaves_the_cursor_on_the_first() -> None:
    with ForeignAIRisk() as server:
        async with listed(server, USER_ID="u-404") as person:
            assert "▸ u-1" in person.row("Ada Lovelace")


async def test_single_user_mode_acts_at_once_and_asks_for_no_list() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, SINGLE_USER="true", USER_ID="u-2") as person:
            await person.bar_says("ACTING AS u-2")
            await person.sees("Single-user mode: no list was asked for.")
            assert person.focus == "endpoints"
            await person.press("enter", "f5")
            await person.sees("200 OK · as u-2", "Agent 1 of Grace Hopper")
        assert all("List" not in request.path or "Agents" in request.path for request in server.requests)


async def test_a_refused_secret_is_asked_for_again_with_the_reason_and_what_was_typed_is_kept() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="wrong", USER_ID="u-2") as person:
            await person.sees("AIRisk refused the client secret", "Enter it again.")
            assert person.focus == "CLIENT_SECRET"
            assert "NOT SIGNED IN" in person.bar
            assert server.client_id in person.screen
            await person.type("still wrong")
            await person.press("f5")
            await person.sees("AIRisk refused the client secret")
            await person.until(lambda: person.focus == "CLIENT_SECRET", "the field for the secret")
            await person.type(server.client_secret)
            assert server.client_secret not in person.screen
            await person.press("enter")
            await person.sees("3 users")
            assert "▸ u-2" in person.row("Grace Hopper")


async def test_in_a_window_that_is_made_too_small_one_still_types_where_one_was() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            await too_small_and_back(person, "users-table")
        async with opened(server, secret="") as person:
            await person.sees("Client secret")
            await too_small_and_back(person, "CLIENT_SECRET")
            await person.type(f"{server.client_secret}\r")
            await person.sees("3 users")


async def too_small_and_back(person: Person, focus: str) -> None:
    """Somebody pulls at the window."""
    for width, height in ((40, 4), (1, 1), (20, 5), SIZE):
        await person.pilot.resize_terminal(width, height)
        await person.pilot.pause()
        assert person.focus == focus


async def test_esc_on_the_form_quits() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="") as person:
            await person.sees("Connect to AIRisk", "Client secret")
            await person.press("escape")
            await person.until(lambda: not person.app.is_running, "the end")
        assert server.requests == []


async def test_the_form_says_what_is_wrong_and_keeps_what_was_typed() -> None:
    faults = (
        ("AIRISK_URL", "demo.aicrisk.com", "“Deployment” must begin with https://"),
        ("AIRISK_URL", "http://demo.aicrisk.com", "“Deployment” must be https://"),
        ("CLIENT_ID", "", "Still needed: client id."),
        ("REDIRECT_URI", "no address", "“Redirect URI” is not an address"),
    )
    with ForeignAIRisk() as server:
        async with opened(server, secret="") as person:
            await person.sees("Connect to AIRisk")
            await person.type("the secret")
            for name, value, words in faults:
                field = person.app.screen.query_one(f"#{name}", Input)
                right, field.value = field.value, value
                await person.press("enter")
                await person.until(lambda: words in person.notice, words)  # noqa: B023
                assert "••••••••••" in person.screen
                field.value = right
        assert server.requests == []


async def test_an_authorize_step_that_is_not_one_is_told_and_can_be_tried_again() -> None:
    with ForeignAIRisk() as server:
        async with listed(server) as person:
            for behaviour in ("captive_portal", "status_999", "garbage_status_line", "429_seconds"):
                server.override(AUTHORIZE_PATH, BEHAVIOURS[behaviour])
                server.revoke()
                await person.press("escape", "ctrl+r")
                await person.until(lambda: "✗" in person.notice, behaviour)
                await person.sees("3 users")


async def test_a_first_sign_in_that_fails_can_be_tried_again() -> None:
    with ForeignAIRisk(overrides={AUTHORIZE_PATH: BEHAVIOURS["captive_portal"]}) as server:
        async with opened(server) as person:
            await person.bar_says("NOT SIGNED IN")
            await person.sees("Ctrl+R asks again.")
            server.restore(AUTHORIZE_PATH)
            await person.press("ctrl+r")
            await person.sees("3 users")


async def test_what_was_to_be_written_down_is_written_when_a_later_try_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ForeignAIRisk(overrides={AUTHORIZE_PATH: BEHAVIOURS["captive_portal"]}) as server:
        async with opened(server, secret="", CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk", "[x] Write the rest to .env")
            assert person.focus == "CLIENT_ID"
            await person.type(server.client_id)
            await person.press("tab", "tab", "tab")
            await person.type(server.client_secret)
            await person.press("enter")
            await person.sees("Check that “Deployment” is an AIRisk deployment.", "•" * len(server.client_secret))
            assert person.focus == "AIRISK_URL"
            assert not (tmp_path / ".env").exists()
            server.restore(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 user", "The other settings are in .env of this directory.")
        assert server.client_id in (tmp_path / ".env").read_text()


async def test_where_nothing_that_was_typed_is_to_blame_enter_tries_once_more_and_nothing_typed_is_shown() -> None:
    with ForeignAIRisk(overrides={AUTHORIZE_PATH: answers(500)}) as server:
        async with opened(server, secret="") as person:
            await person.sees("Connect to AIRisk")
            await person.type(f"{server.client_secret}\r")
            await person.sees("did not give a code", "•" * len(server.client_secret))
            await person.until(lambda: person.focus == "connect", "the next step")
            await person.type("a secret once more")
            assert "a secret once more" not in person.screen
            server.restore(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 users")


async def test_enter_leads_through_the_form_and_past_nothing_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk", "Enter leads from field to field")
            await person.press("enter")
            await person.sees("Still needed: deployment, client id, client secret.")
            await person.type("htp://nowhere\r")
            await person.sees("“Deployment” must begin with https://. It looks like https://demo.aicrisk.com.")
            assert person.focus == "AIRISK_URL"
            await person.press("home", "ctrl+k")
            await person.type(f"{server.url}\r")
            await person.until(lambda: person.focus == "CLIENT_ID", "the next field")
            assert "✗" not in person.screen
            await person.press("up")
            await person.until(lambda: person.focus == "AIRISK_URL", "the field before")
            await person.press("down")
            await person.type(f"{server.client_id}\r")
            await person.type("nowhere\r")
            await person.sees("“Redirect URI” is not an address.")
            await person.press("home", "ctrl+k", "enter")
            await person.until(lambda: person.focus == "USER_ID", "the next field")
            await person.type("u-2\r")
            await person.until(lambda: person.focus == "CLIENT_SECRET", "the last field")
            await person.type(f"{server.client_secret}\r")
            await person.sees("3 users", "The other settings are in .env of this directory.")
            await person.press("f2")
            await person.sees("the secret comes from what was typed", "All is well.")


async def test_what_was_typed_and_led_nowhere_is_mended_where_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ForeignAIRisk() as gone:
        nowhere = gone.url
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL=nowhere, CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk")
            await person.type(f"nobody\r\r\r{server.client_secret}\r")
            await person.sees("the connection was refused. Check “Deployment” and the network")
            await person.until(lambda: person.focus == "AIRISK_URL", "what is to be looked at")
            await person.press("home", "ctrl+k")
            await person.type(f"{server.url}\r")
            await person.sees("it does not know this client", "Check “Client id”")
            await person.until(lambda: person.focus == "CLIENT_ID", "what is to be looked at")
            await person.press("home", "ctrl+k")
            unknown = answers(400, b"redirect_uri is not registered", ("Content-Type", "text/plain"))
            server.override(AUTHORIZE_PATH, unknown)
            await person.type(f"{server.client_id}\r")
            await person.until(lambda: person.focus == "REDIRECT_URI", "what AIRisk itself says")
            server.restore(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 users", "The other settings are in .env of this directory.")
