"""The SQLite file of the history, its schema and its upgrades. Imported at first use."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from tui import clocks
from tui.airisk.models import Draft
from tui.errors import HistoryError, HistoryResetError
from tui.files import make_private_directory, take_lock
from tui.history.entry import INSERT, SELECT, HistoryEntry, Row, matching, read_row, restore, unreadable
from tui.plain_names import encodable

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE exchanges (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            deployment TEXT NOT NULL,
            kind TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, subject_check TEXT NOT NULL,
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
"""The schema as one step per version; an older file is upgraded by the steps that it lacks."""


def upgrade(connection: sqlite3.Connection, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Apply the steps that the file lacks, all of them or none.

    Raises:
        HistoryError: a newer program wrote the file; it stays unchanged.
    """
    if _version(connection) == len(steps):
        return
    with transaction(connection):
        version = _version(connection)
        if version > len(steps):
            raise HistoryError(
                "The history was written by a newer airisk-tui and was not changed.", advice="Update airisk-tui."
            )
        for statement in chain.from_iterable(steps[version:]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the body in a transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


T = TypeVar("T")

BUSY_SECONDS = 2.0
"""Seconds to wait for another program's write."""

_FORGET_OLDEST = """
    DELETE FROM exchanges WHERE deployment = ? AND number <= (
        SELECT number FROM exchanges WHERE deployment = ? ORDER BY number DESC LIMIT 1 OFFSET ?)"""

_CAUSES = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space."),
    sqlite3.SQLITE_BUSY: ("it is locked by another process", "Try again later."),
    sqlite3.SQLITE_READONLY: ("it cannot be written", "Check its permissions."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check its permissions."),
    sqlite3.SQLITE_IOERR: ("disk I/O error", "Check the disk."),
}


class HistoryFile:
    """One connection to the file; for one thread at a time.

    Args:
        path: the path of the file, which is created if missing.
        most: the maximum number of entries per deployment.
    """

    def __init__(self, path: Path, *, most: int) -> None:
        self._path = path
        self._most = most
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def close(self) -> None:
        """Close the connection; the next query opens it again."""
        if self._connection:
            self._connection.close()
            self._connection = None

    # Queries

    def add(self, row: Row, deployment: str) -> int:
        """Write an entry, and delete the oldest ones if there are too many. Return its number."""

        def write(connection: sqlite3.Connection) -> int:
            with transaction(connection):
                number = connection.execute(INSERT, row).lastrowid
                connection.execute(_FORGET_OLDEST, (deployment, deployment, self._most))
            return number or 0

        return self._run(write)

    def search(self, text: str, deployment: str, limit: int, offset: int, upto: int | None) -> list[HistoryEntry]:
        """Return the matching entries, newest first."""
        where, values = matching(text, deployment, upto)
        query = f"{SELECT} {where} ORDER BY number DESC LIMIT ? OFFSET ?"
        rows = self._run(lambda connection: connection.execute(query, (*values, limit, offset)).fetchall())
        return [read_row(row) for row in rows]

    def count(self, text: str, deployment: str, upto: int | None) -> int:
        """Return the number of matching entries."""
        where, values = matching(text, deployment, upto)
        query = f"SELECT count(*) FROM exchanges {where}"  # noqa: S608 -- only constants; the values are bound
        return int(self._run(lambda connection: connection.execute(query, values).fetchone())[0])

    def sent_as(self, user_id: str, deployment: str) -> tuple[int, datetime | None]:
        """Return how many requests were sent as a user, and when the last of them was."""
        query = "SELECT count(*), max(at) FROM exchanges WHERE deployment = ? AND kind = 'user' AND user_id = ?"
        requests, last = self._run(
            lambda connection: connection.execute(query, (deployment, encodable(user_id))).fetchone()
        )
        return int(requests), datetime.fromisoformat(last) if last else None

    def draft(self, past: HistoryEntry) -> Draft:
        """Return the request with the body that was stored with it."""
        query = "SELECT content FROM exchanges WHERE number = ?"
        row = self._run(lambda connection: connection.execute(query, (past.number,)).fetchone())
        if row is None:
            raise HistoryError("This entry is no longer in the history.", advice="Reload the history.")
        try:
            return restore(past.draft, row[0]) if row[0] is not None else past.draft
        except (TypeError, ValueError):
            raise unreadable(past.number) from None

    def clear(self, deployment: str) -> int:
        """Delete the entries of a deployment, also from the disk, and return how many there were."""
        if not self._path.exists():
            return 0

        def remove(connection: sqlite3.Connection) -> int:
            removed = connection.execute("DELETE FROM exchanges WHERE deployment = ?", (deployment,)).rowcount
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return removed

        return self._run(remove)

    # Opening, and recovery from errors

    def _run(self, operation: Callable[[sqlite3.Connection], T]) -> T:
        with suppress(_DamagedError), self._translate_errors():
            return operation(self._open())
        aside = self._put_aside()
        with self._translate_errors():
            result = operation(self._open())
        if aside:
            raise HistoryResetError(
                "The history was damaged; a new one was started.", advice=f"The old one was moved to {aside}."
            )
        return result

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Close the file on an error, and raise it as a HistoryError."""
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise _DamagedError(f"The history cannot be used: {self._path} is damaged.") from None
            why, advice = _CAUSES.get(code, (str(error), "Move the file away to start a new one."))
            raise HistoryError(
                f"The history cannot be used: {why}.", advice=f"{advice} The file is {self._path}."
            ) from None
        except OSError as error:
            self.close()
            why = (error.strerror or type(error).__name__).lower()
            raise HistoryError(f"The history cannot be used: {why}.", advice=f"The file is {self._path}.") from None

    def _open(self) -> sqlite3.Connection:
        """Return the connection; reconnect if the file was replaced since it was opened."""
        if self._connection and _inode(self._path) != self._inode:
            self.close()
        if self._connection is None:
            _make_private(self._path)
            with _locked(self._path.parent):
                self._inode = _inode(self._path)
                self._connection = _connect(self._path)
        return self._connection

    def _put_aside(self) -> Path | None:
        """Move the damaged file aside, with its write-ahead log, which the next file must not read.

        Return None if another program has moved it already.
        """
        aside = self._path.with_name(f"{self._path.name}.broken-{clocks.now():%Y%m%dT%H%M%S.%fZ}")
        with self._translate_errors(), _locked(self._path.parent):
            if _inode(self._path) != self._inode:
                return None
            for suffix in ("-wal", "-shm", ""):
                old = self._path.with_name(self._path.name + suffix)
                if old.exists():
                    old.rename(aside.with_name(aside.name + suffix))
        return aside


class _DamagedError(HistoryError):
    """The file is damaged or not an SQLite file."""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        upgrade(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # Deleted entries must be gone from the disk, not only from query results.
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """Create the file with private permissions; SQLite gives its other files the same mode."""
    make_private_directory(path.parent)
    # Never open an existing file here: closing it would drop the locks that SQLite holds on it in this process.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    path.chmod(0o600)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lock for creating, upgrading and moving the file."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        take_lock(handle)
        yield
    finally:
        os.close(handle)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
