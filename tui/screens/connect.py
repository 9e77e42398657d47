"""Create a session from settings: find the client secret, and prompt for what is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.airisk.audit_sink import AuditSink, EndReason
from tui.background import run_in_thread
from tui.config.credentials import find_secret, vault_of
from tui.config.env_file import rewrite_env_file
from tui.config.keyring import CLIENT_SECRET
from tui.config.settings import DEFAULT_ENV_FILE, SECRET_COMMAND, RawSettings, Settings
from tui.errors import AIRiskError, ClientSecretRejectedError, NoKeyringError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from tui.airisk.session import Session
    from tui.screens.sign_in import SignInInput

_THIS_RUN = "The client secret is held in memory until you quit."

OnWarning = Callable[[AIRiskError], None]


@dataclass(frozen=True, slots=True)
class ConnectedSession:
    """Session that has sent nothing yet, and what to store once AIRisk has accepted it.

    Attributes:
        settings: the raw settings, complete.
        session: the session.
        journal: closes the audit trail.
        form: the user's input, if a prompt was needed.
    """

    settings: RawSettings
    session: Session
    journal: AsyncExitStack
    form: SignInInput | None = None

    async def close(self) -> None:
        """End the current act, close the audit trail, and drop all connections."""
        try:
            await self.session.stop_acting(EndReason.QUIT)
        finally:
            await self.journal.aclose()
            await self.session.close()

    async def store(self) -> str:
        """Store what the user chose to store. Return a sentence that says where it is now."""
        if self.form is None:
            return ""
        secret = await self._store_secret() if self.form.saves_secret else _THIS_RUN
        settings = await self._write_settings() if self.form.saves_settings else ""
        return f"{secret} {settings}".strip()

    async def _store_secret(self) -> str:
        try:
            await vault_of(self.settings.settings()).set(CLIENT_SECRET, self.settings.secret)
        except AIRiskError as error:
            return f"{error.message.rstrip('.')}. {_THIS_RUN}"
        return "The client secret is saved in the keyring."

    async def _write_settings(self) -> str:
        try:
            # Where the command is not set already, it must not be: a working directory's .env sets none.
            kept = (each for each in self.settings.values.items() if each[0] != SECRET_COMMAND)
            written = {name: value for name, value in kept if value}
            await run_in_thread(rewrite_env_file, self.settings.env_file, written)
        except AIRiskError as error:
            return error.message
        return f"The other settings are saved in {_place(self.settings.env_file)}."


def _place(env_file: Path) -> str:
    return f"{env_file} in this directory" if env_file == DEFAULT_ENV_FILE else str(env_file)


async def connect(
    screen: Screen[None],
    settings: RawSettings,
    *,
    has_keyring: bool,
    error: AIRiskError | None,
    previous: SignInInput | None,
    on_warning: OnWarning,
) -> ConnectedSession:
    """Find the secret, prompt for what is missing, and open a session.

    Args:
        screen: the screen that opens the prompt.
        settings: the raw settings.
        has_keyring: whether the OS keyring may be read and offered.
        error: why the user is prompted again.
        previous: the user's earlier input, whose sign-in failed.
        on_warning: called if others can read the secret, or if an optional audit trail cannot be written.
    """
    if not settings.missing and not settings.secret:
        try:
            if found := await find_secret(settings.settings(), has_keyring=has_keyring):
                settings = settings.with_secret(*found)
        except NoKeyringError:
            has_keyring = False
        except AIRiskError as keyring_error:
            error = keyring_error
    is_complete = bool(settings.secret) and not settings.missing
    if is_complete and not previous and not isinstance(error, ClientSecretRejectedError):
        return await open_connection(settings, None, on_warning)
    # Rejected input is corrected where it was entered.
    from tui.screens.sign_in import SignInScreen  # noqa: PLC0415 - only if a prompt is needed

    form = await screen.app.push_screen_wait(SignInScreen(settings, error, has_keyring=has_keyring, before=previous))
    return await open_connection(form.raw_settings, form, on_warning)


async def open_connection(settings: RawSettings, form: SignInInput | None, on_warning: OnWarning) -> ConnectedSession:
    """Open a session with complete settings; arguments and errors as in `connect`."""
    session_type, open_audit_sink = await run_in_thread(_import_service)
    checked, stack = settings.settings(), AsyncExitStack()
    record = await stack.enter_async_context(open_audit_sink(checked, on_warning))
    for warning in settings.warnings:
        on_warning(SettingsError(warning))
    return ConnectedSession(settings, session_type(checked, settings.secret, record), stack, form)


def _import_service() -> tuple[type[Session], Callable[[Settings, OnWarning], AbstractAsyncContextManager[AuditSink]]]:
    """Import httpx and the journal in a thread: that takes too long for the first frame and for the event loop."""
    from tui.airisk.session import Session  # noqa: PLC0415 - see above
    from tui.audit.recorder import open_audit_sink  # noqa: PLC0415

    return Session, open_audit_sink
