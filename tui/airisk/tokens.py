"""One identity's token: asked for once however many want it, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tui.airisk.oauth import Token

RENEW_EARLY = 30.0
"""Seconds before its end in which a token is no longer used; a tenth of its life where that is less."""


class TokenHolder:
    """Keeps the token of one identity.

    Args:
        fetch: signs in and returns a fresh token.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._fetch = fetch
        self._flight: asyncio.Future[Token] | None = None
        self._waiting = 0
        self.token: Token | None = None

    async def get(self, *, instead_of: Token | None = None) -> Token:
        """A token to send with; those who ask while it is being fetched share the one sign-in.

        Args:
            instead_of: a token that AIRisk has just refused.

        Raises:
            AIRiskError: the sign-in failed; everybody who waited for it hears of it.
        """
        if self.token and self.token is not instead_of and self.token.is_live(margin=_margin(self.token)):
            return self.token
        flight = self._flight = self._flight or asyncio.ensure_future(self._sign_in())
        self._waiting += 1
        try:
            return await asyncio.shield(flight)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._flight = None
                flight.cancel()

    async def _sign_in(self) -> Token:
        self.token = await self._fetch()
        return self.token


def _margin(token: Token) -> float:
    life = (token.expires_at or token.obtained_at) - token.obtained_at
    return min(RENEW_EARLY, life / 10)
