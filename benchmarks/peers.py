"""The programs to be measured beside: each from its registry, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.material import CACHE

HERE = Path(__file__).parent
PYTHON = Path(sys.executable)
OURS = PYTHON.parent / "airisk-tui"

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("painted")
Minimal().run()
"""


class NotThereError(Exception):
    """A peer cannot be had on this machine; the message says why."""


def minimal() -> list[str | Path]:
    """An app of Textual's with one Static, by the same Python as ours."""
    return [PYTHON, "-c", MINIMAL]


PEERS = ("posting", "harlequin", "fastdatatable", "naive")
"""Those that `installed` installs."""

_LOCKED = HERE.parent / "requirements" / "peers"
"""What each needs, with its hashes; `make lock` resolves it anew."""


def installed(name: str) -> Path:
    """The `bin` of an environment that holds only this peer, made where there is none yet that holds what is locked.

    Raises:
        NotThereError: it cannot be installed.
    """
    place, locked = CACHE / "peers" / name, _LOCKED / f"{name}.txt"
    done = place / ".done"
    if not done.exists() or done.read_bytes() != locked.read_bytes():
        shutil.rmtree(place, ignore_errors=True)
        # Compiled, as an installer does it: without, a start takes four times as long.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        _run([PYTHON, "-m", "venv", place], environment)
        _run([place / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", locked], environment)
        shutil.copyfile(locked, done)
    return place / "bin"


def program(name: str) -> Path:
    """A program of this machine.

    Raises:
        NotThereError: it is not there; `apt-get install` it.
    """
    found = shutil.which(name)
    if not found:
        raise NotThereError(f"{name} is not installed: apt-get install {name}")
    return Path(found)


def _run(command: list[str | Path], environment: dict[str, str]) -> None:
    done = subprocess.run([str(each) for each in command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no words"]
        raise NotThereError(f"it cannot be installed: {lines[-1][:120]}")
