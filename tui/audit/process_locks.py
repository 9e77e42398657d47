"""Locks that show which runs of the program are alive, and the closing of crashed runs.

Each run that may act as users holds a lock on its own file in `runs/`. The system releases the lock however the
process ends, so a program that can take the lock knows that the run is over.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from tui.airisk.audit_sink import EndReason
from tui.audit.entry import AuditEntry, Intents, parse, unknown_outcome
from tui.audit.log import AuditLog
from tui.audit.reader import snapshot
from tui.audit.storage import AuditFiles, cannot_write, open_private
from tui.clocks import timestamp
from tui.files import make_private_directory, take_lock


class ProcessLock:
    """The lock of this run of the program; its `name` is the `process` of each of its entries."""

    def __init__(self, files: AuditFiles) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._files = files
        self._path = files.runs / self.name
        self._descriptor: int | None = None

    def begin(self) -> None:
        """Take the lock, until `end` or the end of the process.

        Raises:
            AuditError: the lock file cannot be created or locked.
        """
        try:
            make_private_directory(self._files.current.parent)
            make_private_directory(self._files.runs)
            self._descriptor = self._descriptor or self._hold()
        except OSError as error:
            raise cannot_write(self._files, error) from None

    def end(self) -> None:
        """Remove the lock file: this run left nothing open."""
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def _hold(self) -> int:
        """Return the descriptor of the locked file; retry if the file was removed before it was locked."""
        while True:
            descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
            take_lock(descriptor)
            with suppress(FileNotFoundError):
                if self._path.stat().st_ino == os.fstat(descriptor).st_ino:
                    return descriptor
            os.close(descriptor)


def close_crashed_runs(trail: AuditLog) -> tuple[AuditEntry, ...]:
    """Write and return the missing entries of crashed runs: outcomes of changes, ends of acting sessions. Blocks.

    Raises:
        AuditError: the trail cannot be read or written; the next start will try again.
    """
    found: list[AuditEntry] = []
    for path in sorted(trail.files.runs.glob("*")):
        with _taken_over(path) as is_ours:
            if not is_ours:
                continue
            for end in _owed(trail.files, process=path.name):
                found += trail.write(end)
            path.unlink(missing_ok=True)
    return tuple(found)


@contextmanager
def _taken_over(path: Path) -> Iterator[bool]:
    """Yield whether the run is over; if so, its lock is held while the context lasts."""
    try:
        descriptor = open_private(path, os.O_RDWR)
    except OSError:  # it is gone, belongs to another user, or is not a lock file
        yield False
        return
    try:
        yield take_lock(descriptor, seconds=0)
    finally:
        os.close(descriptor)


def _owed(files: AuditFiles, *, process: str) -> list[AuditEntry]:
    """Return what a crashed run did not write: the outcome of each change, and the stop of each acting session."""
    started: dict[tuple[str, str], AuditEntry] = {}
    intents = Intents()
    with snapshot(files) as taken:
        for line in taken.lines():
            # A search for the name skips most lines without decoding them.
            entry = parse(line.content) if process.encode() in line.content else None
            if entry is None or entry.process != process:
                continue
            intents.follow(entry)
            if entry.event == "start":
                started[entry.kind, entry.identity] = entry
            elif entry.event == "stop":
                started.pop((entry.kind, entry.identity), None)
    outcomes = [unknown_outcome(intent) for intent in intents.open.values()]
    now = timestamp()
    stops = [msgspec.structs.replace(act, time=now, event="stop", why=EndReason.CRASH) for act in started.values()]
    return outcomes + stops
