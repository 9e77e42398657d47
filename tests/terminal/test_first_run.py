"""Somebody starts the program for the first time, with nothing set."""

import stat
from typing import TYPE_CHECKING

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import Place
from tests.kit.tmux import Terminal, program
from tui.airisk.vault import service_name
from tui.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring


KEEP = "Keep the secret in the OS keyring"


def fill_in(terminal: Terminal, server: ForeignAIRisk, secret: str) -> None:
    """Address, client id, no redirect address, no user, secret, Enter."""
    terminal.wait_for("Connect to AIRisk", "Client secret")
    for text in (server.url, server.client_id, "", ""):
        terminal.type(text)
        terminal.press("Tab")
    terminal.type(secret)
    terminal.press("Enter")


def test_it_asks_for_what_is_missing_until_that_is_right_and_writes_it_down_without_the_secret(place: Place) -> None:
    with ForeignAIRisk() as server:
        with program(cwd=place.cwd, environment=place.environment, size=(80, 24)) as terminal:
            fill_in(terminal, server, "not the secret")
            terminal.wait_for("AIRisk refused the client secret", "Enter it again.", server.url, "[x] Write the rest")
            assert KEEP not in terminal.screen
            terminal.type(server.client_secret)
            assert server.client_secret not in terminal.screen
            terminal.press("Enter")
            terminal.wait_for(
                "3 users", "is kept for this run only. The other settings are in .env\n of this directory."
            )
            terminal.press("C-q")
            assert terminal.exit_code() == 0

        written = place.cwd / ".env"
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        assert server.client_id in written.read_text()
        assert server.client_secret not in written.read_text()

        with program(cwd=place.cwd, environment=place.environment, size=(80, 24)) as terminal:
            terminal.wait_for("Connect to AIRisk", server.client_id)
            terminal.type(server.client_secret)
            assert server.client_secret not in terminal.screen
            terminal.press("Enter")
            terminal.wait_for("3 users")


def enter(terminal: Terminal, label: str, text: str) -> None:
    """Type it where the cursor is, which is to be the field of that label, instead of what that holds; then Enter."""
    terminal.press("C-a", "C-k")
    terminal.type(text)
    shown = "•" * len(text) if label == "Client secret" else text
    terminal.wait_until(lambda: bool(terminal.line_with(f" {label} ", shown)), f"{label}: {shown}")
    terminal.press("Enter")


def sign_in_past_everything_that_may_be_wrong(terminal: Terminal, options: Options, url: str, nowhere: str) -> None:
    """The address without its scheme, then of nobody; the wrong redirect address; the wrong secret."""
    terminal.wait_for("Connect to AIRisk", "Enter leads from field to field")
    enter(terminal, "Deployment", "127.0.0.1:8000")
    terminal.wait_for("“Deployment” must begin with https://")
    enter(terminal, "Deployment", nowhere)
    enter(terminal, "Client id", options.client_id)
    enter(terminal, "Redirect URI", "https://localhost/elsewhere")
    enter(terminal, "User id", "")
    enter(terminal, "Client secret", "not the secret")
    terminal.wait_for("the connection was refused. Check “Deployment” and the network")
    enter(terminal, "Deployment", url)
    terminal.wait_for("redirect_uri is not", "“Redirect URI” is registered")
    enter(terminal, "Redirect URI", "")
    terminal.wait_for("AIRisk refused the client secret", "Enter it again.")
    enter(terminal, "Client secret", options.client_secret)


def test_from_an_empty_home_to_a_report_past_everything_that_may_be_wrong(place: Place) -> None:
    with ForeignAIRisk() as gone:
        nowhere = gone.url
    with (
        Sandbox(Options(users=20)) as served,
        program(cwd=place.cwd, environment=place.environment, size=(100, 30)) as terminal,
    ):
        sign_in_past_everything_that_may_be_wrong(terminal, served.options, served.url, nowhere)
        terminal.wait_for("20 users", "kept for this run only.", "settings are in .env")
        terminal.press("Enter")
        terminal.wait_for("ACTING AS ", "2 opens the explorer, x stops.")
        terminal.press("2", "F5")
        terminal.wait_for("200 OK · as ")
        terminal.press("x", "m")
        terminal.wait_for("Matrix: who can reach what", "22 identities × 5 endpoints")
        terminal.press("Enter")
        terminal.wait_for("r Again")
        terminal.press("s")
        terminal.wait_for("is written to this file", "matrix.html")
        terminal.press("Enter")
        terminal.wait_for("Saved to matrix.html.")
        terminal.press("C-q")
        assert terminal.exit_code() == 0
    assert "22 identities" in (place.cwd / "matrix.html").read_text()


def test_with_a_keyring_the_next_start_asks_for_nothing(place: Place, real_keyring: "RealKeyring") -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": real_keyring.environment["DBUS_SESSION_BUS_ADDRESS"]}
    with ForeignAIRisk() as server:
        with program(cwd=place.cwd, environment=place.environment | bus) as terminal:
            terminal.wait_for(f"[x] {KEEP}")
            fill_in(terminal, server, server.client_secret)
            terminal.wait_for("3 users", "The client secret is in the keyring.")
            terminal.press("C-q")
            assert terminal.exit_code() == 0
        assert len(real_keyring.search(service_name(server.url, server.client_id))) == 1

        with program(cwd=place.cwd, environment=place.environment | bus) as terminal:
            terminal.wait_for("3 users", "GENERIC")


def test_what_is_unticked_stays_unticked_when_the_secret_is_asked_for_again(
    place: Place, real_keyring: "RealKeyring"
) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": real_keyring.environment["DBUS_SESSION_BUS_ADDRESS"]}
    with ForeignAIRisk() as server:
        with program(cwd=place.cwd, environment=place.environment | bus) as terminal:
            terminal.wait_for(f"[x] {KEEP}")
            terminal.click(KEEP)
            terminal.click("Write the rest")
            terminal.wait_for(f"[ ] {KEEP}", "[ ] Write the rest")
            terminal.click("https://demo.aicrisk.com")
            fill_in(terminal, server, "not the secret")
            terminal.wait_for("AIRisk refused the client secret", f"[ ] {KEEP}", "[ ] Write the rest")
            terminal.type(server.client_secret)
            terminal.press("Enter")
            terminal.wait_for("3 users")
            terminal.press("C-q")
            assert terminal.exit_code() == 0
        assert real_keyring.search(service_name(server.url, server.client_id)) == []
        assert not (place.cwd / ".env").exists()


def test_a_locked_keyring_is_told_of_and_the_secret_asked_for(place: Place, real_keyring: "RealKeyring") -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": real_keyring.environment["DBUS_SESSION_BUS_ADDRESS"]}
    real_keyring.lock()
    with ForeignAIRisk() as server:
        place.write_env({"AIRISK_URL": server.url, "CLIENT_ID": server.client_id})
        with program(cwd=place.cwd, environment=place.environment | bus) as terminal:
            terminal.wait_for("locked", "Client secret", server.client_id)
            terminal.type(server.client_secret)
            terminal.press("Enter")
            terminal.wait_for("3 users")


def test_settings_that_are_wrong_are_one_line_before_anything_is_drawn(place: Place) -> None:
    place.tell(AIRISK_URL="http://demo.aicrisk.com", CLIENT_ID="client")
    with program(cwd=place.cwd, environment=place.environment) as terminal:
        assert terminal.exit_code() == 2
        said = " ".join(terminal.screen.split())
        assert said.startswith("airisk-tui: AIRISK_URL must be https:// for a host that is not this machine.")
        assert "Traceback" not in said
