"""`airisk-tui request`: send one request as one identity, and stream the response body to stdout or a file."""

from __future__ import annotations

import argparse
import codecs
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl

import msgspec

from tui.airisk.auth.sign_in_errors import CONTACT_DEPLOYMENT
from tui.airisk.endpoints.uploads import LARGEST, read_upload
from tui.airisk.guard_rails import check_act_as, check_request
from tui.airisk.http import response
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.identity import ANONYMOUS, Identity
from tui.airisk.models import Draft, Exchange, ResponseHead, Upload
from tui.airisk.responses.pagination import CombinedPages, all_pages, page_of
from tui.airisk.responses.status_notes import permission_note, redirect_note
from tui.airisk.session import Session
from tui.background import run_async
from tui.cli.output import write_failure
from tui.cli.session import act_for_command, identity_named, open_session, refuse_read_only, refuse_unconfirmed
from tui.config.keyring import Secret
from tui.config.settings import RawSettings, Settings
from tui.errors import InvalidResponseError, SettingsError
from tui.files import open_atomic, read_bounded
from tui.text import clean, clean_lines
from tui.widgets.json_viewer.bounds import Bound, QueryError
from tui.widgets.json_viewer.jsonpath import complete_expression, find_matches, find_matches_now

_HELP = "See `airisk-tui request --help`."


def run(raw: RawSettings, arguments: argparse.Namespace) -> int:
    """Send the request; return 1 if the response status is 400 or more, else 0."""
    _refuse_what_is_not_text(arguments)
    draft = _draft(arguments)
    if arguments.jsonpath is not None:
        arguments.jsonpath = _expression(arguments.jsonpath)
    if arguments.all_pages:
        draft = _paged(draft)
    if arguments.dry_run:
        return run_async(_preview(raw.settings(), draft, arguments))
    with _opened(arguments.output) as output:
        return run_async(_send(raw, draft, arguments, output))


async def _send(raw: RawSettings, draft: Draft, arguments: argparse.Namespace, output: _Output) -> int:
    async with open_session(raw) as session:
        settings = session.settings
        name, allows_changes = _name(settings, arguments), arguments.allows_changes
        if not draft.is_safe:
            what = f"{draft.effective_method} {draft.path}"
            refuse_unconfirmed(settings, what, is_confirmed=arguments.is_confirmed)
            refuse_read_only(settings, what, identity_named(name), allows_changes=allows_changes)
        identity = await act_for_command(session, name, arguments.reason, allows_changes=allows_changes)
        show = partial(_print_head, arguments, output)
        head: ResponseHead
        why = ""
        if arguments.all_pages or arguments.jsonpath:
            if arguments.all_pages:
                exchange, why = await _all_pages(session, draft, identity)
            else:
                exchange = await session.send(draft, identity)
            head = exchange
            show(exchange)
            output.write(await _filtered(exchange, arguments.jsonpath))
        else:
            async with session.stream(draft, identity) as incoming:
                head = incoming
                show(incoming)
                async for chunk in incoming.chunks:
                    output.write(chunk)
        output.end()
    if why:
        sys.stderr.write(f"airisk-tui: {why}\n")
    elif head.status >= 300 and not (arguments.head or arguments.verbose):
        report_status(head, identity)
    return 1 if why or head.status >= 400 else 0


def _name(settings: Settings, arguments: argparse.Namespace) -> str:
    """Return the identity that the request is sent as; by default the application, or the single user."""
    usual = settings.user_id if settings.single_user else "application"
    return usual if arguments.identity is None else str(arguments.identity)


async def _all_pages(session: Session, draft: Draft, identity: Identity) -> tuple[Exchange, str]:
    """Return all pages as one response, and a sentence on why there are no more, if there may be."""
    joined: CombinedPages | None = None
    async for pages in all_pages(draft, partial(_sent, session, identity)):
        joined = pages
    assert joined  # noqa: S101 - there is a first page
    return joined.exchange, f"Stopped after {joined}: {joined.why}." if joined.why and joined.pages else ""


