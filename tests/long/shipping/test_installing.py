"""Somebody with an empty home installs the wheel, opens the demo from /, and removes it again."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kit.pty import in_terminal

WHEEL = Path(os.environ["SHIPPED_WHEEL"])
TOOLS = Path(os.environ["SHIPPING_TOOLS"])
"""Where pipx and uv are."""

PYTHONS = {name: path for name in ("python3.11", "python3.13") if (path := shutil.which(name))}
TAKES = 600  # seconds, for the package index may be slow


@dataclass
class Newcomer:
    """A person with an empty home; `bin` is where installers put commands."""

    home: Path

    @property
    def bin(self):
        return self.home / ".local" / "bin"

    @property
    def environment(self):
        path = f"{self.bin}:{TOOLS}:/usr/bin:/bin"
        index = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "HTTPS_"))
        }
        return {"HOME": str(self.home), "PATH": path, "LANG": "C.UTF-8", **index}

    def types(self, *command):
        """Run a command to its end, from /."""
        done = subprocess.run(
            command, cwd="/", env=self.environment, capture_output=True, text=True, timeout=TAKES, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def opens_the_demo(self, *command):
        """Open it from /, see its users, and quit."""
        with in_terminal([*command, "demo"], cwd=Path("/"), environment=self.environment) as terminal:
            terminal.sees("200 users")
            terminal.type("\x11")
            assert terminal.ended() == 0

    def what_is_left(self):
        """The files in the home in whose path the program is named, but for what installers keep for themselves."""
        files = (path.relative_to(self.home) for path in self.home.rglob("*") if path.is_file() or path.is_symlink())
        theirs = (Path(".cache"), Path(".local/share/pipx"), Path(".local/state/pipx"))
        kept = (path for path in files if not any(path.is_relative_to(each) for each in theirs))
        return {str(path) for path in kept if "airisk" in str(path)}


@pytest.fixture
def newcomer(tmp_path):
    (tmp_path / "home").mkdir()
    return Newcomer(tmp_path / "home")


TRAIL = {f".local/state/airisk-tui/audit/audit.{kind}" for kind in ("jsonl", "head")}
"""What a demo leaves; no installer has put it there."""


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS.keys())
def test_pip_into_an_empty_venv(newcomer, python):
    venv = newcomer.home / "venv"
    newcomer.types(python, "-m", "venv", venv)
    newcomer.types(venv / "bin" / "pip", "install", "--quiet", WHEEL)
    newcomer.types(venv / "bin" / "pip", "check")
    newcomer.opens_the_demo(venv / "bin" / "airisk-tui")
    assert (venv / "share" / "man" / "man1" / "airisk-tui.1").exists()
    newcomer.types(venv / "bin" / "pip", "uninstall", "--quiet", "--yes", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_pip_from_the_sdist(newcomer):
    (sdist,) = WHEEL.parent.glob("airisk_tui-*.tar.gz")
    venv = newcomer.home / "venv"
    newcomer.types(sys.executable, "-m", "venv", venv)
    newcomer.types(venv / "bin" / "pip", "install", "--quiet", sdist)
    newcomer.opens_the_demo(venv / "bin" / "airisk-tui")


def test_pipx_install(newcomer):
    newcomer.types("pipx", "install", "--python", sys.executable, WHEEL)
    newcomer.opens_the_demo(newcomer.bin / "airisk-tui")
    assert newcomer.types("man", "-w", "airisk-tui").startswith(str(newcomer.home))
    newcomer.types("pipx", "uninstall", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_uv_tool_install(newcomer):
    newcomer.types("uv", "tool", "install", "--python", sys.executable, WHEEL)
    newcomer.opens_the_demo(newcomer.bin / "airisk-tui")
    newcomer.types("uv", "tool", "uninstall", "airisk-tui")
    assert newcomer.what_is_left() == TRAIL


def test_pipx_run_without_installing(newcomer):
    newcomer.opens_the_demo(TOOLS / "pipx", "run", "--python", sys.executable, "--spec", WHEEL, "airisk-tui")
