"""The main screen: it holds the session, starts all work, and tells the panes what to show."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from tui.airisk.catalogue import ENDPOINTS
from tui.airisk.errors import AIRiskError, SecretRefused
from tui.airisk.models import GENERIC, Draft, Endpoint, Exchange, Identity, User
from tui.airisk.settings import Settings, Told
from tui.airisk.threads import in_thread
from tui.airisk.uploads import read_upload
from tui.panes.answer import AnswerPane, Reading, read_body
from tui.panes.explorer import ExplorerPane
from tui.panes.identity import IdentityBar, Standing, StandingApp
from tui.panes.notice import Notice
from tui.panes.request import RequestPane
from tui.panes.users import UsersPane
from tui.screens.connecting import Connection, connect

if TYPE_CHECKING:
    from tui.airisk.session import Session

_TAKING_TURNS = 100
"""Columns of the terminal below which one pane is shown at a time."""

_QUICKLY_READ = 64 * 1024
"""Bytes of a body that are made readable on the event loop; more goes to a thread."""


class MainScreen(Screen[None]):
    """Users, explorer, request and answer, under the identity bar.

    Args:
        told: the settings as they were given.
        has_keyring: whether the OS keyring may be asked for the secret.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_TAKING_TURNS, "-middle"), (170, "-wide")]  # noqa: RUF012 - as Screen declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter the list in focus"),
        Binding("minus", "act_as_previous", "Previous", id="act_as_previous", tooltip="Act as the identity before"),
        Binding("x", "stop_acting", "Stop acting", id="stop_acting", tooltip="Be the generic identity again"),
        Binding("1", "go_to('users')", "Users", show=False, id="go_to_users", tooltip="Go to the users"),
        Binding("2", "go_to('explorer')", "Explorer", show=False, id="go_to_explorer", tooltip="Go to the explorer"),
        Binding("3", "go_to('request')", "Request", show=False, id="go_to_request", tooltip="Go to the request"),
        Binding("4", "go_to('answer')", "Answer", show=False, id="go_to_answer", tooltip="Go to the answer"),
        Binding(
            "ctrl+r", "refresh_users", "Refresh", show=False, id="refresh_users", tooltip="Ask for the users again"
        ),
        Binding("f5", "send", "Send", key_display="F5", id="send", tooltip="Send the request that is made ready"),
        Binding("escape", "cancel", "Cancel", show=False, id="cancel", tooltip="Cancel what is under way"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help", tooltip="Keys and words explained"),
        Binding(
            "colon", "app.command_palette", "Commands", show=False, id="commands", tooltip="Find a command by its name"
        ),
    ]

    def __init__(self, told: Told, *, has_keyring: bool) -> None:
        super().__init__()
        self._told = told
        self._has_keyring = has_keyring
        self._session: Session | None = None
        self._settings: Settings | None = None

    def compose(self) -> ComposeResult:
        """Bar, panes, notice, footer."""
        yield IdentityBar()
        with Container(id="panes", classes="-show-users"):
            yield UsersPane()
            with Container(id="asking"):
                yield ExplorerPane(ENDPOINTS)
                yield RequestPane()
            yield AnswerPane()
        yield Notice()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin once the first frame is on the screen."""
        self._users.focus_list()
        self.call_after_refresh(self._connect)

    async def on_unmount(self) -> None:
        """Drop all connections."""
        if self._session:
            await self._session.close()

    # Signing in

    @work(group="connect", exclusive=True)
    async def _connect(self, problem: AIRiskError | None = None) -> None:
        """From the settings to a token: whatever is missing is asked for."""
        self._users.show_waiting("Signing in …")
        connection = await connect(self, self._told, has_keyring=self._has_keyring, problem=problem)
        if connection is None:
            self.app.exit()
            return
        self._told, self._settings = connection.told, connection.session.settings
        if self._session:
            await self._session.close()
        self._session = connection.session
        self._stand("connecting")
        try:
            await self._begin(connection)
        except SecretRefused as refusal:
            self._connect(refusal)
        except AIRiskError as error:
            self._fail(error)
            self._users.show_failed(error.message, error.advice)
            self._stand("signed out")

    async def _begin(self, connection: Connection) -> None:
        """Single-user: act as USER_ID at once. Else: the generic token, and the list."""
        session, settings = connection.session, connection.session.settings
        if settings.single_user:
            await session.act_as(User(settings.user_id))
            self._stand()
            self._users.show_waiting("Single-user mode: no list was asked for.")
            self._go_to("explorer")
        else:
            await session.sign_in()
            self._stand()
            self._list_users()
        if words := await connection.keep():
            self._notice.tell(words)

    @work(group="list_users", exclusive=True)
    async def _list_users(self) -> None:
        session = self._session
        if session is None:
            return
        self._users.show_waiting("Asking for the users …")
        try:
            listing = await session.users()
        except AIRiskError as error:
            self._users.show_failed(error.message, error.advice)
            self._fail(error)
        else:
            self._users.show_list(listing, session.settings.user_id)
            self._stand()

    @work(group="act_as", exclusive=True)
    async def _act_as(self, user: User) -> None:
        session = self._session
        if session is None:
            return
        self._notice.clear()
        self._stand(becoming=Identity.of(user))
        try:
            identity = await session.act_as(user)
        except AIRiskError as error:
            self._fail(error)
        else:
            self.workers.cancel_group(self, "send")
            self._users.show_active(identity)
            self._notice.tell(f"Acting as {identity}.", "2 opens the explorer, x stops.")
        finally:
            self._stand()

    def _stand(self, state: str = "signed in", becoming: Identity | None = None) -> None:
        """Let the bar tell what is so."""
        session, settings = self._session, self._settings
        if session is None or settings is None:
            return
        token = session.token(session.active)
        self._app.standing = Standing(
            state=state,  # type: ignore[arg-type]
            identity=session.active,
            becoming=becoming,
            client_id=settings.client_id,
            host=settings.origin.name,
            label=settings.label,
            expires_at=token.expires_at if token else None,
            is_read_only=settings.read_only,
        )
        self.refresh_bindings()

    # Sending

    @work(group="send", exclusive=True)
    async def _send(self, endpoint: Endpoint, values: dict[str, str], identity: Identity) -> None:
        session = self._session
        if session is None:
            return
        self._notice.clear()
        try:
            draft = await _draft(endpoint, values)
        except AIRiskError as error:
            self._fail(error)
            return
        self._answer.show_sending(draft, identity)
        self._go_to("answer")
        try:
            exchange = await session.send(draft, identity)
            self._answer.show_exchange(exchange, await _reading(exchange))
        except AIRiskError as error:
            self._answer.show_failed(draft, identity, error.message, error.advice)
        except asyncio.CancelledError:
            self._answer.show_failed(draft, identity, "Cancelled; AIRisk may have heard it all the same.", "")
            raise
        finally:
            self._stand()

    # What the person does

    @on(UsersPane.Chosen)
    def _become(self, event: UsersPane.Chosen) -> None:
        self._act_as(event.user)

    @on(ExplorerPane.Chosen)
    async def _open(self, event: ExplorerPane.Chosen) -> None:
        self._show_pane("request")
        await self._request.open(event.endpoint)
        self.refresh_bindings()

    @on(RequestPane.Submitted)
    def _submit(self, event: RequestPane.Submitted) -> None:
        if self._session and self._app.standing.state == "signed in":
            self._send(event.endpoint, event.values, self._session.active)
        else:
            self._notice.tell("Not signed in.", "Ctrl+R signs in.", "warning")

    def action_send(self) -> None:
        """Send the request that is made ready, from wherever the focus is."""
        self._request.action_submit()

    def action_act_as_previous(self) -> None:
        """Act as the identity before this one."""
        previous = self._session.previous if self._session else None
        if previous and previous.is_user:
            self._act_as(User(previous.id, previous.name))
        elif previous:
            self.action_stop_acting()

    def action_stop_acting(self) -> None:
        """Be the application itself again. Works offline; what is in flight for the user is cancelled."""
        if self._session and self._session.active != GENERIC:
            for group in ("act_as", "send"):
                self.workers.cancel_group(self, group)
            self._users.show_active(self._session.stop_acting())
            self._notice.clear()
            self._stand()

    def action_refresh_users(self) -> None:
        """Ask for the users again, or sign in again where that failed."""
        if self._session and self._app.standing.state == "signed in":
            self._list_users()
        else:
            self._connect()

    def action_cancel(self) -> None:
        """Cancel what is under way; whoever was acted as before still is."""
        running = {worker.group for worker in self.workers if worker.node is self and worker.is_running}
        for group in sorted(running):
            self.workers.cancel_group(self, group)
        if "connect" in running:
            self._users.show_failed("The sign-in was cancelled.", "")
            self._stand("signed out")
        if running:
            self._notice.tell("Cancelled.", "", "warning")
        else:
            self._notice.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only what can be done now."""
        session = self._session
        if action == "stop_acting":
            return session is not None and session.active != GENERIC
        if action == "act_as_previous":
            return session is not None and session.previous is not None
        return action != "send" or (session is not None and self._request.endpoint is not None)

    def action_filter(self) -> None:
        """Filter the list in the pane that has the focus."""
        if self._explorer.has_focus_within:
            self._explorer.focus_filter()
        else:
            self._show_pane("users")
            self._users.focus_filter()

    def action_go_to(self, pane: str) -> None:
        """Go to a pane."""
        self._go_to(pane)

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        """Where the panes take turns, show the one that has the focus."""
        for pane in ("users", "explorer", "request", "answer"):
            if self.query_one(f"#{pane}") in event.widget.ancestors:
                self._show_pane(pane)

    def _go_to(self, pane: str) -> None:
        self._show_pane(pane)
        {
            "users": self._users.focus_list,
            "explorer": self._explorer.focus_list,
            "request": self._request.focus_form,
            "answer": self._answer.focus_document,
        }[pane]()

    def _show_pane(self, pane: str) -> None:
        self.query_one("#panes").set_classes(f"-show-{pane}")

    @on(events.Resize)
    def _title_panes(self) -> None:
        """Where the panes take turns, each names the others too."""
        panes = (self._users, self._explorer, self._request, self._answer)
        for shown in panes:
            others = self.size.width < _TAKING_TURNS
            titles = [_pane_title(pane, is_shown=pane is shown) for pane in panes if others or pane is shown]
            shown.border_title = Content("  ").join(titles)

    def _fail(self, error: AIRiskError) -> None:
        self._notice.tell(error.message, error.advice, "error")

    @property
    def _app(self) -> StandingApp:
        return cast("StandingApp", self.app)

    @property
    def _users(self) -> UsersPane:
        return self.query_one(UsersPane)

    @property
    def _explorer(self) -> ExplorerPane:
        return self.query_one(ExplorerPane)

    @property
    def _request(self) -> RequestPane:
        return self.query_one(RequestPane)

    @property
    def _answer(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    @property
    def _notice(self) -> Notice:
        return self.query_one(Notice)


def _pane_title(pane: Widget, *, is_shown: bool) -> Content:
    title = str(getattr(type(pane), "BORDER_TITLE", ""))
    return Content(title) if is_shown else Content.styled(title, "not bold $text-disabled")


async def _draft(endpoint: Endpoint, values: dict[str, str]) -> Draft:
    """The request as typed, with the file it names read off the event loop."""
    named = next((values.get(each.name, "") for each in endpoint.fields if each.place == "file"), "")
    upload = await in_thread(read_upload, named) if named else None
    return endpoint.draft(values, file=upload)


async def _reading(exchange: Exchange) -> Reading:
    if len(exchange.body) <= _QUICKLY_READ:
        return read_body(exchange)
    return await in_thread(read_body, exchange)
