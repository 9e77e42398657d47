"""Copies of texts for other programs, in a private folder that every run cleans up.

A copy that is only read has no name: the system removes it with the last program that has it open. Each other copy is
in a folder that is locked while its program runs. The system releases the lock when its holder ends, even if it is
killed, so that the next start recognizes leftover copies.
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
from typing import BinaryIO

from tui.config.paths import copies_directory
from tui.files import make_private_directory, take_lock


@contextmanager
def copy_of(text: str, suffix: str) -> Iterator[Path]:
    """Yield a copy of a text that only its owner can read, and remove it afterwards.

    Raises:
        OSError: it cannot be written.
    """
    home = _made_home()
    with _locked(home):
        folder = Path(tempfile.mkdtemp(dir=home))
        lock = _opened(folder)
        take_lock(lock)
    try:
        copy = folder / f"text{suffix}"
        copy.touch(mode=0o600)
        copy.write_bytes(_encoded(text))
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@contextmanager
def nameless_copy_of(text: str) -> Iterator[BinaryIO]:
    """Yield a copy of a text, open at its start, that disappears when the last program closes it.

    Raises:
        OSError: it cannot be written.
    """
    with tempfile.TemporaryFile(dir=_made_home()) as copy:
        copy.write(_encoded(text))
        copy.seek(0)
        yield copy


def remove_leftovers() -> None:
    """Remove the copies that killed programs left. Blocks. What cannot be removed stays until the next start."""
    home = copies_directory()
    if not home.is_dir():
        return
    with contextlib.suppress(OSError), _locked(home):
        for folder in home.iterdir():
            with contextlib.suppress(OSError), _locked(folder, seconds=0):
                shutil.rmtree(folder)


def _made_home() -> Path:
    home = copies_directory()
    make_private_directory(home)
    return home


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")


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
