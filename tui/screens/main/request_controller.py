"""Send requests: confirm them if required, show responses as they arrive, turn and join pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from textual.content import Content
from textual.screen import Screen
from textual.worker import WorkerCancelled

from tui.airisk.audit_sink import EndReason
from tui.airisk.endpoints.forms import Form
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.endpoints.variables import Into
from tui.airisk.http.request import Progress
from tui.airisk.identity import ANONYMOUS, Identity
from tui.airisk.models import Draft, Exchange
from tui.airisk.responses.event_stream import EventStreamExchange, wants_events
from tui.airisk.responses.pagination import CombinedPages, all_pages, next_page, page_of, previous_page
from tui.background import run_in_thread, shielded
from tui.errors import (
    AIRiskError,
    AuditError,
    ChangesNotAllowedError,
    ClientSecretRejectedError,
    RequestRejectedError,
)
from tui.key_labels import format_keys, keys_wait
from tui.panes.exchange_summary import streaming_words
from tui.panes.response.decode import decode_body
from tui.panes.response.pane import ResponsePane
from tui.screens.dialogs import confirm_send
from tui.screens.main.controller import Controller
from tui.screens.main.endpoint_controller import EndpointController
from tui.screens.main.history_controller import HistoryController
from tui.screens.main.identity_controller import IdentityController
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState
from tui.widgets.identity_bar import identity_bar_app

if TYPE_CHECKING:
    from tui.airisk.responses.agent_reply import AgentReply
    from tui.airisk.session import Session

P = ParamSpec("P")

_TOKEN_WAS_REFUSED = "The token was rejected (401), so nothing was changed. A new token is ready. Send again?"

_DECODED_AT_ONCE = 64 * 1024
"""Bytes of a body that are decoded on the event loop; more goes to a thread."""

_WITH_PROGRESS = 256 * 1024
"""Bytes of files from which on the progress of an upload is shown."""

_PROGRESS_INTERVAL = 0.1
"""Seconds."""

_STREAM_INTERVAL = 1 / 15
"""Seconds between two updates of a response that streams in."""

_DRAWN_WHOLE = 32 * 1024
"""Characters of a reply up to which a line is shown before it ends: each time, all of it is drawn again."""

StreamOf = Literal["request", "conversation"]
"""Whose response streams in: that of the request pane, or a reply in a conversation."""


class RequestController(Controller):
    """Sends the form's request, turns and joins pages, and sends requests as others for comparison.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        identity: stops acting if the audit trail fails.
        endpoints: stores the usage of endpoints.
        history: stores responses.
    """

    def __init__(
        self,
        screen: Screen[None],
        state: MainState,
        panes: PaneLayout,
        *,
        identity: IdentityController,
        endpoints: EndpointController,
        history: HistoryController,
    ) -> None:
        super().__init__(screen, state, panes)
        self._identity = identity
        self._endpoints = endpoints
        self._history = history
        self._has_response = False
        self._streams: dict[StreamOf, asyncio.Task[None]] = {}
        state.watch(panes.request, lambda: state.switches, self._cancel_for_switch)
        state.watch(panes.request, lambda: (state.is_signed_in, state.active, state.variables), self._set_context)

    def _set_context(self, _: object) -> None:
        """Show the identity and host that the request would be sent as and to, and the values of its placeholders."""
        if self._state.session and self._state.is_signed_in:
            origin = self._state.session.settings.origin
            self._panes.request.set_context(self._state.active, origin, self._state.variables)

    # Canceling

    def cancel(self) -> bool:
        """Cancel a request that has no response yet. A response is always stored completely."""
        return not self._has_response and super().cancel()

    def _cancel_for_switch(self, _: object) -> None:
        """Cancel the requests of another identity, when an identity is adopted."""
        super().cancel()

    def stop_stream(self, of: StreamOf = "request") -> bool:
        """Stop reading a streaming response, and keep what arrived; return whether there was one."""
        return of in self._streams and self._streams[of].cancel()

    # Sending

    async def submit(self) -> None:
        """Submit what the request pane shows: in the explorer, the form of the endpoint under the cursor.

        A raw request stays where it is while the cursor moves, so it is what is sent.
        """
        is_following = self._panes.explorer.has_focus_within and not self._panes.request.is_raw
        chosen = self._panes.explorer.under_cursor if is_following else None
        if isinstance(chosen, Endpoint) and chosen.is_path_unknown:
            advice = "Press {open_endpoint|Enter}, then {toggle_raw|F6} to write the request yourself."
            self.notify("Not sent: the path of this endpoint is unknown.", format_keys(advice), "warning")
            return
        if isinstance(chosen, Endpoint):
            if self._panes.request.endpoint != chosen:
                await self._panes.request.open(chosen)
            try:
                self._panes.request.draft()
            except RequestRejectedError as refusal:
                self._panes.go_to("request")
                if not self._panes.request.look_for_missing_file():
                    self.notify(refusal.message, refusal.advice, "warning")
                return
        self._panes.request.action_submit()

    def send_form(self, form: Form, endpoint: Endpoint | None) -> None:
        """Send the form's request as the identity in force, and store the form values."""
        if not self._state.is_signed_in:
            self.notify("Not signed in.", format_keys("Press {refresh_users|Ctrl+R} to sign in."), "warning")
        elif identity := self.drawn_identity():
            self._start(self._send_form, form, identity, endpoint, self._panes.request.values)

    def send_draft(self, draft: Draft, identity: Identity, on_refused: Callable[[], object]) -> None:
        """Send a request as an identity, after confirmation if it is required; if it is refused, call `on_refused`."""
        self._start(self._send_draft, draft, identity, on_refused)

    async def _send_draft(self, draft: Draft, identity: Identity, on_refused: Callable[[], object]) -> None:
        if not await self.send(draft, identity):
            on_refused()

    def drawn_identity(self) -> Identity | None:
        """Return the identity in force. If no frame shows it yet, say that nothing is sent."""
        try:
            return identity_bar_app(self._screen.app).drawn_identity
        except RequestRejectedError as refusal:
            self.notify(refusal.message, refusal.advice, "warning")
            return None

    def _start(self, work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs) -> None:
        if not self.is_running("exchange"):
            self._has_response = False
        self.start("send", work, *args, **kwargs)

    async def _send_form(
        self, form: Form, identity: Identity, endpoint: Endpoint | None, values: Mapping[str, str]
    ) -> None:
        named: dict[str, str] = {}

        def fill(text: str, into: Into) -> str:
            named.update(self._state.variables.named(text, identity))
            return self._state.variables.fill(text, identity, into)

        try:
            with keys_wait(self._screen.app):
                uploads = {name: await run_in_thread(read_upload, path) for name, path in form.files.items()}
            draft = form.draft(fill, uploads)
        except RequestRejectedError as refusal:
            self.notify(refusal.message, refusal.advice, "warning")
            return
        sending = self.send(draft, identity, named)
        if endpoint:
            # The request does not wait for the disk.
            await asyncio.gather(self._endpoints.on_endpoint_used(endpoint, values), sending)
        else:
            await sending

    async def send(self, draft: Draft, identity: Identity, named: Mapping[str, str] | None = None) -> bool:
        """Send a request and show its response, after confirmation if it is required; return False if it is refused.

        `named` has names of ids in the request.
        """
        is_agreed = await self._confirm_send(draft, identity, named=named)
        if is_agreed:
            # Only now: a request on its way is not canceled by another that nobody has agreed to yet.
            exchanging = self.start("exchange", self._exchange, draft, identity)
            with suppress(WorkerCancelled):
                await shielded(exchanging.wait())
        return is_agreed

    async def _exchange(self, draft: Draft, identity: Identity) -> None:
        session = self._state.session
        if session is None:
            return
        self._has_response = False
        await identity_bar_app(
            self._screen.app
        ).identity_is_drawn()  # No request is sent as an identity that no frame has shown.
        self._panes.notice.clear()
        self._panes.response.show_sending(draft, identity)
        self._panes.go_to_response()
        self._state.sends += 1
        self._state.publish()
        exchange = None
        try:
            exchange = await self._response_to(session, draft, identity)
        except AuditError as error:
            # Only if an audit trail is required: without it, acting must stop.
            self._identity.stop(EndReason.AUDIT)
            self._panes.response.show_failed(draft, identity, error.message, error.advice)
        except ClientSecretRejectedError as refusal:
            self._panes.response.show_failed(draft, identity, refusal.message, "")
            self.notify_error(refusal)
        except AIRiskError as error:
            self._panes.response.show_failed(draft, identity, error.message, self._advice(error, identity))
        except asyncio.CancelledError:
            if self._screen.app.is_running:  # else the panes are being removed
                self._panes.response.show_canceled(draft, identity)
            raise
        finally:  # before the response is stored: by then, the cursor may show something else
            self._state.sends += 1
            self._state.publish()
        if exchange:
            self._has_response = True
            await self._on_response(session, exchange)
            is_to_repeat = exchange.may_be_repeated and await self._confirm_send(draft, identity, _TOKEN_WAS_REFUSED)
            if is_to_repeat:
                await self._exchange(draft, identity)

    def _advice(self, error: AIRiskError, identity: Identity) -> str:
        """Return what to do; changes are allowed by a key in the acting session, and nowhere else."""
        if isinstance(error, ChangesNotAllowedError) and identity == self._state.active:
            return format_keys("Press {allow_changes|W} to allow changes until you stop acting.")
        return error.advice

    async def _response_to(self, session: Session, draft: Draft, identity: Identity) -> Exchange:
        """Send a request and show its response, an event stream while it arrives."""
        if wants_events(draft):
            view = self._pane_view(draft, identity)
            exchange = await self._streamed_response_to(session, draft, identity, view, "request")
        else:
            upload = sum(len(file.content) for file in draft.files)
            progress = self._progress(draft, identity) if upload > _WITH_PROGRESS else None
            exchange = await session.send(draft, identity, progress)
        await self.show(exchange)
        return exchange

    def _progress(self, draft: Draft, identity: Identity) -> Progress:
        """Return a callback that periodically shows how much of a request has been sent."""
        shown = 0.0

        def show(sent: int, total: int) -> None:
            nonlocal shown
            if time.monotonic() - shown > _PROGRESS_INTERVAL:
                shown = time.monotonic()
                self._panes.response.show_progress(draft, identity, sent, total)

        return show

    async def show(self, exchange: Exchange) -> None:
        """Show a response once its body is decoded, in a thread if it is large."""
        if len(exchange.body) <= _DECODED_AT_ONCE:
            decoded = decode_body(exchange, exchange.body)
        else:
            decoded = await run_in_thread(decode_body, exchange, exchange.body)
        self._state.exchange = exchange
        self._panes.response.show_exchange(exchange, decoded)

    async def _on_response(self, session: Session, exchange: Exchange) -> None:
        """Take over the values in a response, and store it."""
        self._state.add_response(exchange)
        self._state.variables = self._state.variables.learn(exchange)
        self._state.publish()
        await self._history.add(session, exchange)

    async def _confirm_send(
        self, draft: Draft, identity: Identity, note: str = "", named: Mapping[str, str] | None = None
    ) -> bool:
        """Return whether the request may be sent, prompting if confirmation is required or there is a note."""
        session = self._state.session
        if session is None:
            return False
        app = self._screen.app
        agreed = await confirm_send(app, session, draft, identity, note=note, always=bool(note), named=named)
        if not agreed:
            self.notify("Not sent.", "", "warning")
        return agreed

    # Streams

    async def _streamed_response_to(
        self, session: Session, draft: Draft, identity: Identity, show: Callable[[AgentReply], _ReplyView], of: StreamOf
    ) -> Exchange:
        """Send a request and show its response while it arrives, in the view that `show` returns for it."""
        async with session.stream(draft, identity) as incoming:
            streaming = EventStreamExchange(incoming, draft, identity)
            if streaming.is_of_events:
                await self._show_stream(streaming, show(streaming.reply), of)
            else:
                await streaming.whole()
        return await streaming.exchange(session)

    def _pane_view(self, draft: Draft, identity: Identity) -> Callable[[AgentReply], _ReplyView]:
        def show(reply: AgentReply) -> _ReplyView:
            self._state.exchange = None
            return _PaneView(self._panes.response, reply, draft, identity)

        return show

    async def _show_stream(self, streaming: EventStreamExchange, view: _ReplyView, of: StreamOf) -> None:
        """Show events as they arrive, until the stream ends or the user stops it."""
        timer = self._screen.set_interval(_STREAM_INTERVAL, view.update)
        reading = self._streams[of] = asyncio.create_task(view.read(streaming))
        try:
            await asyncio.wait({reading})
        finally:
            if self._streams.get(of) is reading:  # else that of the next request
                del self._streams[of]
            timer.stop()
            if not reading.done():  # the request itself was canceled
                reading.cancel()
                await asyncio.wait({reading})
                view.show_all()
        if reading.cancelled():
            streaming.stop("stopped; the agent may still be running on the server")
        else:
            reading.result()

    # A conversation

    async def converse(self, draft: Draft, identity: Identity, on_reply: Callable[[str], object]) -> Exchange:
        """Send a request of a conversation, which is confirmed, and take its response over as any other.

        Args:
            draft: the request.
            identity: the identity that the conversation is held as.
            on_reply: called with the text so far of a reply that streams in.

        Raises:
            AIRiskError: it was refused, or there is no response.
        """
        session = self._state.session
        if session is None or not self._state.is_signed_in:
            raise RequestRejectedError("Not signed in.", advice="Leave the conversation and sign in.")
        await identity_bar_app(self._screen.app).identity_is_drawn()
        self._state.sends += 1
        self._state.publish()
        try:
            if wants_events(draft):
                exchange = await self._streamed_response_to(
                    session, draft, identity, lambda reply: _ReplyView(reply, on_reply), "conversation"
                )
            else:
                exchange = await session.send(draft, identity)
            await self.show(exchange)
            await self._on_response(session, exchange)
        except AuditError:
            self._identity.stop(EndReason.AUDIT)
            raise
        finally:
            self._state.sends += 1
            self._state.publish()
        return exchange

    # Pages

    def turn_page(self, step: int) -> None:
        """Request the next or the previous page as the identity of the shown one."""
        if self.drawn_identity():
            self._start(self._turn_page, step)

    async def _turn_page(self, step: int) -> None:
        exchange = self._page()
        if exchange is None:
            return
        turned = next_page(exchange) if step > 0 else previous_page(exchange)
        if turned is None:
            self.notify("This is the last page." if step > 0 else "This is the first page.", "", "information")
            return
        await self.send(turned, exchange.identity)
        if (shown := self._state.exchange) and (page := page_of(shown.draft)) and shown is not exchange:
            keys = format_keys("{previous_page|[} and {next_page|]} change page, {fetch_all|a} loads all pages.")
            self.notify(f"Page {page.number}.", keys, "information")

    def fetch_all(self) -> None:
        """Request all pages and show them as one response. Canceling keeps those that arrived."""
        if self.drawn_identity():
            self._start(self._fetch_all)

    async def _fetch_all(self) -> None:
        exchange, session = self._page(), self._state.session
        if exchange is None or session is None:
            return
        try:
            await self._join(all_pages(exchange.draft, self._sender(session, exchange.identity)), session)
        except AIRiskError as error:
            self.notify_error(error)
        finally:
            self._state.publish()

    def _page(self) -> Exchange | None:
        """Return the shown page, or None if other pages would be sent as another identity than the bar's."""
        exchange, session = self._state.exchange, self._state.session
        if exchange is None or session is None or exchange.identity in {session.active, ANONYMOUS}:
            return exchange
        now = f"now you act as {session.active}" if session.active.is_user else "you stopped acting"
        self.notify(
            f"These pages were requested as {exchange.identity}, but {now}.",
            format_keys("Press {send|F5} to send the request as the current identity."),
            "warning",
        )
        return None

    def _sender(self, session: Session, identity: Identity) -> Callable[[Draft], Awaitable[Exchange]]:
        """Return a function that sends requests as that identity, one by one, and processes their responses."""

        async def send(draft: Draft) -> Exchange:
            exchange = await session.send(draft, identity)
            await self._on_response(session, exchange)
            return exchange

        return send

    async def _join(self, pages: AsyncIterator[CombinedPages], session: Session) -> None:
        """Show the pages as one response, including those that arrived before a failure or cancellation."""
        joined, acting = None, session.active
        try:
            async for joined in pages:
                if not joined.is_over:
                    self.notify(f"{joined} so far.", format_keys("{cancel|Esc} stops."), "information")
        except (AIRiskError, asyncio.CancelledError):
            if joined and self._screen.app.is_running and session.active == acting:
                await self._show_joined(joined, "canceled")
            raise
        if joined:
            await self._show_joined(joined, joined.why)

    async def _show_joined(self, joined: CombinedPages, why: str) -> None:
        """Show the pages that arrived as one response, and why there are no more, if there may be."""
        await self.show(joined.exchange)
        if why:
            self.notify(f"Stopped after {joined}: {why}.", "", "warning")
        else:
            self.notify(f"All pages loaded: {joined}.", "", "information")

    # As others

    async def send_as_other(self, draft: Draft, identity: Identity, pages: int | None = 1) -> Exchange | None:
        """Resend a request as another identity without switching. Return None if it got no response.

        Args:
            draft: the request.
            identity: the identity to send as.
            pages: number of pages of a list to request and join, from the first on; None for all.
        """
        session = self._state.session
        if session is None or not await self._confirm_send(draft, identity):
            return None
        reason = await self._identity.reason_for(session, identity)
        if reason is None:
            return None
        self.notify(f"Sending as {identity} …", format_keys("{cancel|Esc} cancels."), "information")
        try:
            async with session.temporary_identity(identity, reason) as other:
                exchange = await self._pages_as(session, draft, other, pages)
        except AIRiskError as error:
            self.notify_error(error)
            return None
        else:
            self._panes.notice.clear()
            return exchange

    async def _pages_as(self, session: Session, draft: Draft, identity: Identity, pages: int | None) -> Exchange:
        send = self._sender(session, identity)
        if pages == 1:
            return await send(draft)
        joined: CombinedPages | None = None
        async for joined in all_pages(draft, send, most=pages):
            self.notify(f"{joined} so far as {identity}.", format_keys("{cancel|Esc} stops."), "information")
        return joined.exchange if joined else await send(draft)


