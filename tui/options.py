"""What can stand on the command line. Imported only where something does: the first paint is waited for."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import tui
from tui.headless.audit_options import add_audit
from tui.headless.options import add_commands
from tui.sandbox import MOST_USERS
from tui.sandbox import command as sandbox_command

_EPILOG = """\
settings: AIRISK_URL, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, USER_ID and others
(see .env.example), from the environment, else from .env in the working
directory; the client secret is best kept in the OS keyring (setup).

exit codes: 0 done · 1 the answer was an error status · 2 wrong usage or
settings · 3 sign-in refused · 4 no answer · 5 keyring.
Data goes to stdout, words to stderr."""

Run = Callable[[argparse.Namespace], int]
"""Does what was asked for, and returns the exit code."""


class _Headless(Protocol):
    """Makes a command of `module.function` in `tui.headless`, imported when it is called for."""

    def __call__(self, module: str, function: str = "run") -> Run: ...


def make_parser(defaults: Mapping[str, Any], *, open_demo: Run, headless: _Headless) -> argparse.ArgumentParser:
    """The parser of the whole command line; what it finds has in `run` what is to be done.

    Args:
        defaults: what holds where nothing is said.
        open_demo: opens the program on its sandbox.
        headless: makes the commands without a screen.
    """
    parser = argparse.ArgumentParser(
        prog="airisk-tui",
        description=textwrap.fill(str(tui.__doc__), 78),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"airisk-tui {tui.__version__}")
    parser.set_defaults(**defaults)
    _add_common(parser)
    _add_flag(parser, "--single-user", "sign in as USER_ID at once; list nobody")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands, open_demo)
    sandbox_command.add_arguments(_add(commands, "sandbox", "serve a stand-in AIRisk on loopback", sandbox_command.run))

    def add_headless(
        name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser:
        return _add(commands, name, summary, headless(module, function), epilog)

    add_commands(add_headless)
    add_audit(commands)
    return parser


def _add(commands: Any, name: str, summary: str, run: Run, epilog: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    if name not in {"demo", "sandbox"}:
        _add_common(parser)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Options that may stand before or after a command's name."""
    kept = argparse.SUPPRESS
    parser.add_argument("--env-file", type=Path, metavar="FILE", default=kept, help="read settings here, not in ./.env")
    _add_read_only(parser)


def _add_read_only(parser: argparse.ArgumentParser) -> None:
    _add_flag(parser, "--read-only", "refuse every method that changes things")


def _add_flag(parser: argparse.ArgumentParser, name: str, words: str) -> None:
    parser.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=words)


def _add_demo(commands: Any, open_demo: Run) -> None:
    demo = _add(commands, "demo", "open the program on its built-in sandbox; nothing to configure", open_demo)
    demo.add_argument("--users", type=_number_of_users, default=200, metavar="N", help="how many users it has (200)")
    _add_read_only(demo)
    _add_flag(demo, "--single-user", "sign in as the sandbox's USER_ID at once")


def _number_of_users(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= MOST_USERS:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 to {MOST_USERS:,}")
    return number
