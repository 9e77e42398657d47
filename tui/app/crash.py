"""Crash reports that list locations but never values.

A traceback with local variables, or the message of a library's exception, can contain a token.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import traceback

EXIT_CODE = 70
"""sysexits.h: an internal software error."""

HUNG_UP = 129
"""Exit code of a program that SIGHUP ended, as in a shell: the window was closed."""


def guard_process() -> None:
    """Prevent a crash from showing or storing values: no core dump, no exception messages, no Textual log."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _shut_memory()
    _be_itself()
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]  # TEXTUAL_LOG would record the keys typed into a password field
    sys.excepthook = lambda _kind, error, _trace: report(error)
    sys.unraisablehook = lambda unraisable: report(unraisable.exc_value)
    threading.excepthook = lambda arguments: report(arguments.exc_value)
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _shut_memory() -> None:
    """Prevent the user's other programs from reading this one's memory and environment."""
    import ctypes  # noqa: PLC0415 - only on Linux

    with contextlib.suppress(OSError, AttributeError):  # no C library, or not a Linux one
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of linux/prctl.h."""

_FOR_DEVELOPERS = ("PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONSTARTUP")
"""Variables that would keep Python running after the program, or run other code in it."""


def _be_itself() -> None:
    """Restart Python without the variables that would keep it running after the program."""
    set_here = [name for name in _FOR_DEVELOPERS if os.environ.pop(name, "")]
    if set_here and sys.flags.inspect:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell


def _open_missing_streams() -> None:
    """Open the null device for streams that the caller closed. Otherwise a connection would get their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def describe(error: BaseException) -> str:
    """Return the type of the exception and of its causes, each with its stack locations, without any values."""
    lines = ["airisk-tui crashed. This is a bug; please report it with the lines below."]
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


def report(error: BaseException | None) -> None:
    """Report an error on stderr, if there is one."""
    if error is not None:
        write_error(describe(error))


def write_error(words: str) -> None:
    """Write to stderr, if it is writable."""
    with contextlib.suppress(OSError):
        sys.stderr.write(words)
        sys.stderr.flush()


def discard_output() -> None:
    """Discard what Python would flush at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
