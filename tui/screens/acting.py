"""A screen that acts as a user, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui.airisk.guards import EndReason, is_protected
from tui.airisk.models import APPLICATION, Identity, User
from tui.bindings import keys_wait
from tui.errors import AIRiskError
from tui.screens.dialogs import ConfirmDialog, ReasonDialog
from tui.screens.signed_in import SignedInScreen

if TYPE_CHECKING:
    from tui.airisk.http.backoff import Tell
    from tui.airisk.session import Session

_WARNINGS = (300, 60)
"""Seconds before the end of an act at which the person is warned."""


class ActingScreen(SignedInScreen):
    """Everything about whose name it is; an act ends when its time is over."""

    _warned_at = float("inf")

    def show_active(self, identity: Identity) -> None:
        """Show who is acted as now; nothing of the identity before may appear as this one's."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Look at the clock."""
        self.set_interval(1, self._watch_act)

    def act_as(self, user: User) -> None:
        """Become a user: once, however often it is asked for meanwhile."""
        identity = Identity.of(user)
        if self.session and self._becoming != identity:
            self._becoming = identity
            self._act_as(user)

    def _give_up_becoming(self) -> None:
        self.workers.cancel_group(self, "act_as")
        self._becoming = None
        self._stand()

    @work(group="act_as", exclusive=True)
    async def _act_as(self, user: User) -> None:
        """Become a user; on a failure everything stays as it was."""
        session = self.session
        if session is None:
            return
        try:
            await self.become(session, user)
        except AIRiskError as error:
            self.tell_failure(error)

    async def become(self, session: Session, user: User, tell: Tell | None = None) -> None:
        """Become a user, after asking why where that has to be said."""
        becoming = self._becoming = Identity.of(user)
        try:
            reason = await self.reason_for(session, becoming)
            if reason is not None:
                token = session.token(becoming)
                if token and token.is_live():  # AIRisk is not asked, and it is done before it could be read
                    with keys_wait(self.app):
                        self.show_active(await session.act_as(user, reason, tell))
                else:
                    self._stand()
                    self.show_active(await session.act_as(user, reason, tell))
        finally:
            if self._becoming is becoming:  # else somebody else is being asked for by now
                self._becoming = None
                self._stand()

    async def reason_for(self, session: Session, identity: Identity) -> str | None:
        """Why, where a reason is required; None if the person would not say."""
        if not session.settings.require_reason or is_protected(session.settings, identity):
            return ""
        return await self.app.push_screen_wait(ReasonDialog(identity))

    @work(group="stop_acting", exclusive=True)
    async def stop_acting(self, why: EndReason = EndReason.KEY) -> None:
        """Be the application itself again. Works offline; what is in flight for the user is cancelled."""
        session = self.session
        if session is None or session.active == APPLICATION:
            return
        act = session.act
        if isinstance(self.app.screen, ConfirmDialog | ReasonDialog):
            self.app.pop_screen()  # What it asks about is over.
        self._give_up_becoming()
        self.workers.cancel_group(self, "send")
        recording = session.stop_acting(why)
        self.show_active(session.active)
        self._stand()
        if act and why is EndReason.LIMIT:
            message = f"The {act.minutes:g} minutes of acting as {act.identity} are over: generic again."
            self.tell(message, "", "warning")
        try:
            await recording
        except AIRiskError as error:
            self.tell(error.message, error.advice)

    def _watch_act(self) -> None:
        """Warn before an act ends, and end it: by the wall clock, also after the machine slept."""
        act = self.session.act if self.session else None
        if act is None:
            self._warned_at = float("inf")
        elif act.is_over:
            self.stop_acting(EndReason.LIMIT)
        else:
            due = [limit for limit in _WARNINGS if act.seconds_left <= limit < min(self._warned_at, act.minutes * 60)]
            if due:
                self._warned_at = min(due)
                self.tell(
                    f"Acting as {act.identity} ends in less than {min(due) // 60} min.",
                    "To go on after that, act as that user anew.",
                    "warning",
                )