async def _sent(session: Session, identity: Identity, draft: Draft) -> Exchange:
    return await session.send(draft, identity)


async def _filtered(exchange: Exchange, expression: str | None) -> bytes:
    """Return the matches of a JSONPath as an array, or the body of an error as it is."""
    if expression is None or exchange.status >= 400:
        return exchange.body
    if not _is_json(exchange.body):
        raise InvalidResponseError("The response is not JSON.", advice="Omit --jsonpath to print it.")
    try:
        found = await find_matches(exchange.body.decode(), expression)
    except QueryError as error:
        raise InvalidResponseError(f"--jsonpath failed: {error}.", advice="Use a simpler expression.") from None
    if found.is_cut:
        sys.stderr.write(f"airisk-tui: Only the first {len(found.places):,} matches are printed.\n")
    return ("\n".join(found.lines) + "\n").encode()


# A request that is only printed


async def _preview(settings: Settings, draft: Draft, arguments: argparse.Namespace) -> int:
    """Print the request as it would be sent, its secrets masked. Nothing is sent, not even a sign-in.

    Raises:
        RequestRejectedError: it would be refused.
    """
    identity = identity_named(_name(settings, arguments))
    if identity.is_user:
        check_act_as(settings, identity, arguments.reason)
    if not draft.is_safe:
        what = f"{draft.effective_method} {draft.path}"
        refuse_read_only(settings, what, identity, allows_changes=arguments.allows_changes)
    check_request(settings, draft, identity, None, allows_changes=arguments.allows_changes)
    client = HttpClient(settings)
    try:
        # The token's value does not matter: it is masked.
        head, body = await client.preview(Request.of(draft, None if identity == ANONYMOUS else Secret("token" * 8)))
    finally:
        await client.close()
    with _opened(arguments.output) as output:
        output.head(head)
        output.write(body if body.endswith(b"\n") or not body else body + b"\n")
    sys.stderr.write(f"airisk-tui: Dry run as {clean(str(identity))}. Nothing was sent.\n")
    return 0


# Output


class _Output:
    """Where the response goes: a file or a pipe gets its bytes, a terminal gets cleaned text with its line breaks."""

    def __init__(self, file: BinaryIO | None) -> None:
        self._file = file or (None if sys.stdout.isatty() else sys.stdout.buffer)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def head(self, lines: list[str]) -> None:
        """Write the first line and the headers of a message, and an empty line."""
        self.write("".join(f"{clean(line)}\n" for line in (*lines, "")).encode())

    def write(self, chunk: bytes) -> None:
        """Write a part of the body."""
        if self._file:
            self._file.write(chunk)
            self._file.flush()
        else:
            sys.stdout.write(clean_lines(self._decoder.decode(chunk)))
            sys.stdout.flush()

    def end(self) -> None:
        """Write what a terminal still needs."""
        if not self._file:
            sys.stdout.write(clean_lines(self._decoder.decode(b"", final=True)) + "\n")


@contextmanager
def _opened(name: str | None) -> Iterator[_Output]:
    """Open stdout, or a file that replaces an older one when everything is written.

    Raises:
        OutputError: the file cannot be written.
    """
    if name in {None, "-"}:
        yield _Output(None)
        return
    try:
        with open_atomic(Path(str(name)), mode=None) as file:
            yield _Output(file)
    except OSError as error:
        raise write_failure(Path(str(name)), error) from None


def _print_head(arguments: argparse.Namespace, output: _Output, head: ResponseHead) -> None:
    lines = [f"HTTP/1.1 {head.status} {head.reason}".rstrip(), *(f"{name}: {value}" for name, value in head.headers)]
    if arguments.verbose:
        sys.stderr.write("".join(f"{clean(line)}\n" for line in (*lines, "")))
        sys.stderr.flush()
    if arguments.head:
        output.head(lines)


# The request from the options


