"""Receiver of what is recorded about acting as users. The audit trail is one; the service knows only this."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.airisk.identity import Identity
    from tui.airisk.models import AuditHead, Draft


class EndReason(enum.StrEnum):
    """Reason why acting ended."""

    KEY = "key"
    LIMIT = "limit"
    AUDIT = "audit"
    """A required audit trail could no longer be written."""
    DONE = "done"
    """All requests as that identity were sent."""
    QUIT = "quit"
    CRASH = "crash found at next start"


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """How a request ended.

    Args:
        seconds: from sending to the last byte, or to giving up.
        status: status of the response; None without one.
        size: bytes of the response's body; None without one.
        why: why there is no response, if there is none.
        is_sent: whether any of it was sent.
        intent: what `AuditSink.intended` returned before it left.
    """

    seconds: float
    status: int | None = None
    size: int | None = None
    why: str = ""
    is_sent: bool = True
    intent: int | None = None


class AuditSink:
    """Receiver of all actions as users. This one records nothing.

    A recording one returns when the entry is stored, or raises an AIRiskError.
    """

    async def acting_started(self, identity: Identity, reason: str = "") -> None:
        """Record that acting as a user is about to start."""

    async def acting_stopped(self, why: EndReason = EndReason.KEY) -> None:
        """Record that acting has ended."""

    async def temporary_identity_started(self, identity: Identity, reason: str = "") -> None:
        """Record that requests are about to be sent as an identity that is not the active one."""

    async def temporary_identity_stopped(self, identity: Identity, why: EndReason = EndReason.DONE) -> None:
        """Record that requests as that identity, which is not the active one, have ended."""

    async def changes_allowed(self, identity: Identity) -> None:
        """Record that changes are allowed from now on in the acting session of that user, which began read-only."""

    async def refused(self, identity: Identity, words: str, draft: Draft | None = None) -> None:
        """Record that acting as a user, or a request, was refused."""

    async def intended(self, draft: Draft, identity: Identity) -> int | None:  # noqa: ARG002 - a recorder uses them
        """Record that a request that may change data is about to be sent; return its number, if recorded."""
        return None

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        """Record a request that was sent, or was prevented."""

    async def head(self) -> AuditHead | None:
        """Return the last entry, or None if nothing is recorded."""
        return None
