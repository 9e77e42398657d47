"""Memory that was freed: the system has it back."""

import subprocess
import sys

PROGRAM = """
import os
from pathlib import Path
from tui import heap

def taken():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

heap.return_large_blocks()
larger = bytearray(b"x") * (30 << 20)
del larger
block = bytearray(b"x") * (20 << 20)
held = taken()
del block
print(held - taken())
"""


def test_a_large_block_goes_back_to_the_system_even_after_a_larger_one() -> None:
    """In a process of its own: that of the tests has room for the block that others have freed."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) > 18
