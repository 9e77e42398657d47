"""The 401s of one identity: whether they mean the endpoint or the token is found out together, at the end of its row.

A token that is over is answered 401 everywhere, so that a 401 alone denies nothing; to sign in anew after each would
take three requests more. Instead they wait: where the token is let in once more at an endpoint that knew it before, it
was alive all the while, and each of them was a denial.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from tui.access.model import Cell, Verdict
from tui.access.requests import MatrixRequest

ACCEPTED = ", though its token is accepted elsewhere"
RENEWED = ", also after the token was renewed"
_OVER = "; its token was over by then, and what changes things is not sent again by itself"

_TRIES = 5
"""Sign-ins in a run to find out, where no token is accepted twice, whether each is good for one request only."""


@dataclass(slots=True)
class TokenObservations:
    """What a run has seen of a deployment's tokens.

    `are_lasting`: one was accepted more than once. `end_soon`: a new one opened what a used one did not. `tries` is how
    often that may still be tried in vain. `public` names endpoints where nobody needs one.
    """

    are_lasting: bool = False
    end_soon: bool = False
    tries: int = _TRIES
    public: set[str] = field(default_factory=set)


class UnauthorizedResolver:
    """Asks the questions of one row whose identity has a token.

    Args:
        observations: what the whole run has seen of tokens.
        ask: asks one of them with the token in hand.
        renew: signs in anew.
        take: is handed each cell once it is sure what it says.
    """

    def __init__(
        self,
        observations: TokenObservations,
        ask: Callable[[MatrixRequest], Awaitable[Cell]],
        renew: Callable[[], Awaitable[None]],
        take: Callable[[Cell], None],
    ) -> None:
        self._observations = observations
        self._send = ask
        self._renew = renew
        self._take = take
        self._waiting: list[tuple[MatrixRequest, Cell]] = []
        self._witness: MatrixRequest | None = None

    async def put(self, question: MatrixRequest) -> None:
        """Ask a question; a 401 waits for `flush`."""
        cell = await self._send(question)
        if cell.status == 401:
            self._waiting.append((question, cell))
            return
        if question.is_safe and self._knows_the_token(cell):
            self._observations.are_lasting = self._observations.are_lasting or self._witness is not None
            self._witness = question
        self._take(cell)

    async def flush(self) -> None:
        """Find out what the 401s mean."""
        if not self._waiting:
            return
        if self._witness and self._knows_the_token(await self._send(self._witness)):
            for _, cell in self._waiting:
                self._take(_with(cell, ACCEPTED))
        else:
            await self._resend()

    def _knows_the_token(self, cell: Cell) -> bool:
        """Whether the endpoint let it in, or knew whom to refuse."""
        is_known = cell.status is not None and (200 <= cell.status < 300 or cell.status == 403)
        return is_known and cell.endpoint not in self._observations.public

    async def _resend(self) -> None:
        """With a renewed token: one for all, unless it is over as soon as it was used."""
        safe = [question for question, _ in self._waiting if question.is_safe]
        for question, cell in self._waiting:
            if not question.is_safe:
                self._take(_over(cell) if self._witness else cell)
        if not safe:
            return
        await self._renew()
        if self._witness and not self._observations.end_soon:
            self._observations.end_soon = await self._is_over_once_used(self._witness)
        is_used = self._witness is not None
        for question in safe:
            cell = await self._send(question)
            if cell.status == 401 and is_used and self._may_be_over:
                self._observations.tries -= 1
                await self._renew()
                cell = await self._send(question)
                self._observations.end_soon = self._observations.end_soon or self._knows_the_token(cell)
            is_used = True
            self._take(_with(cell, RENEWED) if cell.status == 401 else cell)

    async def _is_over_once_used(self, witness: MatrixRequest) -> bool:
        """Whether a new token is accepted where the one before was, and then no longer."""
        is_accepted = self._knows_the_token(await self._send(witness))
        return is_accepted and not self._knows_the_token(await self._send(witness))

    @property
    def _may_be_over(self) -> bool:
        """Whether a 401 may mean that the token was used before."""
        seen = self._observations
        return seen.end_soon or (not (seen.are_lasting or self._witness) and seen.tries > 0)


def _with(cell: Cell, words: str) -> Cell:
    return msgspec.structs.replace(cell, reason=cell.reason + words)


def _over(cell: Cell) -> Cell:
    return msgspec.structs.replace(_with(cell, _OVER), verdict=Verdict.INCONCLUSIVE)
