"""From settings to a session: the secret is looked for, and what is missing is asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.airisk.guards import EndReason
from tui.background import run_in_thread
from tui.config.env_file import rewrite_env_file
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.config.settings import DEFAULT_ENV_FILE, KEYRING, RawSettings
from tui.errors import AIRiskError, ClientSecretRejectedError, NoKeyringError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from tui.airisk.session import Session
    from tui.screens.sign_in import Answers

_THIS_RUN = "The client secret is kept for this run only."

Warn = Callable[[AIRiskError], None]


@dataclass(frozen=True, slots=True)
class Connection:
    """A session that has not said a word yet, and what is to be kept once AIRisk has accepted it."""

    told: RawSettings
    session: Session
    journal: AsyncExitStack
    answers: Answers | None = None

    async def close(self) -> None:
        """End the act that is under way, close the audit trail, and drop all connections."""
        try:
            await self.session.stop_acting(EndReason.QUIT)
        finally:
            await self.journal.aclose()
            await self.session.close()

    async def keep(self) -> str:
        """Keep what the person wanted kept; the words say where it is now."""
        if self.answers is None:
            return ""
        secret = await self._keep_secret() if self.answers.keeps_secret else _THIS_RUN
        settings = await self._write_settings() if self.answers.writes_settings else ""
        return f"{secret} {settings}".strip()

    async def _keep_secret(self) -> str:
        try:
            await _vault(self.told).set(CLIENT_SECRET, self.told.secret)
        except AIRiskError as error:
            return f"{error.message.rstrip('.')}. {_THIS_RUN}"
        return "The client secret is in the keyring."

    async def _write_settings(self) -> str:
        try:
            written = {name: value for name, value in self.told.values.items() if value}
            await run_in_thread(rewrite_env_file, self.told.env_file, written)
        except AIRiskError as error:
            return error.message
        return f"The other settings are in {_place(self.told.env_file)}."


def _place(env_file: Path) -> str:
    return f"{env_file} of this directory" if env_file == DEFAULT_ENV_FILE else str(env_file)


async def connect(
    screen: Screen[None],
    told: RawSettings,
    *,
    has_keyring: bool,
    problem: AIRiskError | None,
    before: Answers | None,
    warn: Warn,
) -> Connection:
    """Find the secret, ask on that screen for what is missing, and open a session.

    Args:
        screen: the one to ask on.
        told: the settings as they were given.
        has_keyring: whether the OS keyring may be asked and offered.
        problem: why it is asked again.
        before: what was answered before, with which nobody could sign in.
        warn: told that others can read the secret, or that the audit trail cannot be written, where it is not required.
    """
    if not told.missing and not told.secret and has_keyring:
        try:
            told = told.with_secret(await _vault(told).get(CLIENT_SECRET) or Secret(""), KEYRING)
        except AIRiskError as error:
            has_keyring = not isinstance(error, NoKeyringError)
            problem = error if has_keyring else problem
    # What was typed just now, and has failed, is mended where it was typed.
    if not (before or told.missing or not told.secret or isinstance(problem, ClientSecretRejectedError)):
        return await open_connection(told, None, warn)
    from tui.screens.sign_in import SignInScreen  # noqa: PLC0415 - only if there is something to ask

    answers = await screen.app.push_screen_wait(SignInScreen(told, problem, has_keyring=has_keyring, before=before))
    return await open_connection(answers.told, answers, warn)


async def open_connection(told: RawSettings, answers: Answers | None, warn: Warn) -> Connection:
    """Open a session, of which nothing is missing; arguments and errors as in `connect`."""
    # httpx and the journal take their time to be imported: not before the first frame, and not on the event loop.
    session = await run_in_thread(import_module, "tui.airisk.session")
    journal = await run_in_thread(import_module, "tui.audit.recorder")
    settings, stack = told.settings(), AsyncExitStack()
    record = await stack.enter_async_context(journal.open_audit_sink(settings, warn))
    for warning in told.warnings:
        warn(SettingsError(warning))
    return Connection(told, session.Session(settings, told.secret, record), stack, answers)


def _vault(told: RawSettings) -> Vault:
    settings = told.settings()
    return Vault(service_name(str(settings.origin), settings.client_id))
