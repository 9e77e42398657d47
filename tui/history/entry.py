"""Convert exchanges to rows of the table and back, without secrets and without response bodies."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from tui.airisk.identity import Identity, SubjectCheck
from tui.airisk.models import Draft, Exchange, Upload
from tui.airisk.redaction import hide_secrets, holds_a_secret, names_a_secret
from tui.airisk.users.search_index import normalize
from tui.decoding import convert
from tui.errors import HistoryError
from tui.plain_names import encodable

LONGEST = 8_000
"""Maximum characters of a path, an id or a value; longer ones are cut or not stored."""

CONTENT_CAP = 64 * 1024
"""Maximum bytes of a body and its files, if bodies are stored."""

BODY = "body"
"""The name in `HistoryEntry.left_out` of a body or file that was not stored because of the settings."""

_THE_BODY = "the body"
"""What a body or file that was not stored for another reason is called in `HistoryEntry.left_out`, with the reason."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A request that was sent and got a response.

    `draft` has no body; `has_content` is whether a body or file was stored. `left_out` names the parts that were not
    stored; with any the request cannot be resent. `size` is the size of the response in bytes.
    """

    number: int
    at: datetime
    identity: Identity
    draft: Draft
    status: int
    reason: str
    seconds: float
    size: int
    left_out: tuple[str, ...] = ()
    has_content: bool = False

    @property
    def lacks_only_body(self) -> bool:
        """Whether all of the request but its body was stored."""
        return bool(self.left_out) and all(each == BODY or each.startswith(_THE_BODY) for each in self.left_out)


@dataclass(slots=True)
class RedactedRequest:
    """The parts of a draft and an identity that may be stored; `left_out` names the others."""

    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    content: bytes | None
    user_id: str
    name: str
    left_out: list[str] = field(default_factory=list)


def redact(draft: Draft, identity: Identity, *, keep_bodies: bool) -> RedactedRequest:
    """Return the parts of a request that may be stored: no secrets, no too long values, bodies only on request."""
    left_out: list[str] = []
    content, reason = _content(draft, keep_bodies=keep_bodies)
    kept = RedactedRequest(
        path=_path(draft, left_out),
        query=_pairs(draft.query, "the value of", draft.secrets, left_out),
        headers=_pairs(draft.headers, "the header", draft.secrets, left_out),
        content=content,
        user_id=_whole(identity.id, "the user's ID", left_out),
        name=identity.name[:_LONGEST_NAME],
        left_out=left_out,
    )
    left_out += [reason] if reason else []
    return kept


def _content(draft: Draft, *, keep_bodies: bool) -> tuple[bytes | None, str]:
    """Return the body and the files, packed, or the reason why they are not stored."""
    if not draft.body and not draft.files:
        return None, ""
    if not keep_bodies:
        return None, BODY
    if len(draft.body) + sum(len(file.content) for file in draft.files) > CONTENT_CAP:
        return None, f"{_THE_BODY} (larger than {CONTENT_CAP // 1024} kB)"
    if _holds_a_secret(draft):
        return None, f"{_THE_BODY} (it contained a secret)"
    return msgspec.msgpack.encode((draft.body, draft.files)), ""


def _holds_a_secret(draft: Draft) -> bool:
    values = (each.name for each in draft.files if not each.filename)
    return holds_a_secret(draft.body, draft.secrets) or any(names_a_secret(each, draft.secrets) for each in values)


def restore(draft: Draft, content: bytes) -> Draft:
    """Return the draft with its stored body and files.

    Raises:
        ValueError: the bytes are not a stored body.
    """
    try:
        body, files = msgspec.msgpack.decode(content, type=tuple[bytes, tuple[Upload, ...]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError from None
    return replace(draft, body=body, files=files)


def _pairs(
    pairs: Iterable[tuple[str, str]], kind: str, secrets: Collection[str], left_out: list[str]
) -> list[tuple[str, str]]:
    kept = []
    for name, value in pairs:
        if len(name) + len(value) > LONGEST or names_a_secret(name, secrets):
            left_out.append(f"{kind} {name[:_LONGEST_NAME]}")
        else:
            kept.append((name, value))
    return kept


def _path(draft: Draft, left_out: list[str]) -> str:
    """Return the path without secrets; a query may be typed into it."""
    bare, names = hide_secrets(draft.hidden_path or draft.path, also=draft.secrets)
    left_out += ["a part of the path"] if draft.hidden_path else []
    left_out += [f"the value of {name[:_LONGEST_NAME]}" for name in names]
    return _whole(bare, "the end of the path", left_out)


def _whole(text: str, what: str, left_out: list[str]) -> str:
    if len(text) > LONGEST:
        left_out.append(what)
    return text[:LONGEST]


Row = tuple[str | int | bytes | None, ...]

INSERT = """
    INSERT INTO exchanges (at, deployment, kind, user_id, name, subject_check, method, path, query, headers,
                           status, reason, milliseconds, bytes, left_out, words, content)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
