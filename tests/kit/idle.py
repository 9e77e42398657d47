"""A loop that knows when nothing goes on."""

import asyncio
import selectors

MOST_TURNS = 500
"""Turns of the loop that one step of a story may take to settle: far more than any needs."""


class IdleSelector(selectors.SelectSelector):
    """Nothing comes in here from outside: a loop that would wait in `select` is one that has nothing left to do."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = 0
        self._idle: asyncio.Future[None] | None = None

    async def settled(self) -> None:
        """Return when every task waits for something that only the story can bring."""
        self._turns, self._idle = 0, asyncio.get_running_loop().create_future()
        await self._idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What asyncio asks for in each turn; a time-out other than 0 says that no task can run."""
        if self._idle is None or self._idle.done():
            return super().select(timeout)
        self._turns += 1
        if timeout != 0:
            self._idle.set_result(None)
        elif self._turns > MOST_TURNS:
            self._idle.set_exception(AssertionError("something goes round in circles"))
        return []
