"""The options of the commands without a screen: cheap to import, for every start looks in here."""

from __future__ import annotations

import argparse
from typing import Protocol

from tui.headless.matrix_options import add_matrix, add_yes

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


class _Add(Protocol):
    """Adds the command `name`, done by `module.function` of this package."""

    def __call__(
        self, name: str, summary: str, module: str, function: str = "run", *, epilog: str = ""
    ) -> argparse.ArgumentParser: ...


def add_commands(add: _Add) -> None:
    """Add setup, forget, doctor, users, request, matrix and exec."""
    setup = add("setup", "keep the client secret in the OS keyring", "keeping", "setup")
    setup.add_argument("--from-env", action="store_true", help="move it there out of .env instead of asking for it")
    words = "remove all that is kept of this deployment, but the audit trail"
    add("forget", words, "keeping", "forget", epilog=_FORGET_EPILOG)
    doctor = add("doctor", "check everything from settings to list, and say what to do", "doctor")
    doctor.add_argument("--json", action="store_true", help="the checks as a JSON array")
    doctor.add_argument("--keys", action="store_true", help="list what keys can do, and which they are, as a keys.toml")
    users = add("users", "list the users of the deployment", "users")
    users.add_argument("--filter", default="", metavar="TEXT", help="only those in whom every word of TEXT occurs")
    users.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print them (table)")
    _add_request(add)
    add_matrix(add)
    execute = add("exec", "run a command in one user's name", "execute", epilog=_EXEC_EPILOG)
    execute.add_argument("--as", dest="identity", metavar="ID", required=True, help="the user's id")
    _add_reason(execute)
    add_yes(execute)
    execute.add_argument("command", nargs="+", metavar="COMMAND", help="behind --: the command and its arguments")


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the audit trail (a ticket)")


def _add_request(add: _Add) -> None:
    request = add("request", "send one request and print the body of its answer", "request", epilog=_REQUEST_EPILOG)
    option = request.add_argument
    option("method", metavar="METHOD", type=str.upper, help="GET, POST, …")
    option("path", metavar="PATH", help="beginning with /, percent-encoded; its query may follow")
    option(
        "--as",
        dest="identity",
        metavar="ID",
        help="a user's id, generic or anonymous (generic; in single-user mode USER_ID)",
    )
    _add_reason(request)
    add_yes(request)
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
