"""What the vault promises whatever keyring there is: held against one in memory and a real GNOME Keyring alike."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import keyring.backend
import keyring.errors
import pytest

from tests.kit.patience import PATIENCE
from tui.config import keyring as vaults
from tui.config.keyring import CLIENT_SECRET, MAX_LENGTH, Secret, Vault, service_name
from tui.errors import KeyringLockedError, KeyringTimeoutError, NoKeyringError, VaultError

if TYPE_CHECKING:
    from tests.kit.keyring import RealKeyring

pytestmark = pytest.mark.fault("keyring")


SERVICE = service_name("https://demo.example", "client-1")
ELSEWHERE = service_name("https://demo.example", "client-2")
WORDS = Secret("kept $ecret #1 % „ü“ 🔑")
SOON = 0.5  # seconds: for the tests in which the deadline passes
WINDOWS_HOLDS = 2560
"""Bytes in UTF-16: CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h."""


class Keyring(Protocol):
    """What can befall a keyring."""

    def lock(self) -> None: ...
    def stop(self) -> None: ...
    def go_on(self) -> None: ...
    def kill(self) -> None: ...


class MemoryKeyring:
    """Items in memory; `written` are the texts in the order in which they came."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.written: list[str] = []
        self.is_viable = True
        self._is_locked = False
        self._answers = threading.Event()
        self._answers.set()

    def lock(self) -> None:
        self._is_locked = True

    def stop(self) -> None:
        self._answers.clear()

    def go_on(self) -> None:
        self._answers.set()

    def kill(self) -> None:
        self.is_viable = False

    def open(self) -> dict[tuple[str, str], str]:
        """Its items, once it answers."""
        self._answers.wait()
        if self._is_locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.items


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """Reached through the keyring library, as on macOS and Windows."""
    kept = MemoryKeyring()

    class Meta(type(keyring.backend.KeyringBackend)):  # type: ignore[misc]
        @property
        def viable(cls) -> bool:
            return kept.is_viable

    class Backend(keyring.backend.KeyringBackend, metaclass=Meta):
        def get_password(self, service: str, username: str) -> str | None:
            return kept.open().get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept.open()[service, username] = password
            kept.written.append(password)

        def delete_password(self, service: str, username: str) -> None:
            if kept.open().pop((service, username), None) is None:
                raise keyring.errors.PasswordDeleteError("not found")

    monkeypatch.setattr(sys.modules[__name__], "Backend", Backend, raising=False)
    monkeypatch.setitem(vaults._LIBRARIES, sys.platform, (__name__, "Backend", "memory"))
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    yield kept
    kept.go_on()


@pytest.fixture(params=["in memory", "GNOME Keyring"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """Each of the two."""
    if request.param == "in memory":
        in_memory: MemoryKeyring = request.getfixturevalue("memory")
        return in_memory
    real: RealKeyring = request.getfixturevalue("real_keyring")
    real.use(monkeypatch)
    return real


async def test_what_is_kept_is_read_replaced_and_forgotten_once(either: Keyring) -> None:
    vault = Vault(SERVICE)
    assert await vault.get(CLIENT_SECRET) is None
    assert await vault.forget() == 0
    for secret in (Secret("before"), WORDS):
        await vault.set(CLIENT_SECRET, secret)
        assert await vault.get(CLIENT_SECRET) == secret
    assert await Vault(ELSEWHERE).get(CLIENT_SECRET) is None
    assert [await vault.forget(), await vault.forget()] == [1, 0]
    assert await vault.get(CLIENT_SECRET) is None


async def test_the_longest_secret_is_kept_and_a_longer_one_refused(either: Keyring) -> None:
    vault, longest = Vault(SERVICE), Secret("ü" * MAX_LENGTH)
    await vault.set(CLIENT_SECRET, longest)
    for unfit in ("", "ü" * (MAX_LENGTH + 1), "🔑" * (MAX_LENGTH // 2 + 1), "\ud800"):
        with pytest.raises(VaultError):
            await vault.set(CLIENT_SECRET, Secret(unfit))
    assert await vault.get(CLIENT_SECRET) == longest


@pytest.mark.parametrize("question", ["get", "set", "forget"])
async def test_locked_is_neither_missing_nor_silent(either: Keyring, question: str) -> None:
    await Vault(SERVICE).set(CLIENT_SECRET, WORDS)
    either.lock()
    with pytest.raises(KeyringLockedError, match="is locked") as locked:
        await _asked(Vault(SERVICE), question)
    assert "Unlock" in locked.value.advice


@pytest.mark.parametrize("question", ["get", "set", "forget"])
async def test_stopped_it_is_silent_in_time_and_works_again_afterwards(either: Keyring, question: str) -> None:
    await Vault(SERVICE).set(CLIENT_SECRET, WORDS)
    either.stop()
    with pytest.raises(KeyringTimeoutError, match="did not respond within"):
        await _asked(Vault(SERVICE, deadline=SOON), question)
    either.go_on()
    vault, kept = Vault(SERVICE), None
    async with asyncio.timeout(PATIENCE):
        while kept != WORDS:  # What was asked in vain is done now, perhaps after this.
            with suppress(VaultError):  # which says that something else is kept
                await vault.set(CLIENT_SECRET, WORDS)
            kept = await vault.get(CLIENT_SECRET)


async def test_gone_it_is_no_secure_keyring(either: Keyring) -> None:
    either.kill()
    with pytest.raises(NoKeyringError, match="No secure keyring") as gone:
        await Vault(SERVICE).get(CLIENT_SECRET)
    assert gone.value.advice == "The secret is held in memory for this run only."


async def _asked(vault: Vault, question: str) -> None:
    if question == "get":
        await vault.get(CLIENT_SECRET)
    elif question == "set":
        await vault.set(CLIENT_SECRET, Secret("other words"))
    else:
        await vault.forget()


# What Windows and macOS set


async def test_the_longest_secret_fits_into_one_item_of_windows(memory: MemoryKeyring) -> None:
    for text in ("x" * MAX_LENGTH, "ü" * MAX_LENGTH, "🔑" * (MAX_LENGTH // 2)):
        await Vault(SERVICE).set(CLIENT_SECRET, Secret(text))
        assert len(memory.written[-1].encode("utf-16-le")) <= WINDOWS_HOLDS


async def test_one_deployment_has_one_item_and_keeping_writes_it_once(memory: MemoryKeyring) -> None:
    """macOS asks the person again for each item that is written."""
    vault = Vault(SERVICE)
    for number in (1, 2):
        await vault.set(CLIENT_SECRET, Secret(f"words {number}"))
        assert len(memory.written) == number
    await vault.get(CLIENT_SECRET)
    await vault.describe()
    assert len(memory.written) == 2
    assert list(memory.items) == [(SERVICE, CLIENT_SECRET)]
