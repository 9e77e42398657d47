"""An entry of the history as a row of its table, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tui.airisk.models import Draft, Exchange, Identity, Proof
from tui.airisk.search import fold
from tui.journal.past import HistoryError, PastExchange, sift

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
        _storable(fold(" ".join((*words, identity.kind)))),
        kept.content,
    )


def read_row(row: tuple[Any, ...]) -> PastExchange:
    """The entry that a row tells of.

    Raises:
        HistoryError: somebody else wrote it.
    """
    number, at, kind, user_id, name, proof, method, path, query, headers, *answer = row
    status, reason, milliseconds, size, left_out, has_content = answer
    try:
        return PastExchange(
            number=number,
            at=datetime.fromisoformat(at),
            identity=Identity(kind, user_id, name, Proof(proof)),
            draft=Draft(method, path, _pairs(query), _pairs(headers)),
            status=int(status),
            reason=reason,
            seconds=int(milliseconds) / 1000,
            size=int(size),
            left_out=tuple(map(str, json.loads(left_out))),
            has_content=bool(has_content),
        )
    except (ValueError, TypeError):
        raise HistoryError(
            f"Entry {number} of the history cannot be read.", advice="Was it written by another program?"
        ) from None


def matching(text: str, deployment: str, upto: int | None) -> tuple[str, tuple[str | int, ...]]:
    """The condition that finds the entries in which every word of `text` occurs, and its values."""
    words = _storable(fold(text)).split()
    where = "WHERE deployment = ?" + " AND instr(words, ?)" * len(words)
    if upto is None:
        return where, (deployment, *words)
    return f"{where} AND number <= ?", (deployment, *words, upto)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in json.loads(text))


def _json(value: list[str] | list[tuple[str, str]]) -> str:
    return json.dumps(value)


def _storable(text: str) -> str:
    """SQLite holds no half a character; it is written out."""
    return text.encode("utf-8", "backslashreplace").decode()
