"""The history of requests, their identities and their statuses; stored across restarts, without secrets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from tui.airisk.models import Draft, Exchange
from tui.background import DaemonExecutor, run_in_thread, shielded
from tui.errors import HistoryError
from tui.history.entry import HistoryEntry, write_row
from tui.history.memory import RecentExchanges

if TYPE_CHECKING:
    from tui.history.database import HistoryFile


T = TypeVar("T")

MOST = 10_000
"""Maximum entries per deployment; the oldest are deleted."""

_SECONDS = 10.0
_CLOSING_SECONDS = 1.5


class History:
    """Stores exchanges in a file that several programs may use at once. It is opened at first use.

    All methods raise HistoryError if the file cannot be used, and HistoryResetError if it was damaged: it is then
    moved aside, and the operation has been done on a new file.

    Args:
        path: the file; only its owner can read it and its directory.
        keep_bodies: whether request bodies and their files are stored.
        most: the maximum number of entries per deployment.
        recent: remembers whole exchanges in memory; without it, only what is stored is known.
    """

    def __init__(
        self, path: Path, *, keep_bodies: bool = False, most: int = MOST, recent: RecentExchanges | None = None
    ) -> None:
        self._path = path
        self._keep_bodies = keep_bodies
        self._most = most
        self._file: HistoryFile | None = None
        self._executor = DaemonExecutor(1, name="history")
        self._is_closed = False
        self._recent = recent

    async def close(self) -> None:
        """Finish pending writes, for at most 1.5 s, and close the file."""
        if self._is_closed:
            return
        self._is_closed = True
        # The program is ending, so an error could not be shown.
        with contextlib.suppress(TimeoutError):
            await run_in_thread(self._close_file, deadline=_CLOSING_SECONDS, executor=self._executor)
        self._executor.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def add(self, exchange: Exchange, deployment: str) -> None:
        """Store an exchange with a deployment; it is written even if the wait is canceled."""

        def write(file: HistoryFile) -> None:
            number = file.add(write_row(exchange, deployment, keep_bodies=self._keep_bodies), deployment)
            if self._recent:
                self._recent.add(number, exchange)

        await shielded(self._query(write))

    async def search(
        self, text: str, deployment: str, *, limit: int, offset: int = 0, upto: int | None = None
    ) -> list[HistoryEntry]:
        """Return the exchanges that contain every word of `text`, newest first.

        The search covers method, path, query, status, user name, user id and kind of identity. `upto` excludes higher
        entry numbers, so that pages stay the same while entries are added.
        """
        found = await self._query(lambda file: file.search(text, deployment, limit, offset, upto))
        return [self._recent.completed(past) for past in found] if self._recent else found

    async def count(self, text: str, deployment: str, *, upto: int | None = None) -> int:
        """Return the number of exchanges that `search` would find."""
        return await self._query(lambda file: file.count(text, deployment, upto))

    async def sent_as(self, user_id: str, deployment: str) -> tuple[int, datetime | None]:
        """Return how many requests were sent as a user, and when the last of them was. It creates no file."""
        return await self._query(lambda file: file.sent_as(user_id, deployment), without_file=(0, None))

    async def draft(self, past: HistoryEntry) -> Draft:
        """Return the request as it was sent, with the body that was stored with it, or is remembered from this run."""
        if not past.left_out and (exchange := self.recall(past)):
            return exchange.draft
        return await self._query(lambda file: file.draft(past))

    def recall(self, past: HistoryEntry) -> Exchange | None:
        """Return the whole exchange, if it is one of the last of this run."""
        return self._recent.of(past) if self._recent else None

    async def clear(self, deployment: str) -> int:
        """Delete all exchanges with a deployment, and return how many there were."""
        return await self._query(lambda file: file.clear(deployment))

    async def _query(self, operation: Callable[[HistoryFile], T], *, without_file: T | None = None) -> T:
        """Return what the operation returns, or `without_file`, if that is given and there is no file yet."""
        if self._is_closed:
            raise HistoryError("The history is closed.")
        try:
            return await run_in_thread(
                self._execute, operation, without_file, deadline=_SECONDS, executor=self._executor
            )
        except TimeoutError:
            raise HistoryError(
                "The history database is not responding.", advice=f"Check the disk of {self._path}."
            ) from None

    def _execute(self, operation: Callable[[HistoryFile], T], without_file: T | None) -> T:
        if self._file is None:
            if without_file is not None and not self._path.exists():
                return without_file
            from tui.history.database import HistoryFile  # noqa: PLC0415 -- SQLite is imported at first use

            self._file = HistoryFile(self._path, most=self._most)
        return operation(self._file)

    def _close_file(self) -> None:
        if self._file:
            self._file.close()
