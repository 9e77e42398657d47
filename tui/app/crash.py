"""What is said when the program itself fails: where, never with which values.

A traceback with local variables, or the message of an exception from a library, can hold a token.
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
"""As a shell tells it of whoever was ended by SIGHUP: the window was closed."""


def guard_process() -> None:
    """Let no crash of this process show or store a value: no core file, no exception's message, no Textual log."""
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
    """Keep this person's other programs from reading the memory and the environment of this one."""
    import ctypes  # noqa: PLC0415 - only on Linux

    with contextlib.suppress(OSError, AttributeError):  # a C library that cannot be found, or is none of Linux's
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of linux/prctl.h."""

_FOR_DEVELOPERS = ("PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONSTARTUP")
"""Variables by which Python would go on after the program."""


def _be_itself() -> None:
    """Begin once more without what the environment makes of Python, which hears of it before any program begins."""
    set_here = [name for name in _FOR_DEVELOPERS if os.environ.pop(name, "")]
    if set_here and sys.flags.inspect:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell


def _open_missing_streams() -> None:
    """Make the null device of streams that the caller closed; a connection would take their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


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


def report(error: BaseException | None) -> None:
    """Say on stderr what failed, if anything did."""
    if error is not None:
        tell(describe(error))


def tell(words: str) -> None:
    """Say it on stderr, if that can be written to."""
    with contextlib.suppress(OSError):
        sys.stderr.write(words)
        sys.stderr.flush()


def discard_output() -> None:
    """Let what Python would still flush at exit go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
