"""The manual page and the references say what the program says, and the manual can be shown."""

import subprocess

import pytest

from tests.kit.machine import needs
from tools.pages.manual import PAGE, is_current
from tools.pages.references import references


def test_the_manual_is_current():
    assert is_current(), "run `make docs`"


@pytest.mark.parametrize(("path", "text"), references().items(), ids=[path.name for path in references()])
def test_a_reference_is_current(path, text):
    assert path.read_text() == text, "run `make docs`"


def test_the_manual_is_shown_without_a_warning():
    needs("mandoc")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
