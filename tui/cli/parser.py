"""Every command and option. Imported for commands only, so that it does not delay the app's first paint."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Never, Protocol, cast

import tui
from tui.airisk.identity import canonical_name
from tui.format import read_duration
from tui.sandbox import MOST_USERS
from tui.sandbox import command as sandbox_command
from tui.text import clean

Run = Callable[[argparse.Namespace], int]

_FAILURES = ("unexpected-allow", "unexpected-deny", "drift", "untested", "stale-waivers")

WIDTH = 79
"""Columns: one less than the narrowest supported terminal."""

FIRST_STEPS = {
    "airisk-tui demo": "try it against a built-in sandbox",
    "airisk-tui": "connect to a deployment (prompts for what is missing)",
}
"""The examples of `airisk-tui --help`."""

_GROUPS = {
    "App": ("demo",),
    "Connect": ("setup", "doctor", "forget"),
    "Work": ("users", "request", "exec"),
    "Check": ("matrix", "audit"),
    "Other": ("keys", "info", "sandbox", "completion", "help"),
}
"""The groups of commands in `airisk-tui --help`."""

_LEARN_MORE = """\
Settings are read from the environment, then from .env in the working directory;
`man airisk-tui` explains each. Data is written to stdout, messages to stderr.

Learn more: airisk-tui help COMMAND, airisk-tui help exit-codes, man airisk-tui"""

EXIT_CODES = {
    "0": "done",
    "1": "error status from AIRisk, unexpected access found, stale waiver, or audit trail not intact",
    "2": "wrong usage or settings, or part of a policy matches nothing",
    "3": "sign-in refused",
    "4": "no response",
    "5": "keyring error",
    "6": "a matrix that did not test everything",
    "7": "blocked by a guard rail: read-only, protected user",
    "70": "internal error (bug)",
    "74": "the output could not be written",
    "128 + n": "terminated by signal n",
}

_FORGET_EPILOG = """\
It deletes the request history, the values typed into forms, the imported API
description, saved matrix runs, and what the keyring holds for this deployment
and client. On a terminal it asks first; elsewhere it needs --yes."""

_USERS_EPILOG = """\
examples:
  airisk-tui users --filter admin
  airisk-tui users --format csv > users.csv"""

_REQUEST_EPILOG = """\
examples:
  airisk-tui request GET /api/ListUsers
  airisk-tui request GET /api/Chat/ListAgents --as u-000127
  airisk-tui request GET /api/Chat/GetConversations --as u-000127 \\
    --all-pages --jsonpath '$[*].title' -o titles.json
  airisk-tui request POST /api/Chat/AskAgent --as u-000127 \\
    -d '{"conversationID": "c-000127-05", "text": "Hello"}'
  airisk-tui request POST /api/Chat/AddFileToConversation/c-000000-59 \\
    --as u-000000 -F report.pdf=@report.pdf"""

_EXEC_EPILOG = """\
example:
  airisk-tui exec --as u-000127 -- \\
    sh -c 'echo "$AIRISK_USER_ID at $AIRISK_URL"'

The command gets AIRISK_TOKEN, AIRISK_URL and AIRISK_USER_ID in its environment,
never the client secret. airisk-tui exits with the command's exit code."""

_MATRIX_EPILOG = """\
examples:
  airisk-tui matrix --sample 20 --seed 3 --also-as application,anonymous
  airisk-tui matrix --as u-000000 --as u-000001 \\
    --endpoint 'GET /api/Chat/ListAgents' --format csv
  airisk-tui matrix --role Admin --rate 20 --report admins.json
  airisk-tui matrix merge admins.json --report admins.html

Choose users with --as, --all, --filter, --role or --sample. Without --endpoint,
the matrix has every read-only endpoint with no missing value. Requests that may
change data are skipped unless you pass --allow-unsafe; read-only mode blocks
them. The plan is printed to stderr before anything is sent.

verdicts: allowed, denied, or inconclusive (server error, no response, sign-in
failed, a redirect, HTML instead of JSON). Compared with a reference user or a
baseline, an allowed cell is same or differs. Verdict rules decide, because a
status alone proves little: `matrix rules` prints them, --rules adds to them.

reports: the extension sets the format: .json (complete; for --baseline and
merge), .csv, .html, .md (Markdown), .xml (JUnit) or .sarif.

untested: an endpoint or a user has only inconclusive cells, too many cells are
inconclusive, or a part of the users, the baseline or the shards is missing.
stale waiver: it is expired, or no longer needed. Both make a run fail, unless
--fail-on omits them: see `airisk-tui help exit-codes`."""

