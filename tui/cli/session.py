"""Open a session for non-interactive commands."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.airisk.guard_rails import begins_read_only, is_production
from tui.airisk.http.backoff import OnWait
from tui.airisk.identity import ANONYMOUS, APPLICATION, Identity
from tui.airisk.models import User
from tui.airisk.session import Session
from tui.audit.recorder import open_audit_sink
from tui.config.credentials import require_secret
from tui.config.settings import RawSettings, Settings
from tui.errors import AIRiskError, ChangesNotAllowedError, GuardRailError, SettingsError
from tui.text import clean, with_advice


@asynccontextmanager
async def open_session(raw: RawSettings) -> AsyncIterator[Session]:
    """Open an audited session with the secret from the settings, or else from the keyring.

    Raises:
        SettingsError: a setting is missing or invalid, or there is no secret.
        VaultError: the keyring may hold the secret, but cannot be read.
        AuditError: the trail cannot be written, and AIRISK_REQUIRE_AUDIT is set.
    """
    settings = raw.settings()
    secret = raw.secret or (await require_secret(raw))[0]
    async with open_audit_sink(settings, warn) as record, Session(settings, secret, record) as session:
        yield session


def says_wait() -> OnWait:
    """Return a function that prints to stderr, once, that AIRisk is busy and the program waits."""
    said: list[float] = []

    def report(seconds: float) -> None:
        if not said:
            sys.stderr.write(f"airisk-tui: AIRisk is busy. Waiting {seconds:.0f} s before trying again.\n")
            sys.stderr.flush()
        said.append(seconds)

    return report


def warn(error: AIRiskError) -> None:
    """Print a warning of the audit trail to stderr."""
    sys.stderr.write(f"airisk-tui: {clean(with_advice(error.message, error.advice))}\n")


async def act_for_command(session: Session, name: str, reason: str, *, allows_changes: bool) -> Identity:
    """Return the identity that a command names; if it is a user, act as that user, under all guard rails.

    `allows_changes`: allow changes if acting sessions begin read-only.

    Raises:
        SettingsError: the name is empty.
        GuardRailError: acting as that user is not allowed, or requires a reason.
        SignInError: AIRisk issued no token for that user.
    """
    identity = identity_named(name)
    if not identity.is_user:
        return identity
    identity = await session.act_as(User(name), reason, says_wait())
    if allows_changes and session.can_allow_changes:
        await session.allow_changes()
    return identity


def identity_named(name: str) -> Identity:
    """Return the identity that a command names, not signed in.

    Raises:
        SettingsError: the name is empty.
    """
    if not name:  # an empty variable in a script must not select the application
        raise SettingsError("--as is empty.", advice="Pass a user ID, or application.")
    return {"application": APPLICATION, "anonymous": ANONYMOUS}.get(name) or Identity.of(User(name))


def refuse_unconfirmed(settings: Settings, what: str, *, is_confirmed: bool) -> None:
    """Refuse changes on production without --yes, because a command cannot ask for confirmation.

    Raises:
        GuardRailError: --yes is missing.
    """
    if is_production(settings.label) and not (is_confirmed or settings.read_only):
        raise GuardRailError(
            f"{what} may change data at {settings.origin.name}, which is labeled {settings.label}.",
            advice="Pass --yes to confirm.",
        )


def refuse_read_only(settings: Settings, what: str, identity: Identity, *, allows_changes: bool) -> None:
    """Refuse changes as a user without --allow-changes, if acting sessions begin read-only.

    Raises:
        ChangesNotAllowedError: --allow-changes is missing.
    """
    if begins_read_only(settings, identity) and not (allows_changes or settings.read_only):
        raise ChangesNotAllowedError(
            f"{what} may change data, and acting as {identity} begins read-only.", advice="Pass --allow-changes."
        )
