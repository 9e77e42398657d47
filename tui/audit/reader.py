"""Read a consistent snapshot of the trail while other programs write, filter its entries, or read just its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from tui import clocks
from tui.airisk.users.ids import is_same_id
from tui.audit.entry import LINE_CAP, AuditEntry, Intents, parse
from tui.audit.storage import AuditFiles, ChainHead, living_runs, locked_for_reading, open_private
from tui.errors import AuditError, SettingsError
from tui.format import read_duration


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line with its line feed, or a partial one; `number` counts from 1 in its file."""

    file: Path
    number: int
    content: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether the line is complete."""
        return self.content.endswith(b"\n")


class Snapshot:
    """A trail at one moment; `head` is its head at that time or None, `living` are the runs that were alive."""

    def __init__(self, files: AuditFiles, head: ChainHead | None, growing: BinaryIO | None) -> None:
        self.files = files
        self.head = head
        self.finished = [path for _, path in files.finished()]
        self.living = living_runs(files)
        self._growing = growing
        self._size = os.fstat(growing.fileno()).st_size if growing else 0

    def lines(self) -> Iterator[LogLine]:
        """Yield every line, oldest first; a line that is too long for an entry comes in pieces."""
        for path in self.finished:
            with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
                yield from _lines(path, file, os.fstat(file.fileno()).st_size)
        if self._growing:
            yield from _lines(self.files.current, self._growing, self._size)


@contextmanager
def snapshot(files: AuditFiles) -> Iterator[Snapshot]:
    """Yield a snapshot of the trail. Later lines, and a rename of the growing file, do not change it.

    Raises:
        AuditError: the trail cannot be read.
    """
    try:
        with ExitStack() as stack:
            with locked_for_reading(files) as head:
                taken = Snapshot(files, head, _growing(files, stack))
            yield taken
    except OSError as error:
        raise AuditError(
            f"The audit trail cannot be read: {error.strerror or error}.",
            advice=f"Check that {files.current} exists and that you can read it.",
        ) from None


def _growing(files: AuditFiles, stack: ExitStack) -> BinaryIO | None:
    try:
        return stack.enter_context(os.fdopen(open_private(files.current, os.O_RDONLY), "rb"))
    except FileNotFoundError:
        return None


def _lines(path: Path, file: BinaryIO, size: int) -> Iterator[LogLine]:
    number, left = 1, size
    while content := file.readline(min(LINE_CAP + 1, left)) if left else b"":
        yield LogLine(path, number, content)
        left -= len(content)
        number += content.endswith(b"\n")


@dataclass(slots=True)
class EntryFilter:
    """A filter for entries; empty fields match everything. `since` has the format of an entry's `time`.

    `user` matches any spelling of the id, because it may have been typed.

    After reading, `unreadable` is the number of lines that are not entries, and `unknown` are the changes of unknown
    outcome that match `user` and `since`.
    """

    user: str = ""
    status: int | None = None
    since: str = ""
    unreadable: int = 0
    unknown: list[AuditEntry] = field(default_factory=list)

    def entries(self, path: Path) -> Iterator[AuditEntry]:
        """Yield the matching entries, newest last. Memory use does not grow with the trail.

        Raises:
            AuditError: the trail cannot be read.
        """
        intents = Intents()
        with snapshot(AuditFiles.of(path)) as taken:
            for line in taken.lines():
                entry = parse(line.content) if line.is_whole else None
                if entry is None:
                    self.unreadable += line.is_whole
                    continue
                intents.follow(entry)
                if self.matches(entry):
                    yield entry
            self.unknown = [each for each in intents.unknown(taken.living) if self._is_theirs(each)]

    def matches(self, entry: AuditEntry) -> bool:
        """Return whether an entry matches."""
        return self._is_theirs(entry) and (self.status is None or entry.status == self.status)

    def _is_theirs(self, entry: AuditEntry) -> bool:
        return (not self.user or is_same_id(entry.identity, self.user)) and entry.time >= self.since


def read_since(text: str, now: datetime | None = None) -> str:
    """Convert a time in ISO 8601 (UTC without a zone) or an age: ``90s``, ``30m``, ``2h``, ``3d``, ``1w``.

    Raises:
        SettingsError: the text is neither.
    """
    with suppress(ValueError, OverflowError):
        return clocks.timestamp((now or clocks.now()) - timedelta(seconds=read_duration(text)))
    try:
        moment = datetime.fromisoformat(text.strip())
        return clocks.timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise SettingsError(
            "--since must be a time or an age.", advice="Examples: 2025-03-31, 2025-03-31T13:00:00Z, 30m, 2h, 3d."
        ) from None


_READ = 512 * 1024
"""Bytes at the end that are read: a few thousand entries, in a few milliseconds."""


def recent_entries(path: Path, deployment: str) -> Iterator[AuditEntry]:
    """Yield the last entries of a deployment, newest first; none if the trail cannot be read."""
    for line in reversed(_end(path).splitlines()):
        entry = parse(line)
        if entry and entry.deployment == deployment:
            yield entry


def _end(path: Path) -> bytes:
    try:
        with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
            file.seek(max(os.fstat(file.fileno()).st_size - _READ, 0))
            return file.read(_READ)
    except OSError:
        return b""
