"""The files of an audit trail: who may touch them, how they grow, and the head that vouches for their end.

The head names the last entry by number and hash, so that an end that was cut is missed. It is overwritten in place, in
one write of one length: at any moment it is the old one or the new one, and a full disk cannot refuse it. The entry is
on disk before the head speaks of it. A trail that is ahead of its head is therefore what a program leaves that was
ended between the two, or a machine that lost power, and is no fault; a trail behind it was cut.

Whoever lets a trail grow holds the lock of its head. A program killed in the middle of a line leaves its beginning.
That was never an entry: it is moved to `audit.torn`, so that the trail itself holds nothing but entries.
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
from tui.errors import AuditError
from tui.files import NotRegularFileError, make_private_directory, take_lock

_NUMBERED = re.compile(r"(.+)\.(\d{6,})(\.[^.]*)?")


@dataclass(frozen=True, slots=True)
class AuditFiles:
    """The files of one trail. `current` is the one that grows.

    A file that has reached its size is renamed to `audit.000001.jsonl`, `audit.000002.jsonl` and so on, and the next
    one continues the chain. None is ever deleted: that is for the person who answers for the record.
    """

    current: Path

    @classmethod
    def of(cls, path: Path) -> AuditFiles:
        """The trail to which a file belongs, be it the one that grows or a finished one."""
        numbered = _NUMBERED.fullmatch(path.name)
        return cls(path.with_name(numbered[1] + (numbered[3] or "")) if numbered else path)

    @property
    def head(self) -> Path:
        """What vouches for the end of the trail, and carries its lock."""
        return self.current.with_suffix(".head")

    @property
    def torn(self) -> Path:
        """Beginnings of lines that a killed program left."""
        return self.current.with_suffix(".torn")

    @property
    def runs(self) -> Path:
        """One locked file for each living run of the program."""
        return self.current.parent / "runs"

    def exist(self) -> bool:
        """Whether anything of the trail is there."""
        return self.current.exists() or self.head.exists() or bool(self.finished())

    def finished(self) -> list[tuple[int, Path]]:
        """The full files with their numbers, oldest first."""
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
        """The name of the full file of that number."""
        return self.current.with_name(f"{self.current.stem}.{number:06}{self.current.suffix}")


def open_private(path: Path, flags: int) -> int:
    """Open a file of ours, readable by nobody else; never through a link, nor anything but a file, that somebody laid.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularFileError(errno.EINVAL, f"{path.name} is not a file", str(path))
    if flags & os.O_CREAT and os.fstat(descriptor).st_mode & 0o077:
        os.fchmod(descriptor, 0o600)
    return descriptor


def cannot_write(files: AuditFiles, error: OSError) -> AuditError:
    """What to say where the system refuses."""
    return AuditError(
        f"The audit trail cannot be written: {error.strerror or error}.",
        advice=f"See whether {files.current.parent} has room and is yours to write.",
    )


def sync_directory(path: Path) -> None:
    """Bring the names in a directory to disk."""
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
        """A chain that stands at the last entry."""
        return ChainVerifier(self.sequence, self.hash)