_MERGE_EPILOG = """\
example: merge the three shards of one run into one report

  airisk-tui matrix merge part-1.json part-2.json part-3.json --report all.html

If two reports contain the same cell, a conclusive result wins over an
inconclusive one, then the newer one wins. Expectations stay as they were,
unless you pass --policy or --baseline. Exit codes are those of `airisk-tui
matrix`."""

_WHY_EPILOG = """\
examples:
  airisk-tui matrix why admins.json u-000000
  airisk-tui matrix why admins.json u-000000 'GET /api/Chat/ListAgents'

Nothing is sent. It names the nearest users who are allowed, and the role, group
or attribute of the user list that separates allowed from denied users best.
That is a correlation: AIRisk does not say why it denies."""

_AUDIT_EPILOG = """\
examples:
  airisk-tui audit show --user u-000127 --since 2h
  airisk-tui audit show --status 403 --since 2025-03-31 --format csv
  airisk-tui audit verify

Every matrix report names the last entry of the trail as N:HASH. `audit verify
--expects N:HASH` checks that nothing up to it was changed since."""

SHELLS = ("bash", "zsh", "fish")

_COMPLETION_EPILOG = """\
To turn it on in new shells:
  bash: airisk-tui completion bash \\
          > ~/.local/share/bash-completion/completions/airisk-tui
  zsh:  airisk-tui completion zsh > ~/.zfunc/_airisk-tui
        (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)
  fish: airisk-tui completion fish > ~/.config/fish/completions/airisk-tui.fish

It completes commands and options, and for the configured deployment the users
you acted as and the known endpoints. It sends no requests."""


class NeedsSettings(Protocol):
    """Creates the function that runs a command with settings."""

    def __call__(self, module: str, function: str = "run") -> Run:
        """Return a command that calls `function` of this module of `tui.cli` with the settings."""


class _Parser(argparse.ArgumentParser):
    """Parser that takes no abbreviations, and reports wrong usage on one line with the nearest name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def format_help(self) -> str:
        """Return the help; its usage names only what must follow, because the options are listed below."""
        formatter = self._get_formatter()
        words = [formatter._format_args(each, each.dest) for each in self._actions if not each.option_strings]  # noqa: SLF001
        self.usage = self.usage or " ".join((self.prog, "[OPTION]...", *words)).removesuffix(" ...")
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments, and refuse what is left over as this command's mistake, not the program's."""
        namespace, rest = super().parse_known_args(args, namespace)
        if rest:
            kind = "option" if rest[0].startswith("-") else "argument"
            options = (name for action in self._actions for name in action.option_strings)
            self.refuse(f"Unknown {kind} {rest[0]}.", rest[0], options)
        return namespace, rest

    def error(self, message: str) -> Never:
        """Report what argparse found, and exit."""
        words = message.removeprefix("argument ").replace(": must ", " must ", 1)
        self.refuse(f"{words[0].upper()}{words[1:]}.")

    def refuse(self, message: str, given: str = "", names: Iterable[str] = ()) -> Never:
        """Print a message, the known name that is nearest to the given one, and where the help is; exit."""
        near = difflib.get_close_matches(given, names, n=1)
        guess = f" Did you mean {near[0]}?" if near else ""
        self.exit(2, f"airisk-tui: {clean(message)}{guess} See `{self.prog} --help`.\n")

    def commands(self) -> Mapping[str, _Parser]:
        """Return the parsers of this one's commands by name."""
        return {name: each for action in self._actions for name, each in _parsers(action).items()}

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if names := list(_parsers(action)):
            self.refuse(f"Unknown command {value}.", value, names)
        *others, last = map(str, action.choices)
        name = "/".join(action.option_strings) or action.metavar
        self.refuse(f"{name} must be {', '.join(others)} or {last}.")


def _parsers(action: argparse.Action) -> Mapping[str, _Parser]:
    if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - argparse has no public way
        return cast("Mapping[str, _Parser]", action.choices)
    return {}


