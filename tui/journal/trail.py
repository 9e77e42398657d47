"""The audit trail: lines are added to it, one intact chain by however many programs, and none is ever taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from tui.airisk.threads import DaemonExecutor
from tui.journal.entries import Entry, line_of, seal
from tui.journal.files import Files, cannot_write, default_path
from tui.journal.growing import add_lines, begin_next_file, find_end
from tui.journal.head import Head, locked_for_writing, write_head

T = TypeVar("T")

FILE_SIZE = 8_000_000
"""A file that has this many bytes is full, and the next one begins."""


class Trail:
    """A chain of entries in files that only their owner may read.

    An entry is on disk before `append` or `write` returns. What is given to `append` is written in that order, on
    a thread of its own.

    Args:
        path: the file that grows; by default the one of this person on this machine.
        file_size: bytes from which on a file is full.
        copy: is called with each entry that is on disk, on the thread that wrote it; it must not block or fail.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        file_size: int = FILE_SIZE,
        copy: Callable[[Entry], None] | None = None,
    ) -> None:
        self.files = Files(path or default_path())
        self._file_size = file_size
        self._copy = copy
        self._thread = DaemonExecutor(max_workers=1, name="audit trail")

    async def append(self, *entries: Entry) -> tuple[Entry, ...]:
        """Write entries, all or none, and return them as they stand there.

        Raises:
            AuditError: they could not be written.
        """
        return await self.in_turn(lambda: self.write(*entries))

    async def in_turn(self, call: Callable[[], T]) -> T:
        """Await a blocking call on the trail's thread, after all before it; it runs even if the wait is cancelled."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(call)))

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """`in_turn` without the wait."""
        return self._thread.submit(call)

    def write(self, *entries: Entry) -> tuple[Entry, ...]:
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

    def _write(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        with locked_for_writing(self.files) as descriptor:
            end = find_end(self.files, descriptor)
            if end.size >= self._file_size:
                end = begin_next_file(self.files, descriptor, end)
            chain, written = end.chain, []
            for entry in entries:
                sealed = seal(entry, chain.sequence + 1, chain.hash)
                chain.sequence, chain.hash = sealed.sequence, sealed.hash
                written.append(sealed)
            size = add_lines(self.files, b"".join(map(line_of, written)))
            write_head(descriptor, Head(chain.sequence, chain.hash, end.finished, size))
        return tuple(written)
