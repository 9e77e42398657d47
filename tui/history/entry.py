"""An exchange as it is kept: as a row of the table and back; no secret, and not what came back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from tui.airisk.models import Draft, Exchange, Identity, SubjectCheck, Upload
from tui.airisk.redaction import hide_secrets, holds_a_secret, names_a_secret
from tui.airisk.users.search_index import normalize
from tui.errors import HistoryError

LONGEST = 8_000
"""Characters of a path, an id or a value that are kept; the longer ones are left out."""

CONTENT_CAP = 64 * 1024
"""Bytes of a body and its files that are kept where bodies are kept."""

BODY = "body"
"""How `HistoryEntry.left_out` names a body or a file that was not kept because bodies are not."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A request that was sent and answered.

    `draft` has no body; `has_content` tells whether one, or a file, was kept with it. `left_out` names what was sent
    and not kept: without it the request cannot be sent again. `size` is the answer's, in bytes.
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


@dataclass(slots=True)
class RedactedRequest:
    """A draft and an identity without what is not kept, the names of which are in `left_out`."""

    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    content: bytes | None
    user_id: str
    name: str
    left_out: list[str] = field(default_factory=list)


def redact(draft: Draft, identity: Identity, *, keep_bodies: bool) -> RedactedRequest:
    """Take what may be kept of a request: no value whose name tells of a secret, nothing endless, a body if wished."""
    left_out: list[str] = []
    content, reason = _content(draft, keep_bodies=keep_bodies)
    kept = RedactedRequest(
        path=_path(draft, left_out),
        query=_pairs(draft.query, "the value of", draft.secrets, left_out),
        headers=_pairs(draft.headers, "the header", draft.secrets, left_out),
        content=content,
        user_id=_whole(identity.id, "the user's id", left_out),
        name=identity.name[:_LONGEST_NAME],
        left_out=left_out,
    )
    left_out += [reason] if reason else []
    return kept


def _content(draft: Draft, *, keep_bodies: bool) -> tuple[bytes | None, str]:
    """The body and the files, packed; or how what is left out of them is called."""
    if not draft.body and not draft.files:
        return None, ""
    if not keep_bodies:
        return None, BODY
    if len(draft.body) + sum(len(file.content) for file in draft.files) > CONTENT_CAP:
        return None, f"a body of more than {CONTENT_CAP // 1024} kB"
    if _holds_a_secret(draft):
        return None, "a body with a secret in it"
    return msgspec.msgpack.encode((draft.body, draft.files)), ""


def _holds_a_secret(draft: Draft) -> bool:
    values = (each.name for each in draft.files if not each.filename)
    return holds_a_secret(draft.body, draft.secrets) or any(names_a_secret(each, draft.secrets) for each in values)


def restore(draft: Draft, content: bytes) -> Draft:
    """The draft with the body and the files that were kept with it.

    Raises:
        ValueError: these bytes are not what was kept.
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
    """A path may have a query of its own, typed into it."""
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
    INSERT INTO exchanges (at, deployment, kind, user_id, name, proof, method, path, query, headers,
                           status, reason, milliseconds, bytes, left_out, words, content)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
"""Takes what `write_row` gives."""

SELECT = """
    SELECT number, at, kind, user_id, name, proof, method, path, query, headers,
           status, reason, milliseconds, bytes, left_out, content IS NOT NULL
    FROM exchanges"""
"""Gives what `read_row` takes."""


def write_row(exchange: Exchange, deployment: str, *, keep_bodies: bool) -> Row:
    """What is kept of an exchange; see `sift` for what is not."""
    draft, identity = exchange.draft, exchange.identity
    kept = redact(draft, identity, keep_bodies=keep_bodies)
    words = (draft.method, kept.path, *map("=".join, kept.query), str(exchange.status), kept.name, kept.user_id)
    texts = (kept.user_id, kept.name, identity.proof, draft.method, kept.path, _json(kept.query), _json(kept.headers))
    return (
        exchange.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        deployment,
        identity.kind,
        *map(_storable, texts),
        exchange.status,
        _storable(exchange.reason[:200]),
        round(exchange.seconds * 1000),
        len(exchange.body),
        _json(kept.left_out),
        _storable(normalize(" ".join((*words, identity.kind)))),
        kept.content,
    )


class _Columns(msgspec.Struct, frozen=True, array_like=True):
    """What `SELECT` gives, and of which kind each of it is: SQLite itself keeps anything anywhere."""

    number: int
    at: str
    kind: Literal["anonymous", "generic", "user"]
    user_id: str
    name: str
    proof: SubjectCheck
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
    """The entry that a row tells of.

    Raises:
        HistoryError: somebody else wrote it.
    """
    try:
        told = msgspec.convert(row, _Columns)
        return HistoryEntry(
            number=told.number,
            at=datetime.fromisoformat(told.at),
            identity=Identity(told.kind, told.user_id, told.name, told.proof),
            draft=Draft(told.method, told.path, _stored_pairs(told.query), _stored_pairs(told.headers)),
            status=told.status,
            reason=told.reason,
            seconds=told.milliseconds / 1000,
            size=told.size,
            left_out=msgspec.convert(json.loads(told.left_out), tuple[str, ...]),
            has_content=bool(told.has_content),
        )
    except (msgspec.ValidationError, ValueError, RecursionError):
        raise unreadable(row[0]) from None


def unreadable(number: int) -> HistoryError:
    """The words for an entry that this program did not write."""
    return HistoryError(f"Entry {number} of the history cannot be read.", advice="Was it written by another program?")


def matching(text: str, deployment: str, upto: int | None) -> tuple[str, tuple[str | int, ...]]:
    """The condition that finds the entries in which every word of `text` occurs, and its values."""
    words = _storable(normalize(text)).split()
    where = "WHERE deployment = ?" + " AND instr(words, ?)" * len(words)
    if upto is None:
        return where, (deployment, *words)
    return f"{where} AND number <= ?", (deployment, *words, upto)


def _stored_pairs(text: str) -> tuple[tuple[str, str], ...]:
    return msgspec.convert(json.loads(text), tuple[tuple[str, str], ...])


def _json(value: list[str] | list[tuple[str, str]]) -> str:
    return json.dumps(value)


def _storable(text: str) -> str:
    """SQLite holds no half a character; it is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
