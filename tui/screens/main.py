"""The main screen: four panes, and what is sent from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Footer

from tui.airisk.catalogue import ENDPOINTS
from tui.airisk.models import GENERIC, Draft, Exchange, Identity, User, UserList
from tui.airisk.search import fold
from tui.panes.answer import AnswerPane, Reading
from tui.panes.explorer import ExplorerPane
from tui.panes.identity import IdentityBar, called
from tui.panes.notice import Notice
from tui.panes.request import RequestPane
from tui.panes.users import UsersPane
from tui.screens.sending import SendingScreen

_TAKING_TURNS = 100
"""Columns of the terminal below which one pane is shown at a time."""


class MainScreen(SendingScreen):
    """Users, explorer, request and answer, under the identity bar."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_TAKING_TURNS, "-middle"), (170, "-wide")]  # noqa: RUF012 - as Screen declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter the list in focus"),
        Binding("minus", "act_as_previous", "Previous", id="act_as_previous", tooltip="Act as the identity before"),
        Binding("x", "stop_acting", "Stop acting", id="stop_acting", tooltip="Be the generic identity again"),
        Binding("h", "open_history", "History", id="open_history", tooltip="See what was asked, and ask it again"),
        Binding("1", "go_to('users')", "Users", show=False, id="go_to_users", tooltip="Go to the users"),
        Binding("2", "go_to('explorer')", "Explorer", show=False, id="go_to_explorer", tooltip="Go to the explorer"),
        Binding("3", "go_to('request')", "Request", show=False, id="go_to_request", tooltip="Go to the request"),
        Binding("4", "go_to('answer')", "Answer", show=False, id="go_to_answer", tooltip="Go to the answer"),
        Binding(
            "ctrl+r", "refresh_users", "Refresh", show=False, id="refresh_users", tooltip="Ask for the users again"
        ),
        Binding("f5", "send", "Send", key_display="F5", id="send", tooltip="Send the request that is made ready"),
        Binding("escape", "cancel", "Cancel", show=False, id="cancel", tooltip="Cancel what is under way, or go back"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help", tooltip="Keys and words explained"),
        Binding(
            "colon", "app.command_palette", "Commands", show=False, id="commands", tooltip="Find a command by its name"
        ),
    ]

    def compose(self) -> ComposeResult:
        """Bar, panes, notice, footer."""
        yield IdentityBar()
        with Container(id="panes", classes="-show-users"):
            with Container(id="choosing"):
                yield UsersPane()
                yield ExplorerPane(ENDPOINTS)
            with Container(id="asking"):
                yield RequestPane()
                yield AnswerPane()
        yield Notice()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """The users come first."""
        self._users.focus_list()

    # What is seen of the session

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "error"
    ) -> None:
        """Say what happened, and what to do, above the footer."""
        self._notice.tell(message, advice, severity)

    def show_waiting(self, words: str) -> None:
        """Say it in the users' pane."""
        self._users.show_waiting(words)

    def show_users(self, listing: UserList) -> None:
        """Fill the table, the cursor on USER_ID at first."""
        if self.session:
            settings = self.session.settings
            self._users.show_list(listing, settings.user_id, settings.protected_users)

    def show_no_users(self, message: str, advice: str) -> None:
        """Say it in the users' pane, unless an older list is there to look at."""
        self._users.show_failed(message, advice)

    def show_active(self, identity: Identity) -> None:
        """Mark the user; whatever was asked for in another name is given up."""
        self.workers.cancel_group(self, "send")
        self._users.show_active(identity)
        self._notice.clear()
        if identity.is_user and self.session and self.session.settings.single_user:
            self._go_to("explorer")
        if identity.is_user:
            self.tell(f"Acting as {called(identity)}.", "2 opens the explorer, x stops.", "information")

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say it in the answer's pane, and go there."""
        self._notice.clear()
        self._answer.show_sending(draft, identity)
        self._go_to("answer")

    def show_answer(self, exchange: Exchange, reading: Reading) -> None:
        """Show it in its pane."""
        self._answer.show_exchange(exchange, reading)

    def show_no_answer(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say it in the answer's pane."""
        self._answer.show_failed(draft, identity, message, advice)

    # What the person does

    @on(UsersPane.Chosen)
    def _choose_user(self, event: UsersPane.Chosen) -> None:
        self.act_as(event.user)

    @on(ExplorerPane.Chosen)
    async def _open(self, event: ExplorerPane.Chosen) -> None:
        self._show_pane("request")
        await self._request.open(event.endpoint)
        self.refresh_bindings()

    @on(RequestPane.Submitted)
    def _submit(self, event: RequestPane.Submitted) -> None:
        if self.session and self.is_signed_in:
            self.send_form(event.endpoint, event.values, self.session.active)
        else:
            self.tell("Not signed in.", "Ctrl+R signs in.", "warning")

    def action_send(self) -> None:
        """Send the request that is made ready, from wherever the focus is."""
        self._request.action_submit()

    def action_act_as_previous(self) -> None:
        """Act as the identity before this one."""
        previous = self.session.previous if self.session else None
        if previous and previous.is_user:
            self.act_as(User(previous.id, previous.name))
        elif previous:
            self.stop_acting()

    def action_stop_acting(self) -> None:
        """Be the application itself again."""
        self.stop_acting()

    def action_open_history(self) -> None:
        """Look at what was asked, and ask it again."""
        self.open_history()

    def action_refresh_users(self) -> None:
        """Ask for the users again, or sign in again where that failed."""
        if self.is_signed_in:
            self.list_users()
        else:
            self.connect()

    def action_cancel(self) -> None:
        """Cancel what is under way; whoever was acted as before still is."""
        running = {worker.group for worker in self.workers if worker.node is self and worker.is_running}
        running -= {"stop_acting", "history"}
        for group in sorted(running):
            self.workers.cancel_group(self, group)
        if "act_as" in running:
            self._give_up_becoming()
        if "list_users" in running:
            self.show_no_users("The list was cancelled.", "")
        if "connect" in running:
            self.show_no_users("The sign-in was cancelled.", "")
            self._stand("signed out")
        if running:
            self.tell("Cancelled.", "", "warning")
        elif self._notice.display:
            self._notice.clear()
        else:
            self._go_back()

    def _go_back(self) -> None:
        """From the answer to the request, from there to the explorer: letters are keys again outside of fields."""
        for pane, before in ((self._answer, "request"), (self._request, "explorer")):
            if pane.has_focus_within:
                self._go_to(before)
                return

    def find_users(self, text: str) -> Sequence[User]:
        """Those who match, the ones acted as lately first; nobody but those where nothing is typed."""
        recent = [User(identity.id, identity.name) for identity in self.session.recent] if self.session else []
        words = fold(text).split()
        known = [user for user in recent if user.id and all(word in fold(f"{user.name} {user.id}") for word in words)]
        return [*known, *(self._users.find(text) if words else ())]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only what can be done now."""
        session = self.session
        if action == "stop_acting":
            return session is not None and session.active != GENERIC
        if action == "act_as_previous":
            return session is not None and session.previous is not None
        return action != "send" or (session is not None and self._request.is_ready)

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
    return Content(title) if is_shown else Content.styled(title, "not bold $foreground-disabled")
