"""The audit trail: lines are added to it, one intact chain by however many programs, and none is ever taken away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tui.audit.entry import AuditEntry, sign
from tui.audit.storage import (
    AuditFiles,
    ChainHead,
    append,
    cannot_write,
    is_joined,
    locate_tail,
    locked_for_writing,
    rotate,
    write_head,
)
from tui.background import DaemonExecutor, shielded
from tui.config.paths import audit_file
from tui.errors import AuditError

T = TypeVar("T")

FILE_SIZE = 8_000_000
"""A file that has this many bytes is full, and the next one begins."""

_LINGER = 0.05
"""Seconds for which the thread waits for more: as many requests end together, beginning one anew costs more."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Entries that are about to be written, what is called then, and what they are once they stand there."""

    waiting: list[AuditEntry]
    calls: list[Callable[[], object]]
    written: asyncio.Future[tuple[AuditEntry, ...]]


class AuditLog:
    """A chain of entries in files that only their owner may read.

    An entry is on disk before `append` or `write` returns. What is given to `append` is written in that order, on
    a thread of its own; what is given while that is busy goes to disk together, for what takes long is the disk.

    Args:
        path: the file that grows; by default the one of this person on this machine.
        file_size: bytes from which on a file is full.
        copy: is called with each entry that is on disk, on the thread that wrote it; it must not block or fail.
        tell: is called in the same way where the trail and its head do not fit together; what stood there is closed
            off, in a file that nothing is added to.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        file_size: int = FILE_SIZE,
        copy: Callable[[AuditEntry], None] | None = None,
        tell: Callable[[AuditError], None] | None = None,
    ) -> None:
        self.files = AuditFiles(path or audit_file())
        self._file_size = file_size
        self._copy = copy
        self._tell = tell
        self._head: ChainHead | None = None
        self._thread = DaemonExecutor(max_workers=1, name="audit trail", linger=_LINGER)
        self._guard = threading.Lock()
        self._batch: _Batch | None = None

    async def append(self, *entries: AuditEntry, then: Callable[[], object] | None = None) -> tuple[AuditEntry, ...]:
        """Write entries, all or none, and return them as they stand there.

        Args:
            entries: what to write.
            then: called on the trail's thread once they are written, also if nobody waits any more; it must not fail.

        Raises:
            AuditError: they could not be written.
        """
        batch, start = self._join(entries, then)
        written = await shielded(batch.written)
        return written[start : start + len(entries)]

    async def in_turn(self, call: Callable[[], T]) -> T:
        """Await a blocking call on the trail's thread, after all before it; it runs even if the wait is cancelled."""
        return await shielded(asyncio.wrap_future(self.submit(call)))

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """`in_turn` without the wait."""
        with self._guard:
            self._batch = None  # what is given from now on comes after the call
            return self._thread.submit(call)

    def write(self, *entries: AuditEntry) -> tuple[AuditEntry, ...]:
        """`append` for those who may block: all or none are written.

        Raises:
            AuditError: they could not be written.
        """
        try:
            written = self._write(entries)
        except OSError as error:
            raise cannot_write(self.files, error) from None
        if self._copy:
            for entry in written:
                self._copy(entry)
        return written

    def _join(self, entries: Sequence[AuditEntry], then: Callable[[], object] | None) -> tuple[_Batch, int]:
        """The batch that is written next with these in it, and from where on they are."""
        loop = asyncio.get_running_loop()
        with self._guard:
            batch = self._batch
            if batch is None or batch.written.get_loop() is not loop:
                waiting: list[AuditEntry] = []
                calls: list[Callable[[], object]] = []
                # One future for all who wait: each would wake the loop by itself.
                written = asyncio.wrap_future(self._thread.submit(self._write_waiting, waiting, calls), loop=loop)
                batch = self._batch = _Batch(waiting, calls, written)
            start = len(batch.waiting)
            batch.waiting.extend(entries)
            batch.calls.extend([then] if then else [])
        return batch, start

    def _write_waiting(self, waiting: list[AuditEntry], calls: list[Callable[[], object]]) -> tuple[AuditEntry, ...]:
        with self._guard:
            if self._batch and self._batch.waiting is waiting:
                self._batch = None
        written = self.write(*waiting)
        for call in calls:
            call()
        return written

    def _write(self, entries: Sequence[AuditEntry]) -> tuple[AuditEntry, ...]:
        with locked_for_writing(self.files) as descriptor:
            end = locate_tail(self.files, descriptor)
            joined = end == self._head or is_joined(self.files, end)
            if end.size >= self._file_size or (end.size and not joined):
                end = rotate(self.files, descriptor, end)
            chain, written, lines = end.chain, [], []
            for entry in entries:
                sealed, line = sign(entry, chain.sequence + 1, chain.hash)
                chain.sequence, chain.hash = sealed.sequence, sealed.hash
                written.append(sealed)
                lines.append(line)
            size = append(self.files, b"".join(lines))
            self._head = ChainHead(chain.sequence, chain.hash, end.finished, size)
            write_head(descriptor, self._head)
        if self._tell and not joined:
            self._tell(_broken(self.files))
        return tuple(written)


def _broken(files: AuditFiles) -> AuditError:
    return AuditError(
        f"The audit trail and its {files.head.name} do not fit together: one of them was cut, replaced or put back.",
        advice="`airisk-tui audit verify` says where. A new file was begun; keep the others as they are.",
    )
