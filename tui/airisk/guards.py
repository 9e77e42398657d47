"""What the settings forbid, and acting as a user: how long, and how it ends."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field

from tui import clocks
from tui.airisk.models import Draft, Identity
from tui.airisk.users.ids import is_among, is_same_id
from tui.config.settings import Settings
from tui.errors import ReasonRequiredError, RequestRejectedError
from tui.plain_names import has_words


class EndReason(enum.StrEnum):
    """What ended an act."""

    KEY = "key"
    LIMIT = "limit"
    AUDIT = "audit"
    """What is done could no longer be recorded, and had to be."""
    DONE = "done"
    """What was to be asked in that name was asked."""
    QUIT = "quit"
    CRASH = "crash found at next start"


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """How a request ended.

    Args:
        seconds: from sending to the last byte, or to giving up.
        status: of the answer; None without one.
        size: bytes of the answer's body; None without one.
        why: where there is no answer, what kept it from coming.
        is_sent: whether any of it left this machine.
        intent: what `AuditSink.intended` returned before it left.
    """

    seconds: float
    status: int | None = None
    size: int | None = None
    why: str = ""
    is_sent: bool = True
    intent: int | None = None


class AuditSink:
    """What is done in people's names; this one keeps nothing.

    One that keeps it returns when it is kept, or raises an AIRiskError.
    """

    async def acting_started(self, identity: Identity, reason: str = "") -> None:
        """Somebody is about to be acted as."""

    async def acting_stopped(self, why: EndReason = EndReason.KEY) -> None:
        """Nobody is acted as any more."""

    async def temporary_identity_started(self, identity: Identity, reason: str = "") -> None:
        """Record that requests are about to be sent as an identity that is not the active one."""

    async def temporary_identity_stopped(self, identity: Identity, why: EndReason = EndReason.DONE) -> None:
        """No more requests go in that name besides the one that is acted in."""

    async def refused(self, identity: Identity, words: str, draft: Draft | None = None) -> None:
        """Somebody was not acted as, or a request not sent."""

    async def intended(self, draft: Draft, identity: Identity) -> int | None:  # noqa: ARG002 - for whoever keeps it
        """Record that a request that may change data is about to leave; return its number, if it is kept."""
        return None

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        """Record a request that was sent, or was kept from being sent."""


@dataclass(frozen=True, slots=True)
class ActingPeriod:
    """One act, from becoming a user to being the application itself again.

    Args:
        identity: the user acted as.
        minutes: how long it may last; nothing prolongs it, a further act is a new one.
        reason: what the person gave as the reason, if one was asked for.
    """

    identity: Identity
    minutes: float
    reason: str = ""
    began: float = field(default_factory=clocks.wall)
    began_steadily: float = field(default_factory=clocks.steady)

    @property
    def seconds_left(self) -> float:
        """Until it ends: by the wall clock, which runs while the machine sleeps, or the steady one if that is less."""
        elapsed = max(clocks.wall() - self.began, clocks.steady() - self.began_steadily)
        return self.minutes * 60 - elapsed

    @property
    def is_over(self) -> bool:
        """Whether it has lasted as long as it may."""
        return self.seconds_left <= 0


def is_oneself(settings: Settings, identity: Identity) -> bool:
    """Whether that is the person at the keyboard: in single-user mode USER_ID, in any spelling."""
    return settings.single_user and identity.is_user and is_same_id(identity.id, settings.user_id)


def is_production(label: str) -> bool:
    """Whether a deployment of that label is the one that counts."""
    return label.strip().lower() in {"production", "prod", "live"}


def needs_confirmation(settings: Settings, draft: Draft, identity: Identity) -> bool:
    """Whether the person must confirm this request: in a user's name, and on production in every name."""
    return not draft.is_safe and (identity.is_user or is_production(settings.label))


def check_act_as(settings: Settings, identity: Identity, reason: str) -> None:
    """Refuse to act as somebody who is protected, or without the reason that is required.

    Raises:
        RequestRejectedError: it is not allowed by the settings.
    """
    check_not_protected(settings, identity)
    if settings.require_reason and not has_words(reason):
        raise ReasonRequiredError(f"Acting as {identity} needs a reason.")


def is_protected(settings: Settings, identity: Identity) -> bool:
    """Whether AIRISK_PROTECTED_USERS names that user, in any spelling."""
    return identity.is_user and is_among(identity.id, settings.protected_users)


def check_not_protected(settings: Settings, identity: Identity) -> None:
    """Refuse whatever would be in the name of somebody who is protected.

    Raises:
        RequestRejectedError: AIRISK_PROTECTED_USERS names that user.
    """
    if is_protected(settings, identity):
        raise RequestRejectedError(
            f"{identity} is protected and cannot be acted as.", advice="AIRISK_PROTECTED_USERS names that user."
        )


def refuse_stranger(identity: Identity, known: Collection[Identity]) -> None:
    """Refuse what would go in the name of a user who is neither acted as nor asked as just now.

    Raises:
        RequestRejectedError: nobody has chosen that user.
    """
    if identity.is_user and identity not in known:
        raise RequestRejectedError(
            f"{identity} is not acted as: nothing is sent in that name.", advice="Act as that user."
        )


def check_request(settings: Settings, draft: Draft, identity: Identity, act: ActingPeriod | None) -> None:
    """Refuse a request that the settings do not allow, or whose act has lasted as long as it may.

    Raises:
        RequestRejectedError: it is not sent.
    """
    check_not_protected(settings, identity)
    if settings.read_only and not draft.is_safe:
        raise RequestRejectedError(
            f"{draft.effective_method} is refused: this deployment is set read-only.",
            advice="Unset AIRISK_READ_ONLY, or start without --read-only.",
        )
    if act and act.identity == identity and act.is_over:
        raise RequestRejectedError(
            f"The {act.minutes:g} minutes of acting as {identity} are over.",
            advice="Act as that user again if need be.",
        )
