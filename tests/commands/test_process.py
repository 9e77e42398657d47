"""What other programs of the same person can read of this one."""

import subprocess
import sys

import pytest

GUARDED = """if True:
    import ctypes
    from tui.app import crash
    crash.guard_process()
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
"""Prints whether the memory of this process may be read: PR_GET_DUMPABLE of linux/prctl.h."""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_no_other_program_of_the_same_person_reads_its_memory():
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "0\n"
