"""A session for a command that has nobody to ask."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.airisk.guards import is_production
from tui.airisk.http.backoff import Tell
from tui.airisk.models import ANONYMOUS, APPLICATION, Identity, User
from tui.airisk.session import Session
from tui.audit.recorder import open_audit_sink
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.config.settings import RawSettings, Settings
from tui.errors import AIRiskError, NoKeyringError, RequestRejectedError, SettingsError
from tui.text import clean, with_advice


def vault_of(settings: Settings) -> Vault:
    """The keyring's part for this deployment and client."""
    return Vault(service_name(str(settings.origin), settings.client_id))


@asynccontextmanager
async def open_session(told: RawSettings) -> AsyncIterator[Session]:
    """A session with the secret from the settings, else from the keyring; what is done in it is in the audit trail.

    Raises:
        SettingsError: a setting is missing or wrong, or there is no secret anywhere.
        VaultError: the keyring may hold the secret, but cannot be read.
        AuditError: the trail cannot be written, and AIRISK_REQUIRE_AUDIT is set.
    """
    settings = told.settings()
    secret = told.secret or await _kept_secret(settings)
    async with open_audit_sink(settings, _warn) as record, Session(settings, secret, record) as session:
        yield session


def says_wait() -> Tell:
    """Return what says on stderr, once, that AIRisk has too much to do and is waited for."""
    said: list[float] = []

    def tell(seconds: float) -> None:
        if not said:
            sys.stderr.write(f"airisk-tui: AIRisk has too much to do. Waiting {seconds:.0f} s, then trying again.\n")
            sys.stderr.flush()
        said.append(seconds)

    return tell


def _warn(error: AIRiskError) -> None:
    sys.stderr.write(f"airisk-tui: {clean(with_advice(error.message, error.advice))}\n")


async def act_for_command(session: Session, name: str, reason: str) -> Identity:
    """The identity that a command names: generic, anonymous, or a user, who is then acted as under every guard rail.

    Raises:
        SettingsError: the name is empty.
        RequestRejectedError: that user is not to be acted as, or not without a reason.
        SignInError: AIRisk did not give a token for that user.
    """
    if not name:  # an empty variable in a script must not become the generic identity
        raise SettingsError("--as is empty.", advice="Give a user's id, or generic.")
    named = {"generic": APPLICATION, "anonymous": ANONYMOUS}
    return named.get(name) or await session.act_as(User(name), reason, says_wait())


def refuse_unconfirmed(settings: Settings, what: str, *, is_confirmed: bool) -> None:
    """Refuse what changes things on production without --yes: a command has nobody to ask.

    Raises:
        RequestRejectedError: it has to be confirmed.
    """
    if is_production(settings.label) and not (is_confirmed or settings.read_only):
        raise RequestRejectedError(
            f"{what} may change things at {settings.origin.name}, which is labeled {settings.label}.",
            advice="Give --yes to confirm it.",
        )


async def _kept_secret(settings: Settings) -> Secret:
    try:
        secret = await vault_of(settings).get(CLIENT_SECRET)
    except NoKeyringError:
        raise SettingsError(
            "CLIENT_SECRET is not set, and there is no keyring that could hold it.",
            advice="Set it in the environment or in .env.",
        ) from None
    if not secret:
        raise SettingsError(
            f"CLIENT_SECRET is not set, and the keyring holds none for {settings.origin.name}.",
            advice="Run `airisk-tui setup`.",
        )
    return secret
