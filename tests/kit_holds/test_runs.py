"""How the tests are run: groups stay together, and a test that hangs ends."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GROUP = """
import pytest

pytestmark = pytest.mark.xdist_group("shares a program")

@pytest.mark.parametrize("number", range(8))
def test_part(number): ...
"""
HANG = """
import threading
import time

def test_hang():
    thread = threading.Thread(target=time.sleep, args=(6,))
    thread.start()
    thread.join()
"""


def run(directory: Path, text: str, *options: str) -> str:
    """Run a module of tests, and return what pytest writes."""
    (directory / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    # Only the plugins that the options name: the others take a second of each process.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False).stdout


def test_a_group_stays_in_one_process(tmp_path: Path) -> None:
    written = run(tmp_path, GROUP, "-v", "-p", "xdist", "-n", "2", "--dist", "loadgroup")
    workers = re.findall(r"^\[(gw\d)\].* PASSED ", written, flags=re.MULTILINE)
    assert len(workers) == 8, written
    assert len(set(workers)) == 1, written


def test_a_test_that_hangs_fails_with_the_stacks_of_all_threads(tmp_path: Path) -> None:
    written = run(tmp_path, HANG, "-p", "pytest_timeout", "-o", "timeout=1", "-o", "timeout_method=signal")
    assert "Failed: Timeout (>1.0s)" in written
    assert "thread.join()" in written
    assert "Stack of Thread-1 (sleep)" in written


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    assert 0 < float(request.config.getini("timeout")) <= 120
    assert request.config.getini("timeout_method") == "signal"
