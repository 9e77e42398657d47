"""Files: atomic writes, bounded reads, private to their owner."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tui.errors import RequestRejectedError, SettingsError

_MARK = ".airisk-tui-"


def write_atomic(path: Path, content: bytes, *, mode: int | None = 0o600) -> None:
    """Replace a file atomically. Blocks; arguments and errors are those of `open_atomic`."""
    with open_atomic(path, mode=mode) as file:
        file.write(content)


@contextmanager
def open_atomic(path: Path, *, mode: int | None = 0o600) -> Iterator[BinaryIO]:
    """Open a new file that replaces `path` when the context ends without an error. Blocks.

    What killed programs left half-written next to it is deleted. Anything but a regular file, such as a pipe, is
    written to directly.

    Args:
        path: the file; a link stays a link.
        mode: its permissions; if None, those of the existing file, or the user's for new files.

    Raises:
        OSError: it cannot be written; the old content is still there.
    """
    target = _followed(path)
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    _remove_leftovers(target.parent)
    fresh = target.with_name(f"{_MARK}{os.getpid()}-{threading.get_native_id()}")
    try:
        with open(os.open(fresh, _NEW, 0o666 if mode is None else mode), "wb") as file:  # noqa: PTH123 - a descriptor
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is None and target.exists():
            fresh.chmod(stat.S_IMODE(target.stat().st_mode))
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def make_private_directory(path: Path) -> None:
    """Create the directory if it is missing, and make it private."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)


def take_lock(descriptor: int, *, is_shared: bool = False, seconds: float | None = None) -> bool:
    """Lock a file until it is closed, and return whether that succeeded. Blocks.

    Args:
        descriptor: the file.
        is_shared: whether others may hold a shared lock at the same time.
        seconds: how long to wait for the holder, which may be suspended; by default without a limit.
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
    if seconds is None:
        fcntl.flock(descriptor, kind)
        return True
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOCK_PAUSE)
        else:
            return True


_LOCK_PAUSE = 0.0005
"""Seconds; about as long as writing an audit entry takes: a busy writer leaves no longer gaps."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _followed(path: Path) -> Path:
    with contextlib.suppress(RuntimeError):  # before Python 3.13, for a link that leads to itself
        target = path.resolve()
        if not target.is_symlink():
            return target
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _remove_leftovers(directory: Path) -> None:
    if sys.platform == "win32":  # There os.kill would end the process.
        return
    for path in directory.glob(f"{_MARK}*"):
        pid = path.name.removeprefix(_MARK).partition("-")[0]
        if pid.isdecimal() and _is_over(int(pid)):
            path.unlink(missing_ok=True)


