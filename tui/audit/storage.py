"""The files of an audit trail: their permissions, their growth, and the head that records their end.

The head names the last entry by number and hash, so that a cut end is detected. It is overwritten in place by one write
of constant length: at any moment it is the old or the new one, and a full disk cannot refuse it. An entry is on disk
before the head names it. A trail ahead of its head is therefore no error: the program or the machine stopped between
the two writes. A trail behind its head was cut.

A program holds the lock of the head while it writes. A program killed in the middle of a line leaves a partial one.
That never was an entry; it is moved to `audit.torn`, so that the trail only holds entries.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec

from tui.audit.entry import LINE_CAP, NOTHING_BEFORE, ChainVerifier, parse
from tui.decoding import decode_json
from tui.errors import AuditError
from tui.files import NotRegularFileError, make_private_directory, take_lock

_NUMBERED = re.compile(r"(.+)\.(\d{6,})(\.[^.]*)?")


@dataclass(frozen=True, slots=True)
class AuditFiles:
    """The files of one trail. `current` is the growing one.

    A full file is renamed to `audit.000001.jsonl`, `audit.000002.jsonl` and so on, and the next one continues the
    chain. The program never deletes one; that is up to the person responsible for the trail.
    """

    current: Path

    @classmethod
    def of(cls, path: Path) -> AuditFiles:
        """Return the trail to which a file belongs, either the growing file or a finished one."""
        numbered = _NUMBERED.fullmatch(path.name)
        return cls(path.with_name(numbered[1] + (numbered[3] or "")) if numbered else path)

    @property
    def head(self) -> Path:
        """The file that records the end of the trail, and is its lock."""
        return self.current.with_suffix(".head")

    @property
    def torn(self) -> Path:
        """The file for partial lines of killed programs."""
        return self.current.with_suffix(".torn")

    @property
    def runs(self) -> Path:
        """The directory with a locked file for each living run of the program."""
        return self.current.parent / "runs"

    def exist(self) -> bool:
        """Return whether any file of the trail exists."""
        return self.current.exists() or self.head.exists() or bool(self.finished())

    def finished(self) -> list[tuple[int, Path]]:
        """Return the full files with their numbers, oldest first."""
        if not self.current.parent.is_dir():
            return []
        found = []
        for path in self.current.parent.iterdir():
            numbered = _NUMBERED.fullmatch(path.name)
            is_named = numbered and numbered[1] + (numbered[3] or "") == self.current.name
            if numbered and is_named and stat.S_ISREG(path.lstat().st_mode):
                found.append((int(numbered[2]), path))
        return sorted(found)

    def numbered(self, number: int) -> Path:
        """Return the path of the full file with that number."""
        return self.current.with_name(f"{self.current.stem}.{number:06}{self.current.suffix}")


def open_private(path: Path, flags: int) -> int:
    """Open a regular file that only its owner can read; never follow a symbolic link.

    Raises:
        OSError: the file cannot be opened, or is not a regular file.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularFileError(errno.EINVAL, f"{path.name} is not a file", str(path))
    if flags & os.O_CREAT and os.fstat(descriptor).st_mode & 0o077:
        os.fchmod(descriptor, 0o600)
    return descriptor


def cannot_write(files: AuditFiles, error: OSError) -> AuditError:
    """Return the error for a write that the system refused."""
    return AuditError(
        f"The audit trail cannot be written: {error.strerror or error}.",
        advice=f"Check that you can write to {files.current.parent} and that the disk is not full.",
    )


