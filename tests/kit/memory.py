"""How much memory was taken at most, and what garbage collection looks at."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def collect_and_freeze() -> None:
    """Collect all garbage, and keep from later collections what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """Give what tells the peak so far, in bytes."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