def _is_over(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


_MOST_ENTRIES = 5_000
"""Entries of a directory that are listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file with its size in bytes, or a directory."""

    path: Path
    size: int
    changed: float
    is_directory: bool


def list_directory(directory: Path) -> tuple[Entry, ...]:
    """Return the files of a directory, the latest first, then its directories by name. Blocks.

    Files of the same time are sorted by name.

    Devices, pipes and sockets are omitted, because a file that is sent must have an end.

    Raises:
        RequestRejectedError: it cannot be read.
    """
    entries = []
    try:
        with os.scandir(directory) as found:
            for number, each in enumerate(found):
                if number == _MOST_ENTRIES:
                    break
                if entry := _entry(each):
                    entries.append(entry)
    except (OSError, ValueError) as error:  # a path with NUL is a ValueError
        reason = getattr(error, "strerror", None) or "no such directory"
        raise RequestRejectedError(
            f"{directory} cannot be read: {reason}.", advice="Check the path and its permissions."
        ) from None
    entries.sort(key=lambda each: each.path.name.casefold())
    files = sorted((each for each in entries if not each.is_directory), key=lambda each: -each.changed)
    return (*files, *(each for each in entries if each.is_directory))


def _entry(found: os.DirEntry[str]) -> Entry | None:
    try:
        status = found.stat()
    except OSError:
        return None  # It was removed, or is a broken link.
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return None
    return Entry(Path(found.path), status.st_size, status.st_mtime, stat.S_ISDIR(status.st_mode))


class NotRegularFileError(OSError):
    """Raised for a directory, a pipe or a device; `strerror` says which."""


def read_bounded(
    path: Path, cap: int, *, follows: bool = True, check: Callable[[os.stat_result], None] | None = None
) -> bytes:
    """Read a whole regular file. Blocks, but never on a pipe.

    Args:
        path: of a regular file.
        cap: its maximum size in bytes.
        follows: whether it may be a link.
        check: called with the status of the open file; raises if it must not be read.

    Raises:
        OSError: it is unreadable, not a regular file, or too large; `strerror` says which.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # Opening a pipe without a writer would block.
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    flags |= 0 if follows else getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotRegularFileError(errno.EINVAL, _kind(found.st_mode), str(path))
        if check:
            check(found)
        size, content = found.st_size, bytearray()
        # A file may grow while it is read, and some report no size at all.
        while size <= cap and (piece := os.read(descriptor, min(cap + 1 - len(content), 1 << 20))):
            content += piece
            size = len(content)
    finally:
        os.close(descriptor)
    if size > cap:
        raise OSError(errno.EFBIG, f"it is larger than {_size(cap)}", str(path))
    return bytes(content)


def _kind(mode: int) -> str:
    return "it is a directory" if stat.S_ISDIR(mode) else "it is a pipe or a device, not a file"


def _size(cap: int) -> str:
    return f"{cap // 1_000_000} MB" if cap >= 1_000_000 else f"{cap // 1_000} kB"


_COPY = (
    "Start in another directory. Or check its content, copy it to a file of your own, and pass that with --env-file."
)


def refuse_others(path: Path, found: os.stat_result, folder: os.stat_result) -> None:
    """Refuse a file that belongs to another user, or that others can write or replace.

    Args:
        path: where it is.
        found: its status, without following a link.
        folder: the status of its folder.

    Raises:
        SettingsError: says why, and what to do.
    """
    if sys.platform == "win32":
        return
    if stat.S_ISLNK(found.st_mode):
        raise _refusal(path, "is a link to another file", "Pass that file itself with --env-file.")
    if not _is_own(found):
        raise _refusal(path, f"belongs to {_name(found.st_uid)}", _COPY)
    if _others_can_write(found):
        raise _refusal(path, "is writable by other users", f"Check its content, then run `chmod go-w {path}`.")
    if not _is_own(folder):
        raise _refusal(path, f"is in a directory of {_name(folder.st_uid)}", _COPY)
    # With the sticky bit, as in /tmp, others can replace only their own files.
    if _others_can_write(folder) and not folder.st_mode & stat.S_ISVTX:
        raise _refusal(
            path,
            "is in a directory that is writable by other users",
            f"Check its content, then run `chmod go-w {path.absolute().parent}`.",
        )


def _refusal(path: Path, why: str, advice: str) -> SettingsError:
    return SettingsError(
        f"{path} {why}. It was not read, because it could send your secret to another host.", advice=advice
    )


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid in {os.geteuid(), 0}


def _others_can_write(found: os.stat_result) -> bool:
    if found.st_mode & stat.S_IWGRP and not _is_own_group(found.st_gid):
        return True
    return bool(found.st_mode & stat.S_IWOTH)


def _is_own_group(number: int) -> bool:
    """Return whether it is the user's private group, which has no other members."""
    import grp  # noqa: PLC0415 - not on every platform, and seldom needed
    import pwd  # noqa: PLC0415

    with suppress(KeyError):
        group, person = grp.getgrgid(number), pwd.getpwuid(os.geteuid())
        return group.gr_name == person.pw_name and set(group.gr_mem) <= {person.pw_name}
    return False


def _name(number: int) -> str:
    import pwd  # noqa: PLC0415 - not on every platform, and seldom needed

    with suppress(KeyError):
        return f"the user {pwd.getpwuid(number).pw_name}"
    return f"user {number}"
