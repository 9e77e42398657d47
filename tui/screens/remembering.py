"""A screen with a history: what was asked is kept, found again, and asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui.airisk.models import ANONYMOUS, APPLICATION, Draft, Exchange, User
from tui.errors import AIRiskError
from tui.screens.streaming import StreamingScreen

if TYPE_CHECKING:
    from tui.airisk.session import Session
    from tui.history.store import History
    from tui.screens.history import Replay


class RememberingScreen(StreamingScreen):
    """Everything about the history."""

    _history: History | None = None
    _history_fault = ""

    async def on_unmount(self) -> None:
        """Close the history."""
        if self._history:
            await self._history.close()

    async def has_answered(self, session: Session, exchange: Exchange) -> None:
        """Remember an answer, in the history as well."""
        await super().has_answered(session, exchange)
        history = await self._opened_history(session)
        try:
            await history.add(exchange, str(session.settings.origin))
        except AIRiskError as error:
            if error.message != self._history_fault:  # said once
                self._history_fault = error.message
                self.tell(error.message, error.advice, "warning")

    async def make_ready(self, draft: Draft) -> None:
        """Open a request in the form, to be changed or sent.

        Raises:
            RequestRejectedError: its body is not text.
        """
        raise NotImplementedError

    async def _opened_history(self, session: Session) -> History:
        if self._history is None:
            from tui.config.paths import history_file  # noqa: PLC0415
            from tui.history.store import History  # noqa: PLC0415 - not before anything was sent

            self._history = History(history_file(), keep_bodies=session.settings.keep_bodies)
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
                self.tell_failure(error)

    async def _replay(self, session: Session, replay: Replay) -> None:
        """As now: in the name that is acted in. As it was: that identity is become first, under every guard rail."""
        if replay.is_opened:
            await self.make_ready(replay.draft)
            return
        then = replay.identity
        if then and then.is_user and then.id != session.active.id:
            await self.become(session, User(then.id, then.name))
            if session.active.id != then.id:
                return  # No reason was given.
        elif then == APPLICATION and session.active != APPLICATION:
            await self.stop_acting().wait()
        self.send_draft(replay.draft, ANONYMOUS if then == ANONYMOUS else session.active)
