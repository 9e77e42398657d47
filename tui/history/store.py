"""The history: what was asked in whose name, and how it was answered; kept over restarts, without any secret."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from tui.airisk.models import Draft, Exchange
from tui.background import DaemonExecutor, run_in_thread, shielded
from tui.errors import HistoryError
from tui.history.entry import HistoryEntry, write_row

if TYPE_CHECKING:
    from tui.history.database import HistoryFile


T = TypeVar("T")

MOST = 10_000
"""Entries that are kept of each deployment; the oldest go."""

_SECONDS = 10.0
_CLOSING_SECONDS = 1.5


class History:
    """Remembers exchanges in a file that several programs may use at once. Nothing is opened before it is needed.

    All methods raise HistoryError where the file cannot be used, and HistoryResetError where it was damaged: that
    one is then put aside, and what was asked for is done on a new one.

    Args:
        path: the file; it and its directory are made readable for nobody else.
        keep_bodies: whether the bodies of requests, and the files in them, are kept.
        most: entries that are kept of each deployment.
    """

    def __init__(self, path: Path, *, keep_bodies: bool = False, most: int = MOST) -> None:
        self._path = path
        self._keep_bodies = keep_bodies
        self._most = most
        self._file: HistoryFile | None = None
        self._executor = DaemonExecutor(1, name="history")
        self._is_closed = False

    async def close(self) -> None:
        """Finish what is being written, for at most 1.5 s, and let go of the file."""
        if self._is_closed:
            return
        self._is_closed = True
        # There is nobody left to tell: the program is ending.
        with contextlib.suppress(TimeoutError):
            await run_in_thread(self._let_go, deadline=_CLOSING_SECONDS, executor=self._executor)
        self._executor.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def add(self, exchange: Exchange, deployment: str) -> None:
        """Remember an exchange with a deployment; it is written even if nobody waits for it any longer."""

        def write(file: HistoryFile) -> None:
            file.add(write_row(exchange, deployment, keep_bodies=self._keep_bodies), deployment)

        await shielded(self._query(write))

    async def search(
        self, text: str, deployment: str, *, limit: int, offset: int = 0, upto: int | None = None
    ) -> list[HistoryEntry]:
        """The exchanges in which every word of `text` occurs, newest first.

        Looked for in method, path, query, status, name and id. `upto` leaves out those with a higher number: with it
        the pages stay what they are while more is added.
        """
        return await self._query(lambda file: file.search(text, deployment, limit, offset, upto))

    async def count(self, text: str, deployment: str, *, upto: int | None = None) -> int:
        """How many exchanges `search` would find."""
        return await self._query(lambda file: file.count(text, deployment, upto))

    async def draft(self, past: HistoryEntry) -> Draft:
        """The request as it was, with the body that was kept with it."""
        return await self._query(lambda file: file.draft(past))

    async def clear(self, deployment: str) -> int:
        """Forget all exchanges with a deployment, and return how many there were."""
        return await self._query(lambda file: file.clear(deployment))

    async def _query(self, question: Callable[[HistoryFile], T]) -> T:
        if self._is_closed:
            raise HistoryError("The history is closed.")
        try:
            return await run_in_thread(self._execute, question, deadline=_SECONDS, executor=self._executor)
        except TimeoutError:
            raise HistoryError("The history does not answer.", advice=f"Is the disk of {self._path} well?") from None

    def _execute(self, question: Callable[[HistoryFile], T]) -> T:
        if self._file is None:
            from tui.history.database import HistoryFile  # noqa: PLC0415 -- SQLite waits for its first use

            self._file = HistoryFile(self._path, most=self._most)
        return question(self._file)

    def _let_go(self) -> None:
        if self._file:
            self._file.close()
