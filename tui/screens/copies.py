"""The copies that other programs read or edit: in a folder of this person's own, which no run of the program leaves.

Each copy lies in a folder that is locked while its program runs. The system releases a lock when its holder ends,
however it ends, so that the next start knows what a killed program left.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_state_path


@contextmanager
def copy_of(text: str, suffix: str) -> Iterator[Path]:
    """A copy of a text, readable by its owner only; it is gone afterwards.

    Raises:
        OSError: it cannot be written.
    """
    home = _home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    with _locked(home):
        folder = Path(tempfile.mkdtemp(dir=home))
        lock = _opened(folder)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        copy = folder / f"text{suffix}"
        copy.touch(mode=0o600)
        copy.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_leftovers() -> None:
    """Remove the copies that killed programs left. This blocks; what cannot be removed stays for the next start."""
    home = _home()
    if not home.is_dir():
        return
    with contextlib.suppress(OSError), _locked(home):
        for folder in home.iterdir():
            with contextlib.suppress(OSError), _locked(folder, fcntl.LOCK_NB):
                shutil.rmtree(folder)


def _home() -> Path:
    return user_state_path("airisk-tui", appauthor=False) / "copies"


@contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    descriptor = _opened(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(descriptor)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