"""Inserts what `write_row` returns."""

SELECT = """
    SELECT number, at, kind, user_id, name, subject_check, method, path, query, headers,
           status, reason, milliseconds, bytes, left_out, content IS NOT NULL
    FROM exchanges"""
"""Selects what `read_row` takes."""


def write_row(exchange: Exchange, deployment: str, *, keep_bodies: bool) -> Row:
    """Return the row of an exchange; see `redact` for what is not stored."""
    draft, identity = exchange.draft, exchange.identity
    kept = redact(draft, identity, keep_bodies=keep_bodies)
    words = (draft.method, kept.path, *map("=".join, kept.query), str(exchange.status), kept.name, kept.user_id)
    texts = (
        kept.user_id,
        kept.name,
        identity.subject_check,
        draft.method,
        kept.path,
        _json(kept.query),
        _json(kept.headers),
    )
    return (
        exchange.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        deployment,
        identity.kind,
        *map(encodable, texts),
        exchange.status,
        encodable(exchange.reason[:200]),
        round(exchange.seconds * 1000),
        len(exchange.body),
        _json(kept.left_out),
        encodable(normalize(" ".join((*words, identity.kind)))),
        kept.content,
    )


class _Columns(msgspec.Struct, frozen=True, array_like=True):
    """The types of the columns of `SELECT`, because SQLite itself does not enforce any."""

    number: int
    at: str
    kind: Literal["anonymous", "application", "user"]
    user_id: str
    name: str
    subject_check: SubjectCheck
    method: str
    path: str
    query: str
    headers: str
    status: int
    reason: str
    milliseconds: int
    size: int
    left_out: str
    has_content: int


def read_row(row: tuple[Any, ...]) -> HistoryEntry:
    """Return the entry in a row.

    Raises:
        HistoryError: another program wrote it.
    """
    try:
        columns = convert(row, _Columns)
        return HistoryEntry(
            number=columns.number,
            at=datetime.fromisoformat(columns.at),
            identity=Identity(columns.kind, columns.user_id, columns.name, columns.subject_check),
            draft=Draft(columns.method, columns.path, _stored_pairs(columns.query), _stored_pairs(columns.headers)),
            status=columns.status,
            reason=columns.reason,
            seconds=columns.milliseconds / 1000,
            size=columns.size,
            left_out=convert(json.loads(columns.left_out), tuple[str, ...]),
            has_content=bool(columns.has_content),
        )
    except (msgspec.ValidationError, ValueError, RecursionError):
        raise unreadable(row[0]) from None


def unreadable(number: int) -> HistoryError:
    """Return the error for an entry that this program did not write."""
    return HistoryError(f"Entry {number} of the history cannot be read.", advice="Another program may have written it.")


def matching(text: str, deployment: str, upto: int | None) -> tuple[str, tuple[str | int, ...]]:
    """Return the SQL condition for entries that contain every word of `text`, and its values."""
    words = encodable(normalize(text)).split()
    where = "WHERE deployment = ?" + " AND instr(words, ?)" * len(words)
    if upto is None:
        return where, (deployment, *words)
    return f"{where} AND number <= ?", (deployment, *words, upto)


def _stored_pairs(text: str) -> tuple[tuple[str, str], ...]:
    return convert(json.loads(text), tuple[tuple[str, str], ...])


def _json(value: list[str] | list[tuple[str, str]]) -> str:
    return json.dumps(value)
