"""What may stand on the command line. It is imported for a command only: the program on its screen is waited for."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import tui
from tui.headless.audit_options import add_audit
from tui.headless.completion_options import add_completion
from tui.headless.options import add_commands
from tui.headless.overview import epilog
from tui.sandbox import MOST_USERS
from tui.sandbox import command as sandbox_command

Run = Callable[[argparse.Namespace], int]


class Headless(Protocol):
    """Gives what runs a command without a screen."""

    def __call__(self, module: str, function: str = "run") -> Run:
        """What calls `function` of this module of `tui.headless`."""


def make_parser(defaults: Mapping[str, Any], *, demo: Run, headless: Headless) -> argparse.ArgumentParser:
    """The parser of everything.

    Args:
        defaults: what holds where nothing is said.
        demo: opens the program on its sandbox.
        headless: what runs the commands without a screen.
    """
    parser = argparse.ArgumentParser(
        prog="airisk-tui",
        description=textwrap.fill(str(tui.__doc__), 78),
        epilog=epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"airisk-tui {tui.__version__}")
    parser.set_defaults(**defaults)
    _add_common(parser)
    _add_single_user(parser, "sign in as USER_ID at once; list nobody")
    _add_all(parser.add_subparsers(title="commands", metavar="COMMAND"), demo, headless)
    return parser


def _add_all(commands: Any, demo: Run, headless: Headless) -> None:
    _add_demo(commands, demo)
    sandbox = _add(commands, "sandbox", "serve a stand-in AIRisk on loopback", sandbox_command.run)
    sandbox_command.add_arguments(sandbox)

    def add_headless(
        name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser:
        return _add(commands, name, summary, headless(module, function), epilog)

    add_commands(add_headless)
    add_audit(commands)
    add_completion(commands)


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
    words = "read settings here, not in ./.env"
    parser.add_argument("--env-file", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=words)
    words = "one of your deployments: NAME.env in the configuration directory"
    parser.add_argument("--deployment", metavar="NAME", default=argparse.SUPPRESS, help=words)
    _add_read_only(parser)


def _add_read_only(parser: argparse.ArgumentParser) -> None:
    words = "refuse every method that changes things"
    parser.add_argument("--read-only", action="store_true", default=argparse.SUPPRESS, help=words)


def _add_single_user(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--single-user", action="store_true", default=argparse.SUPPRESS, help=words)


def _add_demo(commands: Any, run: Run) -> None:
    demo = _add(commands, "demo", "open the program on its built-in sandbox; nothing to configure", run)
    demo.add_argument("--users", type=_number_of_users, default=200, metavar="N", help="how many users it has (200)")
    _add_read_only(demo)
    _add_single_user(demo, "sign in as the sandbox's USER_ID at once")


def _number_of_users(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= MOST_USERS:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 to {MOST_USERS:,}")
    return number
