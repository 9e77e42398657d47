"""The command line: settings, then the program on its screen or one command without it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import tui
from tui import crash
from tui.airisk.errors import AIRiskError, NoAnswer, NotAUserList, SettingsError, SignInError, VaultError
from tui.airisk.settings import Told, read
from tui.airisk.vault import Secret
from tui.sandbox import command as sandbox_command
from tui.text import clean

_EPILOG = """\
settings: AIRISK_URL, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, USER_ID and others (see .env.example), from the
environment, else from .env in the working directory; the client secret is best kept in the OS keyring (setup).

exit codes: 0 done · 1 the answer was an error status · 2 wrong usage or settings · 3 sign-in refused ·
4 no answer · 5 keyring. Data goes to stdout, words to stderr."""

_REQUEST_EPILOG = """\
examples:
  airisk-tui request GET /api/ListUsers
  airisk-tui request GET /api/Chat/ListAgents --as u-000127
  airisk-tui request POST /api/Chat/AskAgent --as u-000127 -d '{"conversationID": "c-1", "text": "Hello"}'
  airisk-tui request POST /api/Chat/AddFileToConversation/c-1 --as u-000127 -F report.pdf=@report.pdf"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    crash.guard_process()
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except AIRiskError as error:
        complain(error)
        return _exit_code(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has seen enough; what Python would still flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def complain(error: AIRiskError) -> None:
    """One line on stderr: what happened, and what to do."""
    line = " ".join(filter(None, (error.message, error.advice)))
    sys.stderr.write(f"airisk-tui: {clean(line)}\n")


def _exit_code(error: AIRiskError) -> int:
    for kind, code in ((NotAUserList, 1), (SignInError, 3), (NoAnswer, 4), (VaultError, 5)):
        if isinstance(error, kind):
            return code
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="airisk-tui",
        description=tui.__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"airisk-tui {tui.__version__}")
    parser.set_defaults(run=_open_program, env_file=None, read_only=False)
    _add_common(parser)
    parser.add_argument("--single-user", action="store_true", help="sign in as USER_ID at once; list nobody")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands)
    sandbox = _add(commands, "sandbox", "serve a stand-in AIRisk on loopback", sandbox_command.run)
    sandbox_command.add_arguments(sandbox)
    _add_setup(commands)
    _add(commands, "forget", "remove all that the keyring holds for this deployment", _headless("keeping", "forget"))
    doctor = _add(commands, "doctor", "check everything from settings to list, and say what to do", _headless("doctor"))
    doctor.add_argument("--json", action="store_true", help="the checks as a JSON array")
    _add_users(commands)
    _add_request(commands)
    return parser


_Run = Callable[[argparse.Namespace], int]


def _add(commands: Any, name: str, summary: str, run: _Run, epilog: str = "") -> argparse.ArgumentParser:
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
    parser.add_argument(
        "--read-only", action="store_true", default=kept, help="refuse every method that changes things"
    )


def _add_demo(commands: Any) -> None:
    demo = _add(commands, "demo", "open the program on its built-in sandbox; nothing to configure", _open_demo)
    demo.add_argument("--users", type=int, default=200, metavar="N", help="how many users it has (200)")
    demo.add_argument("--read-only", action="store_true", help="refuse every method that changes things")
    demo.add_argument("--single-user", action="store_true", help="sign in as the sandbox's USER_ID at once")


def _add_setup(commands: Any) -> None:
    setup = _add(commands, "setup", "keep the client secret in the OS keyring", _headless("keeping", "setup"))
    setup.add_argument("--from-env", action="store_true", help="move it there out of .env instead of asking for it")


def _add_users(commands: Any) -> None:
    users = _add(commands, "users", "list the users of the deployment", _headless("users"))
    users.add_argument("--filter", default="", metavar="TEXT", help="only those in whom every word of TEXT occurs")
    users.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print them (table)")


def _add_request(commands: Any) -> None:
    summary = "send one request and print the body of its answer"
    request = _add(commands, "request", summary, _headless("request"), _REQUEST_EPILOG)
    request.add_argument("method", metavar="METHOD", type=str.upper, help="GET, POST, …")
    request.add_argument("path", metavar="PATH", help="beginning with /, percent-encoded; its query may follow")
    request.add_argument(
        "--as",
        dest="identity",
        metavar="ID",
        help="a user's id, generic or anonymous (generic; USER_ID if SINGLE_USER)",
    )
    request.add_argument("-q", dest="query", action="append", default=[], metavar="NAME=VALUE", help="add to the query")
    request.add_argument("-H", dest="headers", action="append", default=[], metavar="'NAME: VALUE'", help="a header")
    request.add_argument("-d", dest="body", metavar="BODY|@FILE", help="the body; JSON unless a header says otherwise")
    request.add_argument("-F", dest="files", action="append", default=[], metavar="NAME=@FILE", help="a file to upload")
    request.add_argument("-i", dest="head", action="store_true", help="status and headers to stderr")


def _headless(module: str, function: str = "run") -> _Run:
    """A command whose module is imported when it is called for."""

    def run(arguments: argparse.Namespace) -> int:
        command: Callable[[Told, argparse.Namespace], int]
        command = getattr(import_module(f"tui.headless.{module}"), function)
        return command(_told(arguments), arguments)

    return run


def _told(arguments: argparse.Namespace, told: Told | None = None) -> Told:
    told = told or read(os.environ, arguments.env_file)
    for warning in told.warnings:
        sys.stderr.write(f"airisk-tui: {clean(warning)}\n")
    options = {"AIRISK_READ_ONLY": arguments.read_only, "SINGLE_USER": getattr(arguments, "single_user", False)}
    chosen = {name: "true" for name, is_chosen in options.items() if is_chosen}
    return replace(told, values={**told.values, **chosen})


def _open_program(arguments: argparse.Namespace) -> int:
    told = _told(arguments)
    if not told.missing:
        told.settings()
    return _show(told, has_keyring=True)


def _open_demo(arguments: argparse.Namespace) -> int:
    _require_terminal()
    from tui.sandbox import Options, start_child  # noqa: PLC0415 - only when there is one to be started

    with start_child(Options(users=arguments.users)) as sandbox:
        values = {
            "AIRISK_URL": sandbox.url,
            "AIRISK_LABEL": "sandbox",
            "CLIENT_ID": sandbox.options.client_id,
            "USER_ID": sandbox.options.user_id,
        }
        return _show(_told(arguments, Told(values, Secret(sandbox.options.client_secret))), has_keyring=False)


def _show(told: Told, *, has_keyring: bool) -> int:
    _require_terminal()
    from tui.app import AIRiskApp  # noqa: PLC0415 - a headless command needs no Textual

    app = AIRiskApp(told, has_keyring=has_keyring)
    app.run()
    return app.return_code or 0


def _require_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError(
            "This needs a terminal, and there is none.",
            advice="For scripts there are the commands users, request and doctor: see --help.",
        )
