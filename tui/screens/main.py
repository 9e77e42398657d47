"""The main screen: what its keys do, and where what happens is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.airisk.endpoints import Endpoint
from tui.airisk.errors import Refused
from tui.airisk.models import GENERIC, Draft, Exchange, Identity, User, UserList
from tui.airisk.search import fold
from tui.airisk.threads import in_thread
from tui.panes.answer import Reading
from tui.panes.explorer import ExplorerPane
from tui.panes.identity import called
from tui.panes.request import RequestPane
from tui.panes.users import UsersPane
from tui.screens.turns import TurnsScreen


class MainScreen(TurnsScreen):
    """Users, explorer, request and answer, under the identity bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("minus", "act_as_previous", "Previous", id="act_as_previous", tooltip="Act as the identity before"),
        Binding("x", "stop_acting", "Stop acting", id="stop_acting", tooltip="Be the generic identity again"),
        Binding("h", "open_history", "History", id="open_history", tooltip="See what was asked, and ask it again"),
        Binding("c", "compare", "Compare", id="compare", tooltip="Hold the answer against what another user gets"),
        Binding("y", "copy", "Copy", id="copy", tooltip="Copy as curl, Python or a command; or a part of the answer"),
        Binding(
            "left_square_bracket",
            "turn_page(-1)",
            "Page",
            key_display="[",
            show=False,
            id="page_before",
            tooltip="Ask for the page before",
        ),
        Binding(
            "right_square_bracket",
            "turn_page(1)",
            "Next page",
            key_display="]",
            id="next_page",
            tooltip="Ask for the next page",
        ),
        Binding("a", "fetch_all", "All pages", show=False, id="fetch_all", tooltip="Ask for all pages, joined"),
        Binding(
            "p", "paste_curl", "Paste curl", show=False, id="paste_curl", tooltip="Make a request of a curl command"
        ),
        Binding(
            "o",
            "import_description",
            "OpenAPI",
            show=False,
            id="import_description",
            tooltip="Add the endpoints of an OpenAPI description",
        ),
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

    # What is seen of the session

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "error"
    ) -> None:
        """Say what happened, and what to do, above the footer."""
        self.notice.tell(message, advice, severity)

    def show_waiting(self, words: str) -> None:
        """Say it in the users' pane."""
        self.users.show_waiting(words)

    def show_users(self, listing: UserList) -> None:
        """Fill the table, the cursor on USER_ID at first."""
        if self.session:
            settings = self.session.settings
            self.users.show_list(listing, settings.user_id, settings.protected_users)

    def show_users_so_far(self, listing: UserList) -> None:
        """Fill the table with those who are there, unless there is an older list."""
        if self.session:
            self.users.show_so_far(listing, self.session.settings.protected_users)

    def show_no_users(self, message: str, advice: str) -> None:
        """Say it in the users' pane, unless an older list is there to look at."""
        self.users.show_failed(message, advice)

    def show_active(self, identity: Identity) -> None:
        """Mark the user; whatever was asked for in another name is given up."""
        self.workers.cancel_group(self, "send")
        self.users.show_active(identity)
        self.show_known()
        self.notice.clear()
        if identity.is_user and self.session and self.session.settings.single_user:
            self.go_to("explorer")
        if identity.is_user:
            self.tell(f"Acting as {called(identity)}.", "2 opens the explorer, x stops.", "information")

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say it in the answer's pane; go there, unless it is in sight beside the explorer."""
        self.notice.clear()
        self.answer.show_sending(draft, identity)
        if self.takes_turns or not self.explorer.has_focus_within:
            self.go_to("answer")

    def show_progress(self, draft: Draft, identity: Identity, sent: int, whole: int) -> None:
        """Say it in the answer's pane."""
        self.answer.show_progress(draft, identity, sent, whole)

    def show_answer(self, exchange: Exchange, reading: Reading) -> None:
        """Show it in its pane."""
        self.answer.show_exchange(exchange, reading)

    def show_growing(self, words: Content) -> None:
        """Show an answer that is told bit by bit in its pane."""
        self.answer.show_growing(words)

    def grow(self, words: Content, lines: list[str], *, anew: bool) -> None:
        """Go on with it."""
        self.answer.grow(words, lines, anew=anew)

    def show_no_answer(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say it in the answer's pane."""
        self.answer.show_failed(draft, identity, message, advice)

    # What the person does

    @on(UsersPane.Chosen)
    def _choose_user(self, event: UsersPane.Chosen) -> None:
        self.act_as(event.user)

    @on(ExplorerPane.Chosen)
    @work(group="open", exclusive=True)
    async def _open(self, event: ExplorerPane.Chosen) -> None:
        event.stop()
        endpoint = await self._asked(event.endpoint)
        if endpoint:
            self.show_pane("request")
            await self.request.open(endpoint)
            self.request.focus_form()
            self.refresh_bindings()

    async def _asked(self, endpoint: Endpoint) -> Endpoint | None:
        """The endpoint, completed by the person where it is known by name only."""
        return await self.complete(endpoint) if endpoint.is_known_by_name_only else endpoint

    @on(RequestPane.Submitted)
    def _submit(self, event: RequestPane.Submitted) -> None:
        event.stop()
        if self.session and self.is_signed_in:
            self.send_form(event.form, self.session.active, event.endpoint, self.request.values)
        else:
            self.tell("Not signed in.", "Ctrl+R signs in.", "warning")

    @work(group="send_from_explorer", exclusive=True)
    async def action_send(self) -> None:
        """Send the request that is made ready; in the explorer, the one under the cursor."""
        chosen = self.explorer.under_cursor if self.explorer.has_focus_within else None
        if isinstance(chosen, Endpoint) and not chosen.is_known_by_name_only:
            if self.request.endpoint != chosen:
                await self.request.open(chosen)
            try:
                self.request.draft()
            except Refused as refusal:
                self.tell(refusal.message, refusal.advice, "warning")
                self.go_to("request")
                return
        self.request.action_submit()

    @on(RequestPane.BodyTyped)
    @work(group="check_body", exclusive=True)
    async def _check_body(self, event: RequestPane.BodyTyped) -> None:
        event.stop()
        self.request.show_faults(event.text, await in_thread(event.schema.faults, event.text))

    def request_to_copy(self) -> Draft | None:
        """The request as it is typed just now, or else the one that was answered last."""
        try:
            return self.request.draft()
        except Refused:
            return self.answer.exchange.draft if self.answer.exchange else None

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

    def action_compare(self) -> None:
        """Hold the answer against another one."""
        self.compare()

    def action_copy(self) -> None:
        """Choose what to copy."""
        self.copy()

    def action_turn_page(self, step: int) -> None:
        """Ask for the next page, or the one before."""
        self.turn_page(step)

    def action_fetch_all(self) -> None:
        """Ask for all pages."""
        self.fetch_all()

    def action_paste_curl(self) -> None:
        """Make a request of a curl command."""
        self.paste_curl()

    def action_import_description(self) -> None:
        """Add the endpoints of an OpenAPI description."""
        self.import_description()

    def action_refresh_users(self) -> None:
        """Ask for the users again, or sign in again where that failed."""
        self.notice.clear()  # It may tell of the last attempt, which is over; one that succeeds has nothing to tell.
        if self.is_signed_in:
            self.list_users()
        else:
            self.connect()

    def action_cancel(self) -> None:
        """Cancel what is under way; whoever was acted as before still is."""
        running = {worker.group for worker in self.workers if worker.node is self and worker.is_running}
        running -= {"stop_acting", "history", "recall", "check_body", "measure_file"}
        if self.stop_streaming():
            return
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
        elif self.notice.display:
            self.notice.clear()
        else:
            self.go_back()

    def find_users(self, text: str) -> Sequence[User]:
        """Those who match, the ones acted as lately first; nobody but those where nothing is typed."""
        recent = [User(identity.id, identity.name) for identity in self.session.recent] if self.session else []
        words = fold(text).split()
        known = [user for user in recent if user.id and all(word in fold(f"{user.name} {user.id}") for word in words)]
        return [*known, *(self.users.find(text) if words else ())]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only what can be done now."""
        session = self.session
        if action == "stop_acting":
            return session is not None and session.active != GENERIC
        if action == "act_as_previous":
            return session is not None and session.previous is not None
        if action in {"turn_page", "fetch_all"}:
            return self.has_pages
        if action == "compare":
            return self.answer.exchange is not None
        return action != "send" or (session is not None and (self.request.is_ready or self.explorer.has_focus_within))
