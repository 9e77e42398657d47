"""A screen that sends: it asks before it changes anything, and shows what comes back."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from textual import work

from tui.airisk.endpoints.forms import Form
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.endpoints.variables import Variables
from tui.airisk.guards import EndReason
from tui.airisk.http.request import Progress
from tui.airisk.models import Draft, Exchange, Identity
from tui.airisk.responses.pagination import CombinedPages, all_pages
from tui.background import run_in_thread
from tui.bindings import format_keys, keys_wait
from tui.errors import AIRiskError, AuditError, ClientSecretRejectedError
from tui.panes.response.decode import DecodedBody, decode_body
from tui.screens.acting import ActingScreen
from tui.screens.dialogs import confirm_send

if TYPE_CHECKING:
    from tui.airisk.session import Session
    from tui.panes.identity import StandingApp

_TOKEN_WAS_REFUSED = "AIRisk did not accept the token (401), so it was not done. There is a new one: send it again?"

_QUICKLY_READ = 64 * 1024
"""Bytes of a body that are made readable on the event loop; more goes to a thread."""

_WATCHED = 256 * 1024
"""Bytes of files from which on it is shown how far a request has gone out."""

_SECONDS = 0.1
"""Between one word about that and the next."""

_EARLIER = 12
"""Answers that can be compared with the one that is shown."""


class SendingScreen(ActingScreen):
    """Everything about what is sent; where it is seen is for the screen that is made from this one."""

    known = Variables()

    is_answered = False
    """Whether what is being sent has its answer: what is noted of it from then on is nothing that Esc could cancel."""

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say what is on its way, and in whose name."""
        raise NotImplementedError

    def show_progress(self, draft: Draft, identity: Identity, sent: int, whole: int) -> None:
        """Say how many bytes of it have gone out, of how many."""
        raise NotImplementedError

    def show_answer(self, exchange: Exchange, reading: DecodedBody) -> None:
        """Show an answer."""
        raise NotImplementedError

    def show_no_answer(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say why there is no answer."""
        raise NotImplementedError

    def show_known(self) -> None:
        """Tell what placeholders stand for by now."""
        raise NotImplementedError

    async def has_used(self, endpoint: Endpoint, values: Mapping[str, str]) -> None:
        """An endpoint is asked with these values."""
        raise NotImplementedError

    @property
    def earlier_answers(self) -> Sequence[Exchange]:
        """The last answers, the latest first."""
        return list(self._earlier())

    @work(group="send", exclusive=True)
    async def send_form(
        self, form: Form, identity: Identity, endpoint: Endpoint | None, values: Mapping[str, str]
    ) -> None:
        """Send what a form holds, in an identity's name; what was typed is remembered."""
        self.is_answered = False
        try:
            with keys_wait(self.app):
                uploads = {name: await run_in_thread(read_upload, path) for name, path in form.files.items()}
            draft = form.draft(lambda text, into: self.known.fill(text, identity, into), uploads)
        except AIRiskError as error:
            self.tell(error.message, error.advice)
            return
        sending = self.ask_and_send(draft, identity)
        if endpoint:
            await asyncio.gather(self.has_used(endpoint, values), sending)  # The request waits for no disk.
        else:
            await sending

    @work(group="send", exclusive=True)
    async def send_draft(self, draft: Draft, identity: Identity) -> None:
        """Send a request, in an identity's name."""
        await self.ask_and_send(draft, identity)

    async def ask_and_send(self, draft: Draft, identity: Identity) -> None:
        """Send a request and show its answer, if the person agrees where it changes things."""
        self.is_answered = False
        if await self.is_agreed(draft, identity):
            await self._exchange(draft, identity)

    async def _exchange(self, draft: Draft, identity: Identity) -> None:
        session = self.session
        if session is None:
            return
        self.is_answered = False
        await cast("StandingApp", self.app).identity_is_drawn()  # No request leaves in a name that no frame has shown.
        self.show_sending(draft, identity)
        try:
            exchange = await self.answer_to(session, draft, identity)
        except AuditError as error:
            # Only where a record is required: what cannot be recorded is not gone on with.
            self.stop_acting(EndReason.AUDIT)
            self.show_no_answer(draft, identity, error.message, error.advice)
        except ClientSecretRejectedError as refusal:
            self.show_no_answer(draft, identity, refusal.message, "")
            self.tell_failure(refusal)
        except AIRiskError as error:
            self.show_no_answer(draft, identity, error.message, error.advice)
        except asyncio.CancelledError:
            if self.app.is_running:  # else the panes are going, or gone
                self.show_no_answer(draft, identity, "Cancelled; AIRisk may have heard it all the same.", "")
            raise
        else:
            self.is_answered = True
            await self.has_answered(session, exchange)
            is_to_repeat = exchange.may_be_repeated and await self.is_agreed(draft, identity, _TOKEN_WAS_REFUSED)
            if is_to_repeat:
                await self._exchange(draft, identity)
        finally:
            self._stand()

    async def answer_to(self, session: Session, draft: Draft, identity: Identity) -> Exchange:
        """Send a request, and show its answer."""
        watched = self._progress(draft, identity) if sum(len(file.content) for file in draft.files) > _WATCHED else None
        exchange = await session.send(draft, identity, watched)
        await self.show_read(exchange)
        return exchange

    async def show_read(self, exchange: Exchange) -> None:
        """Show an answer once it is made ready to be read."""
        self.show_answer(exchange, await reading_of(exchange))

    def _progress(self, draft: Draft, identity: Identity) -> Progress:
        """Shows how far a request has gone out, now and then."""
        shown = 0.0

        def show(sent: int, whole: int) -> None:
            nonlocal shown
            if time.monotonic() - shown > _SECONDS:
                shown = time.monotonic()
                self.show_progress(draft, identity, sent, whole)

        return show

    async def has_answered(self, session: Session, exchange: Exchange) -> None:  # noqa: ARG002 - for whoever adds to it
        """Remember an answer, and what it tells."""
        self._earlier().appendleft(exchange)
        self.known = self.known.learn(exchange)
        self.show_known()

    async def is_agreed(self, draft: Draft, identity: Identity, note: str = "") -> bool:
        """Whether it may be sent: what changes things only if the person knows what, as whom and where."""
        if self.session is None:
            return False
        agreed = await confirm_send(self.app, self.session.settings, draft, identity, note=note, always=bool(note))
        if not agreed:
            self.tell("Not sent.", "", "warning")
        return agreed

    async def ask_also_as(self, draft: Draft, identity: Identity, pages: int = 1) -> Exchange | None:
        """Send a request once more as somebody else, without becoming them; None if it was not sent or answered.

        Args:
            draft: the request.
            identity: as whom.
            pages: how many pages of a list are asked for, from the first on, and joined; fewer where it ends.
        """
        session = self.session
        if session is None or not await self.is_agreed(draft, identity):
            return None
        reason = await self.reason_for(session, identity)
        if reason is None:
            return None
        try:
            async with session.temporary_identity(identity, reason) as also:
                return await self._pages_as(session, draft, also, pages)
        except AIRiskError as error:
            self.tell_failure(error)
            return None

    async def _pages_as(self, session: Session, draft: Draft, identity: Identity, pages: int) -> Exchange:
        async def send(each: Draft) -> Exchange:
            answered = await session.send(each, identity)
            await self.has_answered(session, answered)
            return answered

        if pages == 1:
            return await send(draft)
        joined: CombinedPages | None = None
        async for joined in all_pages(draft, send, most=pages):
            self.tell(f"{joined} so far as {identity}.", format_keys("{cancel|Esc} stops."), "information")
        return joined.exchange if joined else await send(draft)

    def _earlier(self) -> deque[Exchange]:
        if not hasattr(self, "_answers_before"):
            self._answers_before: deque[Exchange] = deque(maxlen=_EARLIER)
        return self._answers_before


async def reading_of(exchange: Exchange) -> DecodedBody:
    """A body made ready to be read, off the event loop where it is large."""
    if len(exchange.body) <= _QUICKLY_READ:
        return decode_body(exchange, exchange.body)
    return await run_in_thread(decode_body, exchange, exchange.body)
