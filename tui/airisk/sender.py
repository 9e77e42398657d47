"""Send a request with an identity's token, renew the token once, and record it in the audit trail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

from tui import clocks
from tui.airisk.audit_sink import AuditSink, RequestOutcome
from tui.airisk.auth.oauth import Token
from tui.airisk.auth.token_renewal import TokenCache
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Progress, Request
from tui.airisk.http.response import BodyConsumer, Response, StreamingResponse
from tui.airisk.identity import ANONYMOUS, Identity, SubjectCheck
from tui.airisk.models import Draft
from tui.background import shielded
from tui.errors import AIRiskError, RequestRejectedError

_CANCELED = "canceled"


@dataclass(slots=True)
class PendingEntry:
    """Outcome of a request so far: the status and the bytes of the body, None without a response.

    `is_sent`: whether any of it was sent.
    """

    status: int | None = None
    size: int | None = None
    is_sent: bool = False
    _record: AuditSink = field(kw_only=True)
    _draft: Draft = field(kw_only=True)
    _identity: Identity = field(kw_only=True)
    _started: float = field(default_factory=clocks.precise)
    _intent: int | None = None

    async def announce(self) -> None:
        """Record that the request is about to be sent.

        Raises:
            AIRiskError: it cannot be recorded, although that is required: do not send it.
        """
        intending = asyncio.ensure_future(self._record.intended(self._draft, self._identity))
        try:
            self._intent = await shielded(intending)
        except AIRiskError as error:
            raise type(error)(f"The request was not sent. {error.message}", advice=error.advice) from None
        except asyncio.CancelledError:
            await shielded(self._take_back(intending))
            raise
        self._started = clocks.precise()

    def leaves(self) -> None:
        """Note that from now on AIRisk may receive it."""
        self.is_sent = True

    async def counted(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the same chunks, counting their bytes."""
        self.size = 0
        async for chunk in chunks:
            self.size += len(chunk)
            yield chunk

    async def record_outcome(self, why: str = "") -> None:
        """Record the outcome."""
        seconds = clocks.precise() - self._started
        ended = RequestOutcome(seconds, self.status, self.size, why, self.is_sent, self._intent)
        try:
            # Canceling the request must not cancel its audit entry.
            await shielded(self._record.requested(self._draft, self._identity, ended))
        except AIRiskError as error:
            if self._draft.is_safe or not self.is_sent:
                raise
            raise type(error)(f"The request was sent. {error.message}", advice=error.advice) from None

    async def record_resent(self) -> None:
        """Record that it got no response and is resent: AIRisk may have received both."""
        await self.record_outcome("The connection was closed without a response; resent.")
        self._started, self.is_sent = clocks.precise(), False

    async def _take_back(self, intending: asyncio.Future[int | None]) -> None:
        """Record that it was not sent, once its announcement is recorded."""
        await asyncio.wait([intending])
        if intending.exception() is None:
            self._intent = intending.result()
            await self.record_outcome(_CANCELED)


@asynccontextmanager
async def recorded(record: AuditSink, draft: Draft, identity: Identity) -> AsyncIterator[PendingEntry]:
    """Record a request when it got a response, failed or was canceled. Announce one that may change data before.

    A request that the program refused to send is recorded only if it was announced.

    Raises:
        AIRiskError: it cannot be recorded, although that is required.
    """
    outcome = PendingEntry(_record=record, _draft=draft, _identity=identity)
    if not draft.is_safe:
        await outcome.announce()
    try:
        yield outcome
    except RequestRejectedError as refusal:
        if not draft.is_safe:
            await outcome.record_outcome(refusal.message)
        raise
    except AIRiskError as error:
        await outcome.record_outcome(error.message)
        if not draft.is_safe and outcome.is_sent:
            error.advice = "AIRisk may have processed it. Check before you resend it."
        raise
    except asyncio.CancelledError:
        await outcome.record_outcome(_CANCELED)
        raise
    else:
        await outcome.record_outcome()


Renewal = Literal["", "renewed", "replayed"]
"""Whether the token was renewed after a 401, and whether the request was resent with the new one."""


class RequestSender:
    """Sends requests as given identities. What may be sent is checked elsewhere.

    Args:
        client: the client of the deployment.
        tokens: the tokens of every identity.
        record: records every request before it counts as done.
    """

    def __init__(self, client: HttpClient, tokens: TokenCache, record: AuditSink) -> None:
        self._client = client
        self._tokens = tokens
        self._record = record

    async def send(
        self,
        draft: Draft,
        identity: Identity,
        cap: int,
        *,
        progress: Progress | None = None,
        take: BodyConsumer | None = None,
        renews: bool = True,
    ) -> tuple[Response, Renewal]:
        """Send a request; return the response, and whether its token was renewed.

        It is renewed once, after a 401, unless `renews` is false.

        Raises:
            SignInError: there is no token for that identity.
            NoResponseError: AIRisk did not respond.
        """
        token = await self._bearer(identity)
        response = await self._attempt(draft, identity, token, cap, progress=progress, take=take)
        if response.status != 401 or token is None or not renews:
            return response, ""
        # Not the current token: another request may have renewed it in the meantime.
        self._tokens.slot(identity).refuse(token)
        renewed = await self._bearer(identity)
        if not draft.is_safe:
            return response, "renewed"
        return await self._attempt(draft, identity, renewed, cap, take=take), "replayed"

    @asynccontextmanager
    async def stream(self, draft: Draft, identity: Identity) -> AsyncIterator[StreamingResponse]:
        """Yield the response while it arrives; raises as `send`, and if AIRisk falls silent."""
        for is_last in (False, True):
            token = await self._bearer(identity)
            async with (
                self._recorded(draft, identity) as outcome,
                self._client.open(_request(draft, token, outcome)) as incoming,
            ):
                outcome.status = incoming.status
                if token and incoming.status == 401:
                    self._tokens.slot(identity).refuse(token)
                if is_last or incoming.status != 401 or not (token and draft.is_safe):
                    incoming.chunks = outcome.counted(incoming.chunks)
                    yield incoming
                    return

    def with_subject_check(self, identity: Identity) -> Identity:
        """Return the identity with what is now known of its token's subject."""
        token = self._tokens.in_hand(identity)
        return replace(identity, subject_check=token.subject_check if token else SubjectCheck.NONE)

    async def _attempt(
        self,
        draft: Draft,
        identity: Identity,
        token: Token | None,
        cap: int,
        *,
        progress: Progress | None = None,
        take: BodyConsumer | None = None,
    ) -> Response:
        async with self._recorded(draft, identity) as outcome:
            request = replace(_request(draft, token, outcome), progress=progress)
            response = await self._client.send(request, cap=cap, take=take)
            outcome.status, outcome.size = response.status, response.size
        return response

    async def _bearer(self, identity: Identity) -> Token | None:
        return None if identity == ANONYMOUS else await self._tokens.slot(identity).get()

    def _recorded(self, draft: Draft, identity: Identity) -> AbstractAsyncContextManager[PendingEntry]:
        return recorded(self._record, draft, self.with_subject_check(identity))


def _request(draft: Draft, token: Token | None, outcome: PendingEntry) -> Request:
    request = Request.of(draft, token.secret if token else None)
    return replace(request, leaves=outcome.leaves, sent_again=outcome.record_resent)
