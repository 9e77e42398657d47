"""`airisk-tui setup` stores the client secret in the OS keyring; `forget` deletes all data of a deployment."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import FrameType
from typing import Any, TypeVar

from tui.access.run_file import forget_runs
from tui.cli.session import vault_of
from tui.config.env_file import read_env_file, rewrite_env_file
from tui.config.keyring import CLIENT_SECRET, Secret
from tui.config.paths import history_file
from tui.config.settings import RawSettings, Settings
from tui.config.workspace import WorkspaceStore
from tui.errors import (
    AIRiskError,
    KeyringLockedError,
    KeyringTimeoutError,
    RequestRejectedError,
    SettingsError,
    VaultError,
)
from tui.history.store import History
from tui.signal_handlers import handling
from tui.text import clean, with_advice

T = TypeVar("T")

_LONGEST_LINE = 64 * 1024
"""Maximum bytes; a keyring holds much less, and reports it."""


def setup(told: RawSettings, arguments: argparse.Namespace) -> int:
    """Store the secret; it is read back before success is reported."""
    settings = told.settings()
    secret = _from_env(told) if arguments.from_env else _prompt_secret(settings)
    _call_keyring(
        vault_of(settings).set(CLIENT_SECRET, secret),
        "nothing was kept. Set CLIENT_SECRET in the environment or in .env.",
    )
    if arguments.from_env and told.secret_file:
        rewrite_env_file(told.secret_file, {"CLIENT_SECRET": None})
        _say(f"Moved the client secret from {told.secret_file} to the keyring.")
    else:
        _say(f"The keyring now holds the client secret for {settings.origin.name}.")
    if told.secret and told.secret != secret:
        _say("CLIENT_SECRET is still set, to another secret, which comes before the one in the keyring: unset it.")
    return 0


def forget(told: RawSettings, _arguments: argparse.Namespace) -> int:
    """Delete the keyring's items for this deployment and client, and the deployment's stored data.

    The secret goes first, and a failure does not stop the other parts. Each part prints its result.

    Raises:
        AIRiskError: the first failure.
    """
    settings = told.settings()
    failures: list[AIRiskError] = []
    for part in (_forget_secret, *PARTS):
        try:
            if words := part(settings):
                _say(words)
        except AIRiskError as error:
            failures.append(error)
    for failure in failures[1:]:
        _say(f"airisk-tui: {clean(with_advice(failure.message, failure.advice))}")
    if failures:
        raise failures[0]
    return 0


def _forget_secret(settings: Settings) -> str:
    removed = _call_keyring(vault_of(settings).forget(), "nothing was removed from one")
    held = "nothing" if not removed else "1 item" if removed == 1 else f"{removed} items"
    return f"Removed {held} from the keyring for {settings.origin.name}."


def _call_keyring(operation: Coroutine[Any, Any, T], advice: str) -> T:
    """Run a keyring operation; on most errors, replace the advice by one that fits a command."""
    try:
        return asyncio.run(operation)
    except (KeyringLockedError, KeyringTimeoutError):
        raise
    except VaultError as error:
        raise VaultError(error.message, advice=advice) from None


def _from_env(told: RawSettings) -> Secret:
    """Return the secret in `.env`, from which the caller removes it, else the one in the environment."""
    if told.secret_file:
        return Secret(read_env_file(told.secret_file)["CLIENT_SECRET"])
    if not told.secret:
        raise SettingsError("CLIENT_SECRET is not set, so there is nothing to move.", advice="Leave out --from-env.")
    return told.secret


def _prompt_secret(settings: Settings) -> Secret:
    """Return the secret, typed without echo or read from the first line of stdin."""
    prompt = f"Client secret for {clean(settings.client_id)} at {settings.origin.name}: "
    try:
        typed = _typed(prompt) if sys.stdin.isatty() else sys.stdin.buffer.readline(_LONGEST_LINE).decode()
    except EOFError:
        typed = ""
    except UnicodeDecodeError:
        raise SettingsError("The secret is not UTF-8 text; nothing was changed.", advice="Enter it again.") from None
    typed = typed.rstrip("\r\n")
    if typed.strip() != typed:
        typed = typed.strip()
        _say("Left out the blanks before and behind the secret.")
    if not typed:
        raise SettingsError("No secret was entered; nothing was changed.", advice="Run it again.")
    return Secret(typed)


def _typed(prompt: str) -> str:
    """Return a line typed without echo. SIGTERM goes through getpass, which restores the echo."""
    with handling({signal.SIGTERM: _end}):
        return getpass.getpass(prompt)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


Part = Callable[[Settings], str]
"""Deletes some data and returns a sentence on it, empty if there was none. Raises AIRiskError if data is left."""


def forget_use(settings: Settings) -> None:
    """Delete all parts, ignoring failures."""
    for part in PARTS:
        with suppress(AIRiskError):
            part(settings)


def _runs(settings: Settings) -> str:
    runs = forget_runs(str(settings.origin))
    return f"Removed {runs} {'run' if runs == 1 else 'runs'} of a matrix at {settings.origin.name}." if runs else ""


def _habits(settings: Settings) -> str:
    is_removed = WorkspaceStore(str(settings.origin)).forget()
    return f"Removed how the endpoints of {settings.origin.name} were used." if is_removed else ""


def _history(settings: Settings) -> str:
    asked = asyncio.run(_forget_history(settings)) if history_file().exists() else 0
    requests = "1 request" if asked == 1 else f"{asked} requests"
    return f"Removed {requests} from the history of {settings.origin.name}." if asked else ""


async def _forget_history(settings: Settings) -> int:
    async with History(history_file()) as history:
        return await history.clear(str(settings.origin))


def _translated(part: Part) -> Part:
    """Return a part that reports errors of the operating system as AIRiskError, too."""

    def translated(settings: Settings) -> str:
        try:
            return part(settings)
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            words = f"Something is left: {error.strerror or error}{where}."
            raise RequestRejectedError(words, advice="See whether it is yours to remove.") from None

    return translated


PARTS: tuple[Part, ...] = tuple(map(_translated, (_runs, _habits, _history)))
