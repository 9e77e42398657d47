"""The identity in force: act as a user, stop, and find users."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

from tui.airisk.audit_sink import EndReason
from tui.airisk.guard_rails import is_protected
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import User
from tui.airisk.users.search_index import normalize
from tui.errors import AIRiskError
from tui.key_labels import format_keys, keys_wait
from tui.screens.dialogs import ReasonDialog
from tui.screens.main.controller import Controller
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState
from tui.widgets.identity_bar import identity_label

if TYPE_CHECKING:
    from tui.airisk.http.backoff import OnWait
    from tui.airisk.session import Session

_WARNINGS = (300, 60)
"""Seconds before the end of an act at which the user is warned."""


class IdentityController(Controller):
    """Switches the identity in force, and ends an act when its time limit is reached."""

    def __init__(self, screen: Screen[None], state: MainState, panes: PaneLayout) -> None:
        super().__init__(screen, state, panes)
        self._warned_at = float("inf")
        state.watch(panes.users, lambda: state.active, panes.users.show_active)

    def start_clock(self) -> None:
        """Start to watch the time limit of acts."""
        self._screen.set_interval(1, self._watch_time_limit)

    # Acting as a user

    def act_as(self, user: User) -> None:
        """Act as a user, unless they are already acted as, or about to be."""
        identity = Identity.of(user)
        if self._state.is_active(user):
            self.cancel()  # A switch to somebody else may be in progress.
            self.notify(f"You already act as {identity_label(self._state.active)}.", self._next_keys, "information")
        elif self._state.session is None:
            self.notify("Not signed in.", format_keys("Press {refresh_users|Ctrl+R} to sign in again."), "warning")
        elif self._state.pending_identity != identity:
            self._panes.notice.clear()
            self._state.pending_identity = identity
            self.start("act_as", self._act_as, self._state.session, user)

    async def _act_as(self, session: Session, user: User) -> None:
        try:
            await self.switch_identity(session, user)
        except AIRiskError as error:
            self.notify_error(error)

    async def act_as_and_wait(self, user: User) -> bool:
        """Act as a user; return whether it succeeded. Esc and stopping cancel it."""
        self.act_as(user)
        if switching := self._cancelable.get("act_as"):
            with contextlib.suppress(WorkerCancelled):
                await switching.worker.wait()
        return self._state.active.id == user.id

    async def switch_identity(self, session: Session, user: User, on_wait: OnWait | None = None) -> None:
        """Act as a user, after prompting for a reason if one is required. On failure nothing changes.

        From then on, `{{user.id}}` and similar placeholders refer to that user.

        Args:
            session: the session to act in.
            user: the user to act as.
            on_wait: called with the seconds that AIRisk asks to wait; without it, that is a failure.

        Raises:
            AIRiskError: the user is protected, or AIRisk gave no token.
        """
        pending = self._state.pending_identity = Identity.of(user)
        try:
            reason = await self.reason_for(session, pending)
            if reason is not None:
                token = session.token(pending)
                if token and token.is_live():
                    with keys_wait(self._screen.app):  # It is done before "signing in" could be read.
                        identity = await session.act_as(user, reason, on_wait)
                else:
                    self._state.publish()
                    identity = await session.act_as(user, reason, on_wait)
                self._state.variables = self._state.variables.choose(user)
                self._adopt(identity)
        finally:
            if self._state.pending_identity is pending:  # not a later one
                self._state.pending_identity = None
            self._state.publish()

    async def reason_for(self, session: Session, identity: Identity) -> str | None:
        """Return the reason for acting as a user, prompting if one is required; None if the user gives none."""
        if not session.settings.require_reason or is_protected(session.settings, identity):
            return ""
        return await self.open_dialog(ReasonDialog(identity))

    def act_as_previous(self) -> None:
        """Act as the previous identity."""
        previous = self._state.previous
        if previous and previous.is_user:
            self.act_as(User(previous.id, previous.name))
        elif previous:
            self.stop()

    # Changes, where acting begins read-only

    @property
    def can_allow_changes(self) -> bool:
        """Whether the acting session is read-only because it began so."""
        return self._state.session is not None and self._state.session.can_allow_changes

    def allow_changes(self) -> None:
        """Allow changes until acting ends."""
        if self._state.session:
            self.start_lasting("allow_changes", self._allow_changes, self._state.session)

    async def _allow_changes(self, session: Session) -> None:
        identity = session.active
        try:
            await session.allow_changes()
        except AIRiskError as error:
            self.notify(error.message, error.advice)
            return
        self._state.publish()
        if session.active is identity:
            advice = format_keys("This is in the audit trail. {stop_acting|x} stops acting.")
            self.notify(f"Changes as {identity_label(identity)} are allowed until you stop acting.", advice, "warning")

    # Stopping

    def stop(self, why: EndReason = EndReason.KEY) -> Worker[None]:
        """Stop acting, even offline, and cancel the user's requests in flight."""
        return self.start_lasting("stop_acting", self._stop, why)

    async def _stop(self, why: EndReason) -> None:
        session = self._state.session
        if session is None or session.active == APPLICATION:
            return
        act = session.act
        self.cancel()
        self._forget_pending()
        recording = session.stop_acting(why)
        self._adopt(session.active)
        self._state.publish()
        if act and why is EndReason.LIMIT:
            message = f"Acting as {act.identity} ended after {act.minutes:g} minutes."
            self.notify_background(message, "To continue, act as this user again.")
        try:
            await recording
        except AIRiskError as error:
            self.notify(error.message, error.advice)

    def cancel(self) -> bool:
        """Cancel signing in as a user; return whether it was in progress."""
        is_canceled = super().cancel()
        if is_canceled:
            self._forget_pending()
        return is_canceled

    def _forget_pending(self) -> None:
        self._state.pending_identity = None
        self._state.publish()

    def _adopt(self, identity: Identity) -> None:
        """Show the identity in force. The publication cancels requests of other identities."""
        self._state.switches += 1
        self._panes.notice.clear()
        if identity.is_user:
            if self._state.session and self._state.session.settings.single_user:
                self._panes.go_to("explorer")
            doing = "Signed in" if identity.is_oneself else "Now acting"
            self.notify(f"{doing} as {identity_label(identity)}.", self._next_keys, "information")

    @property
    def _next_keys(self) -> str:
        """What to press next while acting as a user."""
        if self.can_allow_changes:
            return format_keys("Read-only: {allow_changes|W} allows changes. {stop_acting|x} stops acting.")
        return format_keys("Press {go_to_explorer|2} to explore, {stop_acting|x} to stop.")

    def _watch_time_limit(self) -> None:
        """Warn before an act ends, and end it, by the wall clock, so that machine sleep counts."""
        act = self._state.act
        if act is None:
            self._warned_at = float("inf")
        elif act.is_over:
            self.stop(EndReason.LIMIT)
        else:
            due = [limit for limit in _WARNINGS if act.seconds_left <= limit < min(self._warned_at, act.minutes * 60)]
            if due:
                self._warned_at = min(due)
                message = f"Acting as {act.identity} ends in less than {min(due) // 60} min."
                self.notify_background(message, "To continue after that, act as this user again.")

    # Finding users

    def find_users(self, text: str) -> Sequence[User]:
        """Return the users who match, recent identities first; only recent ones for an empty text."""
        recent = self._state.session.recent if self._state.session else ()
        words = normalize(text).split()
        known = [User(each.id, each.name) for each in recent if each.id]
        matching = [user for user in known if all(word in normalize(f"{user.name} {user.id}") for word in words)]
        return [*matching, *(self._panes.users.find(text) if words else ())]

    def nearby_users(self) -> Sequence[User]:
        """Return the users around the cursor."""
        return self._panes.users.nearby()
