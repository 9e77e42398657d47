"""What is said when the program itself fails: where, never with which values.

A traceback with local variables, or the message of an exception from a library, can hold a token.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

EXIT_CODE = 70
"""sysexits.h: an internal software error."""


def guard_process() -> None:
    """Let no crash of this process show or store a value: no core file, no exception's message, no Textual log."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]  # TEXTUAL_LOG would record the keys typed into a password field
    sys.excepthook = _report_uncaught
    sys.unraisablehook = lambda unraisable: _say(unraisable.exc_value)
    threading.excepthook = lambda arguments: _say(arguments.exc_value)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def describe(error: BaseException) -> str:
    """The kind of the exception, the kinds of its causes, and the places it passed through."""
    lines = ["airisk-tui stopped: this is a fault of the program, please report it."]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"  {type(current).__module__}.{type(current).__qualname__}")
        lines += [
            f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return "\n".join(lines) + "\n"


def _say(error: BaseException | None) -> None:
    if error is not None:
        sys.stderr.write(describe(error))


def _report_uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> Any:
    _say(error)
    sys.stderr.flush()
