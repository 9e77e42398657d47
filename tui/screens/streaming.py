"""A screen on which an answer can be read while it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.content import Content

from tui.airisk.models import Draft, Exchange, Identity
from tui.airisk.responses.event_stream import EventStreamExchange, wants_events
from tui.panes.response.summary import streaming_words
from tui.screens.sending import SendingScreen

if TYPE_CHECKING:
    from tui.airisk.responses.agent_reply import AgentReply
    from tui.airisk.session import Session

_SECONDS = 1 / 15
"""Between one look at what came and the next."""

_DRAWN_WHOLE = 32 * 1024
"""Characters of a reply up to which a line is shown before it ends: each time, all of it is drawn anew."""


class StreamingScreen(SendingScreen):
    """Everything about answers that are told event by event."""

    _reading: asyncio.Task[None] | None = None

    def begin_stream(self, words: Content) -> None:
        """Show an answer that is told bit by bit."""
        raise NotImplementedError

    def append_stream(self, words: Content, lines: list[str], *, anew: bool) -> None:
        """Go on with it: lines to add, or where `anew` all that there are."""
        raise NotImplementedError

    async def answer_to(self, session: Session, draft: Draft, identity: Identity) -> Exchange:
        """Send a request, and show its answer: while it comes, where it is one of events."""
        if not wants_events(draft):
            return await super().answer_to(session, draft, identity)
        async with session.stream(draft, identity) as incoming:
            streaming = EventStreamExchange(incoming, draft, identity)
            if streaming.is_of_events:
                await self._watch(streaming, draft, identity)
            else:
                await streaming.whole()
        exchange = await streaming.exchange(session)
        await self.show_read(exchange)
        return exchange

    def stop_streaming(self) -> bool:
        """Read no more of the answer that is coming, and keep what came; whether one was."""
        return self._reading is not None and self._reading.cancel()

    async def _watch(self, streaming: EventStreamExchange, draft: Draft, identity: Identity) -> None:
        """Show what comes, until it ends or the person has enough of it."""
        shown = _Shown(self, streaming.reply, draft, identity)
        timer = self.set_interval(_SECONDS, shown.show)
        reading = self._reading = asyncio.create_task(shown.read(streaming))
        try:
            await asyncio.wait({reading})
        finally:
            self._reading = None
            timer.stop()
            if not reading.done():  # the request itself was cancelled
                reading.cancel()
                await asyncio.wait({reading})
                shown.show_end()
        if reading.cancelled():
            streaming.stop("stopped here; AIRisk may have gone on")
        else:
            reading.result()


class _Shown:
    """How much of a reply is on the screen: `_ended` characters of it, in whole lines, where it is a long one."""

    def __init__(self, screen: StreamingScreen, reply: AgentReply, draft: Draft, identity: Identity) -> None:
        self.is_behind = False
        self._screen = screen
        self._reply = reply
        self._draft = draft
        self._identity = identity
        self._ended = 0
        screen.begin_stream(self._words)

    async def read(self, streaming: EventStreamExchange) -> None:
        """Read to the end."""
        async for _ in streaming.events():
            self.is_behind = True

    def show(self) -> None:
        """Show what came since, if anything did."""
        if not self.is_behind:
            return
        self.is_behind = False
        text = self._reply.text
        if len(text) <= _DRAWN_WHOLE:
            self._screen.append_stream(self._words, text.split("\n"), anew=True)
        else:
            self._show_ended_lines(text)

    def _show_ended_lines(self, text: str) -> None:
        end = text.rfind("\n", self._ended) + 1
        lines = text[self._ended : end - 1].split("\n") if end else []
        self._screen.append_stream(self._words, lines, anew=self._ended == 0 and end > 0)
        self._ended = max(end, self._ended)

    def show_end(self) -> None:
        """Show all that came."""
        self._screen.append_stream(self._words, self._reply.text.split("\n"), anew=True)

    @property
    def _words(self) -> Content:
        return streaming_words(self._draft, self._identity, self._reply)
