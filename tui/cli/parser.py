"""Every command and option. Imported for commands only, so that it does not delay the app's first paint."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import tui
from tui.airisk.models import canonical_name
from tui.sandbox import MOST_USERS
from tui.sandbox import command as sandbox_command

Run = Callable[[argparse.Namespace], int]

WIDTH = 79
"""Columns: one less than the narrowest supported terminal."""

FIRST_STEPS = """\
first steps: `airisk-tui demo` needs nothing. For a deployment, `airisk-tui`
asks for what it is not told; `airisk-tui doctor` says what is wrong."""

SETTINGS = """\
settings: AIRISK_URL, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, USER_ID and others
(`man airisk-tui` and .env.example explain each), from the environment, else
from .env in the working directory; the client secret is best kept in the OS
keyring (setup)."""

EXIT_CODES = {
    "0": "done",
    "1": "error status from AIRisk, unexpected access found, or audit trail not intact",
    "2": "wrong usage or settings",
    "3": "sign-in refused",
    "4": "no response",
    "5": "keyring error",
    "6": "too many inconclusive cells",
    "7": "blocked by a guard rail: read-only, protected user",
    "70": "internal error (bug)",
    "74": "the output could not be written",
    "128 + n": "terminated by signal n",
}

_FORGET_EPILOG = """\
It removes the history of requests, what was typed into forms, the imported
description of the endpoints, runs of the matrix, and whatever the keyring
holds for this deployment and client."""

_REQUEST_EPILOG = """\
examples:
  airisk-tui request GET /api/ListUsers
  airisk-tui request GET /api/Chat/ListAgents --as u-000127
  airisk-tui request POST /api/Chat/AskAgent --as u-000127 \\
    -d '{"conversationID": "c-000127-05", "text": "Hello"}'
  airisk-tui request POST /api/Chat/AddFileToConversation/c-000000-59 \\
    --as u-000000 -F report.pdf=@report.pdf"""

_EXEC_EPILOG = """\
The command finds AIRISK_TOKEN, AIRISK_URL and AIRISK_USER_ID in its
environment, and the client secret nowhere. Its exit code is passed on.

example:
  airisk-tui exec --as u-000127 -- \\
    sh -c 'echo "$AIRISK_USER_ID at $AIRISK_URL"'"""

_MATRIX_EPILOG = """\
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

exit codes: 1 something was not as expected (an unexpected allow or deny; with
--fail-on-drift also drift) · 6 too many cells are inconclusive, or only a
part of the users was listed · others as in `airisk-tui --help`.

examples:
  airisk-tui matrix --sample 20 --seed 7 --with application,anonymous
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

_AUDIT_EPILOG = """\
examples:
  airisk-tui audit show --user u-000127 --since 2h
  airisk-tui audit show --status 403 --since 2025-03-31 --format csv
  airisk-tui audit verify"""

SHELLS = ("bash", "zsh", "fish")

_COMPLETION_EPILOG = """\
It offers commands and options, and of the deployment that the settings name
the users one acted as there and the endpoints that are known. Nothing is sent
for that.

to switch it on, in new shells:
  bash: airisk-tui completion bash \\
          > ~/.local/share/bash-completion/completions/airisk-tui
  zsh:  airisk-tui completion zsh > ~/.zfunc/_airisk-tui
        (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)
  fish: airisk-tui completion fish > ~/.config/fish/completions/airisk-tui.fish"""


class NeedsSettings(Protocol):
    """Creates the function that runs a command with settings."""

    def __call__(self, module: str, function: str = "run") -> Run:
        """Return a command that calls `function` of this module of `tui.cli` with the settings."""


