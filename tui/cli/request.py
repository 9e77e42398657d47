"""`airisk-tui request`: send one request as one identity, and stream the response body to stdout."""

from __future__ import annotations

import argparse
import codecs
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from tui.airisk.endpoints.uploads import LARGEST, read_upload
from tui.airisk.http import response
from tui.airisk.models import Draft, Identity, ResponseHead, Upload
from tui.background import run_async
from tui.cli.session import act_for_command, open_session, refuse_unconfirmed
from tui.config.settings import RawSettings
from tui.errors import SettingsError
from tui.files import read_bounded
from tui.text import clean, clean_lines


def run(told: RawSettings, arguments: argparse.Namespace) -> int:
    """Send the request; return 1 if the response status is 400 or more, else 0."""
    _refuse_what_is_not_text(arguments)
    return run_async(_send(told, _draft(arguments), arguments))


async def _send(told: RawSettings, draft: Draft, arguments: argparse.Namespace) -> int:
    async with open_session(told) as session:
        settings = session.settings
        if not draft.is_safe:
            refuse_unconfirmed(settings, f"{draft.effective_method} {draft.path}", is_confirmed=arguments.is_confirmed)
        usual = settings.user_id if settings.single_user else "application"
        name = usual if arguments.identity is None else arguments.identity
        identity = await act_for_command(session, name, arguments.reason)
        async with session.stream(draft, identity) as incoming:
            if arguments.head:
                _print_head(incoming)
            await _print_body(incoming.chunks)
    if incoming.status >= 300 and not arguments.head:
        tell_status(incoming, identity)
    return 1 if incoming.status >= 400 else 0


def _refuse_what_is_not_text(arguments: argparse.Namespace) -> None:
    """Refuse options that are not UTF-8; only a body may hold other bytes."""
    given = {"--as": [arguments.identity or ""], "-q": arguments.query, "-H": arguments.headers, "-F": arguments.files}
    for option, values in given.items():
        if any(re.search("[\ud800-\udfff]", value) for value in values):
            raise SettingsError(f"{option} holds bytes that are not UTF-8.", advice="Write it in UTF-8.")


def _print_head(head: ResponseHead) -> None:
    lines = [f"{head.status} {head.reason}".rstrip(), *(f"{name}: {value}" for name, value in head.headers)]
    sys.stderr.write("".join(f"{clean(line)}\n" for line in lines) + "\n")
    sys.stderr.flush()


async def _print_body(chunks: AsyncIterator[bytes]) -> None:
    """Write the unchanged bytes to a file or pipe, or cleaned text with its line breaks to a terminal."""
    out = sys.stdout
    is_terminal = out.isatty()
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    async for chunk in chunks:
        if is_terminal:
            out.write(clean_lines(decoder.decode(chunk)))
        else:
            out.buffer.write(chunk)
        out.flush()
    if is_terminal:
        out.write(clean_lines(decoder.decode(b"", final=True)) + "\n")


def _draft(arguments: argparse.Namespace) -> Draft:
    body = b"" if arguments.body is None else _content(arguments.body)
    headers = tuple(map(_header, arguments.headers))
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("Content-Type", "application/json" if _is_json(body) else "text/plain; charset=utf-8"),)
    query = tuple(_pair(pair, "-q takes NAME=VALUE.") for pair in arguments.query)
    files = tuple(map(_upload, arguments.files))
    if files and arguments.body is not None:
        raise SettingsError("-d and -F cannot go together.", advice="Send a body or files.")
    return Draft(arguments.method, arguments.path, query, headers, body, files)


def _pair(text: str, usage: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise SettingsError(usage, advice="See `airisk-tui request --help`.")
    return name, value


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not (name.strip() and colon):
        raise SettingsError("-H takes 'NAME: VALUE'.", advice="See `airisk-tui request --help`.")
    return name.strip(), value.strip()


def _content(text: str) -> bytes:
    return _file(text[1:]) if text.startswith("@") else text.encode("utf-8", errors="surrogateescape")


def _file(name: str) -> bytes:
    if name == "-":
        piped = sys.stdin.buffer.read(LARGEST + 1)
        if len(piped) > LARGEST:
            raise SettingsError(f"What is piped in is larger than {LARGEST // 1_000_000} MB, the most that is sent.")
        return piped
    try:
        return read_bounded(Path(name), LARGEST)
    except OSError as error:
        raise SettingsError(f"{name} cannot be read: {error.strerror}.", advice="Check its path.") from None


def _upload(text: str) -> Upload:
    name, value = _pair(text, "-F takes NAME=@FILE.")
    if not re.match("@.", value):
        raise SettingsError("-F takes NAME=@FILE.", advice="See `airisk-tui request --help`.")
    return read_upload(value[1:], name)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


_LONGEST = 120
"""Maximum columns for text from the deployment."""


def tell_status(head: ResponseHead, identity: Identity) -> None:
    """Print the status, and what to do about it, on one line to stderr."""
    said = clean(f"{head.status} {head.reason}".rstrip(), limit=_LONGEST)
    sys.stderr.write(f"airisk-tui: AIRisk answered {said}. {_advice(head, identity)}".rstrip() + "\n")


def _advice(head: ResponseHead, identity: Identity) -> str:
    if head.status in {401, 403}:
        return _permissions(head.status, identity)
    if head.status in {429, 503}:
        return clean(response.describe_retry_after(head.header("retry-after"))) or "Try again in a while."
    if head.status < 400:
        return _pointing(head.header("location"))
    return "Try again; if it goes on, tell who runs the deployment." if head.status >= 500 else ""


def _permissions(status: int, identity: Identity) -> str:
    if identity.kind == "application":
        return "The generic token lists users, and nothing else: name a user with --as."
    if not identity.is_user:
        return "It was sent without a token."
    who = clean(str(identity), limit=_LONGEST)
    if status == 401:
        return f"It did not accept the token of {who}, not even a new one."
    return (
        "These are your own permissions." if identity.is_oneself else f"These are the permissions of {who}, not yours."
    )


def _pointing(location: str) -> str:
    """Return a sentence on the redirect's target, without its query, which may hold secrets."""
    target = clean(location.partition("?")[0], limit=_LONGEST)
    return f"It points to {target}, and was not followed." if target else ""
