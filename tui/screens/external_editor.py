"""Open texts in the user's own programs, which get the terminal while they run."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, BinaryIO

from textual.app import App, SuspendNotSupported

from tui.config.settings import without_secrets
from tui.errors import ExternalProgramError
from tui.screens.private_copies import copy_of, nameless_copy_of
from tui.signal_handlers import Handler, handling

_SECONDS_TO_END = 0.5
"""How long another program may take to end when this one is ended."""


def view(app: App[Any], text: str) -> None:
    """Show a text in $PAGER, or in less or more, which read it from their standard input.

    Raises:
        ExternalProgramError: there is no program, or it cannot be started from here.
    """
    command = _command(("PAGER",), ("less", "more"))
    with _reporting_failures(command), nameless_copy_of(text) as copy:
        _run(app, command, stdin=copy)


def edit(app: App[Any], text: str, *, suffix: str = ".txt") -> str:
    """Edit a copy of a text in $VISUAL or $EDITOR, or in nano or vi, and return the edited text.

    Raises:
        ExternalProgramError: there is no program, it cannot be started from here, or its output is not text.
    """
    command = _command(("VISUAL", "EDITOR"), ("nano", "vi"))
    with _reporting_failures(command), copy_of(text, suffix) as copy:
        _run(app, [*command, str(copy)])
        return copy.read_bytes().decode()


def _command(variables: tuple[str, ...], programs: tuple[str, ...]) -> list[str]:
    named = next((value for variable in variables if (value := os.environ.get(variable, "").strip())), "")
    try:
        command = shlex.split(named) or [next(program for program in programs if shutil.which(program))]
    except (ValueError, StopIteration):
        raise ExternalProgramError("No pager or editor found.", advice=f"Set {variables[-1]}.") from None
    if not shutil.which(command[0]):
        raise ExternalProgramError(f"{command[0]} was not found.", advice=f"Set {variables[-1]} to another program.")
    return command


@contextmanager
def _reporting_failures(command: list[str]) -> Iterator[None]:
    try:
        yield
    except (SuspendNotSupported, ImportError, OSError, UnicodeDecodeError) as error:
        raise ExternalProgramError(f"{command[0]} failed: {getattr(error, 'strerror', None) or error}.") from None


def _run(app: App[Any], command: list[str], stdin: BinaryIO | None = None) -> None:
    """Run a command with the terminal.

    Raises:
        ExternalProgramError: it failed.
    """
    with app.suspend():
        code = _waited_for(command, stdin)
    if code:
        raise ExternalProgramError(f"{command[0]} exited with {code}; changes were discarded.")


def _waited_for(command: list[str], stdin: BinaryIO | None) -> int:
    """Run a program in the foreground. A signal that ends this program ends the other one first.

    The event loop is blocked until then. It handles the signal once the other program has ended, then ends this one.
    """
    child = subprocess.Popen(command, stdin=stdin, env=without_secrets(os.environ))  # noqa: S603 - the user's own program
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
    r"""Raise the first SIGTERM or SIGHUP as an exception. Ignore Ctrl+C and Ctrl+\, which the other program handles."""
    heard: list[int] = []

    def raise_first(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            raise _EndedBySignal(number)

    handlers: dict[int, Handler] = dict.fromkeys((signal.SIGTERM, signal.SIGHUP), raise_first)
    handlers |= dict.fromkeys((signal.SIGINT, signal.SIGQUIT), signal.SIG_IGN)
    with handling(handlers):
        yield
