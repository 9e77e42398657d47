"""Which runs of the program are under way, by the locks that they hold."""

from __future__ import annotations

import os
from pathlib import Path

from tui.files import take_lock
from tui.journal.files import Files, open_private


def living_runs(files: Files) -> frozenset[str]:
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