class _Program(_Parser):
    """Parser of the program as a whole, whose help has examples first, and its commands in groups."""

    def format_help(self) -> str:
        """Return `airisk-tui --help`."""
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, (), ())
        formatter.add_text(self.description)
        width = max(map(len, FIRST_STEPS))
        steps = "".join(f"\n  {command:<{width}}  {meaning}" for command, meaning in FIRST_STEPS.items())
        formatter.add_text(f"examples:{steps}")
        (commands,) = (action for action in self._actions if _parsers(action))
        shown = {each.dest: each for each in commands._get_subactions()}  # type: ignore[attr-defined]  # noqa: SLF001
        for title, names in _GROUPS.items():
            formatter.start_section(title)
            formatter.add_arguments([shown[name] for name in names])
            formatter.end_section()
        formatter.start_section("options")
        formatter.add_arguments([action for action in self._actions if action is not commands])
        formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()


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
    parser = _Program(
        prog="airisk-tui",
        usage="airisk-tui [OPTION]... [COMMAND]",
        description=textwrap.fill(str(tui.__doc__), WIDTH),
        epilog=_LEARN_MORE,
    )
    parser.add_argument(
        "--version", action="version", version=f"airisk-tui {tui.__version__}", help="print the version"
    )
    parser.set_defaults(**defaults)
    _add_common(parser, shows_read_only=True)
    _add_single_user(parser, "sign in as USER_ID immediately, without a user list")
    commands = parser.add_subparsers(prog="airisk-tui", title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_all(commands, demo, needs_settings)
    _add_help(commands, parser)
    return parser


def _add_all(commands: Any, demo: Run, needs_settings: NeedsSettings) -> None:
    def add(
        name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser:
        command = _add(commands, name, summary, needs_settings(module, function), epilog)
        _add_common(command, shows_read_only=name in {"request", "exec", "matrix"})
        return command

    _add_demo(commands, demo)
    _add_connecting(add)
    _add_users(add)
    _add_request(add)
    _add_exec(add)
    _add_matrix(add)
    _add_audit(commands)
    _add(commands, "keys", "print the key bindings as keys.toml", _without_settings("keys"))
    info = _add(commands, "info", "print the version, and where files are", _without_settings("info"))
    _add_format(info, "text", "json")
    _add_sandbox(commands)
    _add_completion(commands)


def _add(commands: Any, name: str, summary: str, run: Run | None, epilog: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=epilog
    )
    if run:
        parser.set_defaults(run=run)
    return parser


def _without_settings(module: str, function: str = "run") -> Run:
    """Return a command that imports its module when it is called."""

    def run(arguments: argparse.Namespace) -> int:
        command: Run = getattr(import_module(f"tui.cli.{module}"), function)
        return command(arguments)

    return run


def _add_help(commands: Any, program: _Parser) -> None:
    help_ = _add(commands, "help", "explain a command, or the exit codes", partial(_print_help, program))
    words = 'a command, as in "users" or "matrix merge", or "exit-codes"'
    help_.add_argument("topics", nargs="*", metavar="TOPIC", help=words)


def _print_help(program: _Parser, arguments: argparse.Namespace) -> int:
    """Print the help of a command, or the exit codes."""
    if arguments.topics == ["exit-codes"]:
        lines = [
            textwrap.fill(meaning, WIDTH, initial_indent=f"{code:<9}", subsequent_indent=" " * 9)
            for code, meaning in EXIT_CODES.items()
        ]
        sys.stdout.write("\n".join((*lines, "", "`airisk-tui exec` exits with the code of its command.", "")))
        return 0
    parser = program
    for topic in arguments.topics:
        known = parser.commands()
        if topic not in known:
            parser.refuse(f"Unknown command {topic}.", topic, known)
        parser = known[topic]
    parser.print_help()
    return 0


# Options of several commands


def _add_common(parser: argparse.ArgumentParser, *, shows_read_only: bool) -> None:
    """Add the options that may precede or follow a command's name."""
    words = "read settings from FILE instead of ./.env"
    parser.add_argument("--env-file", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=words)
    words = "use the deployment saved as NAME.env in the configuration directory"
    parser.add_argument("--deployment", metavar="NAME", default=argparse.SUPPRESS, help=words)
    _add_read_only(parser, is_shown=shows_read_only)


def _add_read_only(parser: argparse.ArgumentParser, *, is_shown: bool = True) -> None:
    """Add the option; commands that change nothing in AIRisk take it, too, but do not show it."""
    words = "allow only GET, HEAD and OPTIONS" if is_shown else argparse.SUPPRESS
    parser.add_argument("--read-only", action="store_true", default=argparse.SUPPRESS, help=words)


def _add_single_user(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--single-user", action="store_true", default=argparse.SUPPRESS, help=words)


def _add_yes(parser: Any) -> None:
    """Add the option that confirms changes on production."""
    words = "confirm requests that may change data on a deployment labeled production"
    parser.add_argument("--yes", dest="is_confirmed", action="store_true", help=words)


def _add_allow_changes(parser: Any) -> None:
    words = "allow changes as the user although AIRISK_ACT_READ_ONLY is set; recorded in the audit trail"
    parser.add_argument("--allow-changes", dest="allows_changes", action="store_true", help=words)


def _add_reason(parser: Any) -> None:
    words = "reason recorded in the audit trail, for example a ticket"
    parser.add_argument("--reason", default="", metavar="TEXT", help=words)


def _add_format(parser: Any, *formats: str) -> None:
    """Add the output format, of which the first is the default, and its shorthand for JSON."""
    words = f"output format: {', '.join(formats)} (default: {formats[0]})"
    parser.add_argument("--format", choices=formats, default=formats[0], metavar="FORMAT", help=words)
    words = "same as --format json"
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", default=argparse.SUPPRESS, help=words
    )


# The commands


def _add_demo(commands: Any, run: Run) -> None:
    demo = _add(commands, "demo", "try the app against a built-in sandbox (no setup)", run)
    words = "number of users (default: 200)"
    demo.add_argument("--user-count", type=_user_count, default=200, metavar="N", help=words)
    words = "delay of every response, in ms unless it has a unit: 150ms, 2s (default: 0)"
    demo.add_argument("--latency", type=_duration("ms", "0ms", "10m"), default=0.0, metavar="DURATION", help=words)
    _add_read_only(demo)
    _add_single_user(demo, "sign in as the sandbox's USER_ID immediately, without a user list")


def _add_connecting(add: _Add) -> None:
    """Add setup, doctor and forget."""
    setup = add("setup", "save the client secret in the OS keyring", "setup", "setup")
    setup.add_argument("--from-env", action="store_true", help="move it from .env instead of prompting")
    doctor = add("doctor", "check settings, keyring, TLS, sign-in and user list", "doctor")
    words = "record its requests in a HAR file, with pseudonyms for all values"
    doctor.add_argument("--trace", type=Path, metavar="FILE", help=words)
    _add_format(doctor, "text", "json")
    words = "delete saved data for this deployment (keeps the audit trail)"
    forget = add("forget", words, "setup", "forget", epilog=_FORGET_EPILOG)
    forget.add_argument("--yes", dest="is_confirmed", action="store_true", help="delete without asking")


def _add_users(add: _Add) -> None:
    users = add("users", "list the users of the deployment", "users", epilog=_USERS_EPILOG)
    users.add_argument("--filter", default="", metavar="TEXT", help="only users matching every word of TEXT")
    _add_format(users, "table", "json", "csv")


def _add_exec(add: _Add) -> None:
    execute = add("exec", "run a command with a user's access token", "exec", epilog=_EXEC_EPILOG)
    execute.usage = f"{execute.prog} [OPTION]... --as ID -- COMMAND [ARGUMENT]..."
    execute.add_argument("--as", dest="identity", type=canonical_name, metavar="ID", required=True, help="user ID")
    _add_reason(execute)
    _add_yes(execute)
    _add_allow_changes(execute)
    execute.add_argument("command", nargs="+", metavar="COMMAND", help="command to run, after --")


def _add_request(add: _Add) -> None:
    request = add("request", "send one request and print the response body", "request", epilog=_REQUEST_EPILOG)
    option = request.add_argument
    option("method", metavar="METHOD", type=str.upper, help="GET, POST, …")
    option("path", metavar="PATH", help="absolute path, percent-encoded, optionally with a query")
    words = 'user ID, "application" or "anonymous" (default: application; in single-user mode USER_ID)'
    option("--as", dest="identity", type=canonical_name, metavar="ID", help=words)
    _add_reason(request)
    _add_yes(request)
    _add_allow_changes(request)
    several = {"action": "append", "default": []}
    words = "query parameter to add; may be repeated"
    option("-q", "--query", dest="query", metavar="NAME=VALUE", help=words, **several)  # type: ignore[arg-type]
    words = "header to add; may be repeated"
    option("-H", "--header", dest="headers", metavar="'NAME: VALUE'", help=words, **several)  # type: ignore[arg-type]
    words = "request body; @FILE reads a file, @- reads stdin"
    option("-d", "--data", dest="body", metavar="BODY|@FILE", help=words)
    words = "file to upload; may be repeated"
    option("-F", "--file", dest="files", metavar="NAME=@FILE", help=words, **several)  # type: ignore[arg-type]
    option("--all-pages", action="store_true", help="fetch all pages of a list and join them")
    option("--dry-run", action="store_true", help="print the request with its secrets masked; send nothing")
    option("-i", "--include", dest="head", action="store_true", help="print status line and headers before the body")
    option("-v", "--verbose", action="store_true", help="print status line and headers to stderr")
    words = "print the values that a JSONPath selects, as a JSON array"
    option("--jsonpath", metavar="EXPR", help=words)
    words = "write to FILE instead of stdout; an existing file is replaced when everything has arrived"
    option("-o", "--output", metavar="FILE", help=words)


def _add_matrix(add: Any) -> None:
    """Add `matrix` and `matrix merge`."""
    summary = "send the same requests as many users and compare access"
    matrix = add("matrix", summary, "matrix", epilog=_MATRIX_EPILOG)
    _add_who(matrix.add_argument_group("users"))
    _add_what(matrix.add_argument_group("requests"))
    _add_how(matrix.add_argument_group("run"))
    _add_against(matrix.add_argument_group("expectations"))
    _add_out(matrix.add_argument_group("output"))
    parts = matrix.add_subparsers(title="commands", metavar="[COMMAND]")
    words = "merge .json reports from several shards"
    merge = _add(parts, "merge", words, _without_settings("matrix", "merge_reports"), _MERGE_EPILOG)
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".json report")
    _add_against(merge)
    _add_out(merge)
    words = "show what sets a denied user apart from those who are allowed"
    why = _add(parts, "why", words, _without_settings("matrix_why", "run"), _WHY_EPILOG)
    why.add_argument("report", type=Path, metavar="FILE", help=".json report of a run")
    why.add_argument("user", metavar="ID", help="user ID")
    words = "endpoint, as in the report (default: all that deny this user)"
    why.add_argument("endpoint", nargs="?", default="", metavar="'METHOD PATH'", help=words)
    words = "print an example policy, or check a policy file"
    _add_check(_add(parts, "policy", words, _without_settings("matrix_files", "policy")), "policy")
    words = "print the default verdict rules, or check a rules file"
    _add_check(_add(parts, "rules", words, _without_settings("matrix_files", "rules")), "rules")


def _add_check(command: Any, what: str) -> None:
    group = command.add_mutually_exclusive_group()
    words = f"list what is wrong in a {what} file, by line; exit 2 if anything is"
    group.add_argument("--check", type=Path, metavar="FILE", help=words)
    group.add_argument("--schema", action="store_true", help="print the JSON Schema, for editors")


def _add_who(group: Any) -> None:
    option = group.add_argument
    words = 'user ID, "application" or "anonymous"; may be repeated'
    option("--as", dest="ids", type=canonical_name, action="append", default=[], metavar="ID", help=words)
    option("--all", dest="is_all", action="store_true", help="all users")
    option("--filter", default="", metavar="TEXT", help="users matching every word of TEXT")
    words = "users with this role, in any case; may be repeated; with --filter: those who match"
    option("--role", dest="roles", action="append", default=[], metavar="ROLE", help=words)
    option("--sample", type=_number(1), metavar="N", help="pick N of these users at random")
    option("--seed", type=_number(0), metavar="N", help="seed for --sample, to repeat an earlier sample")
    words = "also send as application, anonymous, or both (comma-separated)"
    option("--also-as", dest="others", type=_others, default=(), metavar="LIST", help=words)
    option(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="only shard I of N, the same on every machine; auto takes the engine's",
    )


def _add_what(group: Any) -> None:
    option = group.add_argument
    repeated: dict[str, Any] = {"action": "append", "default": [], "metavar": "'METHOD PATH'"}
    words = "endpoint to request, optionally with a query; may be repeated"
    option("--endpoint", dest="endpoints", help=words, **repeated)
    words = "OpenAPI description to use: a file, or a path of the deployment such as /swagger/v1/swagger.json"
    option("--openapi", default="", metavar="FILE|PATH", help=words)
    words = (
        "value for a required parameter (for a file: its path); repeated for one NAME: a column each; "
        "{{user.id}} is the ID of the user being tested"
    )
    option("--value", dest="values", action="append", default=[], metavar="NAME=VALUE", help=words)
    words = "values for required parameters (YAML or TOML), checked against the known endpoints"
    option("--values", dest="values_file", type=Path, metavar="FILE", help=words)
    words = "also a column for each object that a list returned: agents, conversations, or both (comma-separated)"
    option("--objects", type=_objects, default=(), metavar="LIST", help=words)
    words = "JSON body for that endpoint, read from FILE; may be repeated"
    option("--body", dest="bodies", action="append", default=[], metavar="'METHOD PATH=@FILE'", help=words)
    words = "include this request although it may change data for every selected user; may be repeated"
    option("--allow-unsafe", dest="allowed_unsafe", help=words, **repeated)
    _add_yes(group)
    _add_allow_changes(group)


def _add_how(group: Any) -> None:
    option = group.add_argument
    words = "number of requests in flight, at most 100 (default: 4)"
    option("--concurrency", type=_number(1), metavar="N", help=words)
    option("--rate", type=_rate, metavar="N", help="requests per second, 0 for no limit (default: 50)")
    words = "resume this run; without users, resume the latest unfinished run"
    option("--resume", action="store_true", help=words)
    option("--dry-run", action="store_true", help="print the plan and exit")
    words = "more verdict rules for this deployment (TOML or YAML)"
    option("--rules", type=Path, metavar="FILE", help=words)
    words = "compare every response with this user's"
    option("--compare-with", type=canonical_name, default="", metavar="ID", help=words)
    _add_reason(group)


def _add_against(group: Any) -> None:
    option = group.add_argument
    option("--policy", type=Path, metavar="FILE", help="who may call which endpoint (YAML or TOML)")
    option("--baseline", type=Path, metavar="FILE", help=".json report of an earlier run to compare with")
    words = f"what makes the run fail: {', '.join(_FAILURES)} (default: all but drift)"
    option("--fail-on", type=_fail_on, metavar="LIST", help=words)
    words = "accept a policy with rules, users, roles or groups that match nothing"
    option("--allow-unmatched", action="store_true", help=words)
    words = "percentage of cells that may be untested before exiting 6 (default: 10)"
    option("--max-inconclusive", type=_percent, default=10.0, metavar="PERCENT", help=words)


def _add_out(group: Any) -> None:
    words = "write a report; the extension sets its format; may be repeated"
    group.add_argument("--report", dest="reports", action="append", type=Path, default=[], metavar="FILE", help=words)
    words = "write ::error lines of GitHub Actions to stderr: auto (in its jobs; the default), always or never"
    choices = ("auto", "always", "never")
    group.add_argument("--annotations", choices=choices, default="auto", metavar="WHEN", help=words)
    _add_format(group, "table", "json", "csv")


def _add_audit(commands: Any) -> None:
    """Add `audit` with its two commands, which need no settings."""
    audit = _add(commands, "audit", "show or verify the audit trail", None, _AUDIT_EPILOG)
    parts = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    show = _add(parts, "show", "print entries, newest last", _without_settings("audit", "show"))
    words = "only entries for this user (or application, anonymous)"
    show.add_argument("--user", type=canonical_name, default="", metavar="ID", help=words)
    show.add_argument("--status", type=int, metavar="N", help="only requests with this response status")
    words = "only entries since then: a time in UTC, or an age such as 30m, 2h or 3d"
    show.add_argument("--since", default="", metavar="TIME", help=words)
    _add_format(show, "table", "json", "csv")
    summary = "check that no entry was changed, removed or reordered"
    verify = _add(parts, "verify", summary, _without_settings("audit", "verify"))
    words = "a file of the audit trail to verify (default: your own audit trail)"
    verify.add_argument("file", nargs="?", type=Path, metavar="FILE", help=words)
    words = "also check that entry N still has this hash, which a matrix report names"
    verify.add_argument("--expects", type=_entry, metavar="N:HASH", help=words)
    _add_format(verify, "text", "json")


def _add_sandbox(commands: Any) -> None:
    sandbox = _add(commands, "sandbox", "run a local AIRisk sandbox server", sandbox_command.run)
    sandbox_command.add_arguments(
        sandbox, latency=_duration("ms", "0ms", "10m"), lifetime=_duration("s", "1s", "10000d")
    )


def _add_completion(commands: Any) -> None:
    """Add `completion`, which needs no settings."""
    summary = "generate a shell completion script"
    completion = _add(commands, "completion", summary, _without_settings("completion"), _COMPLETION_EPILOG)
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


# Types of values


def _user_count(text: str) -> int:
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


def _duration(unit: str, least: str, most: str) -> Callable[[str], float]:
    """Return a type that reads a duration in seconds; `unit` is that of a bare number."""
    lowest, highest = read_duration(least), read_duration(most)

    def read(text: str) -> float:
        try:
            seconds = read_duration(text, unit)
        except ValueError:
            seconds = -1.0
        if not lowest <= seconds <= highest:
            raise argparse.ArgumentTypeError(f"must be a duration from {least} to {most}, as in 150ms, 60s, 30m or 2h")
        return seconds

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


def _entry(text: str) -> tuple[int, str]:
    """Return the number and the hash of an entry of the audit trail."""
    number, _, digest = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and int(number[:16]) > 0 and re.fullmatch("[0-9a-f]{64}", digest)):
        raise argparse.ArgumentTypeError("must be the number and the hash of an entry, as in a matrix report: N:HASH")
    return int(number), digest


