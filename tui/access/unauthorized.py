"""Resolve the 401 responses of one identity at the end of its row: the endpoint denied it, or the token had expired.

An expired token gets 401 everywhere, so a 401 alone is no denial, and signing in again after each one would take three
more requests. Instead the 401s wait. If an endpoint that accepted the token before accepts it once more, the token was
valid all the time, and each 401 was a denial.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

import msgspec

from tui.access.model import Cell, Verdict
from tui.access.requests import MatrixRequest

ACCEPTED = ", but the token is accepted elsewhere"
RENEWED = ", even with a renewed token"
_EXPIRED = "; the token had expired, and requests that may change data are not resent automatically"

_TRIES = 5
"""Sign-ins per run to find out if tokens are valid for one request only, when none was accepted twice."""


@dataclass(slots=True)
class TokenObservations:
    """What a run has observed of a deployment's tokens.

    `are_lasting`: a token was accepted more than once. `end_soon`: a new token was accepted where a used one was not.
    `tries` is how many more attempts may be spent on that. `public` names endpoints that need no token.
    """

    are_lasting: bool = False
    end_soon: bool = False
    tries: int = _TRIES
    public: set[str] = field(default_factory=set)


def is_token_known(cell: Cell, public: Collection[str]) -> bool:
    """Return whether an endpoint that is not public accepted the token: with a success or a 403."""
    is_known = cell.status is not None and (200 <= cell.status < 300 or cell.status == 403)
    return is_known and cell.endpoint not in public


class UnauthorizedResolver:
    """Sends the requests of one row whose identity has a token.

    Args:
        observations: what the whole run has observed of tokens.
        ask: sends a request with the current token.
        renew: signs in again.
        take: called with each cell once its meaning is certain.
        recorded: a request that accepted this identity's token before the run was interrupted.
    """

    def __init__(
        self,
        observations: TokenObservations,
        ask: Callable[[MatrixRequest], Awaitable[Cell]],
        renew: Callable[[], Awaitable[None]],
        take: Callable[[Cell], None],
        recorded: MatrixRequest | None = None,
    ) -> None:
        self._observations = observations
        self._send = ask
        self._renew = renew
        self._take = take
        self._recorded = recorded
        self._waiting: list[tuple[MatrixRequest, Cell]] = []
        self._witness: MatrixRequest | None = None

    async def put(self, request: MatrixRequest) -> None:
        """Send a request; a 401 waits for `flush`."""
        cell = await self._send(request)
        if cell.status == 401:
            self._waiting.append((request, cell))
            return
        if request.is_safe and is_token_known(cell, self._observations.public):
            self._observations.are_lasting = self._observations.are_lasting or self._witness is not None
            self._witness = request
        self._take(cell)

    async def flush(self) -> None:
        """Find out what the 401s mean."""
        if not self._waiting:
            return
        witness = self._witness or self._recorded
        if witness and is_token_known(await self._send(witness), self._observations.public):
            for _, cell in self._waiting:
                self._take(_with(cell, ACCEPTED))
        else:
            await self._resend()

    async def _resend(self) -> None:
        """Resend the safe requests with a renewed token, or one token each if tokens are valid for one request only."""
        safe = [request for request, _ in self._waiting if request.is_safe]
        for request, cell in self._waiting:
            if not request.is_safe:
                self._take(_over(cell) if self._witness else cell)
        if not safe:
            return
        await self._renew()
        if self._witness and not self._observations.end_soon:
            self._observations.end_soon = await self._is_over_once_used(self._witness)
        is_used = self._witness is not None
        for request in safe:
            cell = await self._send(request)
            if cell.status == 401 and is_used and self._may_be_over:
                self._observations.tries -= 1
                await self._renew()
                cell = await self._send(request)
                self._observations.end_soon = self._observations.end_soon or is_token_known(
                    cell, self._observations.public
                )
            is_used = True
            self._take(_with(cell, RENEWED) if cell.status == 401 else cell)

    async def _is_over_once_used(self, witness: MatrixRequest) -> bool:
        """Return whether the witness accepts the new token once, and not a second time."""
        public = self._observations.public
        is_accepted = is_token_known(await self._send(witness), public)
        return is_accepted and not is_token_known(await self._send(witness), public)

    @property
    def _may_be_over(self) -> bool:
        """Whether a 401 may mean that the token was used before."""
        seen = self._observations
        return seen.end_soon or (not (seen.are_lasting or self._witness) and seen.tries > 0)


def _with(cell: Cell, words: str) -> Cell:
    return msgspec.structs.replace(cell, reason=cell.reason + words)


def _over(cell: Cell) -> Cell:
    return msgspec.structs.replace(_with(cell, _EXPIRED), verdict=Verdict.INCONCLUSIVE)
