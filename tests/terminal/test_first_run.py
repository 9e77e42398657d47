"""Somebody starts the program for the first time, with nothing set."""

import stat
from typing import TYPE_CHECKING

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pty import Terminal, opened
from tests.kit.shell import Place
from tui.config.keyring import service_name

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring


KEEP = "Save the secret in the OS keyring"
KEPT_HERE = (
    "The client secret is held in memory until you quit. The other settings are saved in .env in this directory."
)


def fill_in(terminal: Terminal, server: ForeignAIRisk, secret: str) -> None:
    """Address, client id, no redirect address, no user, secret, Enter."""
    terminal.sees("Connect to AIRisk", "Client secret")
    terminal.type(f"{server.url}\t{server.client_id}\t\t\t{secret}\r")


def type_unseen(terminal: Terminal, secret: str) -> None:
    """Type the secret where it is asked for, which shows dots; and Enter."""
    terminal.type(secret)
    terminal.sees("•" * len(secret))
    terminal.press("enter")
    assert secret.encode() not in terminal.output


def test_it_asks_for_what_is_missing_until_that_is_right_and_writes_it_down_without_the_secret(place: Place) -> None:
    with ForeignAIRisk() as server:
        with opened(place, size=(80, 24)) as terminal:
            fill_in(terminal, server, "not the secret")
            terminal.sees("AIRisk rejected the client secret", "Enter it again.", server.url, "[x] Save other settings")
            type_unseen(terminal, server.client_secret)
            terminal.reads(notice=f"✓ {KEPT_HERE}")
            terminal.sees("3 users")
            terminal.quits()
        assert KEEP.encode() not in terminal.output

        written = place.cwd / ".env"
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        assert server.client_id in written.read_text()
        assert server.client_secret not in written.read_text()

        with opened(place, size=(80, 24)) as terminal:
            terminal.sees("Connect to AIRisk", server.client_id)
            type_unseen(terminal, server.client_secret)
            terminal.sees("3 users")


def test_with_a_keyring_the_next_start_asks_for_nothing(place: Place, real_keyring: "RealKeyring") -> None:
    place.tell(DBUS_SESSION_BUS_ADDRESS=real_keyring.environment["DBUS_SESSION_BUS_ADDRESS"])
    with ForeignAIRisk() as server:
        with opened(place) as terminal:
            terminal.sees(f"[x] {KEEP}")
            fill_in(terminal, server, server.client_secret)
            terminal.sees("3 users", "The client secret is saved in the keyring.")
            terminal.quits()
        assert len(real_keyring.search(service_name(server.url, server.client_id))) == 1

        with opened(place) as terminal:
            terminal.sees("3 users", "APPLICATION")


def test_what_is_unticked_stays_unticked_when_the_secret_is_requested_again(
    place: Place, real_keyring: "RealKeyring"
) -> None:
    place.tell(DBUS_SESSION_BUS_ADDRESS=real_keyring.environment["DBUS_SESSION_BUS_ADDRESS"])
    with ForeignAIRisk() as server:
        with opened(place) as terminal:
            terminal.sees(f"[x] {KEEP}")
            terminal.click(KEEP)
            terminal.click("Save other settings")
            terminal.sees(f"[ ] {KEEP}", "[ ] Save other settings")
            terminal.click("https://demo.aicrisk.com")
            fill_in(terminal, server, "not the secret")
            terminal.sees("AIRisk rejected the client secret", f"[ ] {KEEP}", "[ ] Save other settings")
            type_unseen(terminal, server.client_secret)
            terminal.sees("3 users")
            terminal.quits()
        assert real_keyring.search(service_name(server.url, server.client_id)) == []
        assert not (place.cwd / ".env").exists()
