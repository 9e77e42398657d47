"""Record the program's actions in the audit trail as they happen, either required or with best effort."""

from __future__ import annotations

import asyncio
import os
import pwd
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeVar

from tui.airisk.audit_sink import AuditSink, EndReason, RequestOutcome
from tui.airisk.http.tls import trusting_context
from tui.airisk.identity import Identity
from tui.airisk.models import AuditHead, Draft
from tui.audit.entry import AuditEntry, Event, describe_unknown, unknown_outcome
from tui.audit.log import AuditLog
from tui.audit.process_locks import ProcessLock, close_crashed_runs
from tui.audit.syslog import Syslog, SyslogAddress
from tui.background import run_in_thread
from tui.clocks import timestamp
from tui.config.settings import Settings
from tui.errors import AuditError

CRASHED = "crash"
"""The end of an acting session that a crashing program still recorded; otherwise the next start finds the crash."""


@dataclass(frozen=True, slots=True, eq=False)
class _Act:
    identity: Identity
    reason: str


class AuditRecorder(AuditSink):
    """Records one run of the program; every acting session that starts also gets its stop.

    Each method returns when its entry is on disk. `found` are the entries written for crashed runs: ends of acting
    sessions, and outcomes of changes; `unknown` are the latter.

    Args:
        trail: the log to write to.
        settings: the deployment and the client.
        delivered: waits until the collector, if there is one, has the entries that are on disk.
    """

    def __init__(
        self, trail: AuditLog, settings: Settings, *, delivered: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.found: tuple[AuditEntry, ...] = ()
        self._trail = trail
        self._delivered = delivered
        self._owed: dict[int, AuditEntry] = {}
        self._run = ProcessLock(trail.files)
        self._act: _Act | None = None
        self._starting: asyncio.Future[None] | None = None
        self._also: list[_Act] = []
        self._stopping: set[_Act] = set()
        self._always: dict[str, Any] = {
            "os_user": _os_user(),
            "os_host": socket.gethostname(),
            "deployment": str(settings.origin),
            "client_id": settings.client_id,
        }

    @property
    def unknown(self) -> list[AuditEntry]:
        """Changes by crashed runs whose outcome is unknown."""
        return [entry for entry in self.found if entry.intent is not None]

    async def open(self) -> Self:
        """Start this run, and close crashed ones.

        Raises:
            AuditError: the trail cannot be written.
        """
        await self._trail.in_turn(self._begin)
        return self

    async def close(self, why: str = EndReason.QUIT) -> None:
        """End the run and its acting sessions.

        Raises:
            AuditError: an end could not be written; the next start will try again.
        """
        await self._trail.in_turn(lambda: self.close_now(why))

    def close_now(self, why: str = CRASHED) -> None:
        """Close without an event loop; blocks.

        Raises:
            AuditError: an end could not be written; the next start will try again.
        """
        for intent, outcome in tuple(self._owed.items()):
            self._trail.write(outcome)
            del self._owed[intent]
        for act in tuple(self._also):
            self._end_also(act, why)
        if self._act:
            self._end(self._act, why)
        self._run.end()

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        is_crash = kind is not None and issubclass(kind, Exception)
        await self.close(CRASHED if is_crash else EndReason.QUIT)

    async def acting_started(self, identity: Identity, reason: str = "") -> None:
        """Record the start of an acting session, and the stop of the current one. Do not act unless this is on disk.

        If canceled, it is undone in the trail: the previous acting session starts again.

        Raises:
            AuditError: nothing could be written.
        """
        before, act = self._act, _Act(identity, reason)
        written: list[AuditEntry] = []

        def begin() -> None:
            written.extend(self._trail.write(*self._switch(before, act)))

        def take_back() -> None:
            if written:
                self._trail.write(*self._switch(act, before))

        self._act = act
        settled = self._starting = asyncio.get_running_loop().create_future()
        try:
            await self._trail.in_turn(begin)
        except BaseException as error:
            self._act = before
            if isinstance(error, asyncio.CancelledError):
                self._trail.submit(take_back)
            raise
        finally:
            settled.set_result(None)

    async def acting_stopped(self, why: str = EndReason.KEY) -> None:
        """Record the end of the acting session, if there is one.

        Raises:
            AuditError: it could not be written; the next acting session, or the end of the run, will try again.
        """
        if self._starting and not self._starting.done():
            # A canceled start must be undone first, or it would restart the session that stops here.
            await asyncio.wait([self._starting])
        act = self._act
        if act:
            await self._trail.in_turn(lambda: self._end(act, why))

    async def temporary_identity_started(self, identity: Identity, reason: str = "") -> None:
        """Record that requests will also be sent as this identity, for the second time if they already are.

        Send none unless this entry is on disk.

        Raises:
            AuditError: nothing could be written.
        """
        begin = partial(self._also.append, _Act(identity, reason))
        await self._trail.append(self._entry("start", identity, reason=reason), then=begin)

    async def temporary_identity_stopped(self, identity: Identity, why: str = EndReason.DONE) -> None:
        """Record the end of the latest `temporary_identity_started` of this identity.

        Raises:
            AuditError: it could not be written; the end of the run will try again.
        """
        act = self._also_as(identity, besides=self._stopping)
        if act is None:
            return
        self._stopping.add(act)
        try:
            await self._trail.append(self._stop(act, why), then=partial(self._remove, act))
        finally:
            self._stopping.discard(act)

    async def changes_allowed(self, identity: Identity) -> None:
        """Record that changes are allowed in an acting session. Allow none unless this entry is on disk.

        Raises:
            AuditError: it could not be written.
        """
        await self._trail.append(self._entry("allow", identity, why="changes"))

    async def refused(self, identity: Identity, words: str, draft: Draft | None = None) -> None:
        """Record that the program refused to act as a user or to send a request.

        Raises:
            AuditError: it could not be written.
        """
        await self._trail.append(
            self._entry("refusal", identity, why=words, **(_request_fields(draft) if draft else {}))
        )

    async def intended(self, draft: Draft, identity: Identity) -> int | None:
        """Record a request that may change data, before it is sent. Do not send it unless this entry is on disk.

        Raises:
            AuditError: it could not be written.
        """
        (intent,) = await self._trail.append(self._entry("intent", identity, **_request_fields(draft)))
        self._owed[intent.sequence] = unknown_outcome(intent)
        if self._delivered:
            await self._delivered()
        return intent.sequence

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        """Record a request that was sent, or that was stopped before it was sent.

        Raises:
            AuditError: it could not be written; for a change, the end of the run will try again.
        """
        response = {
            "status": ended.status,
            "milliseconds": round(ended.seconds * 1000),
            "bytes": ended.size,
            "why": ended.why,
            "sent": ended.is_sent,
            "intent": ended.intent,
        }
        entry = self._entry("request", identity, **_request_fields(draft), **response)
        if ended.intent is None:
            await self._trail.append(entry)
            return
        self._owed[ended.intent] = entry
        await self._trail.append(entry, then=partial(self._owed.pop, ended.intent, None))

    async def head(self) -> AuditHead | None:
        """Return the last entry, or None if there is none.

        Raises:
            AuditError: the trail cannot be read.
        """
        head = await self._trail.in_turn(self._trail.head)
        return AuditHead(self._always["os_host"], head.sequence, head.hash) if head and head.sequence else None

    def _begin(self) -> None:
        self._run.begin()
        self.found = close_crashed_runs(self._trail)

    def _end(self, act: _Act, why: str) -> None:
        if self._act is act:
            self._trail.write(self._stop(act, why))
            self._act = None

    def _end_also(self, act: _Act, why: str) -> None:
        if act in self._also:
            self._trail.write(self._stop(act, why))
            self._also.remove(act)

    def _remove(self, act: _Act) -> None:
        if act in self._also:
            self._also.remove(act)

    def _also_as(self, identity: Identity, besides: Collection[_Act] = ()) -> _Act | None:
        """Return the latest session as this identity in addition to the active one."""
        return next((act for act in reversed(self._also) if act.identity == identity and act not in besides), None)

    def _switch(self, old: _Act | None, new: _Act | None) -> list[AuditEntry]:
        stop = [self._stop(old, EndReason.KEY)] if old else []
        start = [self._entry("start", new.identity, reason=new.reason)] if new else []
        return stop + start

    def _stop(self, act: _Act, why: str) -> AuditEntry:
        return self._entry("stop", act.identity, reason=act.reason, why=why)

    def _entry(self, event: Event, identity: Identity, **fields: Any) -> AuditEntry:
        fields.setdefault("reason", self._reason(identity))
        return AuditEntry(
            time=timestamp(),
            event=event,
            kind=identity.kind,
            identity=identity.id if identity.is_user else identity.kind,
            name=identity.name,
            subject_check=identity.subject_check,
            process=self._run.name,
            **self._always,
            **fields,
        )

    def _reason(self, identity: Identity) -> str:
        if self._act and self._act.identity == identity:
            return self._act.reason
        also = self._also_as(identity)
        return also.reason if also else ""


def _request_fields(draft: Draft) -> dict[str, str]:
    return {"method": draft.method, "path": _bare(draft.hidden_path or draft.path)}


def _bare(path: str) -> str:
    """Return a path without query and fragment; replace anything else, such as a URL with a password."""
    is_path = path.startswith("/") and not path.startswith("//")
    return path.partition("?")[0].partition("#")[0] if is_path else "(not a path)"


def _os_user() -> str:
    """Return the owner of this process from the system, because the environment can be changed."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


T = TypeVar("T")

Warn = Callable[[AuditError], None]


@asynccontextmanager
async def open_audit_sink(settings: Settings, warn: Warn) -> AsyncIterator[AuditSink]:
    """Open the audit trail for one run of the program; leaving the context records its end.

    Args:
        settings: the deployment, whether the trail is required, and the address for copies.
        warn: called when the trail is not required and can no longer be written, once if copies are lost, once for
            changes of unknown outcome by crashed runs, and whenever the trail does not match its head.

    Raises:
        AuditError: the trail is required and cannot be written.
        SettingsError: AIRISK_SYSLOG names no collector, or AIRISK_CA_FILE is needed for it and unreadable.
    """
    syslog = await run_in_thread(_syslog, settings, _from_thread(warn)) if settings.syslog else None
    trail = AuditLog(copy=syslog.copy if syslog else None, on_broken=_from_thread(warn))
    recorder = AuditRecorder(trail, settings, delivered=syslog.delivered if syslog else None)
    forgiving = BestEffortSink(recorder, warn)
    try:
        await (recorder.open() if settings.require_audit else forgiving.attempt(recorder.open()))
        if recorder.unknown:
            warn(AuditError(describe_unknown(recorder.unknown)))
        yield recorder if settings.require_audit else forgiving if forgiving.is_kept else AuditSink()
    finally:
        await forgiving.attempt(recorder.close())
        if syslog:
            await run_in_thread(syslog.close)


def _syslog(settings: Settings, warn: Warn) -> Syslog:
    """Return the sender of copies; `warn` is called from any thread. Blocks: it reads the trusted certificates."""
    collector = SyslogAddress.read(settings.syslog)

    def lost(why: str) -> None:
        warn(
            AuditError(
                f"Copies of the audit trail do not reach {collector} ({why}).",
                advice="Check AIRISK_SYSLOG and the collector. The audit trail itself is complete.",
            )
        )

    trusted = trusting_context(settings.ca_file, also_usual=True) if collector.kind == "tls" else None
    return Syslog(collector, lost, trusted)


def _from_thread(warn: Warn) -> Warn:
    """Return a function that warns from any thread."""
    loop = asyncio.get_running_loop()

    def warn_on_loop(error: AuditError) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the screen with it
            loop.call_soon_threadsafe(warn, error)

    return warn_on_loop


class BestEffortSink(AuditSink):
    """An audit sink that warns when the trail can no longer be written, and continues without it.

    Attributes:
        is_kept: whether everything was recorded so far.
    """

    def __init__(self, recorder: AuditRecorder, warn: Warn) -> None:
        self._recorder = recorder
        self._warn = warn
        self._is_failing = False
        self.is_kept = True

    async def attempt(self, writing: Coroutine[object, object, T]) -> T | None:
        """Await a write; if it fails, warn unless the last one failed as well, and return None."""
        try:
            result = await writing
        except AuditError as error:
            if not self._is_failing:
                self._warn(AuditError(f"{error.message} Until it can be, nothing is recorded.", advice=error.advice))
            self.is_kept, self._is_failing = False, True
            return None
        self._is_failing = False
        return result

    async def acting_started(self, identity: Identity, reason: str = "") -> None:
        """Record the start of an acting session, if possible."""
        await self.attempt(self._recorder.acting_started(identity, reason))

    async def acting_stopped(self, why: EndReason = EndReason.KEY) -> None:
        """Record the end of the acting session, if possible."""
        await self.attempt(self._recorder.acting_stopped(why))

    async def temporary_identity_started(self, identity: Identity, reason: str = "") -> None:
        """Record that requests will also be sent as this identity, if possible."""
        await self.attempt(self._recorder.temporary_identity_started(identity, reason))

    async def temporary_identity_stopped(self, identity: Identity, why: EndReason = EndReason.DONE) -> None:
        """Record that no more requests will be sent as this identity in addition to the active one, if possible."""
        await self.attempt(self._recorder.temporary_identity_stopped(identity, why))

    async def changes_allowed(self, identity: Identity) -> None:
        """Record that changes are allowed in an acting session, if possible."""
        await self.attempt(self._recorder.changes_allowed(identity))

    async def refused(self, identity: Identity, words: str, draft: Draft | None = None) -> None:
        """Record that the program refused to act as a user or to send a request, if possible."""
        await self.attempt(self._recorder.refused(identity, words, draft))

    async def intended(self, draft: Draft, identity: Identity) -> int | None:
        """Record a request that may change data, before it is sent, if possible."""
        return await self.attempt(self._recorder.intended(draft, identity))

    async def requested(self, draft: Draft, identity: Identity, ended: RequestOutcome) -> None:
        """Record a request that was sent, if possible."""
        await self.attempt(self._recorder.requested(draft, identity, ended))

    async def head(self) -> AuditHead | None:
        """Return the last entry, or None if there is none or the trail could not be written."""
        head = await self.attempt(self._recorder.head())
        return head if self.is_kept else None
