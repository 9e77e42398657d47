"""Memory that was freed: the system has it back."""

import os
from pathlib import Path

from tui import heap

MIB = 1 << 20


def taken() -> float:
    """MiB that this process takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB


def test_a_large_block_goes_back_to_the_system_even_after_a_larger_one() -> None:
    heap.return_large_blocks()
    larger = bytearray(b"x") * (30 * MIB)
    del larger
    block = bytearray(b"x") * (20 * MIB)
    held = taken()
    del block
    assert held - taken() > 19
