"""The audit log: an append-only hash chain that several programs may write to."""

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
    locked_for_reading,
    locked_for_writing,
    rotate,
    write_head,
)
from tui.background import DaemonExecutor, shielded
from tui.config.paths import audit_file
from tui.errors import AuditError

T = TypeVar("T")

FILE_SIZE = 8_000_000
"""Bytes at which a file is full and the next one starts."""

_LINGER = 0.05
"""Seconds that the idle thread lives on: requests often end together, and a new thread costs more."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Entries to write, the calls to make afterwards, and a future for the entries as written."""

    waiting: list[AuditEntry]
    calls: list[Callable[[], object]]
    written: asyncio.Future[tuple[AuditEntry, ...]]


class AuditLog:
    """A chain of entries in files that only their owner may read.

    An entry is on disk before `append` or `write` returns. `append` writes in order of the calls, on a separate
    thread; entries that arrive while it is busy are written together, because the disk is the slow part.

    Args:
        path: the growing file; by default this user's on this machine.
        file_size: bytes at which a file is full.
        copy: called with each entry that is on disk, on the thread that wrote it; it must not block or fail.
        on_broken: called in the same way if the trail and its head do not match; the old lines are then closed off in a
            file that is not written to again.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        file_size: int = FILE_SIZE,
        copy: Callable[[AuditEntry], None] | None = None,
        on_broken: Callable[[AuditError], None] | None = None,
    ) -> None:
        self.files = AuditFiles(path or audit_file())
        self._file_size = file_size
        self._copy = copy
        self._on_broken = on_broken
        self._head: ChainHead | None = None
        self._thread = DaemonExecutor(max_workers=1, name="audit trail", linger=_LINGER)
        self._guard = threading.Lock()
        self._batch: _Batch | None = None

    async def append(self, *entries: AuditEntry, then: Callable[[], object] | None = None) -> tuple[AuditEntry, ...]:
        """Write entries, all or none, and return them as written.

        Args:
            entries: the entries to write.
            then: called on the log's thread after the write, even if the wait was canceled; it must not fail.

        Raises:
            AuditError: the entries could not be written.
        """
        batch, start = self._join(entries, then)
        written = await shielded(batch.written)
        return written[start : start + len(entries)]

    async def in_turn(self, call: Callable[[], T]) -> T:
        """Await a blocking call on the log's thread, in order; it runs even if the wait is canceled."""
        return await shielded(asyncio.wrap_future(self.submit(call)))

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Schedule a call as `in_turn` does, without waiting for it."""
        with self._guard:
            self._batch = None  # later entries must be written after the call
            return self._thread.submit(call)

    def write(self, *entries: AuditEntry) -> tuple[AuditEntry, ...]:
        """Write entries, all or none, as `append` does, but block.

        Raises:
            AuditError: the entries could not be written.
        """
        try:
            written = self._write(entries)
        except OSError as error:
            raise cannot_write(self.files, error) from None
        if self._copy:
            for entry in written:
                self._copy(entry)
        return written

    def head(self) -> ChainHead | None:
        """Return the last entry, or None if there is none. Blocks.

        Raises:
            AuditError: the trail cannot be read.
        """
        try:
            with locked_for_reading(self.files) as head:
                return head
        except OSError as error:
            raise cannot_write(self.files, error) from None

    def _join(self, entries: Sequence[AuditEntry], then: Callable[[], object] | None) -> tuple[_Batch, int]:
        """Add entries to the next batch; return the batch and the index of the first of them."""
        loop = asyncio.get_running_loop()
        with self._guard:
            batch = self._batch
            if batch is None or batch.written.get_loop() is not loop:
                waiting: list[AuditEntry] = []
                calls: list[Callable[[], object]] = []
                # One future for the whole batch, because each future would wake the loop separately.
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
        if self._on_broken and not joined:
            self._on_broken(_broken(self.files))
        return tuple(written)


def _broken(files: AuditFiles) -> AuditError:
    return AuditError(
        f"The audit trail does not match its {files.head.name}: one of them was cut, replaced or restored.",
        advice="`airisk-tui audit verify` says where. A new file was started; do not change the others.",
    )
