"""Files that are whole at any moment: the old one or the new one, also where the disk is full or the program killed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import threading
from pathlib import Path

_MARK = ".airisk-tui-"


def write_whole(path: Path, content: bytes, *, mode: int | None = 0o600) -> None:
    """Put a file in the place of another; what killed programs left half-written beside it is removed. This blocks.

    What is no file, such as a pipe, is written to as it is.

    Args:
        path: a link stays one.
        content: all of it.
        mode: who may read it; where that is None, whoever could before, or who may read new files of this person.

    Raises:
        OSError: it cannot be written; what was there is still there.
    """
    target = _followed(path)
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    _remove_leftovers(target.parent)
    fresh = target.with_name(f"{_MARK}{os.getpid()}-{threading.get_native_id()}")
    try:
        with open(os.open(fresh, _NEW, 0o666 if mode is None else mode), "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)
        if mode is None and target.exists():
            fresh.chmod(stat.S_IMODE(target.stat().st_mode))
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _followed(path: Path) -> Path:
    with contextlib.suppress(RuntimeError):  # before Python 3.13, of a link that leads to itself
        target = path.resolve()
        if not target.is_symlink():
            return target
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _remove_leftovers(directory: Path) -> None:
    if sys.platform == "win32":  # There os.kill would not ask, but kill.
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
