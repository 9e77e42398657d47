"""Copies of texts for other programs, in a private folder that every run cleans up.

Each copy is in a folder that is locked while its program runs. The system releases the lock when its holder ends,
even if it is killed, so that the next start recognizes leftover copies.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.config.paths import copies_directory
from tui.files import make_private_directory, take_lock


@contextmanager
def copy_of(text: str, suffix: str) -> Iterator[Path]:
    """Yield a copy of a text that only its owner can read, and remove it afterwards.

    Raises:
        OSError: it cannot be written.
    """
    home = copies_directory()
    make_private_directory(home)
    with _locked(home):
        folder = Path(tempfile.mkdtemp(dir=home))
        lock = _opened(folder)
        take_lock(lock)
    try:
        copy = folder / f"text{suffix}"
        copy.touch(mode=0o600)
        copy.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_leftovers() -> None:
    """Remove the copies that killed programs left. Blocks. What cannot be removed stays until the next start."""
    home = copies_directory()
    if not home.is_dir():
        return
    with contextlib.suppress(OSError), _locked(home):
        for folder in home.iterdir():
            with contextlib.suppress(OSError), _locked(folder, seconds=0):
                shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path, *, seconds: float | None = None) -> Iterator[None]:
    descriptor = _opened(folder)
    try:
        if not take_lock(descriptor, seconds=seconds):
            raise BlockingIOError(errno.EAGAIN, "another program holds it", str(folder))
        yield
    finally:
        os.close(descriptor)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
