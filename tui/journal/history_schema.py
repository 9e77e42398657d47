"""The tables of the history, and how an older file comes by them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from tui.errors import HistoryError

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE exchanges (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            deployment TEXT NOT NULL,
            kind TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, proof TEXT NOT NULL,
            method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL, headers TEXT NOT NULL,
            status INTEGER NOT NULL, reason TEXT NOT NULL, milliseconds INTEGER NOT NULL, bytes INTEGER NOT NULL,
            left_out TEXT NOT NULL,
            words TEXT NOT NULL,
            content BLOB
        )
        """,
        "CREATE INDEX exchanges_of_deployment ON exchanges (deployment)",
    ),
)
"""How the file came to be as it is, a step a version: an older one is taken through those that it lacks."""


def upgrade(connection: sqlite3.Connection, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Take the file through the steps that it lacks, all of them or none.

    Raises:
        HistoryError: a newer program wrote it; it is left as it is.
    """
    if _version(connection) == len(steps):
        return
    with transaction(connection):
        version = _version(connection)
        if version > len(steps):
            raise HistoryError(
                "The history was written by a newer airisk-tui, so it is left alone.", advice="Update this one."
            )
        for statement in chain.from_iterable(steps[version:]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
