"""What is asked of AIRisk while the main screen is still being made: the token, and the users."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tui.airisk.models import UserList
from tui.config.settings import RawSettings
from tui.errors import AIRiskError
from tui.screens.connecting import Connection, open_connection

T = TypeVar("T")


class Beginning:
    """Connects if nothing has to be asked for that, signs in and lists the users; the main screen takes it up.

    Args:
        told: the settings as they were given.

    Attributes:
        so_far: the users that came by now.
        shows: is told of more of them.
        waits: is told how long AIRisk is waited for.
    """

    def __init__(self, told: RawSettings) -> None:
        self.so_far: UserList | None = None
        self.shows: Callable[[UserList], None] | None = None
        self.waits: Callable[[float], None] | None = None
        self._warns: Callable[[AIRiskError], None] | None = None
        self._warnings: list[AIRiskError] = []
        self._told = told
        self._connecting = _task(self._connect())
        self._signing_in = _task(self._sign_in())
        self._listing = _task(self._list())

    @staticmethod
    def is_possible(told: RawSettings) -> bool:
        """Whether nothing has to be asked for, of the person or of the keyring, and a list is wanted."""
        return bool(told.secret) and not told.missing and not told.settings().single_user

    async def connection(self) -> Connection:
        """The session; raises AIRiskError."""
        return await _end_of(self._connecting)

    async def signed_in(self) -> None:
        """Return once the generic token is in hand; raises AIRiskError."""
        await _end_of(self._signing_in)

    async def users(self) -> UserList:
        """The users; raises AIRiskError."""
        return await _end_of(self._listing)

    async def is_over(self) -> None:
        """Return once nothing more is to be expected."""
        with contextlib.suppress(AIRiskError):
            await asyncio.shield(self._listing)

    async def close(self) -> None:
        """Give it up."""
        for task in (self._listing, self._signing_in, self._connecting):
            task.cancel()
        with contextlib.suppress(AIRiskError, asyncio.CancelledError):
            await (await self._connecting).close()

    async def _connect(self) -> Connection:
        return await open_connection(self._told, None, self._warn)

    async def _sign_in(self) -> None:
        await (await _end_of(self._connecting)).session.sign_in(tell=self._wait)

    async def _list(self) -> UserList:
        await _end_of(self._signing_in)
        return await (await _end_of(self._connecting)).session.users(self._grow, self._wait)

    def _wait(self, seconds: float) -> None:
        if self.waits:
            self.waits(seconds)

    def _grow(self, listing: UserList) -> None:
        self.so_far = listing
        if self.shows:
            self.shows(listing)

    def warn(self, how: Callable[[AIRiskError], None]) -> None:
        """Tell from now on in this way what the record warns of, and what it has warned of already."""
        self._warns = how
        for warning in self._warnings:
            how(warning)

    def _warn(self, error: AIRiskError) -> None:
        self._warnings.append(error)
        if self._warns:
            self._warns(error)


def _task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task whose failure is nobody's fault if nobody waits for it: another one tells of the same."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


async def _end_of(task: asyncio.Task[T]) -> T:
    """What comes of it, as if it was awaited: asyncio tells where it failed only to the first who does."""
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not task.cancelled() and (error := task.exception()):
        raise error
    return task.result()
