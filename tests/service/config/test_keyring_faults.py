"""The keyring locked, silent or gone: each is told apart, in time. The keyring is a real one."""

import asyncio
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from secretstorage.exceptions import ItemNotFoundException, PromptDismissedException

from tests.kit.patience import comes_true
from tui.background import run_in_thread
from tui.config import keyring as vaults
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.errors import KeyringLockedError, KeyringTimeoutError, NoKeyringError, VaultError

pytestmark = pytest.mark.fault("keyring")


SERVICE = service_name("https://demo.example", "client-1")
WORDS = "words that nobody sees"
SOON = 1.0  # seconds: for the tests in which the deadline passes


@pytest.fixture
def vault() -> Vault:
    return Vault(SERVICE)


async def test_locked_is_distinguished_from_missing_when_the_prompt_is_dismissed(keyring, vault):
    keyring.lock()
    for question in (vault.get(CLIENT_SECRET), vault.set(CLIENT_SECRET, Secret(WORDS)), vault.forget()):
        with pytest.raises(KeyringLockedError, match="locked") as locked:
            await question
        assert "Unlock" in locked.value.advice


async def test_a_keyring_that_is_not_there_yet_is_not_told_as_locked(keyring, vault, monkeypatch):
    def missing(*_: object) -> None:
        """GNOME has one wherever somebody is logged in; KWallet and KeePassXC may not."""
        raise ItemNotFoundException

    def dismissed(*_: object) -> None:
        raise PromptDismissedException

    monkeypatch.setattr("secretstorage.get_collection_by_alias", missing)
    monkeypatch.setattr("secretstorage.create_collection", dismissed)
    assert await vault.get(CLIENT_SECRET) is None
    with pytest.raises(VaultError, match="There is no keyring yet, and none was created") as refused:
        await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert "Choose a password for it" in refused.value.advice


@pytest.fixture
def prompts(keyring, monkeypatch) -> list[threading.Event]:
    """What is asked of a keyring that asks for its password for ever, once it does."""
    seen: list[threading.Event] = []

    class Seen(vaults._Prompt):
        def __init__(self) -> None:
            super().__init__()
            seen.append(self)

    monkeypatch.setattr(vaults, "_Prompt", Seen)
    keyring.hold_prompts_open()
    return seen


@pytest.fixture
def deadline_once_it_prompts(prompts, monkeypatch) -> None:
    """The deadline passes once the prompt is open, however long that takes."""

    async def until_it_prompts(*_: object, **__: object) -> None:
        await comes_true(prompts[-1].is_set, "the prompt")

    monkeypatch.setattr(vaults, "asyncio", SimpleNamespace(wait=until_it_prompts, ensure_future=asyncio.ensure_future))


@pytest.mark.usefixtures("deadline_once_it_prompts")
async def test_somebody_at_a_terminal_is_waited_for_until_they_give_up(keyring, vault, monkeypatch):
    keyring.lock()
    controlling, terminal = os.openpty()
    with os.fdopen(controlling), os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        asking = asyncio.ensure_future(vault.get(CLIENT_SECRET))
        done, _ = await asyncio.wait((asking,), timeout=SOON)
        assert not done
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    keyring.kill()


@pytest.mark.usefixtures("deadline_once_it_prompts")
async def test_a_prompt_open_for_ever_is_reported_as_locked_each_time_where_nobody_is_at_a_terminal(
    keyring, vault, monkeypatch
):
    monkeypatch.setattr("sys.stdin", None)
    keyring.lock()
    for words in ("and was not unlocked within 20 s", *["and still asks for its password|within 20 s"] * 5):
        with pytest.raises(KeyringLockedError, match=words) as locked:
            await vault.get(CLIENT_SECRET)
        assert "Unlock" in locked.value.advice
    keyring.kill()


