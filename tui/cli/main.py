"""Entry point: read the settings, then open the app or run one command."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from tui import garbage_collection
from tui.app import crash
from tui.config.keyring import Secret
from tui.config.settings import COMMAND_LINE, RawSettings, read
from tui.errors import (
    AIRiskError,
    NoResponseError,
    ReasonRequiredError,
    SettingsError,
)
from tui.text import clean, with_advice

if TYPE_CHECKING:
    import argparse

    from tui.app.app import AIRiskApp
    from tui.cli.parser import Run

# The app does not import the parser and its imports: they would delay the first paint.

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_NOT_WRITTEN = 74
"""sysexits.h: an error while doing I/O on some file."""
_INTERRUPTED = 130
_REPLY_PAUSE_MS = 200
"""In the demo: an agent's reply takes some seconds, so that it can be read while it arrives, and stopped."""


def spare_imports() -> None:
    """Keep libraries from importing what is not used here."""
    # httpx would import its own command line (click, rich: 50 ms) wherever click is installed, as uvicorn wants it.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    # httpcore looks for sniffio several times per request. Without it, each time searches every directory of the path.
    if find_spec("sniffio") is None:
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


def _refuse_windows() -> None:
    """Exit on Windows, before anything needs termios or fcntl."""
    if sys.platform == "win32":
        sys.stderr.write("airisk-tui needs Linux or macOS; on Windows use WSL.\n")
        sys.exit(SettingsError.exit_code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    _refuse_windows()
    spare_imports()
    crash.guard_process()
    try:
        return _run(argv)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe.
        crash.discard_output()
        return 141
    except Exception as error:  # noqa: BLE001 - Python would exit with 1, which has a meaning here
        if isinstance(
            error.__cause__, KeyboardInterrupt
        ):  # Python 3.11 wraps an interrupt during the creation of a class
            return _INTERRUPTED
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            crash.write_error(f"airisk-tui: The output cannot be written: {error.strerror}.\n")
            crash.discard_output()
            return _NOT_WRITTEN
        crash.report(error)
        return crash.EXIT_CODE


def _run(argv: Sequence[str] | None) -> int:
    try:
        if "_ARGCOMPLETE" in os.environ:
            _complete()
        arguments = _parsed(sys.argv[1:] if argv is None else argv)
        code: int = arguments.run(arguments)
    except AIRiskError as error:
        complain(error)
        code = error.exit_code
    except SystemExit as done:  # argparse has printed its message
        code = int(done.code or 0)
    sys.stdout.flush()
    return code


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments. Skips importing the parser if there are none, to keep the start-up fast."""
    if argv:
        return _parser().parse_args(argv)
    return cast("argparse.Namespace", SimpleNamespace(**_DEFAULTS))


def _complete() -> None:
    from tui.cli.completion import complete  # noqa: PLC0415 - only for shell completion

    complete(_parser())


def complain(error: AIRiskError) -> None:
    """Print an error and its advice on one line to stderr."""
    advice = (
        "Pass --reason with a ticket number or a short reason."
        if isinstance(error, ReasonRequiredError)
        else error.advice
    )
    sys.stderr.write(f"airisk-tui: {clean(with_advice(error.message, advice))}\n")


def _parser() -> argparse.ArgumentParser:
    from tui.cli.parser import make_parser  # noqa: PLC0415 - not for the first paint

    return make_parser(_DEFAULTS, demo=_open_demo, needs_settings=_with_settings)


def _with_settings(module: str, function: str = "run") -> Run:
    """Return a command that imports its module when it is called, and passes it the settings."""

    def run(arguments: argparse.Namespace) -> int:
        command: Callable[[RawSettings, argparse.Namespace], int]
        command = getattr(import_module(f"tui.cli.{module}"), function)
        return command(_raw_settings(arguments), arguments)

    return run


def _raw_settings(arguments: argparse.Namespace, raw: RawSettings | None = None) -> RawSettings:
    raw = raw or _read_settings(arguments)
    for warning in raw.warnings:
        sys.stderr.write(f"airisk-tui: {clean(warning)}\n")
    options = {"AIRISK_READ_ONLY": arguments.read_only, "SINGLE_USER": arguments.single_user}
    chosen = {name: "true" for name, is_chosen in options.items() if is_chosen}
    return raw.changed(chosen, COMMAND_LINE)


def _read_settings(arguments: argparse.Namespace) -> RawSettings:
    if arguments.deployment is None:
        return read(os.environ, arguments.env_file)
    if not arguments.deployment:  # an empty variable in a script must not select another deployment
        raise SettingsError("--deployment is empty.", advice="Pass a deployment's name, or omit the option.")
    if arguments.env_file:
        raise SettingsError("--deployment and --env-file cannot be combined.", advice="Omit one of them.")
    from tui.config.deployments import named  # noqa: PLC0415 - only if one is named

    return named(arguments.deployment, os.environ)


def _open_program(arguments: argparse.Namespace) -> int:
    raw = _raw_settings(arguments)
    if not raw.missing:
        raw.settings()
    return _show(raw, arguments, has_keyring=True)


_DEFAULTS: dict[str, Any] = {
    "run": _open_program,
    "env_file": None,
    "deployment": None,
    "read_only": False,
    "single_user": False,
}


def _open_demo(arguments: argparse.Namespace) -> int:
    _require_terminal()
    from tui.sandbox import Options, SandboxError, start_child  # noqa: PLC0415 - only for the demo

    with ExitStack() as ending:
        try:
            latency = round(arguments.latency * 1000)
            options = Options(users=arguments.user_count, latency_ms=latency, reply_pause_ms=_REPLY_PAUSE_MS)
            sandbox = ending.enter_context(start_child(options))
        except SandboxError as error:
            raise NoResponseError(f"The demo cannot start: {error}.", advice="Run it again.") from None
        values = {
            "AIRISK_URL": sandbox.url,
            "AIRISK_LABEL": "sandbox",
            "CLIENT_ID": sandbox.options.client_id,
            "USER_ID": sandbox.options.user_id,
        }
        raw = _raw_settings(arguments, RawSettings(values, Secret(sandbox.options.client_secret), is_demo=True))
        ending.callback(_forget_demo, raw)
        return _show(raw, arguments, has_keyring=False)


def _forget_demo(raw: RawSettings) -> None:
    """Delete all data of the demo but the audit trail, because the next demo has another port."""
    from tui.cli.setup import forget_use  # noqa: PLC0415 - only after a demo

    forget_use(raw.settings())


def _show(raw: RawSettings, arguments: argparse.Namespace, *, has_keyring: bool) -> int:
    _require_terminal()
    # Imports create no garbage; collecting takes a tenth of the time to the first paint, which enables it again.
    garbage_collection.pause()
    # Frames after the first, such as the one with a response, then wait half as long as by Textual's default.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # A key passes through several tasks. For each of them it would wait 5 ms for a thread that computes.
    sys.setswitchinterval(0.0005)
    if "STY" in os.environ and "TMUX" not in os.environ:  # GNU screen inherits COLORTERM but lacks true color
        os.environ.pop("COLORTERM", None)
    from tui.app.app import AIRiskApp  # noqa: PLC0415 - a command needs no Textual

    guards = {"AIRISK_READ_ONLY": "true"} if arguments.read_only else {}
    app = AIRiskApp(raw, has_keyring=has_keyring, environment={**os.environ, **guards})
    try:
        app.run()
    except OSError:
        if not _is_hung_up(app):
            raise
    if _is_hung_up(app):
        crash.discard_output()
        return crash.HUNG_UP
    # No return code means that asyncio handled Ctrl+C before the app started.
    return _INTERRUPTED if app.return_code is None else app.return_code


def _is_hung_up(app: AIRiskApp) -> bool:
    """Return whether the terminal was closed; a failing write may be noticed before the signal."""
    return app.return_code == crash.HUNG_UP or not sys.stdout.isatty()


_FOR_SCRIPTS = "In scripts, use the users, request, matrix, exec or audit commands."


def _require_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError("The app needs a terminal.", advice=_FOR_SCRIPTS)
    if os.environ.get("TERM") == "dumb":
        raise SettingsError(
            "The app needs a terminal that can move its cursor, but TERM is dumb.",
            advice=f"Set TERM, for example to xterm-256color. {_FOR_SCRIPTS}",
        )
