"""The options of `airisk-tui audit`: cheap to import, for every start looks in here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_EPILOG = """\
examples:
  airisk-tui audit show --user u-000127 --since 2h
  airisk-tui audit show --status 403 --since 2025-03-31 --format csv
  airisk-tui audit verify"""


def add_audit(commands: Any) -> None:
    """Add `audit` with its two parts; neither needs a setting."""
    summary = "show or verify the record of what was done"
    plain = argparse.RawDescriptionHelpFormatter
    audit = commands.add_parser(
        "audit", help=summary, description=f"{summary.capitalize()}.", epilog=_EPILOG, formatter_class=plain
    )
    parts = audit.add_subparsers(title="parts", metavar="PART", required=True)
    _add_show(parts)
    _add_verify(parts)


def _add_show(parts: Any) -> None:
    summary = "print what was done, newest last"
    show = parts.add_parser("show", help=summary, description=f"{summary.capitalize()}.")
    show.add_argument("--user", default="", metavar="ID", help="only in this user's name; or generic, anonymous")
    show.add_argument("--status", type=int, metavar="N", help="only requests answered with this status")
    show.add_argument("--since", default="", metavar="TIME", help="a time in UTC, or how long ago: 30m, 2h, 3d")
    show.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print it (table)")
    show.set_defaults(run=_done_by("show"))


def _add_verify(parts: Any) -> None:
    summary = "find the first line that was changed, removed, moved or cut off"
    verify = parts.add_parser("verify", help=summary, description=f"{summary.capitalize()}; exit 1 if there is one.")
    verify.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the trail to which this file belongs")
    verify.set_defaults(run=_done_by("verify"))


def _done_by(function: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        command: Callable[[argparse.Namespace], int] = getattr(import_module("tui.headless.audit"), function)
        return command(arguments)

    return run
