"""The one way to read a file that somebody else may have written: regular files only, up to a size, without waiting."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path


class NotRegular(OSError):
    """It is a directory, a pipe or a device: `strerror` says so."""


def read_bounded(
    path: Path, cap: int, *, follows: bool = True, check: Callable[[os.stat_result], None] | None = None
) -> bytes:
    """Read a whole file. This blocks, but not for longer than a disk takes.

    Args:
        path: of a regular file.
        cap: bytes that it may have.
        follows: whether it may be a link.
        check: told what the system says of the file that is open, and raises where it is not to be read.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger; `strerror` says which.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # A pipe to which nobody writes would be waited for.
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    flags |= 0 if follows else getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotRegular(errno.EINVAL, _kind(found.st_mode), str(path))
        if check:
            check(found)
        content = bytearray()
        # A file may grow while it is read, and some tell no size at all.
        while len(content) <= cap and (piece := os.read(descriptor, min(cap + 1 - len(content), 1 << 20))):
            content += piece
    finally:
        os.close(descriptor)
    if len(content) > cap:
        raise OSError(errno.EFBIG, f"it is larger than {_size(cap)}", str(path))
    return bytes(content)


def _kind(mode: int) -> str:
    return "it is a directory" if stat.S_ISDIR(mode) else "it is a pipe or a device, not a file"


def _size(cap: int) -> str:
    return f"{cap // 1_000_000} MB" if cap >= 1_000_000 else f"{cap // 1_000} kB"
