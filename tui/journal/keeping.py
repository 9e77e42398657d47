"""The record that a session is given: the audit trail, required or as well as can be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from tui.airisk.guards import AuditSink, EndReason, RequestOutcome
from tui.airisk.models import Draft, Identity
from tui.background import run_in_thread
from tui.config.settings import Settings
from tui.errors import AuditError
from tui.journal.intents import in_words
from tui.journal.recorder import Recorder
from tui.journal.syslog import Collector, Syslog
from tui.journal.trail import Trail

T = TypeVar("T")

Warn = Callable[[AuditError], None]


@asynccontextmanager
async def open_record(settings: Settings, warn: Warn) -> AsyncIterator[AuditSink]:
    """The audit trail of one run of the program; its end is written when the context is left.

    Args:
        settings: the deployment, whether the trail is required, and where copies go.
        warn: told once that the trail cannot be written, where it is not required, once that copies are lost, and of
            changes by a killed program of which nobody knows whether they were sent, and at once of a trail that does
            not fit its head.

    Raises:
        AuditError: it cannot be written, and is required.
        SettingsError: AIRISK_SYSLOG names no collector.
    """
    syslog = _syslog(settings.syslog, warn) if settings.syslog else None
    trail = Trail(copy=syslog.copy if syslog else None, tell=_from_thread(warn))
    recorder = Recorder(trail, settings, delivered=syslog.delivered if syslog else None)
    forgiving = Forgiving(recorder, warn)
    try:
        await (recorder.open() if settings.require_audit else forgiving.attempt(recorder.open()))
        if recorder.unknown:
            warn(AuditError(in_words(recorder.unknown)))
        yield recorder if settings.require_audit else forgiving if forgiving.is_kept else AuditSink()
    finally:
        await forgiving.attempt(recorder.close())
        if syslog:
            await run_in_thread(syslog.close)


def _syslog(address: str, warn: Warn) -> Syslog:
    collector = Collector.read(address)
    lost = AuditError(
        f"Copies of the audit trail do not reach {collector}.",
        advice="Check AIRISK_SYSLOG and who listens there; the trail itself is whole.",
    )
    return Syslog(collector, partial(_from_thread(warn), lost))


def _from_thread(warn: Warn) -> Warn:
    """Return what warns from any thread."""
    loop = asyncio.get_running_loop()

    def tell(error: AuditError) -> None:
        with suppress(RuntimeError):  # the loop has ended, and who could be told with it
            loop.call_soon_threadsafe(warn, error)

    return tell


class Forgiving(AuditSink):
    """A record that goes on without what cannot be written, and says so once."""

    def __init__(self, recorder: Recorder, warn: Warn) -> None:
        self._recorder = recorder
        self._warn = warn
        self.is_kept = True

    async def attempt(self, writing: Coroutine[object, object, T]) -> T | None:
        """Write, if it can be written."""
        try:
            return await writing
        except AuditError as error:
            if self.is_kept:
                self._warn(AuditError(error.message, advice=f"{error.advice} Until then nothing is recorded.".strip()))
            self.is_kept = False
            return None

    async def acting_started(self, identity: Identity, reason: str = "") -> None:
        """Somebody is about to be acted as."""
        await self.attempt(self._recorder.acting_started(identity, reason))

    async def acting_stopped(self, why: EndReason = EndReason.KEY) -> None:
        """Nobody is acted as any more."""
        await self.attempt(self._recorder.acting_stopped(why))

    async def temporary_identity_started(self, identity: Identity, reason: str = "") -> None:
        """Requests are about to go in a name besides the one that is acted in."""
        await self.attempt(self._recorder.temporary_identity_started(identity, reason))

    async def temporary_identity_stopped(self, identity: Identity, why: EndReason = EndReason.DONE) -> None:
        """No more requests go in that name besides the one that is acted in."""
        await self.attempt(self._recorder.temporary_identity_stopped(identity, why))

    async def refused(self, identity: Identity, words: str, draft: Draft | None = None) -> None:
        """Somebody was not acted as, or a request not sent."""
        await self.attempt(self._recorder.refused(identity, words, draft))

    async def intended(self, draft: Draft, identity: Identity) -> int | None:
        """A request that may change data is about to be sent."""
        return await self.attempt(self._recorder.intended(draft, identity))

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        """A request was sent."""
        await self.attempt(self._recorder.requested(draft, identity, ended))
