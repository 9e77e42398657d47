"""A response that arrives as events: assembled while it arrives, and stored as received."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tui import clocks
from tui.airisk.http.sse import Event, EventReader, read_events
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.agent_reply import AgentReply
from tui.errors import AIRiskError, InvalidResponseError

if TYPE_CHECKING:
    from tui.airisk.http.response import StreamingResponse
    from tui.airisk.session import Session

EVENT_STREAM = "text/event-stream"

STREAM_CAP = 16 * 1024 * 1024
"""Bytes of a stream after which no more is read."""


_PIECE = 64 * 1024


def wants_events(draft: Draft) -> bool:
    """Return whether a request accepts its response as events."""
    return any(name.lower() == "accept" and EVENT_STREAM in value.lower() for name, value in draft.headers)


def rebuild_reply(body: bytes) -> AgentReply:
    """Rebuild the reply from a stored stream."""
    reply, reader = AgentReply(), EventReader()
    try:
        # In one call, or each empty line or comment would be an object of its own.
        for start in range(0, len(body), _PIECE):
            for event in reader.feed(body[start : start + _PIECE]):
                reply.hear(event)
        reader.end()
    except InvalidResponseError as error:
        reply.end(error.message)
    reply.end()
    return reply


class EventStreamExchange:
    """An exchange with such a response; `reply` is its result, `body` the bytes received.

    Args:
        incoming: the response, whose headers have arrived.
        draft: the request.
        identity: its identity.
    """

    def __init__(self, incoming: StreamingResponse, draft: Draft, identity: Identity) -> None:
        self.reply = AgentReply()
        self.body = bytearray()
        self._incoming = incoming
        self._draft = draft
        self._identity = identity

    @property
    def is_of_events(self) -> bool:
        """Whether it is a stream of events; a rejection is not, even if one was requested."""
        return self._incoming.content_type == EVENT_STREAM

    @property
    def is_over(self) -> bool:
        """Whether it is complete: AIRisk may say that it is done, and keep the connection open."""
        return self.reply.is_over

    async def events(self) -> AsyncIterator[Event]:
        """Yield the events as they arrive, up to the one that ends the reply.

        A stream that breaks off, falls silent or grows too large also ends; `reply` says why.
        """
        try:
            async for event in read_events(self._kept()):
                self.reply.hear(event)
                yield event
                if self.is_over:
                    return
        except AIRiskError as error:
            self.stop(error.message)
        else:
            self.stop()

    def stop(self, why: str = "") -> None:
        """Stop reading; `why` if the response is incomplete."""
        self.reply.end(why)

    async def whole(self) -> None:
        """Read a response that is not a stream of events.

        Raises:
            NoResponseError: it did not arrive, or is too large.
        """
        self.body += await self._incoming.whole()

    async def exchange(self, session: Session) -> Exchange:
        """Return what arrived as an exchange.

        A rejected token is renewed, so that the request can be resent.
        """
        incoming, timing = self._incoming, self._incoming.timer.read()
        may_be_repeated = False
        if incoming.status == 401 and not self._draft.is_safe:
            may_be_repeated = bool(await session.sign_in(self._identity))
        token = session.token(self._identity)
        return Exchange(
            draft=self._draft,
            identity=replace(self._identity, subject_check=token.subject_check) if token else self._identity,
            status=incoming.status,
            reason=incoming.reason,
            headers=incoming.headers,
            body=bytes(self.body),
            seconds=timing.total,
            timing=timing,
            at=clocks.now(),
            may_be_repeated=may_be_repeated,
            broken=self._why_broken,
        )

    @property
    def _why_broken(self) -> str:
        """Why the response is incomplete, or empty."""
        state, words = self.reply.state, self.reply.words
        return {"broken off": words, "incomplete": f"the agent stopped ({words})"}.get(state, "")

    async def _kept(self) -> AsyncIterator[bytes]:
        async for chunk in self._incoming.chunks:
            self.body += chunk
            if len(self.body) > STREAM_CAP:
                raise InvalidResponseError(f"Response larger than {STREAM_CAP // 1_000_000} MB; reading stopped.")
            yield chunk