async def test_a_stopped_keyring_is_silent_the_loop_lives_and_it_works_again_afterwards(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    keyring.stop()
    before = set(threading.enumerate())
    for _ in range(6):
        asking = asyncio.ensure_future(Vault(SERVICE, deadline=SOON / 4).get(CLIENT_SECRET))
        await asyncio.sleep(0)
        assert not asking.done()
        with pytest.raises(KeyringTimeoutError, match="did not respond within"):
            await asking
    assert sum(thread.name == "keyring" for thread in set(threading.enumerate()) - before) <= 4
    keyring.go_on()
    assert await vault.get(CLIENT_SECRET) == Secret(WORDS)


async def test_a_stopped_bus_is_silent(keyring):
    keyring.stop_bus()
    with pytest.raises(KeyringTimeoutError, match="not respond"):
        await Vault(SERVICE, deadline=SOON).get(CLIENT_SECRET)


async def test_killed_while_it_was_asked_is_silent(keyring, vault):
    keyring.stop()
    wait_until_asked = keyring.monitor()
    asking = asyncio.ensure_future(vault.get(CLIENT_SECRET))
    await run_in_thread(wait_until_asked)
    keyring.kill()
    with pytest.raises(KeyringTimeoutError, match="ended before it responded"):
        await asking


async def test_a_bus_that_ends_while_it_was_asked_is_silent(keyring, vault):
    keyring.stop()
    wait_until_asked = keyring.monitor()
    asking = asyncio.ensure_future(vault.get(CLIENT_SECRET))
    await run_in_thread(wait_until_asked)
    keyring.kill_bus()
    with pytest.raises(KeyringTimeoutError, match="ended before it responded"):
        await asking


async def test_a_killed_keyring_leaves_no_secure_keyring(keyring, vault):
    keyring.kill()
    with pytest.raises(NoKeyringError, match="No secure keyring: this desktop runs no Secret Service") as missing:
        await vault.describe()
    assert missing.value.advice == "The secret is held in memory for this run only."


NO_BUS = {
    "not set": None,
    "gone": "unix:path=/nonexistent/bus",
    "not a socket here": "tcp:host=127.0.0.1,port=1",
    "garbage": "garbage",
}


@pytest.mark.parametrize("address", NO_BUS.values(), ids=NO_BUS)
async def test_without_a_session_bus_there_is_no_secure_keyring(vault, monkeypatch, address):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    for question in (vault.get(CLIENT_SECRET), vault.set(CLIENT_SECRET, Secret(WORDS)), vault.forget()):
        with pytest.raises(NoKeyringError, match="No secure keyring: no session bus"):
            await question


async def test_a_session_bus_that_nobody_names_is_found_where_systemd_puts_it(keyring, vault, monkeypatch):
    bus = Path(os.environ["DBUS_SESSION_BUS_ADDRESS"].removeprefix("unix:path="))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(bus.parent))
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert await vault.get(CLIENT_SECRET) == Secret(WORDS)


async def test_a_bus_killed_between_two_questions_leaves_no_secure_keyring(keyring, vault):
    await vault.set(CLIENT_SECRET, Secret(WORDS))
    keyring.kill_bus()
    with pytest.raises(NoKeyringError, match="no session bus"):
        await vault.get(CLIENT_SECRET)


@pytest.mark.parametrize("system", ["darwin", "win32"])
async def test_each_system_has_its_own_keyring_and_takes_no_other(keyring, vault, monkeypatch, system):
    monkeypatch.setattr(vaults, "sys", SimpleNamespace(platform=system))
    with pytest.raises(NoKeyringError, match="is not available"):
        await vault.get(CLIENT_SECRET)


async def test_no_failure_carries_the_secret_in_the_variables_of_its_traceback(keyring, vault):
    keyring.lock()
    with pytest.raises(KeyringLockedError) as locked:
        await vault.set(CLIENT_SECRET, Secret(WORDS))
    assert locked.value.__context__ is None
    step = locked.value.__traceback__
    while step:
        assert WORDS not in "".join(map(repr, step.tb_frame.f_locals.values())), step.tb_frame
        step = step.tb_next
