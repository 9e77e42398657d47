"""Where there is no D-Bus (macOS, Windows) the keyring library is asked: here it has one that lives in memory."""

import sys
import threading

import keyring.backend
import keyring.errors
import pytest

from tui.config import keyring as vaults
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.errors import KeyringLockedError, KeyringTimeoutError, VaultError

pytestmark = pytest.mark.fault("keyring")

SERVICE = service_name("https://demo.example", "client-1")
items: dict[tuple[str, str], str] = {}
faults: list[Exception | threading.Event] = []


class Memory(keyring.backend.KeyringBackend):
    """Keeps items in `items`; does first what `faults` says."""

    priority = 1.0

    def get_password(self, service, username):
        fail()
        return items.get((service, username))

    def set_password(self, service, username, password):
        fail()
        items[service, username] = password

    def delete_password(self, service, username):
        fail()
        if items.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


def fail() -> None:
    for fault in faults:
        if isinstance(fault, Exception):
            raise fault
        fault.wait()


@pytest.fixture
def vault(monkeypatch):
    monkeypatch.setitem(vaults._LIBRARIES, sys.platform, (__name__, "Memory", "Memory"))
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__, sys.modules[Memory.__module__]))
    yield Vault(SERVICE)
    items.clear()
    faults.clear()


async def test_kept_read_described_and_forgotten(vault):
    items["mail", CLIENT_SECRET] = "mail password"
    assert await vault.get(CLIENT_SECRET) is None
    await vault.set(CLIENT_SECRET, Secret("words"))
    assert await vault.get(CLIENT_SECRET) == Secret("words")
    assert await vault.describe() == "Memory"
    assert await vault.forget() == 1
    assert await vault.forget() == 0
    assert items == {("mail", CLIENT_SECRET): "mail password"}


async def test_a_value_that_is_not_ours_is_ignored_and_forgotten(vault):
    items[SERVICE, CLIENT_SECRET] = "a plain value"
    assert await vault.get(CLIENT_SECRET) is None
    assert await vault.forget() == 1


KEEPING_BADLY = {
    "cuts": lambda _, given: given[:-1],
    "forgets": lambda *_: "",
    "keeps the old one": lambda before, _: before,
}


@pytest.mark.parametrize("kept", KEEPING_BADLY.values(), ids=KEEPING_BADLY)
async def test_a_keyring_that_does_not_keep_what_it_is_given_is_found_out(vault, monkeypatch, kept):
    def set_badly(_, service: str, username: str, password: str) -> None:
        items[service, username] = kept(items[service, username], password)

    await vault.set(CLIENT_SECRET, Secret("old words"))
    monkeypatch.setattr(Memory, "set_password", set_badly)
    with pytest.raises(VaultError, match="did not store the secret correctly"):
        await vault.set(CLIENT_SECRET, Secret("words"))


FAULTS = {
    "denied": (keyring.errors.KeyringLocked("words"), KeyringLockedError, "is locked"),
    "dismissed": (keyring.errors.PasswordSetError("Cancelled by user"), KeyringLockedError, "is locked"),
    "refused": (keyring.errors.PasswordSetError("words"), VaultError, "failed .PasswordSetError."),
    "of the system": (OSError(8, "words"), VaultError, "failed .OSError."),
    "slow inside": (TimeoutError("words"), VaultError, "failed .TimeoutError."),
}


@pytest.mark.parametrize(("fault", "told", "words"), FAULTS.values(), ids=FAULTS)
async def test_each_failure_is_reported_in_words_that_hold_no_secret(vault, fault, told, words):
    faults.append(fault)
    with pytest.raises(told, match=words) as failure:
        await vault.set(CLIENT_SECRET, Secret("words"))
    assert "words" not in failure.value.message
    assert failure.value.advice
    assert failure.value.__context__ is None


async def test_one_that_does_not_answer_is_silent(vault):
    gate = threading.Event()
    faults.append(gate)
    with pytest.raises(KeyringTimeoutError, match="did not respond"):
        await Vault(SERVICE, deadline=0.2).get(CLIENT_SECRET)
    gate.set()
    assert await vault.get(CLIENT_SECRET) is None
