"""An entry of the history as a row of its table, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from tui.airisk.models import Draft, Exchange, Identity, SubjectCheck
from tui.airisk.users.search_index import normalize
from tui.errors import HistoryError
from tui.journal.past import PastExchange, sift

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
    kept = sift(draft, identity, keep_bodies=keep_bodies)
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


def read_row(row: tuple[Any, ...]) -> PastExchange:
    """The entry that a row tells of.

    Raises:
        HistoryError: somebody else wrote it.
    """
    try:
        told = msgspec.convert(row, _Columns)
        return PastExchange(
            number=told.number,
            at=datetime.fromisoformat(told.at),
            identity=Identity(told.kind, told.user_id, told.name, told.proof),
            draft=Draft(told.method, told.path, _pairs(told.query), _pairs(told.headers)),
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


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return msgspec.convert(json.loads(text), tuple[tuple[str, str], ...])


def _json(value: list[str] | list[tuple[str, str]]) -> str:
    return json.dumps(value)


def _storable(text: str) -> str:
    """SQLite holds no half a character; it is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
