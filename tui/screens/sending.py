"""A screen that sends: asks before it changes anything in a person's name, and remembers what was asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work

from tui.airisk.acting import Why
from tui.airisk.endpoints import Endpoint
from tui.airisk.errors import AIRiskError
from tui.airisk.models import ANONYMOUS, GENERIC, Draft, Exchange, Identity, User
from tui.airisk.threads import in_thread
from tui.airisk.uploads import read_upload
from tui.journal.errors import AuditError
from tui.panes.answer import Reading, read_body
from tui.screens.acting import ActingScreen
from tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from tui.airisk.session import Session
    from tui.journal.history import History
    from tui.screens.history import Replay

_TOKEN_WAS_REFUSED = "AIRisk did not accept the token (401), so it was not done. There is a new one: send it again?"

_QUICKLY_READ = 64 * 1024
"""Bytes of a body that are made readable on the event loop; more goes to a thread."""


class SendingScreen(ActingScreen):
    """Everything about what is sent; where it is seen is for the screen that is made from this one."""

    _history: History | None = None
    _history_fault = ""

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say what is on its way, and in whose name."""
        raise NotImplementedError

    def show_answer(self, exchange: Exchange, reading: Reading) -> None:
        """Show an answer."""
        raise NotImplementedError

    def show_no_answer(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say why there is no answer."""
        raise NotImplementedError

    async def on_unmount(self) -> None:
        """Close the history."""
        if self._history:
            await self._history.close()

    @work(group="send", exclusive=True)
    async def send_form(self, endpoint: Endpoint, values: dict[str, str], identity: Identity) -> None:
        """Send what a form holds, in an identity's name."""
        try:
            draft = await _draft(endpoint, values)
        except AIRiskError as error:
            self.tell(error.message, error.advice)
        else:
            await self._ask_and_send(draft, identity)

    @work(group="send", exclusive=True)
    async def send_draft(self, draft: Draft, identity: Identity) -> None:
        """Send a request, in an identity's name."""
        await self._ask_and_send(draft, identity)

    async def _ask_and_send(self, draft: Draft, identity: Identity) -> None:
        if draft.is_safe or not identity.is_user or await self._is_agreed(draft, identity):
            await self._exchange(draft, identity)

    async def _exchange(self, draft: Draft, identity: Identity) -> None:
        session = self.session
        if session is None:
            return
        self.show_sending(draft, identity)
        try:
            exchange = await session.send(draft, identity)
            self.show_answer(exchange, await _reading(exchange))
        except AuditError as error:
            # Only where a record is required: what cannot be recorded is not gone on with.
            self.stop_acting(Why.AUDIT)
            self.show_no_answer(draft, identity, error.message, error.advice)
        except AIRiskError as error:
            self.show_no_answer(draft, identity, error.message, error.advice)
        except asyncio.CancelledError:
            if self.app.is_running:  # else the panes are going, or gone
                self.show_no_answer(draft, identity, "Cancelled; AIRisk may have heard it all the same.", "")
            raise
        else:
            await self._remember(session, exchange)
            if exchange.may_be_repeated and await self._is_agreed(draft, identity, _TOKEN_WAS_REFUSED):
                await self._exchange(draft, identity)
        finally:
            self._stand()

    async def _is_agreed(self, draft: Draft, identity: Identity, note: str = "") -> bool:
        """Whether the person wants it sent, knowing what, in whose name and where."""
        if self.session is None:
            return False
        settings = self.session.settings
        if settings.read_only:
            return True  # The session refuses it, and says why.
        question = ConfirmScreen(draft, identity, host=settings.origin.name, label=settings.label, note=note)
        is_agreed = await self.app.push_screen_wait(question)
        if not is_agreed:
            self.tell("Not sent.", "", "warning")
        return is_agreed

    # The history

    async def _remember(self, session: Session, exchange: Exchange) -> None:
        history = await self._opened_history(session)
        try:
            await history.add(exchange, str(session.settings.origin))
        except AIRiskError as error:
            if error.message != self._history_fault:  # said once
                self._history_fault = error.message
                self.tell(error.message, error.advice, "warning")

    async def _opened_history(self, session: Session) -> History:
        if self._history is None:
            from tui.journal.history import History, history_path  # noqa: PLC0415 - not before anything was sent

            self._history = History(history_path(), keep_bodies=session.settings.keep_bodies)
        return self._history

    @work(group="history", exclusive=True)
    async def open_history(self) -> None:
        """Look at what was asked; it may be asked again, as it was or as now."""
        session = self.session
        if session is None:
            return
        from tui.screens.history import HistoryScreen  # noqa: PLC0415 - not for the first paint

        history = await self._opened_history(session)
        replay = await self.app.push_screen_wait(HistoryScreen(history, str(session.settings.origin)))
        if replay and session is self.session:
            try:
                await self._replay(session, replay)
            except AIRiskError as error:
                self.tell(error.message, error.advice)

    async def _replay(self, session: Session, replay: Replay) -> None:
        """As now: in the name that is acted in. As it was: that identity is become first, under every guard rail."""
        then = replay.identity
        if then and then.is_user and then.id != session.active.id:
            await self._become(session, User(then.id, then.name))
            if session.active.id != then.id:
                return  # No reason was given.
        elif then == GENERIC and session.active != GENERIC:
            await self.stop_acting().wait()
        self.send_draft(replay.draft, ANONYMOUS if then == ANONYMOUS else session.active)


async def _draft(endpoint: Endpoint, values: dict[str, str]) -> Draft:
    """The request as typed, with the file it names read off the event loop."""
    named = next((values.get(each.name, "") for each in endpoint.fields if each.place == "file"), "")
    upload = await in_thread(read_upload, named) if named else None
    return endpoint.draft(values, file=upload)


async def _reading(exchange: Exchange) -> Reading:
    if len(exchange.body) <= _QUICKLY_READ:
        return read_body(exchange)
    return await in_thread(read_body, exchange)
