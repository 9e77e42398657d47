"""The options of `airisk-tui matrix`: cheap to import, for every start looks in here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_EPILOG = """\
Whom to ask as: --as, --all, --filter or --sample; none is signed in for
longer than its own row takes. What to ask: each --endpoint, else all safe
endpoints whose required values are known. What may change things is left out
unless --confirm names it, and read-only forbids it. The plan goes to stderr
before anything is sent; --plan shows it and ends there.

verdicts: allowed · denied · differs, same (allowed, beside the identity or
the run compared with) · inconclusive (an error of the server, no answer, no
sign-in, a redirect, HTML where JSON was due). A status alone proves little:
--show-rules prints what answers are taken to mean, --rules adds to that.

reports: the name tells the kind: .json (complete; what --baseline and merge
read), .csv, .html, .xml (JUnit), .sarif.

exit codes: 0 done · 1 something was not as expected (an unexpected allow or
deny; with --fail-on-drift also drift) · 2 wrong usage or settings · 3 sign-in
refused · 4 no answer, too much was inconclusive to tell, or only a part of
the users was listed · 5 keyring.

examples:
  airisk-tui matrix --sample 20 --seed 7 --with generic,anonymous
  airisk-tui matrix --as u-000000 --as u-000001 \\
    --endpoint 'GET /api/Chat/ListAgents' --format csv
  airisk-tui matrix --filter admin --rate 20 --report admins.json
  airisk-tui matrix merge admins.json --report admins.html"""

_MERGE_EPILOG = """\
Where two parts have a cell, the one that could be told counts, then the
newer. Expectations stay as they were, unless --policy or --baseline gives
others. The exit codes are those of `airisk-tui matrix`.

example: the three parts of one run, in one report

  airisk-tui matrix merge part-1.json part-2.json part-3.json --report all.html"""


def add_matrix(add: Any) -> None:
    """Add `matrix` and `matrix merge`."""
    matrix = add("matrix", "ask the same as many users, and see who can reach what", "matrix", epilog=_EPILOG)
    _add_who(matrix.add_argument_group("whom to ask as"))
    _add_what(matrix.add_argument_group("what to ask"))
    _add_how(matrix.add_argument_group("how to ask"))
    _add_against(matrix.add_argument_group("what is expected"))
    matrix.add_argument("--show-rules", action="store_true", help="print what answers are taken to mean, and end")
    _add_out(matrix.add_argument_group("what comes of it"))
    parts = matrix.add_subparsers(title="parts", metavar="[PART]")
    summary = "put the .json reports of several machines together"
    merge = parts.add_parser(
        "merge",
        help=summary,
        description=f"{summary.capitalize()}.",
        epilog=_MERGE_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .json report")
    _add_against(merge)
    _add_out(merge)
    merge.set_defaults(run=_merge)


def add_yes(parser: Any) -> None:
    """Add what confirms a change on production."""
    words = "confirm what may change things on a deployment labeled production"
    parser.add_argument("--yes", dest="is_confirmed", action="store_true", help=words)


def _add_who(group: Any) -> None:
    option = group.add_argument
    option(
        "--as",
        dest="ids",
        action="append",
        default=[],
        metavar="ID",
        help="a user's id, generic or anonymous; may be repeated",
    )
    option("--all", dest="is_all", action="store_true", help="every user")
    option("--filter", default="", metavar="TEXT", help="the users in whom every word of TEXT occurs")
    option("--sample", type=_number(1), metavar="N", help="so many of these users, at random")
    option("--seed", type=_number(0), metavar="N", help="draw the sample that this number drew before")
    option("--with", dest="others", type=_others, default=(), metavar="LIST", help="generic, anonymous, or both: a,b")
    option("--shard", type=_shard, metavar="I/N", help="only part I of N; the same parts on every machine")


def _add_what(group: Any) -> None:
    option = group.add_argument
    option(
        "--endpoint",
        dest="endpoints",
        action="append",
        default=[],
        metavar="'METHOD PATH'",
        help="an endpoint, with its query if it has one; may be repeated",
    )
    words = "a value that endpoints need, of a file its path; {{user.id}} is that of whoever asks"
    option("--value", dest="values", action="append", default=[], metavar="NAME=VALUE", help=words)
    option(
        "--body",
        dest="bodies",
        nargs=2,
        action="append",
        default=[],
        metavar=("'METHOD PATH'", "BODY"),
        help="the JSON to send to that endpoint; @FILE reads it",
    )
    words = "ask this too, though it may change things, in everybody's name"
    option("--confirm", dest="confirmed", action="append", default=[], metavar="'METHOD PATH'", help=words)
    add_yes(group)


def _add_how(group: Any) -> None:
    option = group.add_argument
    option("--concurrency", type=_number(1), metavar="N", help="requests under way at once (4, at most 100)")
    option("--rate", type=_rate, metavar="N", help="requests a second (50); 0 is as fast as answers come")
    words = "go on with this very run, or if nobody is named with the last that was left: ask only what is not known"
    option("--resume", action="store_true", help=words)
    option("--plan", action="store_true", help="show what would be asked, and end")
    option("--rules", type=Path, metavar="FILE", help="what this deployment's answers mean (TOML or YAML)")
    option("--compare-with", default="", metavar="ID", help="the identity whose answers the others' are compared with")
    option("--reason", default="", metavar="TEXT", help="why, for the audit trail (a ticket)")


def _add_against(group: Any) -> None:
    option = group.add_argument
    option("--policy", type=Path, metavar="FILE", help="who may call what (YAML or TOML)")
    option("--baseline", type=Path, metavar="FILE", help="an earlier run's .json report")
    option("--fail-on-drift", action="store_true", help="exit 1 also where only the baseline is another")
    words = "percent of the cells that may be inconclusive before it is too much to tell (10)"
    option("--inconclusive", type=_percent, default=10.0, metavar="N", help=words)


def _add_out(group: Any) -> None:
    option = group.add_argument
    words = "write a report; may be repeated"
    option("--report", dest="reports", action="append", type=Path, default=[], metavar="FILE", help=words)
    option("--format", choices=("table", "json", "csv"), default="table", help="what goes to stdout (table)")


def _merge(arguments: argparse.Namespace) -> int:
    from tui.headless.matrix_merge import run  # noqa: PLC0415 - when it is called for

    return run(arguments)


def _number(least: int) -> Any:
    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if number < least:
            raise argparse.ArgumentTypeError(f"must be a whole number, {least} or more")
        return number

    return read


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1_000_000:
        raise argparse.ArgumentTypeError("must be a number, 0 or more")
    return number


def _percent(text: str) -> float:
    number = _rate(text)
    if number > 100:
        raise argparse.ArgumentTypeError("must be 0 to 100")
    return number


def _others(text: str) -> tuple[str, ...]:
    names = tuple(each.strip() for each in text.split(",") if each.strip())
    if not names or not set(names) <= {"generic", "anonymous"}:
        raise argparse.ArgumentTypeError("must be generic, anonymous or generic,anonymous")
    return names


def _shard(text: str) -> tuple[int, int]:
    which, slash, of_how_many = text.partition("/")
    is_number = all(each.isascii() and each.isdigit() and len(each) < 7 for each in (which, of_how_many))
    if not (slash and is_number and 1 <= int(which) <= int(of_how_many)):
        raise argparse.ArgumentTypeError("must be which part of how many, as in 2/5")
    return int(which), int(of_how_many)
