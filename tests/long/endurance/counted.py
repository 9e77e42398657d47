"""`airisk-tui` that, on SIGUSR1, writes into $COUNTS what it holds."""

import asyncio
import gc
import json
import os
import signal
import sys
import threading
from pathlib import Path

from textual.widget import Widget

from tui.cli import main


def write_counts(*_: object) -> None:
    """One line, which appears at once or not at all."""
    gc.collect()
    counts = {
        "memory": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20,
        "objects": sys.getallocatedblocks() / 1000,
        "widgets": sum(isinstance(each, Widget) for each in gc.get_objects()),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - names are enough
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
    }
    target = Path(os.environ["COUNTS"])
    fresh = target.with_suffix(".fresh")
    fresh.write_text(json.dumps(counts))
    fresh.replace(target)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, write_counts)
    sys.exit(main.main(sys.argv[1:]))
