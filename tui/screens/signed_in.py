"""A screen with a session: it signs in, and lists the users."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from textual import work

from tui import clocks
from tui.airisk.http.backoff import Tell, clock_of
from tui.airisk.models import Identity, User, UserList
from tui.airisk.users.remarks import remarks
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.config.settings import RawSettings
from tui.errors import AIRiskError, ClientSecretRejectedError
from tui.panes.identity import Standing, StandingApp
from tui.screens.connecting import Connection, connect
from tui.textual_ext.screens import FocusKeepingScreen

if TYPE_CHECKING:
    from tui.airisk.session import Session
    from tui.screens.beginning import Beginning
    from tui.screens.sign_in import Answers


class SignedInScreen(FocusKeepingScreen[None]):
    """From the settings to a list of users; what is seen of it is for the screen that is made from this one.

    Args:
        told: the settings as they were given.
        has_keyring: whether the OS keyring may be asked for the secret.
        beginning: what the opening screen has begun of it.
    """

    def __init__(self, told: RawSettings, *, has_keyring: bool, beginning: Beginning | None = None) -> None:
        super().__init__()
        self._begun = self._beginning = beginning
        self.told = told
        self.has_keyring = has_keyring
        self._becoming: Identity | None = None
        self._waits_for: Identity | str | None = None
        self._waits_since: float | None = None
        self._state: Literal["signed out", "connecting", "signed in"] = "signed out"
        self._connection: Connection | None = None
        self._answers: Answers | None = None
        self._is_listed = False
        self._waiting_words = ""
        self.session: Session | None = None

    # What is shown, where and how, and how a user is become, is the other screen's business

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "error"
    ) -> None:
        """Say what happened, and what to do."""
        raise NotImplementedError

    def tell_unasked(
        self, message: str, advice: str = "", severity: Literal["information", "warning"] = "warning"
    ) -> None:
        """Say what comes of nothing that the person just did."""
        raise NotImplementedError

    def show_waiting(self, words: str) -> None:
        """Say what the list of users waits for."""
        raise NotImplementedError

    def show_users(self, listing: UserList) -> None:
        """Show the users."""
        raise NotImplementedError

    def show_users_so_far(self, listing: UserList) -> None:
        """Show those who are there, while the others are still coming."""
        raise NotImplementedError

    def show_no_users(self, message: str, advice: str) -> None:
        """Say why there are no users."""
        raise NotImplementedError

    async def become(self, session: Session, user: User, tell: Tell | None = None) -> None:
        """Become a user; raises an AIRiskError where that is not to be, at once or after the wait that is told."""
        raise NotImplementedError

    # The session

    def on_mount(self) -> None:
        """Begin once the first frame is on the screen."""
        self.call_after_refresh(self.connect)

    async def on_unmount(self) -> None:
        """End the act, and drop all connections."""
        if self._begun and not self._connection:
            await self._begun.close()
        # Nobody is left to be told; an act whose end could not be written is closed by the next start.
        with contextlib.suppress(AIRiskError):
            await self._disconnect()

    async def _disconnect(self) -> None:
        if connection := self._connection:
            self._connection = None
            await connection.close()

    def _warn(self, error: AIRiskError) -> None:
        if self.app.is_running and self.is_attached:  # else there is nowhere left to say it
            self.tell_unasked(error.message, error.advice)

    @property
    def is_signed_in(self) -> bool:
        """Whether requests can be sent."""
        return self._state == "signed in"

    @property
    def signed_in_with(self) -> RawSettings | None:
        """What AIRisk has accepted; None as long as it has accepted nothing."""
        return self.told if self.is_signed_in else None

    async def _connected(self, problem: AIRiskError | None, beginning: Beginning | None) -> Connection:
        if beginning:
            beginning.waits = self._show_wait
            beginning.warn(self._warn)
            return await beginning.connection()
        return await connect(
            self,
            self.told,
            has_keyring=self.has_keyring,
            problem=problem,
            before=self._answers,
            warn=self._warn,
        )

    @work(group="connect", exclusive=True)
    async def connect(self, problem: AIRiskError | None = None) -> None:
        """From the settings to a token: whatever is missing is asked for."""
        self._say_waiting("Signing in …")
        beginning, self._beginning = self._beginning, None
        try:
            await self._disconnect()
            connection = await self._connected(problem, beginning)
        except AIRiskError as error:
            self._stand_apart()
            self.show_no_users(error.message, error.advice)
            self.tell(error.message, error.advice)
            return
        self.told, self._connection, self.session = connection.told, connection, connection.session
        self._answers = connection.answers
        self._stand("connecting")
        try:
            await self._begin(connection.session, beginning)
        except AIRiskError as error:
            self._stand("signed out")
            if connection.answers or isinstance(error, ClientSecretRejectedError):
                self.connect(error)
            else:
                self.tell(error.message, error.advice)
                self.show_no_users(error.message, error.advice)
        else:
            await self._keep(connection)
            self.has_signed_in(connection.session)

    async def _begin(self, session: Session, beginning: Beginning | None) -> None:
        """Single-user: act as USER_ID at once. Else: the generic token, and the list."""
        settings = session.settings
        if settings.single_user:
            self._say_waiting("Single-user mode: no list was asked for.")
            await self.become(session, User(settings.user_id), self._show_wait)
            self._stand("signed in")
        else:
            await (beginning.signed_in() if beginning else session.sign_in(tell=self._show_wait))
            self._stand("signed in")
            self.list_users(beginning)

    def has_signed_in(self, session: Session) -> None:
        """The session works: what else belongs to this deployment can be looked for."""

    async def _keep(self, connection: Connection) -> None:
        self._answers = None
        if words := await connection.keep():
            self.tell_unasked(words, severity="information")  # what is imported is told beside it

    def tell_failure(self, error: AIRiskError) -> None:
        """Say what failed; a secret that is refused by now is asked for again, but never at the cost of an act."""
        if not isinstance(error, ClientSecretRejectedError):
            self.tell(error.message, error.advice)
        elif self.session and self.session.active.is_user:
            self.tell(
                error.message,
                format_keys("{stop_acting|x} stops acting; {refresh_users|Ctrl+R} then asks for the secret."),
            )
        else:
            self._stand("signed out")
            self.connect(error)

    @work(group="list_users", exclusive=True)
    async def list_users(self, beginning: Beginning | None = None) -> None:
        """Ask for the users, if that was not begun yet; on a failure the list that is there stays."""
        session = self.session
        if session is None:
            return
        self._say_waiting("Asking for the users …")
        try:
            if beginning:
                beginning.shows = self.show_users_so_far
            # With an older list to look at, the person says when it is asked for again.
            tell = None if self._is_listed else self._show_wait
            listing = await (beginning.users() if beginning else session.users(self.show_users_so_far, tell))
        except AIRiskError as error:
            self.show_no_users(error.message, error.advice)
            self.tell_failure(error)
        else:
            self._is_listed = True
            self.show_users(listing)
            await self._remark(session, listing)
        finally:
            self._stand()

    async def _remark(self, session: Session, listing: UserList) -> None:
        """Say what there is to say of a list; that nobody is in it is said in its place."""
        for each in await run_in_thread(lambda: list(remarks(listing, session.settings))) if listing.users else ():
            self.tell_unasked(each.words, severity="warning" if each.is_warning else "information")

    def _say_waiting(self, words: str) -> None:
        self._waiting_words = words
        self.show_waiting(words)

    def _show_wait(self, seconds: float) -> None:
        """Count down how long AIRisk asks to wait."""
        if self.is_attached:
            words = f"AIRisk asks to wait: {clock_of(seconds)}; {{cancel|Esc}} cancels"
            self.show_waiting(format_keys(words) if seconds else self._waiting_words)

    def _stand_apart(self) -> None:
        """Let the bar tell that there is no session at all."""
        self._state = "signed out"
        if self.is_attached:
            app = cast("StandingApp", self.app)
            app.standing = replace(app.standing, state="signed out", waits_since=None)

    def _stand(self, state: Literal["signed out", "connecting", "signed in"] | None = None) -> None:
        """Let the bar tell what is so."""
        self._state = state or self._state
        session = self.session
        if session is None or not self.is_attached:  # else the bar is another deployment's by now
            return
        waits_for = self._becoming or (self._state if self._state == "connecting" else None)
        if waits_for != self._waits_for:
            self._waits_for, self._waits_since = waits_for, clocks.steady() if waits_for else None
        settings, token = session.settings, session.token(session.active)
        cast("StandingApp", self.app).standing = Standing(
            state=self._state,
            identity=session.active,
            becoming=self._becoming,
            client_id=settings.client_id,
            host=replace(settings.origin, port=None).name,
            port=str(settings.origin.port or ""),
            label=settings.label,
            token=token,
            act=session.act,
            is_read_only=settings.read_only,
            waits_since=self._waits_since,
        )
        self.refresh_bindings()
