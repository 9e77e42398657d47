"""The form of the first sign-in: what a person is led through, and what is mended where it was typed."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.kit import ids
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import answers
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit.pilot import SIZE, Person, opened


async def test_a_refused_secret_is_requested_again_with_the_reason_and_esc_there_quits_nothing() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="wrong", USER_ID="u-2") as person:
            await person.sees("AIRisk rejected the client secret", "Enter it again.")
            await person.comes_to(ids.CLIENT_SECRET)
            await person.bar_says("NOT SIGNED IN")
            await person.sees(server.client_id)
            await person.type("half a sec")
            await person.press("escape")
            await person.until(lambda: not person.notice, "nothing told any more")
            await person.press("escape")
            await person.until(lambda: "Press Ctrl+Q to quit." in person.notice, "what quits")
            await person.sees("•" * len("half a sec"))
            await person.press("end", "ctrl+u")
            await person.type("still wrong")
            await person.press("f5")
            await person.sees("AIRisk rejected the client secret")
            await person.comes_to(ids.CLIENT_SECRET)
            await person.type(server.client_secret)
            await person.sees("•" * len(server.client_secret))
            assert server.client_secret not in person.screen
            await person.press("enter")
            await person.sees("3 users")
            await person.until(lambda: "› u-2" in person.row("Grace Hopper"), "the preselected user")


async def test_a_password_manager_that_fails_is_named_above_the_form_and_asked_again(tmp_path: Path) -> None:
    with ForeignAIRisk() as server:
        stored = tmp_path / "secret"
        async with opened(server, secret="", CLIENT_SECRET_COMMAND=f"cat {stored}") as person:
            await person.sees("Connect to AIRisk", "CLIENT_SECRET_COMMAND exited with 1.")
            stored.write_text(f"{server.client_secret}\n")
            await person.type(f"{server.client_secret}\r")
            await person.sees("3 users")
        async with opened(server, secret="", CLIENT_SECRET_COMMAND=f"cat {stored}") as person:
            await person.sees("3 users")


async def test_in_a_window_that_is_made_too_small_one_still_types_where_one_was() -> None:
    with ForeignAIRisk() as server:
        async with opened(server, secret="") as person:
            await person.sees("Client secret")
            await too_small_and_back(person, ids.CLIENT_SECRET)
            await person.type(f"{server.client_secret}\r")
            await person.sees("3 users")
            await too_small_and_back(person, ids.USERS_TABLE)


async def too_small_and_back(person: Person, focus: str) -> None:
    """Somebody pulls at the window."""
    for width, height in ((40, 4), (1, 1), (20, 5), SIZE):
        await person.pilot.resize_terminal(width, height)
        await person.stays(lambda: person.focus == focus, f"the focus at {focus}")


async def test_the_form_says_what_is_wrong_and_keeps_what_was_typed() -> None:
    faults = (
        ("AIRISK_URL", "ftp://demo.aicrisk.com", "“Deployment” must begin with https://"),
        ("AIRISK_URL", "http://demo.aicrisk.com", "“Deployment” must use https://"),
        ("CLIENT_ID", "", "Missing: client ID."),
        ("REDIRECT_URI", "no address", "“Redirect URI” is not a valid address"),
    )
    with ForeignAIRisk() as server:
        async with opened(server, secret="") as person:
            await person.sees("Connect to AIRisk")
            await person.type("the secret")
            for name, value, words in faults:
                field = person.app.screen.query_one(f"#{name}", Input)
                right, field.value = field.value, value
                await person.press("f5")
                await person.until(lambda: words in person.notice, words)  # noqa: B023
                await person.comes_to(name)
                await person.sees("••••••••••")
                field.value = right
        assert server.requests == []


async def test_what_was_to_be_written_down_is_written_when_a_later_try_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ForeignAIRisk(faults={AUTHORIZE_PATH: "captive_portal"}) as server:
        async with opened(server, secret="", CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk", "[x] Save other settings in .env")
            await person.comes_to(ids.CLIENT_ID)
            await person.type(server.client_id)
            await person.press("tab", "tab", "tab")
            await person.type(server.client_secret)
            await person.press("enter")
            await person.sees("Check that “Deployment” is an AIRisk deployment.", "•" * len(server.client_secret))
            await person.comes_to(ids.URL)
            assert not (tmp_path / ".env").exists()
            server.mends(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 user", "The other settings are saved in .env in this directory.")
        assert server.client_id in (tmp_path / ".env").read_text()


async def test_where_nothing_that_was_typed_is_to_blame_enter_tries_once_more_and_nothing_typed_is_shown() -> None:
    with ForeignAIRisk(faults={AUTHORIZE_PATH: answers(500)}) as server:
        async with opened(server, secret="") as person:
            await person.sees("Connect to AIRisk")
            await person.type(f"{server.client_secret}\r")
            await person.sees("The authorization request returned 500", "•" * len(server.client_secret))
            await person.comes_to(ids.CONNECT)
            await person.type("a secret once more")
            await person.stays(lambda: "a secret once more" not in person.screen, "nothing typed in sight")
            server.mends(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 users")


async def test_enter_leads_through_the_form_and_past_nothing_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL="", CLIENT_ID="") as person:
            await person.sees("No deployment yet? Run airisk-tui demo.")
            await person.sees("Connect to AIRisk", "Press Enter to move to the next field")
            await person.press("enter")
            await person.sees("Missing: deployment, client ID, client secret.")
            await person.type("htp://nowhere\r")
            await person.sees("“Deployment” must begin with https://. Example: https://demo.aicrisk.com.")
            await person.comes_to(ids.URL)
            await person.press("home", "ctrl+k")
            await person.type(f"{server.url}\r")
            await person.comes_to(ids.CLIENT_ID)
            await person.sees_no("✗")
            await person.press("up")
            await person.comes_to(ids.URL)
            await person.press("down")
            await person.type(f"{server.client_id}\r")
            await person.type("nowhere\r")
            await person.sees("“Redirect URI” is not a valid address.")
            await person.press("home", "ctrl+k", "enter")
            await person.comes_to(ids.USER_ID)
            await person.type("u-2\r")
            await person.comes_to(ids.CLIENT_SECRET)
            await person.type(f"{server.client_secret}\r")
            await person.sees("3 users", "The other settings are saved in .env in this directory.")
            await person.press("f2")
            await person.sees("client secret from your input", "All checks passed.")


async def test_what_was_typed_and_led_nowhere_is_mended_where_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with BrokenServer("refuses") as gone, ForeignAIRisk() as server:
        async with opened(server, secret="", AIRISK_URL=gone.url, CLIENT_ID="") as person:
            await person.sees("Connect to AIRisk")
            await person.type(f"nobody\r\r\r{server.client_secret}\r")
            await person.sees("the connection was refused. Check “Deployment” and the network")
            await person.comes_to(ids.URL)
            await person.press("home", "ctrl+k")
            await person.type(f"{server.url}\r")
            await person.sees("AIRisk rejected the client ID", "Check “Client ID”")
            await person.comes_to(ids.CLIENT_ID)
            await person.press("home", "ctrl+k")
            unknown = answers(400, b"redirect_uri is not registered", ("Content-Type", "text/plain"))
            server.breaks(AUTHORIZE_PATH, unknown)
            await person.type(f"{server.client_id}\r")
            await person.comes_to(ids.REDIRECT_URI)
            server.mends(AUTHORIZE_PATH)
            await person.press("enter")
            await person.sees("3 users", "The other settings are saved in .env in this directory.")