def _refuse_what_is_not_text(arguments: argparse.Namespace) -> None:
    """Refuse options that are not UTF-8; only a body may hold other bytes."""
    given = {
        "--as": [arguments.identity or ""],
        "--query": arguments.query,
        "--header": arguments.headers,
        "--file": arguments.files,
    }
    for option, values in given.items():
        if any(re.search("[\ud800-\udfff]", value) for value in values):
            raise SettingsError(f"{option} is not valid UTF-8.", advice="Write it in UTF-8.")


def _draft(arguments: argparse.Namespace) -> Draft:
    body = b"" if arguments.body is None else _content(arguments.body)
    headers = tuple(map(_header, arguments.headers))
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("Content-Type", "application/json" if _is_json(body) else "text/plain; charset=utf-8"),)
    query = tuple(_pair(pair, "--query takes NAME=VALUE.") for pair in arguments.query)
    files = tuple(map(_upload, arguments.files))
    if files and arguments.body is not None:
        raise SettingsError("--data and --file cannot be combined.", advice="Send a body or files.")
    return Draft(arguments.method, arguments.path, query, headers, body, files)


def _paged(draft: Draft) -> Draft:
    """Return the request with the whole query apart from its path, as pages are counted in it."""
    path, _, query = draft.path.partition("?")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    apart = replace(draft, path=path, query=(*pairs, *draft.query))
    if page_of(apart) is None:
        raise SettingsError(
            "--all-pages needs a GET request for a page of a list.", advice="Add -q results=20, the size of a page."
        )
    return apart


def _expression(text: str) -> str:
    """Return a valid JSONPath, or refuse it before anything is sent."""
    expression = complete_expression(text)
    try:
        find_matches_now("null", expression, Bound(10))
    except QueryError as error:
        raise SettingsError(f"--jsonpath is invalid: {error}.", advice=_HELP) from None
    return expression


def _pair(text: str, usage: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise SettingsError(usage, advice=_HELP)
    return name, value


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not (name.strip() and colon):
        raise SettingsError("--header takes 'NAME: VALUE'.", advice=_HELP)
    return name.strip(), value.strip()


def _content(text: str) -> bytes:
    return _file(text[1:]) if text.startswith("@") else text.encode("utf-8", errors="surrogateescape")


def _file(name: str) -> bytes:
    if name == "-":
        piped = sys.stdin.buffer.read(LARGEST + 1)
        if len(piped) > LARGEST:
            raise SettingsError(f"stdin has more than {LARGEST // 1_000_000} MB.", advice="Send a smaller body.")
        return piped
    try:
        return read_bounded(Path(name), LARGEST)
    except OSError as error:
        raise SettingsError(f"{name} cannot be read: {error.strerror}.", advice="Check its path.") from None


def _upload(text: str) -> Upload:
    name, value = _pair(text, "--file takes NAME=@FILE.")
    if not re.fullmatch("@.+", value, re.DOTALL):
        raise SettingsError("--file takes NAME=@FILE.", advice=_HELP)
    return read_upload(value[1:], name)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


_LONGEST = 120
"""Maximum columns for text from the deployment."""

_LONGEST_NOTE = 240


def report_status(head: ResponseHead, identity: Identity) -> None:
    """Print the status, and what to do about it, on one line to stderr."""
    said = clean(f"{head.status} {head.reason}".rstrip(), limit=_LONGEST)
    sys.stderr.write(f"airisk-tui: AIRisk responded with {said}. {_advice(head, identity)}".rstrip() + "\n")


def _advice(head: ResponseHead, identity: Identity) -> str:
    if head.status in {401, 403}:
        note = permission_note(head.status, identity, how_to_act="Pass --as USER_ID.")
        return clean(note, limit=_LONGEST_NOTE)
    if head.status in {429, 503}:
        return clean(response.describe_retry_after(head.header("retry-after"))) or "Try again later."
    if head.status < 400:
        return clean(redirect_note(head), limit=_LONGEST_NOTE)
    return CONTACT_DEPLOYMENT if head.status >= 500 else ""