def _objects(text: str) -> tuple[str, ...]:
    names = {each.strip().lower() for each in text.split(",") if each.strip()}
    if not names or not names <= {"agents", "conversations"}:
        raise argparse.ArgumentTypeError("must be agents, conversations or agents,conversations")
    return tuple(sorted(name.removesuffix("s") for name in names))


def _fail_on(text: str) -> tuple[str, ...]:
    names = tuple(each.strip() for each in text.split(",") if each.strip())
    if not names or not set(names) <= set(_FAILURES):
        raise argparse.ArgumentTypeError(f"must be a comma-separated list of {', '.join(_FAILURES)}")
    return names


def _shard(text: str) -> tuple[int, int]:
    if text == "auto":
        which, of_how_many = _shard_of(os.environ)
    else:
        which, of_how_many = (_count(each) for each in (text.partition("/")[0], text.partition("/")[2]))
    if not 1 <= which <= of_how_many:
        raise argparse.ArgumentTypeError("must be shard I of N, as in 2/5, or auto")
    return which, of_how_many


def _shard_of(environment: Mapping[str, str]) -> tuple[int, int]:
    """Return the shard that the engine of this job has set: Kubernetes (with its count), Slurm or GitLab."""

    def number(name: str, default: str = "") -> int:
        found = _count(environment.get(name, default))
        if found < 0:
            raise argparse.ArgumentTypeError(f"auto needs a number in {name}")
        return found

    if "JOB_COMPLETION_INDEX" in environment:
        return number("JOB_COMPLETION_INDEX") + 1, number("JOB_COMPLETION_COUNT")
    if "SLURM_ARRAY_TASK_ID" in environment:
        after = number("SLURM_ARRAY_TASK_ID") - number("SLURM_ARRAY_TASK_MIN", "0")
        return after // max(1, number("SLURM_ARRAY_TASK_STEP", "1")) + 1, number("SLURM_ARRAY_TASK_COUNT")
    if "CI_NODE_INDEX" in environment:
        return number("CI_NODE_INDEX"), number("CI_NODE_TOTAL")
    names = "JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID or CI_NODE_INDEX"
    raise argparse.ArgumentTypeError(f"auto needs {names} in the environment")


def _count(text: str) -> int:
    """Return a whole number, or -1 if the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
