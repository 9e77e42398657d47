"""Texts opened in the person's own programs, the terminal lent to them meanwhile."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui.airisk.errors import AIRiskError


class NotOpened(AIRiskError):
    """The other program could not be started, or failed."""


def view(app: App[Any], text: str, *, suffix: str = ".txt") -> None:
    """Read a text in $PAGER, or in less or more.

    Raises:
        NotOpened: there is none, or it cannot be started from here.
    """
    _open(app, _command(("PAGER",), ("less", "more")), text, suffix)


def edit(app: App[Any], text: str, *, suffix: str = ".txt") -> str:
    """Edit a copy of a text in $VISUAL or $EDITOR, or in nano or vi, and return what became of it.

    Raises:
        NotOpened: there is none, it cannot be started from here, or what it left is no text.
    """
    return _open(app, _command(("VISUAL", "EDITOR"), ("nano", "vi")), text, suffix)


def _command(variables: tuple[str, ...], programs: tuple[str, ...]) -> list[str]:
    named = next((value for variable in variables if (value := os.environ.get(variable, "").strip())), "")
    try:
        command = shlex.split(named) or [next(program for program in programs if shutil.which(program))]
    except (ValueError, StopIteration):
        raise NotOpened("There is no program to open it with.", advice=f"Set {variables[-1]}.") from None
    if not shutil.which(command[0]):
        raise NotOpened(f"{command[0]} was not found.", advice=f"Set {variables[-1]} to another program.")
    return command


def _open(app: App[Any], command: list[str], text: str, suffix: str) -> str:
    """Lend the terminal; the copy is readable for its owner only, and gone afterwards."""
    try:
        with tempfile.TemporaryDirectory(prefix="airisk-tui-") as directory:
            copy = Path(directory, f"text{suffix}")
            copy.touch(mode=0o600)
            copy.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
            with app.suspend():
                code = subprocess.run([*command, str(copy)], check=False).returncode  # noqa: S603 - the person's own
            changed = copy.read_bytes().decode()
    except (SuspendNotSupported, OSError, UnicodeDecodeError) as error:
        raise NotOpened(f"{command[0]} could not be used: {getattr(error, 'strerror', None) or error}.") from None
    if code:
        raise NotOpened(f"{command[0]} ended with {code}; nothing was taken over.")
    return changed
