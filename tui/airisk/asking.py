"""A request in an identity's name: with its token, which is renewed once, and told to whoever keeps the record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Literal

from tui.airisk.acting import Record
from tui.airisk.auth.oauth import Token
from tui.airisk.auth.token_cache import TokenCache
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Progress, Request
from tui.airisk.http.response import Response, StreamingResponse, Take
from tui.airisk.models import ANONYMOUS, Draft, Identity, Proof
from tui.airisk.recording import Outcome, recorded

Renewal = Literal["", "renewed", "replayed"]
"""Whether AIRisk refused the token, and whether the request was sent again with the fresh one."""


class Asker:
    """Sends requests in the name that each is given. What may be sent is somebody else's to say.

    Args:
        wire: the way to the deployment.
        tokens: of every identity.
        record: told of every request before it counts as done.
    """

    def __init__(self, wire: HttpClient, tokens: TokenCache, record: Record) -> None:
        self._wire = wire
        self._tokens = tokens
        self._record = record

    async def ask(
        self,
        draft: Draft,
        identity: Identity,
        cap: int,
        *,
        progress: Progress | None = None,
        take: Take | None = None,
        renews: bool = True,
    ) -> tuple[Response, Renewal]:
        """The answer, and whether its token had to be renewed: once, after a 401, unless it shall not be.

        Raises:
            SignInError: there is no token for that identity.
            NoAnswer: AIRisk could not be asked.
        """
        token = await self._bearer(identity)
        answer = await self._attempt(draft, identity, token, cap, progress=progress, take=take)
        if answer.status != 401 or token is None or not renews:
            return answer, ""
        # Not the token in hand by now: another request may have renewed it meanwhile.
        self._tokens.holder(identity).refuse(token)
        renewed = await self._bearer(identity)
        if not draft.is_safe:
            return answer, "renewed"
        return await self._attempt(draft, identity, renewed, cap, take=take), "replayed"

    @asynccontextmanager
    async def stream(self, draft: Draft, identity: Identity) -> AsyncIterator[StreamingResponse]:
        """The answer while it is still coming; raises as `ask`, and where AIRisk falls silent."""
        for is_last in (False, True):
            token = await self._bearer(identity)
            async with (
                self._recorded(draft, identity) as outcome,
                self._wire.open(_request(draft, token, outcome)) as incoming,
            ):
                outcome.status = incoming.status
                if token and incoming.status == 401:
                    self._tokens.holder(identity).refuse(token)
                if is_last or incoming.status != 401 or not (token and draft.is_safe):
                    incoming.chunks = outcome.counted(incoming.chunks)
                    yield incoming
                    return

    def stamp(self, identity: Identity) -> Identity:
        """The identity, with how sure it is by now whose the token in hand is."""
        token = self._tokens.in_hand(identity)
        return replace(identity, proof=token.proof if token else Proof.NONE)

    async def _attempt(
        self,
        draft: Draft,
        identity: Identity,
        token: Token | None,
        cap: int,
        *,
        progress: Progress | None = None,
        take: Take | None = None,
    ) -> Response:
        async with self._recorded(draft, identity) as outcome:
            request = replace(_request(draft, token, outcome), progress=progress)
            answer = await self._wire.ask(request, cap=cap, take=take)
            outcome.status, outcome.size = answer.status, answer.size
        return answer

    async def _bearer(self, identity: Identity) -> Token | None:
        return None if identity == ANONYMOUS else await self._tokens.holder(identity).get()

    def _recorded(self, draft: Draft, identity: Identity) -> AbstractAsyncContextManager[Outcome]:
        return recorded(self._record, draft, self.stamp(identity))


def _request(draft: Draft, token: Token | None, outcome: Outcome) -> Request:
    request = Request.of(draft, token.secret if token else None)
    return replace(request, leaves=outcome.leaves, sent_again=outcome.tell_sent_again)
