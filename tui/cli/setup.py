"""`airisk-tui setup` saves the client secret in the OS keyring; `forget` deletes a deployment's saved data."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

from tui.access.run_file import forget_runs, saved_runs
from tui.config.credentials import how_to_set_secret, vault_of
from tui.config.env_file import read_env_file, rewrite_env_file
from tui.config.keyring import CLIENT_SECRET, Secret
from tui.config.paths import history_file
from tui.config.settings import SECRET_COMMAND, RawSettings, Settings
from tui.config.workspace import WorkspaceStore
from tui.errors import (
    AIRiskError,
    KeyringLockedError,
    KeyringTimeoutError,
    SettingsError,
    VaultError,
    WorkspaceError,
)
from tui.format import plural
from tui.history.store import History
from tui.signal_handlers import handling
from tui.text import clean, with_advice

T = TypeVar("T")

_LONGEST_LINE = 64 * 1024
"""Maximum bytes; a keyring stores much less, and reports it."""


def setup(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Save the secret; it is read back before success is reported."""
    settings = raw.settings()
    secret = _from_env(raw) if arguments.from_env else _prompt_secret(settings)
    _call_keyring(
        vault_of(settings).set(CLIENT_SECRET, secret),
        "Secret not saved.",
        f"{how_to_set_secret(raw).removesuffix('.')} instead.",
    )
    if arguments.from_env and raw.secret_file:
        rewrite_env_file(raw.secret_file, {"CLIENT_SECRET": None})
        _say(f"Moved the client secret from {raw.secret_file} to the keyring.")
    else:
        _say(f"Saved the client secret for {settings.origin.name} in the keyring.")
    if raw.secret and raw.secret != secret:
        _say(f"Warning: CLIENT_SECRET in {raw.secret_from} differs and takes precedence over the keyring. Remove it.")
    elif settings.secret_command:
        _say(f"Warning: {SECRET_COMMAND} takes precedence over the keyring. Remove it.")
    return 0


