"""Directories of this machine, in which a file to be sent is looked for."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tui.airisk.errors import Refused

_MOST = 5_000
"""Entries of a directory that are listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file with its size in bytes, or a directory."""

    path: Path
    size: int
    changed: float
    is_directory: bool


def listing(directory: Path) -> tuple[Entry, ...]:
    """Return the files of a directory, the latest first, and then the directories by name. This blocks.

    Files of the same time come by name.

    Devices, pipes and sockets are left out: a file that is sent must have an end.

    Raises:
        Refused: it cannot be read.
    """
    entries = []
    try:
        with os.scandir(directory) as found:
            for number, each in enumerate(found):
                if number == _MOST:
                    break
                if entry := _entry(each):
                    entries.append(entry)
    except (OSError, ValueError) as error:  # a path with NUL is a ValueError
        reason = getattr(error, "strerror", None) or "no such directory"
        raise Refused(f"{directory} cannot be read: {reason}.", advice="Check the path, and who may read it.") from None
    entries.sort(key=lambda each: each.path.name.casefold())
    files = sorted((each for each in entries if not each.is_directory), key=lambda each: -each.changed)
    return (*files, *(each for each in entries if each.is_directory))


def _entry(found: os.DirEntry[str]) -> Entry | None:
    try:
        status = found.stat()
    except OSError:
        return None  # It is gone, or a link to nothing.
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return None
    return Entry(Path(found.path), status.st_size, status.st_mtime, stat.S_ISDIR(status.st_mode))