class _ReplyView:
    """Shows the text of a reply while it arrives: `show` is called with all of it."""

    def __init__(self, reply: AgentReply, show: Callable[[str], object]) -> None:
        self._has_more = False
        self._reply = reply
        self._show = show

    async def read(self, streaming: EventStreamExchange) -> None:
        """Read to the end."""
        async for _ in streaming.events():
            self._has_more = True

    def update(self) -> None:
        """Show what arrived since the last update, if anything."""
        if self._has_more:
            self._has_more = False
            self.show_more()

    def show_more(self) -> None:
        """Show what arrived."""
        self.show_all()

    def show_all(self) -> None:
        """Show everything that arrived."""
        self._show(self._reply.text)


class _PaneView(_ReplyView):
    """How much of a reply is in the pane: of a long one only whole lines, up to character `_ended`."""

    def __init__(self, response: ResponsePane, reply: AgentReply, draft: Draft, identity: Identity) -> None:
        super().__init__(reply, self._replace)
        self._response = response
        self._draft = draft
        self._identity = identity
        self._ended = 0
        response.begin_stream(self._words)

    def show_more(self) -> None:
        """Show what arrived: all of a short reply, else the lines that have ended."""
        text = self._reply.text
        if len(text) <= _DRAWN_WHOLE:
            self._replace(text)
        else:
            self._show_ended_lines(text)

    def _show_ended_lines(self, text: str) -> None:
        end = text.rfind("\n", self._ended) + 1
        lines = text[self._ended : end - 1].split("\n") if end else []
        self._response.append_stream(self._words, lines, replace=self._ended == 0 and end > 0)
        self._ended = max(end, self._ended)

    def _replace(self, text: str) -> None:
        self._response.append_stream(self._words, text.split("\n"), replace=True)

    @property
    def _words(self) -> Content:
        return streaming_words(self._draft, self._identity, self._reply)