def forget(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Delete the keyring's items for this deployment and client, and the deployment's saved data, once confirmed.

    The secret goes first, and a failure does not stop the other parts. Each part prints its result.

    Raises:
        SettingsError: it is not confirmed.
        AIRiskError: the first failure.
    """
    settings = raw.settings()
    if not arguments.is_confirmed:
        _confirm(settings)
    failures: list[AIRiskError] = []
    for part in PARTS:
        try:
            if words := part.delete(settings):
                _say(words)
        except AIRiskError as error:
            failures.append(error)
    for failure in failures[1:]:
        _say(f"airisk-tui: {clean(with_advice(failure.message, failure.advice))}")
    if failures:
        raise failures[0]
    return 0


def _confirm(settings: Settings) -> None:
    """List what will be deleted, and ask.

    Raises:
        SettingsError: the user declines, or cannot be asked.
    """
    if not sys.stdin.isatty():
        raise SettingsError(f"This deletes all saved data for {settings.origin.name}.", advice="Pass --yes to confirm.")
    _say(f"This deletes for {settings.origin.name}, client {clean(settings.client_id)}:")
    for part in PARTS:
        if words := part.found(settings):
            _say(f"  {words}")
    _say("The audit trail is kept.")
    sys.stderr.write("Delete? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise SettingsError("Nothing was deleted.")


def _call_keyring(operation: Coroutine[Any, Any, T], result: str, advice: str = "") -> T:
    """Run a keyring operation. An error says the `result`, such as "Secret not saved.", and what to do."""
    try:
        return asyncio.run(operation)
    except KeyringTimeoutError:  # the result is unknown
        raise
    except KeyringLockedError as error:
        raise KeyringLockedError(error.message, advice=f"{result} {error.advice}") from None
    except VaultError as error:
        raise VaultError(error.message, advice=f"{result} {advice}".rstrip()) from None


def _from_env(raw: RawSettings) -> Secret:
    """Return the secret in `.env`, from which the caller removes it, else the one in the environment."""
    if raw.secret_file:
        return Secret(read_env_file(raw.secret_file)["CLIENT_SECRET"])
    if not raw.secret:
        raise SettingsError("CLIENT_SECRET is not set, so there is nothing to move.", advice="Omit --from-env.")
    return raw.secret


def _prompt_secret(settings: Settings) -> Secret:
    """Return the secret, typed without echo or read from the first line of stdin."""
    prompt = f"Client secret for {clean(settings.client_id)} at {settings.origin.name}: "
    try:
        typed = _typed(prompt) if sys.stdin.isatty() else sys.stdin.buffer.readline(_LONGEST_LINE).decode()
    except EOFError:
        typed = ""
    except UnicodeDecodeError:
        raise SettingsError("The secret is not UTF-8 text. Nothing was changed.", advice="Enter it again.") from None
    typed = typed.rstrip("\r\n")
    if typed.strip() != typed:
        typed = typed.strip()
        _say("Removed blanks before and after the secret.")
    if not typed:
        raise SettingsError("No secret entered. Nothing was changed.")
    return Secret(typed)


def _typed(prompt: str) -> str:
    """Return a line typed without echo. SIGTERM goes through getpass, which restores the echo."""
    with handling({signal.SIGTERM: _end}):
        return getpass.getpass(prompt)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the saved data.

    Args:
        found: returns what is there, in words; empty if nothing is.
        delete: deletes it and returns a sentence on it, empty if nothing was there. Raises AIRiskError if data is left.
    """

    found: Callable[[Settings], str]
    delete: Callable[[Settings], str]


def forget_use(settings: Settings) -> None:
    """Delete all parts except the secret, ignoring failures."""
    for part in PARTS[1:]:
        with suppress(AIRiskError):
            part.delete(settings)


def _delete_secret(settings: Settings) -> str:
    deleted = _call_keyring(vault_of(settings).forget(), "No secret was deleted.")
    if not deleted:
        return f"The keyring has nothing for {settings.origin.name}."
    return f"Deleted {plural(deleted, 'item')} from the keyring for {settings.origin.name}."


def _runs_found(settings: Settings) -> str:
    runs = len(saved_runs(str(settings.origin)))
    return plural(runs, "saved matrix run") if runs else ""


def _delete_runs(settings: Settings) -> str:
    runs = forget_runs(str(settings.origin))
    return f"Deleted {plural(runs, 'saved matrix run')} for {settings.origin.name}." if runs else ""


_WORKSPACE = "form values, favorites and the imported API description"


def _workspace_found(settings: Settings) -> str:
    return _WORKSPACE if WorkspaceStore(str(settings.origin)).exists else ""


def _delete_workspace(settings: Settings) -> str:
    is_deleted = WorkspaceStore(str(settings.origin)).forget()
    return f"Deleted {_WORKSPACE} for {settings.origin.name}." if is_deleted else ""


def _history_found(settings: Settings) -> str:
    try:
        requests = asyncio.run(_in_history(History.count, "", str(settings.origin))) if history_file().exists() else 0
    except AIRiskError:  # deleting it reports why
        return "the request history"
    return f"{plural(requests, 'request')} in the history" if requests else ""


def _delete_history(settings: Settings) -> str:
    requests = asyncio.run(_in_history(History.clear, str(settings.origin))) if history_file().exists() else 0
    return f"Deleted {plural(requests, 'request')} from the history for {settings.origin.name}." if requests else ""


async def _in_history(query: Callable[..., Awaitable[int]], *arguments: str) -> int:
    async with History(history_file()) as history:
        return await query(history, *arguments)


def _translated(delete: Callable[[Settings], str]) -> Callable[[Settings], str]:
    """Return a function that reports errors of the operating system as AIRiskError, too."""

    def translated(settings: Settings) -> str:
        try:
            return delete(settings)
        except OSError as error:
            where = f"{error.filename}" if error.filename else "Some saved data"
            words = f"{where} cannot be deleted: {error.strerror or error}."
            raise WorkspaceError(words, advice="Check its permissions.") from None

    return translated


PARTS = (
    Part(lambda _: "the client secret in the OS keyring", _delete_secret),
    Part(_runs_found, _translated(_delete_runs)),
    Part(_workspace_found, _translated(_delete_workspace)),
    Part(_history_found, _translated(_delete_history)),
)
"""All parts of the saved data, the secret first."""
