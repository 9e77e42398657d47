"""Somebody with an empty home installs the wheel, opens the demo from /, and removes it again."""

import sys

import pytest

from tests.kit.machine import needs
from tests.long.shipping.newcomer import PYTHONS

pytestmark = pytest.mark.xdist_group("shipping")

TRAIL = {f".local/state/airisk-tui/audit/audit.{kind}" for kind in ("jsonl", "head")}
"""What a demo leaves; no installer has put it there."""


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS.keys())
def test_pip_into_an_empty_venv(newcomer, wheel, python):
    venv = newcomer.home / "venv"
    newcomer.types(python, "-m", "venv", venv)
    newcomer.types(venv / "bin" / "pip", "install", "--quiet", wheel)
    newcomer.types(venv / "bin" / "pip", "check")
    newcomer.opens_the_demo(venv / "bin" / "airisk-tui")
    assert (venv / "share" / "man" / "man1" / "airisk-tui.1").exists()
    newcomer.types(venv / "bin" / "pip", "uninstall", "--quiet", "--yes", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_pip_from_the_sdist(newcomer, sdist):
    venv = newcomer.home / "venv"
    newcomer.types(sys.executable, "-m", "venv", venv)
    newcomer.types(venv / "bin" / "pip", "install", "--quiet", sdist)
    newcomer.opens_the_demo(venv / "bin" / "airisk-tui")


def test_pipx_install(newcomer, wheel):
    needs("man")
    newcomer.types("pipx", "install", "--python", sys.executable, wheel)
    newcomer.opens_the_demo(newcomer.bin / "airisk-tui")
    assert newcomer.types("man", "-w", "airisk-tui").startswith(str(newcomer.home))
    newcomer.types("pipx", "uninstall", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_uv_tool_install(newcomer, wheel):
    newcomer.types("uv", "tool", "install", "--python", sys.executable, wheel)
    newcomer.opens_the_demo(newcomer.bin / "airisk-tui")
    newcomer.types("uv", "tool", "uninstall", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_pipx_run_without_installing(newcomer, wheel):
    newcomer.opens_the_demo(newcomer.tools / "pipx", "run", "--python", sys.executable, "--spec", wheel, "airisk-tui")