class _Add(Protocol):
    """Adds the command `name`, implemented by `module.function` of `tui.cli`."""

    def __call__(
        self, name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser: ...


# The program as a whole


def make_parser(defaults: Mapping[str, Any], *, demo: Run, needs_settings: NeedsSettings) -> argparse.ArgumentParser:
    """Return the parser of all commands and options.

    Args:
        defaults: the default values of options.
        demo: opens the app on its sandbox.
        needs_settings: creates the functions that run commands with settings.
    """
    parser = argparse.ArgumentParser(
        prog="airisk-tui",
        description=textwrap.fill(str(tui.__doc__), 78),
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"airisk-tui {tui.__version__}")
    parser.set_defaults(**defaults)
    _add_common(parser)
    _add_single_user(parser, "sign in as USER_ID at once; list nobody")
    _add_all(parser.add_subparsers(title="commands", metavar="COMMAND"), demo, needs_settings)
    return parser


def _add_all(commands: Any, demo: Run, needs_settings: NeedsSettings) -> None:
    _add_demo(commands, demo)
    sandbox = _add(commands, "sandbox", "serve a stand-in AIRisk on loopback", sandbox_command.run)
    sandbox_command.add_arguments(sandbox)

    def add(
        name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser:
        return _add(commands, name, summary, needs_settings(module, function), epilog)

    _add_commands(add)
    add_audit(commands)
    _add_completion(commands)


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


def _epilog() -> str:
    """Return the end of `airisk-tui --help`."""
    codes = "\n".join(
        textwrap.fill(meaning, WIDTH, initial_indent=f"  {code:<9}", subsequent_indent=" " * 11)
        for code, meaning in EXIT_CODES.items()
    )
    return "\n\n".join((FIRST_STEPS, SETTINGS, f"exit codes:\n{codes}\nData goes to stdout, words to stderr."))


def _without_settings(module: str, function: str = "run") -> Run:
    """Return a command that imports its module when it is called."""

    def run(arguments: argparse.Namespace) -> int:
        command: Run = getattr(import_module(f"tui.cli.{module}"), function)
        return command(arguments)

    return run


# Options of several commands


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that may precede or follow a command's name."""
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


def _add_yes(parser: Any) -> None:
    """Add the option that confirms changes on production."""
    words = "confirm what may change things on a deployment labeled production"
    parser.add_argument("--yes", dest="is_confirmed", action="store_true", help=words)


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the audit trail (a ticket)")


# The commands


def _add_demo(commands: Any, run: Run) -> None:
    demo = _add(commands, "demo", "open the program on its built-in sandbox; nothing to configure", run)
    demo.add_argument("--users", type=_number_of_users, default=200, metavar="N", help="how many users it has (200)")
    _add_read_only(demo)
    _add_single_user(demo, "sign in as the sandbox's USER_ID at once")


def _add_commands(add: _Add) -> None:
    """Add setup, forget, doctor, users, request, matrix and exec."""
    setup = add("setup", "keep the client secret in the OS keyring", "setup", "setup")
    setup.add_argument("--from-env", action="store_true", help="move it there out of .env instead of asking for it")
    words = "remove all that is kept of this deployment, but the audit trail"
    add("forget", words, "setup", "forget", epilog=_FORGET_EPILOG)
    doctor = add("doctor", "check everything from settings to list, and say what to do", "doctor")
    doctor.add_argument("--json", action="store_true", help="the checks as a JSON array")
    doctor.add_argument(
        "--trace", type=Path, metavar="FILE", help="record its requests in a HAR file, with pseudonyms for all values"
    )
    doctor.add_argument("--keys", action="store_true", help="list what keys can do, and which they are, as a keys.toml")
    users = add("users", "list the users of the deployment", "users")
    users.add_argument("--filter", default="", metavar="TEXT", help="only those in whom every word of TEXT occurs")
    users.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print them (table)")
    _add_request(add)
    _add_matrix(add)
    execute = add("exec", "run a command in one user's name", "exec", epilog=_EXEC_EPILOG)
    execute.add_argument("--as", dest="identity", metavar="ID", required=True, help="the user's id")
    _add_reason(execute)
    _add_yes(execute)
    execute.add_argument("command", nargs="+", metavar="COMMAND", help="behind --: the command and its arguments")


def _add_request(add: _Add) -> None:
    request = add("request", "send one request and print the body of its answer", "request", epilog=_REQUEST_EPILOG)
    option = request.add_argument
    option("method", metavar="METHOD", type=str.upper, help="GET, POST, …")
    option("path", metavar="PATH", help="beginning with /, percent-encoded; its query may follow")
    option(
        "--as",
        dest="identity",
        type=canonical_name,
        metavar="ID",
        help="a user's id, application or anonymous (application; in single-user mode USER_ID)",
    )
    _add_reason(request)
    _add_yes(request)
    option(
        "-q", dest="query", action="append", default=[], metavar="NAME=VALUE", help="add to the query; may be repeated"
    )
    option("-H", dest="headers", action="append", default=[], metavar="'NAME: VALUE'", help="a header; may be repeated")
    option(
        "-d",
        dest="body",
        metavar="BODY|@FILE",
        help="the body, as JSON or text unless a header says otherwise; @- is stdin",
    )
    option(
        "-F", dest="files", action="append", default=[], metavar="NAME=@FILE", help="a file to upload; may be repeated"
    )
    option("-i", dest="head", action="store_true", help="status and headers to stderr")


def _add_matrix(add: Any) -> None:
    """Add `matrix` and `matrix merge`."""
    matrix = add("matrix", "ask the same as many users, and see who can reach what", "matrix", epilog=_MATRIX_EPILOG)
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
    merge.set_defaults(run=_without_settings("matrix", "merge_reports"))


def _add_who(group: Any) -> None:
    option = group.add_argument
    option(
        "--as",
        dest="ids",
        type=canonical_name,
        action="append",
        default=[],
        metavar="ID",
        help="a user's id, application or anonymous; may be repeated",
    )
    option("--all", dest="is_all", action="store_true", help="every user")
    option("--filter", default="", metavar="TEXT", help="the users in whom every word of TEXT occurs")
    option("--sample", type=_number(1), metavar="N", help="so many of these users, at random")
    option("--seed", type=_number(0), metavar="N", help="draw the sample that this number drew before")
    option(
        "--with", dest="others", type=_others, default=(), metavar="LIST", help="application, anonymous, or both: a,b"
    )
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
    _add_yes(group)


def _add_how(group: Any) -> None:
    option = group.add_argument
    option("--concurrency", type=_number(1), metavar="N", help="requests under way at once (4, at most 100)")
    option("--rate", type=_rate, metavar="N", help="requests a second (50); 0 is as fast as answers come")
    words = "go on with this very run, or if nobody is named with the last that was left: ask only what is not known"
    option("--resume", action="store_true", help=words)
    option("--plan", action="store_true", help="show what would be asked, and end")
    option("--rules", type=Path, metavar="FILE", help="what this deployment's answers mean (TOML or YAML)")
    option(
        "--compare-with",
        type=canonical_name,
        default="",
        metavar="ID",
        help="the identity whose answers the others' are compared with",
    )
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


def add_audit(commands: Any) -> None:
    """Add `audit` with its two parts, which need no settings."""
    summary = "show or verify the record of what was done"
    plain = argparse.RawDescriptionHelpFormatter
    audit = commands.add_parser(
        "audit", help=summary, description=f"{summary.capitalize()}.", epilog=_AUDIT_EPILOG, formatter_class=plain
    )
    parts = audit.add_subparsers(title="parts", metavar="PART", required=True)
    _add_show(parts)
    _add_verify(parts)


def _add_show(parts: Any) -> None:
    summary = "print what was done, newest last"
    show = parts.add_parser("show", help=summary, description=f"{summary.capitalize()}.")
    show.add_argument(
        "--user",
        type=canonical_name,
        default="",
        metavar="ID",
        help="only in this user's name; or application, anonymous",
    )
    show.add_argument("--status", type=int, metavar="N", help="only requests answered with this status")
    show.add_argument("--since", default="", metavar="TIME", help="a time in UTC, or how long ago: 30m, 2h, 3d")
    show.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print it (table)")
    show.set_defaults(run=_without_settings("audit", "show"))


def _add_verify(parts: Any) -> None:
    summary = "find the first line that was changed, removed, moved or cut off"
    verify = parts.add_parser("verify", help=summary, description=f"{summary.capitalize()}; exit 1 if there is one.")
    verify.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the trail to which this file belongs")
    verify.set_defaults(run=_without_settings("audit", "verify"))


def _add_completion(commands: Any) -> None:
    """Add `completion`, which needs no settings."""
    summary = "print what lets a shell complete words at Tab"
    completion = commands.add_parser(
        "completion",
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_COMPLETION_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    completion.set_defaults(run=_without_settings("completion"))


# Types of values


def _number_of_users(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= MOST_USERS:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 to {MOST_USERS:,}")
    return number


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
    names = tuple(canonical_name(each.strip()) for each in text.split(",") if each.strip())
    if not names or not set(names) <= {"application", "anonymous"}:
        raise argparse.ArgumentTypeError("must be application, anonymous or application,anonymous")
    return names


def _shard(text: str) -> tuple[int, int]:
    which, slash, of_how_many = text.partition("/")
    is_number = all(each.isascii() and each.isdigit() and len(each) < 7 for each in (which, of_how_many))
    if not (slash and is_number and 1 <= int(which) <= int(of_how_many)):
        raise argparse.ArgumentTypeError("must be which part of how many, as in 2/5")
    return int(which), int(of_how_many)
