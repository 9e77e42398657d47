"""The manual page: it says what `--help` says, and can be shown."""

import subprocess

from tests.kit.machine import needs
from tools.pages.manual import PAGE, is_current


def test_it_is_current():
    assert is_current(), "`make man` writes it anew"


def test_it_is_shown_without_a_warning():
    needs("mandoc")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
