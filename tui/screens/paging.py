"""A screen on which one turns the pages of an answer, or asks for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from textual import work

from tui.airisk.models import ANONYMOUS, Draft, Exchange
from tui.airisk.responses.pagination import CombinedPages, all_pages, next_page, page_of, previous_page
from tui.bindings import format_keys
from tui.errors import AIRiskError
from tui.panes.response.pane import ResponsePane
from tui.screens.remembering import RememberingScreen

if TYPE_CHECKING:
    from tui.airisk.session import Session


class PagingScreen(RememberingScreen):
    """Everything about answers that come in pages."""

    @property
    def answer(self) -> ResponsePane:
        """Where answers are read."""
        return self.query_one(ResponsePane)

    @property
    def has_pages(self) -> bool:
        """Whether the answer is one page of several that can be asked for."""
        exchange = self.answer.exchange
        return exchange is not None and exchange.status == 200 and page_of(exchange.draft) is not None

    def _page(self) -> Exchange | None:
        """The page that is shown; None where others would have to be sent for in another name than the bar's."""
        exchange, session = self.answer.exchange, self.session
        if exchange is None or session is None or exchange.identity in {session.active, ANONYMOUS}:
            return exchange
        now = str(session.active) if session.active.is_user else "nobody"
        self.tell(
            f"These are pages of {exchange.identity}, and you act as {now} now.",
            format_keys("{send|F5} sends the request in that name."),
            "warning",
        )
        return None

    @work(group="send", exclusive=True)
    async def turn_page(self, step: int) -> None:
        """Ask for the next page, or for the one before, in the name in which this one was asked."""
        exchange = self._page()
        if exchange is None:
            return
        turned = next_page(exchange) if step > 0 else previous_page(exchange)
        if turned is None:
            self.tell("This is the last page." if step > 0 else "This is the first page.", "", "information")
            return
        await self.ask_and_send(turned, exchange.identity)
        if (shown := self.answer.exchange) and (page := page_of(shown.draft)) and shown is not exchange:
            self.tell(f"Page {page.number}.", "[ and ] turn pages, a joins all.", "information")

    @work(group="send", exclusive=True)
    async def fetch_all(self) -> None:
        """Ask for all pages, and show them as one answer; whoever cancels keeps those that came."""
        exchange, session = self._page(), self.session
        if exchange is None or session is None:
            return
        identity, self.is_answered = exchange.identity, False

        async def send(draft: Draft) -> Exchange:
            answered = await session.send(draft, identity)
            await self.has_answered(session, answered)
            return answered

        try:
            await self._join(all_pages(exchange.draft, send), session)
        except AIRiskError as error:
            self.tell_failure(error)
        finally:
            self._stand()

    async def _join(self, pages: AsyncIterator[CombinedPages], session: Session) -> None:
        """Show the pages as one answer: also those that came before it failed, or was cancelled."""
        joined, acting = None, session.active
        try:
            async for joined in pages:
                if not joined.is_over:
                    self.tell(f"{joined} so far.", format_keys("{cancel|Esc} stops."), "information")
        except (AIRiskError, asyncio.CancelledError):
            if joined and self.app.is_running and session.active == acting:
                await self._show_joined(joined, "cancelled")
            raise
        if joined:
            await self._show_joined(joined, joined.why)

    async def _show_joined(self, joined: CombinedPages, why: str) -> None:
        """Show the pages that came as one answer; `why` there are no more, where there may be."""
        await self.show_read(joined.exchange)
        if why:
            self.tell(f"Stopped after {joined}: {why}.", "", "warning")
        else:
            self.tell(f"All pages joined: {joined}.", "", "information")
