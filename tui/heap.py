"""The heap of the C library: large blocks that are freed go back to the system."""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_LARGE = 1 << 20
"""Bytes."""


def return_large_blocks() -> None:
    """Have glibc map each large block by itself, so that its memory goes back to the system when it is freed.

    By default, glibc raises its threshold to the size of each such block that was freed, up to 32 MiB, and allocates
    the next one of that size in the heap. A response of 16 MB would thus take 18 MiB as long as the program runs.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:  # musl has none, and returns such blocks by itself.
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