@contextmanager
def locked_for_writing(files: AuditFiles) -> Iterator[int]:
    """The head, made where it is missing, while nobody else reads its place or writes."""
    make_private_directory(files.current.parent)
    descriptor = open_private(files.head, os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked_for_reading(files: AuditFiles) -> Iterator[ChainHead | None]:
    """What the head says, while nobody writes; None without a head."""
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
    """What the head says; None where it says nothing that can be understood."""
    try:
        return msgspec.json.decode(os.pread(descriptor, _LENGTH, 0), type=ChainHead)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_head(descriptor: int, head: ChainHead) -> None:
    """Let the head speak of another end; the first time, on disk too, so that no trail stands without one."""
    is_first = os.fstat(descriptor).st_size == 0
    line = msgspec.json.encode(head).ljust(_LENGTH - 1) + b"\n"
    if os.pwrite(descriptor, line, 0) != len(line):
        raise OSError("The head could not be written whole.")
    if is_first:
        os.fsync(descriptor)


def _lock(descriptor: int, *, is_shared: bool = False) -> None:
    if not take_lock(descriptor, is_shared=is_shared, seconds=_LOCK_SECONDS):
        raise AuditError(
            "Another program holds the audit trail and does not let go of it.",
            advice="Is an airisk-tui suspended (`jobs`, `fg`)? End it or let it go on, and try again.",
        )


def locate_tail(files: AuditFiles, descriptor: int) -> ChainHead:
    """Where the next entry goes; the head is brought up to it where it had fallen behind.

    A trail that was cut is continued as if it had not been, and one whose head is gone as if it were empty, so that
    the break stays for all to see.
    """
    told = read_head(descriptor)
    finished = max((number for number, _ in files.finished()), default=0)
    with _opened(files) as file:
        size = file.seek(0, os.SEEK_END)
        if told is None:
            told = (
                ChainHead()
                if finished == 0 and _has_at_most_one_line(file)
                else ChainHead(finished=finished, size=size)
            )
        chain = told.chain
        if finished >= told.finished:
            _follow_finished(files, told, finished, chain)
            file.seek(told.size if finished == told.finished else 0)
            _catch_up(files, file, chain)
            size = file.seek(0, os.SEEK_END)
    end = ChainHead(chain.sequence, chain.hash, finished, size)
    if end.sequence != told.sequence:
        write_head(descriptor, end)
    return end


def is_joined(files: AuditFiles, end: ChainHead) -> bool:
    """Whether the last line that stands there is the entry that the next one continues.

    Elsewhere the trail or its head was cut, replaced or put back, and what is written from now on cannot mend that.
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
    """Give the growing file, which is full, its number.

    From here on the head is believed to have known all of it: so it must be on disk first.
    """
    os.fsync(descriptor)
    number = end.finished + 1
    while os.path.lexists(files.numbered(number)):  # something that is no file of ours
        number += 1
    files.current.rename(files.numbered(number))
    sync_directory(files.current.parent)
    return ChainHead(end.sequence, end.hash, number)


def append(files: AuditFiles, lines: bytes) -> int:
    """Bring whole lines to disk, or leave the file as it was; return its size."""
    descriptor = open_private(files.current, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        before = os.fstat(descriptor).st_size
        if before and os.pread(descriptor, 1, before - 1) != b"\n":
            lines = b"\n" + lines  # somebody cut a line in two: ours stays whole
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
    """What a program leaves that was ended before it had made the first head."""
    file.seek(0)
    file.readline(LINE_CAP + 1)
    return not file.readline(LINE_CAP + 1).endswith(b"\n")


def _catch_up(files: AuditFiles, file: BinaryIO, chain: ChainVerifier) -> None:
    """Follow what the head has not heard of; stop where it is not ours."""
    while line := file.readline(LINE_CAP + 1):
        if len(line) <= LINE_CAP and not line.endswith(b"\n"):
            _set_aside(files, file, line)
        elif chain.follow(line):
            return


def _follow_finished(files: AuditFiles, told: ChainHead, finished: int, chain: ChainVerifier) -> None:
    """Follow through the files that got their number since: a head that was put back may be older than they are."""
    for number in range(told.finished + 1, finished + 1):
        with suppress(FileNotFoundError), os.fdopen(open_private(files.numbered(number), os.O_RDONLY), "rb") as file:
            file.seek(told.size if number == told.finished + 1 else 0)
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
    """A full disk takes a part of the data, and says so only when asked again."""
    while data:
        data = data[os.write(descriptor, data) :]


def living_runs(files: AuditFiles) -> frozenset[str]:
    """Return the names of the runs that are under way."""
    if not files.runs.is_dir():
        return frozenset()
    return frozenset(path.name for path in files.runs.iterdir() if _is_held(path))


def _is_held(path: Path) -> bool:
    try:
        descriptor = open_private(path, os.O_RDONLY)
    except OSError:  # gone, or none of ours
        return False
    try:
        return not take_lock(descriptor, is_shared=True, seconds=0)
    finally:
        os.close(descriptor)