def sync_directory(path: Path) -> None:
    """Write the entries of a directory to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_LENGTH = 200
_LOCK_SECONDS = 5.0


_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class ChainHead(msgspec.Struct, frozen=True):
    """The last entry, the number of the last full file, and the size of the growing one in bytes."""

    sequence: _Count = 0
    hash: str = NOTHING_BEFORE
    finished: _Count = 0
    size: _Count = 0

    @property
    def chain(self) -> ChainVerifier:
        """The position of the last entry in the chain."""
        return ChainVerifier(self.sequence, self.hash)


@contextmanager
def locked_for_writing(files: AuditFiles) -> Iterator[int]:
    """Yield the descriptor of the head, created if missing, under an exclusive lock."""
    make_private_directory(files.current.parent)
    descriptor = open_private(files.head, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked_for_reading(files: AuditFiles) -> Iterator[ChainHead | None]:
    """Yield the head under a shared lock, or None if it is missing or invalid."""
    try:
        descriptor = open_private(files.head, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        _lock(descriptor, is_shared=True)
        yield read_head(descriptor)
    finally:
        os.close(descriptor)


def read_head(descriptor: int) -> ChainHead | None:
    """Return the head, or None if it is invalid."""
    try:
        return decode_json(os.pread(descriptor, _LENGTH, 0), ChainHead)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_head(descriptor: int, head: ChainHead) -> None:
    """Overwrite the head; the first time also sync it to disk, so that no trail is without one."""
    is_first = os.fstat(descriptor).st_size == 0
    line = msgspec.json.encode(head).ljust(_LENGTH - 1) + b"\n"
    if os.pwrite(descriptor, line, 0) != len(line):
        raise OSError("The head could not be written completely.")
    if is_first:
        os.fsync(descriptor)


def _lock(descriptor: int, *, is_shared: bool = False) -> None:
    if not take_lock(descriptor, is_shared=is_shared, seconds=_LOCK_SECONDS):
        raise AuditError(
            "The audit trail is locked by another process.",
            advice="If an airisk-tui is suspended, resume it (`fg`) or end it, then try again.",
        )


def locate_tail(files: AuditFiles, descriptor: int) -> ChainHead:
    """Return the end of the trail, where the next entry goes; update the head if it was behind.

    A trail that was cut is continued as if it had not been, and a trail without its head as if it were empty, so that
    the break stays visible.
    """
    head = read_head(descriptor)
    finished = max((number for number, _ in files.finished()), default=0)
    with _opened(files) as file:
        size = file.seek(0, os.SEEK_END)
        if head is None:
            head = (
                ChainHead()
                if finished == 0 and _has_at_most_one_line(file)
                else ChainHead(finished=finished, size=size)
            )
        chain = head.chain
        if finished >= head.finished:
            _follow_finished(files, head, finished, chain)
            file.seek(head.size if finished == head.finished else 0)
            _catch_up(files, file, chain)
            size = file.seek(0, os.SEEK_END)
    end = ChainHead(chain.sequence, chain.hash, finished, size)
    if end.sequence != head.sequence:
        write_head(descriptor, end)
    return end


def is_joined(files: AuditFiles, end: ChainHead) -> bool:
    """Return whether the last line is the entry that the next one continues.

    If not, the trail or its head was cut, replaced or restored, and later entries cannot repair that.
    """
    if not (end.size or end.finished):
        return end.sequence == 0
    try:
        descriptor = open_private(files.current if end.size else files.numbered(end.finished), os.O_RDONLY)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - LINE_CAP - 1, 0))
        last = parse(file.read().removesuffix(b"\n").rpartition(b"\n")[2])
    return last is not None and (last.sequence, last.hash) == (end.sequence, end.hash)


def rotate(files: AuditFiles, descriptor: int, end: ChainHead) -> ChainHead:
    """Rename the full file to its number, and return the head for an empty one.

    Readers then assume that the head covered the whole file, so the head must be on disk first.
    """
    os.fsync(descriptor)
    number = end.finished + 1
    while os.path.lexists(files.numbered(number)):  # not one of our files
        number += 1
    files.current.rename(files.numbered(number))
    sync_directory(files.current.parent)
    return ChainHead(end.sequence, end.hash, number)


def append(files: AuditFiles, lines: bytes) -> int:
    """Write whole lines to disk, or leave the file unchanged; return its size."""
    descriptor = open_private(files.current, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        before = os.fstat(descriptor).st_size
        if before and os.pread(descriptor, 1, before - 1) != b"\n":
            lines = b"\n" + lines  # the file was cut within a line; keep our line whole
        try:
            _write_all(descriptor, lines)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, before)
            raise
        if before == 0:
            sync_directory(files.current.parent)
        return before + len(lines)
    finally:
        os.close(descriptor)


def _opened(files: AuditFiles) -> BinaryIO:
    return os.fdopen(open_private(files.current, os.O_RDWR | os.O_CREAT), "r+b")


def _has_at_most_one_line(file: BinaryIO) -> bool:
    """Return whether there is at most one line, as after a crash before the first head was written."""
    file.seek(0)
    file.readline(LINE_CAP + 1)
    return not file.readline(LINE_CAP + 1).endswith(b"\n")


def _catch_up(files: AuditFiles, file: BinaryIO, chain: ChainVerifier) -> None:
    """Follow the entries after the head, and move partial lines away; stop where the chain breaks."""
    while line := file.readline(LINE_CAP + 1):
        if len(line) <= LINE_CAP and not line.endswith(b"\n"):
            _set_aside(files, file, line)
        elif chain.follow(line):
            return


def _follow_finished(files: AuditFiles, head: ChainHead, finished: int, chain: ChainVerifier) -> None:
    """Follow the files that became full after the head was written; a restored head may be older than they are."""
    for number in range(head.finished + 1, finished + 1):
        with suppress(FileNotFoundError), os.fdopen(open_private(files.numbered(number), os.O_RDONLY), "rb") as file:
            file.seek(head.size if number == head.finished + 1 else 0)
            while (line := file.readline(LINE_CAP + 1)) and not chain.follow(line):
                pass


def _set_aside(files: AuditFiles, file: BinaryIO, torn: bytes) -> None:
    descriptor = open_private(files.torn, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        _write_all(descriptor, torn + b"\n")
    finally:
        os.close(descriptor)
    file.truncate(file.tell() - len(torn))


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all data; a full disk first takes a part, and fails on the next write only."""
    while data:
        data = data[os.write(descriptor, data) :]


def living_runs(files: AuditFiles) -> frozenset[str]:
    """Return the names of the living runs."""
    if not files.runs.is_dir():
        return frozenset()
    return frozenset(path.name for path in files.runs.iterdir() if _is_held(path))


def _is_held(path: Path) -> bool:
    try:
        descriptor = open_private(path, os.O_RDONLY)
    except OSError:  # it is gone, or not a lock file
        return False
    try:
        return not take_lock(descriptor, is_shared=True, seconds=0)
    finally:
        os.close(descriptor)
