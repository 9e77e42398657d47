"""Texts opened in the person's own programs, the terminal lent to them meanwhile."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from textual.app import App, SuspendNotSupported

from tui.config.settings import without_secrets
from tui.errors import ExternalProgramError
from tui.screens.copies import copy_of
from tui.signal_handlers import Handler, handling

_SECONDS_TO_END = 2.0
"""How long another program may take to end when this one is ended."""


def view(app: App[Any], text: str, *, suffix: str = ".txt") -> None:
    """Read a text in $PAGER, or in less or more.

    Raises:
        ExternalProgramError: there is none, or it cannot be started from here.
    """
    _open(app, _command(("PAGER",), ("less", "more")), text, suffix)


def edit(app: App[Any], text: str, *, suffix: str = ".txt") -> str:
    """Edit a copy of a text in $VISUAL or $EDITOR, or in nano or vi, and return what became of it.

    Raises:
        ExternalProgramError: there is none, it cannot be started from here, or what it left is no text.
    """
    return _open(app, _command(("VISUAL", "EDITOR"), ("nano", "vi")), text, suffix)


def _command(variables: tuple[str, ...], programs: tuple[str, ...]) -> list[str]:
    named = next((value for variable in variables if (value := os.environ.get(variable, "").strip())), "")
    try:
        command = shlex.split(named) or [next(program for program in programs if shutil.which(program))]
    except (ValueError, StopIteration):
        raise ExternalProgramError("There is no program to open it with.", advice=f"Set {variables[-1]}.") from None
    if not shutil.which(command[0]):
        raise ExternalProgramError(f"{command[0]} was not found.", advice=f"Set {variables[-1]} to another program.")
    return command


def _open(app: App[Any], command: list[str], text: str, suffix: str) -> str:
    """Lend the terminal."""
    try:
        with copy_of(text, suffix) as copy:
            with app.suspend():
                code = _run([*command, str(copy)])
            changed = copy.read_bytes().decode()
    except (SuspendNotSupported, ImportError, OSError, UnicodeDecodeError) as error:
        raise ExternalProgramError(
            f"{command[0]} could not be used: {getattr(error, 'strerror', None) or error}."
        ) from None
    if code:
        raise ExternalProgramError(f"{command[0]} ended with {code}; nothing was taken over.")
    return changed


def _run(command: list[str]) -> int:
    """Run a program that has the terminal. A signal that ends this program ends the other one first.

    The loop stands still meanwhile. It hears of the signal when the other program has ended, and then ends this one.
    """
    child = subprocess.Popen(command, env=without_secrets(os.environ))  # noqa: S603 - the person's own
    with _raising_signals():
        try:
            return child.wait()
        except _EndedBySignal as ended:
            child.send_signal(ended.number)
            try:
                return child.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                child.kill()
                return child.wait()


class _EndedBySignal(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _raising_signals() -> Iterator[None]:
    """The first signal that ends the program is raised; what the terminal sends to both programs is the other's."""
    heard: list[int] = []

    def raise_first(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            raise _EndedBySignal(number)

    handlers: dict[int, Handler] = dict.fromkeys((signal.SIGTERM, signal.SIGHUP), raise_first)
    handlers |= dict.fromkeys((signal.SIGINT, signal.SIGQUIT), signal.SIG_IGN)
    with handling(handlers):
        yield
