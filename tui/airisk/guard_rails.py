"""Guard rails: what the settings forbid, and the limits of acting as a user."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui import clocks
from tui.airisk.users.ids import is_among, is_same_id
from tui.config.settings import Settings
from tui.errors import ChangesNotAllowedError, GuardRailError, ReasonRequiredError, RequestRejectedError
from tui.plain_names import has_words

if TYPE_CHECKING:
    from tui.airisk.identity import Identity
    from tui.airisk.models import Draft


@dataclass(frozen=True, slots=True)
class ActingPeriod:
    """One acting session, from acting as a user to being the application again.

    Args:
        identity: the user acted as.
        minutes: its time limit, which cannot be extended; a further act is a new one.
        reason: the user's reason, if one was required.
    """

    identity: Identity
    minutes: float
    reason: str = ""
    began: float = field(default_factory=clocks.wall)
    began_steadily: float = field(default_factory=clocks.steady)

    @property
    def seconds_left(self) -> float:
        """Seconds until it ends: by the wall clock, which includes machine sleep, or the steady one if that is less."""
        elapsed = max(clocks.wall() - self.began, clocks.steady() - self.began_steadily)
        return self.minutes * 60 - elapsed

    @property
    def is_over(self) -> bool:
        """Whether its time limit is reached."""
        return self.seconds_left <= 0


def is_oneself(settings: Settings, identity: Identity) -> bool:
    """Return whether the identity is USER_ID, in any spelling, in single-user mode."""
    return settings.single_user and identity.is_user and is_same_id(identity.id, settings.user_id)


def is_production(label: str) -> bool:
    """Return whether the label is that of a production deployment."""
    return label.strip().lower() in {"production", "prod", "live"}


def needs_confirmation(settings: Settings, draft: Draft, identity: Identity) -> bool:
    """Return whether the user must confirm this request: as a user, and in production as any identity."""
    return not draft.is_safe and (identity.is_user or is_production(settings.label))


def check_act_as(settings: Settings, identity: Identity, reason: str) -> None:
    """Refuse to act as a protected user, or without a required reason.

    Raises:
        GuardRailError: it is not allowed by the settings.
    """
    check_not_protected(settings, identity)
    if settings.require_reason and not has_words(reason):
        raise ReasonRequiredError(f"Acting as {identity} requires a reason.")


def is_protected(settings: Settings, identity: Identity) -> bool:
    """Return whether AIRISK_PROTECTED_USERS names that user, in any spelling."""
    return identity.is_user and is_among(identity.id, settings.protected_users)


def check_not_protected(settings: Settings, identity: Identity) -> None:
    """Refuse to send anything as a protected user.

    Raises:
        GuardRailError: AIRISK_PROTECTED_USERS names that user.
    """
    if is_protected(settings, identity):
        raise GuardRailError(
            f"{identity} is protected: airisk-tui will not act as this user.",
            advice="AIRISK_PROTECTED_USERS lists this user.",
        )


def refuse_stranger(identity: Identity, known: Collection[Identity]) -> None:
    """Refuse to send as a user who is neither acted as nor opened as a temporary identity.

    Raises:
        RequestRejectedError: the user was not chosen.
    """
    if identity.is_user and identity not in known:
        raise RequestRejectedError(f"You are not acting as {identity}.", advice="Act as this user first.")


def begins_read_only(settings: Settings, identity: Identity) -> bool:
    """Return whether an acting session of that identity begins read-only, so that changes must be allowed first."""
    return settings.act_read_only and identity.is_user


def check_request(
    settings: Settings, draft: Draft, identity: Identity, act: ActingPeriod | None, *, allows_changes: bool = False
) -> None:
    """Refuse a request that the settings forbid, or whose act has reached its time limit.

    `allows_changes`: whether changes were allowed in the acting session of that identity.

    Raises:
        GuardRailError: it is not sent.
    """
    check_not_protected(settings, identity)
    if settings.read_only and not draft.is_safe:
        raise GuardRailError(
            f"{draft.effective_method} blocked: read-only mode is on.",
            advice="Unset AIRISK_READ_ONLY, or start without --read-only.",
        )
    if begins_read_only(settings, identity) and not (draft.is_safe or allows_changes):
        raise ChangesNotAllowedError(f"{draft.effective_method} blocked: acting as {identity} is read-only.")
    if act and act.identity == identity and act.is_over:
        raise GuardRailError(
            f"Acting as {identity} ended after {act.minutes:g} minutes.",
            advice="Act as this user again to continue.",
        )
