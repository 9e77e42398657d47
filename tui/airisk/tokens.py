"""One identity's token: asked for once however many want it, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from tui.airisk.oauth import Token
from tui.background import shielded

RENEW_EARLY = 30.0
"""Seconds before its end in which a token is no longer used; a tenth of its life where that is less."""


class TokenHolder:
    """Keeps the token of one identity.

    Args:
        fetch: signs in and returns a fresh token.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._fetch = fetch
        self._flight: _Flight | None = None
        self.token: Token | None = None

    @property
    def is_asking(self) -> bool:
        """Whether a token is being asked for."""
        return self._flight is not None and not self._flight.task.done()

    def refuse(self, token: Token) -> None:
        """AIRisk did not accept this token: if it is still the one in hand, it is over, whatever it said of its end."""
        if token is self.token:
            self.token = replace(token, expires_at=0.0)

    async def get(self) -> Token:
        """A token to send with; those who ask while it is being fetched share the one sign-in.

        When the last of them no longer waits, the sign-in is given up, and its token not kept.

        Raises:
            AIRiskError: the sign-in failed; everybody who waited for it hears of it.
        """
        if self.token and self.token.is_live(margin=_margin(self.token)):
            return self.token
        flight = self._flight
        if flight is None or flight.task.done():
            flight = self._flight = _Flight(asyncio.ensure_future(self._sign_in()))
        flight.waiting += 1
        try:
            return await shielded(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()
                self._flight = None if self._flight is flight else self._flight

    async def _sign_in(self) -> Token:
        self.token = await self._fetch()
        return self.token


@dataclass
class _Flight:
    """A sign-in under way, and how many wait for it."""

    task: asyncio.Future[Token]
    waiting: int = 0


def _margin(token: Token) -> float:
    life = (token.expires_at or token.obtained_at) - token.obtained_at
    return min(RENEW_EARLY, life / 10)
