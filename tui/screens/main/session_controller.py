"""Create the session from the settings, and list the users."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from tui.airisk.http.backoff import clock_of
from tui.airisk.models import User, UserList
from tui.airisk.users.remarks import remarks
from tui.background import run_in_thread
from tui.config.settings import RawSettings
from tui.errors import AIRiskError, ClientSecretRejectedError
from tui.key_labels import format_keys
from tui.panes.users_rows import counted
from tui.screens.connect import ConnectedSession, connect
from tui.screens.main.controller import Controller
from tui.screens.main.identity_controller import IdentityController
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState
from tui.widgets.identity_bar import Phase

if TYPE_CHECKING:
    from tui.airisk.session import Session
    from tui.screens.sign_in import SignInInput
    from tui.screens.splash import EarlyStart


class SessionController(Controller):
    """Signs in, prompting for whatever is missing, and lists the users.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        identity: acts as USER_ID in single-user mode.
        early_start: the splash screen's early start.
    """

    class SignedIn(Message):
        """The session works: work that depends on it can start.

        Args:
            session: the session.
        """

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(
        self,
        screen: Screen[None],
        state: MainState,
        panes: PaneLayout,
        *,
        identity: IdentityController,
        early_start: EarlyStart | None,
    ) -> None:
        super().__init__(screen, state, panes)
        self._identity = identity
        self._early_start = self._unused_start = early_start
        self._connected: ConnectedSession | None = None
        self._form: SignInInput | None = None
        self._is_listed = False
        self._waiting_words = ""

    @property
    def signed_in_with(self) -> RawSettings | None:
        """The settings that AIRisk has accepted; None before."""
        return self._state.raw_settings if self._state.is_signed_in else None

    def show_early_users(self) -> None:
        """Show the users that the splash screen has already listed, in the first frame. Enter acts at once."""
        if self._early_start:
            if connected := self._early_start.connected:
                self._adopt(connected)
            self._panes.users.preselect(self._early_start.user_id)
            self._early_start.on_users = self._show_users_so_far
            if self._early_start.so_far:
                self._panes.users.show_so_far(self._early_start.so_far)

    async def close(self) -> None:
        """End the act, and drop all connections."""
        if self._early_start and not self._connected:
            await self._early_start.close()
        # No place is left to show a failure; an act without a recorded end is closed at the next start.
        with contextlib.suppress(AIRiskError):
            await self._disconnect()

    async def _disconnect(self) -> None:
        if connected := self._connected:
            self._connected = self._state.session = None  # Nobody is acted as in a session that is closed.
            await connected.close()

    def cancel(self) -> bool:
        """Cancel signing in and listing the users; return whether either was in progress."""
        is_listing, is_connecting = self.is_running("list_users"), self.is_running("connect")
        is_canceled = super().cancel()
        if is_listing:
            self._panes.users.show_failed("Loading the users was canceled.", "")
        if is_connecting:
            self._panes.users.show_failed("Sign-in was canceled.", "")
            self._enter("signed out")
        return is_canceled

    @property
    def _is_awaited(self) -> bool:
        """Whether AIRisk is waited for. Work that was canceled may report once more before it ends."""
        return self.is_running("connect") or self.is_running("list_users")

    def refresh(self) -> None:
        """List the users again, or sign in again if that failed."""
        # The notice may show the previous attempt, which is over.
        self._panes.notice.clear()
        if self._state.is_signed_in:
            self.list_users()
        else:
            self.connect()

    # Signing in

    def connect(self, error: AIRiskError | None = None) -> None:
        """Sign in, from the settings to a token.

        Args:
            error: why the user is prompted for settings again.
        """
        self.start("connect", self._connect, error)

    async def _connect(self, error: AIRiskError | None) -> None:
        session = None
        while session is None:
            self._show_waiting("Signing in…")
            early_start, self._unused_start = self._unused_start, None
            try:
                await self._disconnect()
                connected = await self._open(error, early_start)
            except AIRiskError as failure:
                self._enter("signed out")
                self._show_failure(failure)
                return
            self._connected, self._form = connected, connected.form
            self._adopt(connected)
            self._panes.users.preselect(connected.session.settings.user_id)
            self._enter("connecting")
            try:
                await self._sign_in(connected.session, early_start)
            except AIRiskError as failure:
                self._enter("signed out")
                if connected.form is None and not isinstance(failure, ClientSecretRejectedError):
                    self._show_failure(failure)
                    return
                error = failure
            else:
                session = connected.session
                await self._store(connected)
                self._screen.post_message(self.SignedIn(session))

    def _adopt(self, connected: ConnectedSession) -> None:
        self._state.raw_settings, self._state.session = connected.settings, connected.session

    async def _open(self, error: AIRiskError | None, early_start: EarlyStart | None) -> ConnectedSession:
        if early_start:
            early_start.on_wait = self._show_wait
            early_start.show_warnings(self._warn)
            return await early_start.connection()
        return await connect(
            self._screen,
            self._state.raw_settings,
            has_keyring=self._state.has_keyring,
            error=error,
            previous=self._form,
            on_warning=self._warn,
        )

    async def _sign_in(self, session: Session, early_start: EarlyStart | None) -> None:
        """Act as USER_ID in single-user mode, else get the generic token and list the users."""
        settings = session.settings
        if settings.single_user:
            self._show_waiting("Single-user mode: the user list is not loaded.", "")
            await self._identity.switch_identity(session, User(settings.user_id), self._show_wait)
            self._enter("signed in")
        else:
            await (early_start.signed_in() if early_start else session.sign_in(on_wait=self._show_wait))
            self._enter("signed in")
            self.list_users(early_start)

    async def _store(self, connected: ConnectedSession) -> None:
        self._form = None
        if words := await connected.store():
            self.notify_background(words, severity="information")  # Messages on an import are shown beside it.

    def _enter(self, phase: Phase) -> None:
        self._state.phase = phase
        self._state.publish()

    def _warn(self, error: AIRiskError) -> None:
        if self._screen.app.is_running and self._screen.is_attached:  # else no pane is left to show it
            self.notify_background(error.message, error.advice)

    # The users

    def list_users(self, early_start: EarlyStart | None = None) -> None:
        """List the users, unless the early start does; on a failure the current list stays."""
        if self._state.session:
            self.start("list_users", self._list_users, self._state.session, early_start)

    async def _list_users(self, session: Session, early_start: EarlyStart | None) -> None:
        self._show_waiting("Loading users…")
        try:
            if early_start:
                early_start.on_users = self._show_users_so_far
            # With an older list on screen, the user decides when to request it again.
            on_wait = None if self._is_listed else self._show_wait
            user_list = await (early_start.users() if early_start else session.users(self._show_users_so_far, on_wait))
        except AIRiskError as error:
            self._panes.users.show_failed(error.message, error.advice)
            self.notify_error(error)
        else:
            is_reloaded, self._is_listed = self._is_listed, True
            self._panes.users.show_list(user_list, session.settings.protected_users)
            if is_reloaded and not self._panes.notice.is_shown:  # What it says is newer than the key.
                self.notify(f"Reloaded: {counted(user_list)}.", severity="information")
            await self._show_remarks(session, user_list)
        finally:
            self._state.publish()

    def _show_users_so_far(self, user_list: UserList) -> None:
        """Show the users that have arrived, unless there is an older list."""
        if self._state.session and self._is_awaited:
            self._panes.users.show_so_far(user_list, self._state.session.settings.protected_users)

    async def _show_remarks(self, session: Session, user_list: UserList) -> None:
        """Show remarks on the list. That it is empty is shown in its place."""
        if user_list.users:
            for each in await run_in_thread(lambda: list(remarks(user_list, session.settings))):
                self.notify_background(each.words, severity="warning" if each.is_warning else "information")

    def _show_failure(self, error: AIRiskError) -> None:
        self._panes.users.show_failed(error.message, error.advice)
        self.notify(error.message, error.advice)

    def _show_waiting(self, words: str, on_frame: str | None = None) -> None:
        self._waiting_words = words
        self._panes.users.show_waiting(words, on_frame)

    def _show_wait(self, seconds: float) -> None:
        """Count down how long AIRisk asks to wait."""
        if self._screen.is_attached and self._is_awaited:
            words = f"AIRisk asked to wait {clock_of(seconds)} · {{cancel|Esc}} cancels"
            self._panes.users.show_waiting(format_keys(words) if seconds else self._waiting_words)
