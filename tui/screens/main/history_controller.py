"""The history: requests are stored, found again, and sent again."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import WorkerCancelled

from tui.airisk.identity import ANONYMOUS, Identity
from tui.airisk.models import Draft, Exchange, User
from tui.background import shielded
from tui.config.paths import history_file
from tui.errors import AIRiskError
from tui.history.entry import HistoryEntry
from tui.history.memory import RecentExchanges
from tui.history.store import History
from tui.screens.history import HistoryScreen, Replay
from tui.screens.main.controller import Controller
from tui.screens.main.identity_controller import IdentityController
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.request_tools import RequestTools
from tui.screens.main.state import MainState

if TYPE_CHECKING:
    from tui.airisk.session import Session

Send = Callable[[Draft, Identity, Callable[[], object]], object]
Show = Callable[[Exchange], Awaitable[None]]


class HistoryController(Controller):
    """Stores every response, and replays requests.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        identity: switches to the identity that a request was sent as.
        tools: opens a request in the form.
    """

    def __init__(
        self,
        screen: Screen[None],
        state: MainState,
        panes: PaneLayout,
        *,
        identity: IdentityController,
        tools: RequestTools,
    ) -> None:
        super().__init__(screen, state, panes)
        self._identity = identity
        self._tools = tools
        self._history: History | None = None
        self._error_shown = ""

    async def add(self, session: Session, exchange: Exchange) -> None:
        """Store a response; a repeated failure is shown only once."""
        try:
            await self._opened(session).add(exchange, str(session.settings.origin))
        except AIRiskError as error:
            if error.message != self._error_shown:
                self._error_shown = error.message
                self.notify(error.message, error.advice, "warning")

    async def sent_as(self, user: User) -> tuple[int, datetime | None]:
        """Return how many requests were sent as a user, and when the last of them was; none if it cannot be read."""
        session = self._state.session
        if session is None:
            return 0, None
        try:
            return await self._opened(session).sent_as(user.id, str(session.settings.origin))
        except AIRiskError:
            return 0, None  # Nobody asked for it: an error is shown when the history is opened or written.

    async def close(self) -> None:
        """Close the database."""
        if self._history:
            await self._history.close()

    def open(self, send: Send, show: Show, at: HistoryEntry | None = None) -> None:
        """Show the history, and open the chosen request in the form, or send it.

        Args:
            send: sends a request as an identity, after confirmation if it is required; if that is refused, it makes the
                call that it is given.
            show: shows a response again.
            at: the exchange that was not sent after all, to go on from; by default the newest.
        """
        if self._state.session:
            self.start_lasting("history", self._open, self._state.session, send, show, at)

    async def _open(self, session: Session, send: Send, show: Show, at: HistoryEntry | None) -> None:
        headers = [name for name, _ in session.settings.headers]
        replay = await self.open_dialog(HistoryScreen(self._opened(session), str(session.settings.origin), at, headers))
        if replay and session is self._state.session:
            try:
                await self._replay(session, replay, send, show)
            except AIRiskError as error:
                self.notify_error(error)

    async def _replay(self, session: Session, replay: Replay, send: Send, show: Show) -> None:
        """Replay as the identity in force, or switch to the original one first, under every guard rail."""
        if replay.way == "open":
            await self._tools.reopen(replay.draft, lacks_body=replay.lacks_body)
            if replay.exchange:
                await show(replay.exchange)
                self._state.publish()
        elif replay.way == "as now" and replay.identity != session.active:
            self.notify(f"Not sent: it was meant to be sent as {replay.identity}, but now you act as {session.active}.")
        elif replay.way == "as now" or replay.identity == ANONYMOUS or await self._switched_to(replay.identity):
            identity = ANONYMOUS if replay.identity == ANONYMOUS else session.active
            send(replay.draft, identity, lambda: self.open(send, show, replay.past))

    async def _switched_to(self, then: Identity) -> bool:
        """Act as the identity that a request was sent as, or as the application; return whether that succeeded."""
        if then.is_user:
            return then.id == self._state.active.id or await self._identity.act_as_and_wait(User(then.id, then.name))
        with contextlib.suppress(WorkerCancelled):
            await shielded(self._identity.stop().wait())  # Stopping goes on if this is canceled.
        return not self._state.active.is_user

    def _opened(self, session: Session) -> History:
        if self._history is None:
            self._history = History(history_file(), keep_bodies=session.settings.keep_bodies, recent=RecentExchanges())
        return self._history
