"""The keyring of Linux and BSD desktops, over D-Bus.

keyring's own backend waits forever for a prompt, cannot report that the keyring is locked, creates a keyring if there
is none to read from, and removes only one of several items. Therefore this module uses secretstorage, the library
below it. The attributes are keyring's: `keyring get SERVICE NAME` finds the same item.

Everything here blocks: call it on a thread that may be abandoned.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import secretstorage
from jeepney import DBusErrorResponse
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
)
from secretstorage.util import add_match_rules

from tui.errors import KeyringLockedError, KeyringTimeoutError, NoKeyringError, VaultError

UNLOCK_ADVICE = "Unlock the keyring, then try again."
NONE_YET = "There is no keyring yet, and none was created"
MAKE_ADVICE = "Choose a password for it when this desktop asks for one, then try again."
SILENT_ADVICE = "Check that this desktop's keyring is running, then try again."

# One prompt at a time: an unanswered one occupies its thread, and a retry must not add another.
_prompting = threading.Lock()


class SecretService:
    """One conversation with the Secret Service.

    Args:
        connection: to the session bus.
        on_prompt: called before it prompts for a password, with whether that is for a new keyring.
    """

    name = "Secret Service (GNOME Keyring, KWallet or KeePassXC, over D-Bus)"

    def __init__(self, connection: DBusConnection, on_prompt: Callable[[bool], None]) -> None:
        self._connection = connection
        self._on_prompt = on_prompt

    def read(self, service: str, name: str) -> list[str]:
        """Return every text stored under `service` and `name`."""
        self._unlock_default()
        texts = []
        for item in self._items(service=service, username=name):
            with suppress(UnicodeDecodeError):
                texts.append(item.get_secret().decode())
        return texts

    def write(self, service: str, name: str, text: str) -> None:
        """Store `text` under `service` and `name`, replacing all others."""
        collection = self._unlock_default() or self._create_default()
        attributes = {"service": service, "username": name, "application": "airisk-tui"}
        kept = collection.create_item(f"{name} of {service}", attributes, text.encode(), replace=True)
        for item in self._items(service=service, username=name):
            if item.item_path != kept.item_path:
                item.delete()

    def remove_all(self, service: str) -> int:
        """Remove every item of `service`, whatever its name or value. Return their number."""
        self._unlock_default()
        items = self._items(service=service)
        for item in items:
            item.delete()
        return len(items)

    def _items(self, **attributes: str) -> list[secretstorage.Item]:
        items = list(secretstorage.search_items(self._connection, attributes))
        for item in items:
            self._unlock(item)
        return items

    def _unlock_default(self) -> secretstorage.Collection | None:
        """Unlock the default collection: some services find nothing while locked, which would look like missing."""
        try:
            collection = secretstorage.get_collection_by_alias(self._connection, "default")
        except ItemNotFoundException:
            return None
        self._unlock(collection)
        return collection

    def _create_default(self) -> secretstorage.Collection:
        with self._prompt(is_for_new=True):
            try:
                return secretstorage.create_collection(self._connection, "Default", "default")
            except PromptDismissedException:
                raise VaultError(f"{NONE_YET}.", advice=MAKE_ADVICE) from None

    def _unlock(self, thing: secretstorage.Collection | secretstorage.Item) -> None:
        if thing.is_locked():
            with self._prompt():
                thing.unlock()
            if thing.is_locked():
                raise PromptDismissedException

    @contextmanager
    def _prompt(self, *, is_for_new: bool = False) -> Iterator[None]:
        self._on_prompt(is_for_new)
        if not _prompting.acquire(blocking=False):
            raise KeyringLockedError("The keyring is locked, and still asks for its password.", advice=UNLOCK_ADVICE)
        try:
            yield
        finally:
            _prompting.release()


@contextmanager
def secret_service(on_prompt: Callable[[bool], None]) -> Iterator[SecretService]:
    """Open the Secret Service of this desktop.

    Raises:
        NoKeyringError: there is no session bus, or no Secret Service on it.
        KeyringLockedError: its prompt was dismissed, or is still open from an earlier try.
        KeyringTimeoutError: the bus does not respond, or the service went away.
        VaultError: it refused, or there is no keyring yet.
    """
    with closing(_connect()) as connection, _translate_errors():
        if not secretstorage.check_service_availability(connection):
            raise NoKeyringError("No secure keyring: this desktop runs no Secret Service.")
        yield SecretService(connection, on_prompt)


def _connect() -> DBusConnection:
    """Connect as `secretstorage.dbus_init` does, but also without an address in the environment."""
    try:
        connection = open_dbus_connection(_address())
        add_match_rules(connection)
    except TimeoutError:
        raise KeyringTimeoutError("The session bus does not respond.", advice=SILENT_ADVICE) from None
    except KeyError:
        raise NoKeyringError("No secure keyring: no session bus (DBUS_SESSION_BUS_ADDRESS is not set).") from None
    except (StopIteration, OSError, RuntimeError, ValueError) as error:
        raise NoKeyringError(f"No secure keyring: no session bus ({error}).") from None
    return connection


def _address() -> str:
    """Return the session bus's address from the environment, else systemd's default."""
    socket = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent", "bus")
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS") or not socket.is_socket():
        return "SESSION"
    return f"unix:path={quote(str(socket))}"


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (LockedException, PromptDismissedException):
        raise KeyringLockedError("The keyring is locked.", advice=UNLOCK_ADVICE) from None
    except (SecretServiceNotAvailableException, OSError):
        raise KeyringTimeoutError("The keyring ended before it responded.", advice=SILENT_ADVICE) from None
    except DBusErrorResponse as error:
        raise VaultError(f"The keyring refused: {error.name}.") from None
