"""The main screen: what its keys do, and where what happens is seen."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import APPLICATION, Draft, User
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.errors import RequestRejectedError
from tui.panes.explorer import ExplorerPane
from tui.panes.request.pane import RequestPane
from tui.panes.users import UsersPane
from tui.screens.guiding import GuidingScreen

_NOT_CANCELLED = {"stop_acting", "history", "recall", "check_body", "measure_file"}
"""Work that is over in a moment, or has to come to its end."""


class MainScreen(GuidingScreen):
    """Users, explorer, request and answer, under the identity bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop_acting", "Stop acting", id="stop_acting", tooltip="Be the generic identity again"),
        Binding("minus", "act_as_previous", "Previous", id="act_as_previous", tooltip="Act as the identity before"),
        Binding("h", "open_history", "History", id="open_history", tooltip="See what was asked, and ask it again"),
        Binding("m", "matrix", "Matrix", id="matrix", tooltip="Ask the same as many users, and see who can reach what"),
        Binding("U", "unmark", "Unmark all", show=False, id="unmark", tooltip="Mark nobody and nothing any more"),
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
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "send",
            "Send",
            key_display="F5",
            id="send",
            tooltip="Send the request that is made ready",
        ),
        Binding("escape", "cancel", "Cancel", show=False, id="cancel", tooltip="Cancel what is under way, or go back"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help", tooltip="Keys and words explained"),
        Binding(
            "colon", "app.command_palette", "Commands", show=False, id="commands", tooltip="Find a command by its name"
        ),
    ]

    # What the person does

    @on(UsersPane.Chosen)
    def _choose_user(self, event: UsersPane.Chosen) -> None:
        self.act_as(event.user)

    @on(ExplorerPane.Chosen)
    async def _choose_endpoint(self, event: ExplorerPane.Chosen) -> None:
        event.stop()
        if event.endpoint.is_path_unknown:
            self.open_endpoint(event.endpoint)
        else:
            await self._make_ready(event.endpoint)  # what is typed meanwhile waits for its fields

    @work(group="open", exclusive=True)
    async def open_endpoint(self, chosen: Endpoint) -> None:
        """Make a request of an endpoint."""
        endpoint = await self._asked(chosen)
        if endpoint:
            await self._make_ready(endpoint)

    async def _make_ready(self, endpoint: Endpoint) -> None:
        await self.request.open(endpoint)
        self.go_to("request")
        self.refresh_bindings()

    async def _asked(self, endpoint: Endpoint) -> Endpoint | None:
        """The endpoint, completed by the person where it is known by name only."""
        return await self.complete(endpoint) if endpoint.is_path_unknown else endpoint

    @on(RequestPane.Submitted)
    def _submit(self, event: RequestPane.Submitted) -> None:
        event.stop()
        if self.session and self.is_signed_in:
            self.send_form(event.form, self.session.active, event.endpoint, self.request.values)
        else:
            self.tell("Not signed in.", format_keys("{refresh_users|Ctrl+R} signs in."), "warning")

    @on(RequestPane.LastLineTaken)
    def _tell_what_sends(self, event: RequestPane.LastLineTaken) -> None:
        event.stop()
        self.tell(format_keys("{send|F5} sends it."), "", "information")

    async def action_send(self) -> None:
        """Send the request that is made ready; in the explorer, the one under the cursor."""
        chosen = self.explorer.under_cursor if self.explorer.has_focus_within else None
        if isinstance(chosen, Endpoint) and not chosen.is_path_unknown:
            if self.request.endpoint != chosen:
                await self.request.open(chosen)
            try:
                self.request.draft()
            except RequestRejectedError as refusal:
                self.go_to("request")
                if not self.request.look_for_missing_file():
                    self.tell(refusal.message, refusal.advice, "warning")
                return
        self.request.action_submit()

    @on(RequestPane.BodyTyped)
    @work(group="check_body", exclusive=True)
    async def _check_body(self, event: RequestPane.BodyTyped) -> None:
        event.stop()
        self.request.show_faults(event.text, await run_in_thread(event.schema.faults, event.text))

    def request_to_copy(self) -> Draft | None:
        """The request as it is typed just now, or else the one that was answered last."""
        try:
            return self.request.draft()
        except RequestRejectedError:
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

    def action_matrix(self) -> None:
        """Plan a matrix, and look at it."""
        self.open_matrix()

    def action_unmark(self) -> None:
        """Mark nobody and nothing."""
        self.clear_marks()

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
        running -= _NOT_CANCELLED | ({"send"} if self.is_answered else set())
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
        elif self.end_tour():
            return
        elif self.notice.is_telling:
            self.notice.clear(unasked=True)
        else:
            self.go_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: PLR0911 - one for each
        """Offer only what can be done now."""
        session = self.session
        if action == "stop_acting":
            return session is not None and session.active != APPLICATION
        if action == "act_as_previous":
            return session is not None and session.previous is not None
        if action in {"turn_page", "fetch_all"}:
            return self.has_pages
        if action in {"matrix", "unmark"}:
            return self.has_marks if action == "unmark" else self.is_signed_in
        if action == "compare":
            return self.answer.exchange is not None
        if action == "send":
            return session is not None and (self.request.is_ready or self.explorer.has_focus_within)
        return super().check_action(action, parameters)
