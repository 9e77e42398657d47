"""Where a trail lies: its files, and who may touch them."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from tui.errors import AuditError
from tui.files import NotRegularFileError

_NUMBERED = re.compile(r"(.+)\.(\d{6,})(\.[^.]*)?")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one trail. `current` is the one that grows.

    A file that has reached its size is renamed to `audit.000001.jsonl`, `audit.000002.jsonl` and so on, and the next
    one continues the chain. None is ever deleted: that is for the person who answers for the record.
    """

    current: Path

    @classmethod
    def of(cls, path: Path) -> Files:
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


def cannot_write(files: Files, error: OSError) -> AuditError:
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
