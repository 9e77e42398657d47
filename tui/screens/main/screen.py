"""The main screen: its panes, and the effect of each key and message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import User
from tui.config.settings import RawSettings
from tui.key_labels import format_keys, key_in_words, own_keys
from tui.panes.explorer import EndpointTable, ExplorerPane
from tui.panes.request.editors import BodyText
from tui.panes.request.fields import FileInput
from tui.panes.request.pane import RequestPane
from tui.panes.response.pane import ResponsePane
from tui.panes.users import UsersPane, UsersTable
from tui.screens.common_bindings import COMMANDS, HELP, STOP_ACTING
from tui.screens.main.controller import SecretRequired
from tui.screens.main.cursor_controller import CursorController
from tui.screens.main.endpoint_controller import EndpointController
from tui.screens.main.history_controller import HistoryController
from tui.screens.main.identity_controller import IdentityController
from tui.screens.main.matrix_launcher import MatrixLauncher
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.request_controller import RequestController
from tui.screens.main.request_tools import RequestTools
from tui.screens.main.response_controller import ResponseController
from tui.screens.main.session_controller import SessionController
from tui.screens.main.state import MainState
from tui.screens.main.talk_controller import TalkController
from tui.screens.main.tour import Tour
from tui.screens.splash import BREAKPOINTS
from tui.textual_ext.screens import QuietStartScreen
from tui.widgets.identity_bar import IdentityBar, IdentityStatus, show_status
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.json_viewer.viewer import JsonViewer
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Severity
from tui.widgets.spinner import MOVES_FROM
from tui.widgets.table.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui.screens.splash import EarlyStart


class MainScreen(QuietStartScreen[None]):
    """Users, explorer, request and response, under the identity bar.

    Args:
        raw_settings: the raw settings.
        has_keyring: whether the secret may be read from the OS keyring.
        early_start: the splash screen's early start.
    """

    AUTO_FOCUS = ""  # The users get the focus. Textual would give it to the filter.
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - as Screen declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter the list in focus"),
        Binding(
            "y", "copy", "Copy", id="copy", tooltip="Copy what is under the cursor: user ID, endpoint path or value"
        ),
        Binding(
            "A", "talk", "Talk", id="talk", tooltip="Talk to an agent: the one under the cursor, or one that you choose"
        ),
        Binding(
            "right_square_bracket",
            "turn_page(1)",
            "Next page",
            key_display="]",
            id="next_page",
            tooltip="Request the next page; elsewhere, show the response after this one",
        ),
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "send",
            "Send",
            key_display="F5",
            id="send",
            tooltip="Send the request",
        ),
        Binding("1,alt+1", "go_to('users')", "Users", show=False, id="go_to_users", tooltip="Go to the users"),
        Binding(
            "2,alt+2", "go_to('explorer')", "Explorer", show=False, id="go_to_explorer", tooltip="Go to the explorer"
        ),
        Binding("3,alt+3", "go_to('request')", "Request", show=False, id="go_to_request", tooltip="Go to the request"),
        Binding(
            "4,alt+4", "go_to('response')", "Response", show=False, id="go_to_response", tooltip="Go to the response"
        ),
        Binding(
            "J",
            "scroll_response(1)",
            "Response down",
            show=False,
            id="response_page_down",
            tooltip="Scroll the response one page down, where it is visible",
        ),
        Binding(
            "K",
            "scroll_response(-1)",
            "Response up",
            show=False,
            id="response_page_up",
            tooltip="Scroll the response one page up, where it is visible",
        ),
        Binding("z", "zoom", "Zoom", show=False, id="zoom", tooltip="Maximize this pane, or restore all four"),
        Binding("ctrl+t", "tour", "Tour", show=False, id="tour", tooltip="Take the two-minute tour"),
        Binding(
            "f2",
            "check_connection",
            "Check",
            show=False,
            id="check_connection",
            tooltip="Check the connection, step by step: settings, secret, TLS, code, token, list",
        ),
        STOP_ACTING,
        Binding(
            "W",
            "allow_changes",
            "Allow changes",
            show=False,
            id="allow_changes",
            tooltip="Allow changes until you stop acting, if acting began read-only (AIRISK_ACT_READ_ONLY)",
        ),
        Binding("minus", "act_as_previous", "Previous", id="act_as_previous", tooltip="Act as the previous user"),
        Binding("h", "open_history", "History", id="open_history", tooltip="Show past requests and resend them"),
        Binding(
            "m",
            "matrix",
            "Matrix",
            id="matrix",
            tooltip="Send the same requests as many users and compare their access",
        ),
        Binding("U", "unmark", "Unmark all", show=False, id="unmark", tooltip="Clear all marks"),
        Binding(
            "c",
            "compare",
            "Compare",
            id="compare",
            tooltip="Compare this response with another user's or an earlier one",
        ),
        Binding(
            "Y",
            "copy_as",
            "Copy as",
            show=False,
            id="copy_as",
            tooltip="Copy the request as curl, Python or a command, or a part of the response",
        ),
        Binding(
            "left_square_bracket",
            "turn_page(-1)",
            "Previous page",
            key_display="[",
            show=False,
            id="previous_page",
            tooltip="Request the previous page; elsewhere, show the previous response",
        ),
        Binding("a", "fetch_all", "All pages", show=False, id="fetch_all", tooltip="Fetch all pages and join them"),
        Binding(
            "p", "paste_curl", "Paste curl", show=False, id="paste_curl", tooltip="Create a request from a curl command"
        ),
        Binding(
            "o",
            "import_description",
            "OpenAPI",
            show=False,
            id="import_description",
            tooltip="Import endpoints from an OpenAPI description",
        ),
        Binding(
            "ctrl+r", "refresh_users", "Reload users", show=False, id="refresh_users", tooltip="Reload the user list"
        ),
        Binding(
            "escape",
            "cancel",
            "Cancel",
            id="cancel",
            tooltip="Cancel the current operation, clear the filter, or go back",
        ),
        HELP,
        COMMANDS,
    ]

    def __init__(self, raw_settings: RawSettings, *, has_keyring: bool, early_start: EarlyStart | None = None) -> None:
        super().__init__()
        splash = early_start.status if early_start else IdentityStatus()
        self.state = state = MainState(raw_settings, has_keyring=has_keyring, splash=splash)
        self.panes = panes = PaneLayout(self)
        self.tour = Tour(state, panes)
        self.identity = IdentityController(self, state, panes)
        self.session = SessionController(self, state, panes, identity=self.identity, early_start=early_start)
        self.tools = RequestTools(self, state, panes)
        self.endpoints = EndpointController(self, state, panes)
        self.history = HistoryController(self, state, panes, identity=self.identity, tools=self.tools)
        self.requests = RequestController(
            self, state, panes, identity=self.identity, endpoints=self.endpoints, history=self.history
        )
        self.responses = ResponseController(self, state, panes, identity=self.identity, requests=self.requests)
        self.talk = TalkController(self, state, panes, requests=self.requests)
        self.matrix = MatrixLauncher(self, state, panes)
        self.cursor = CursorController(self, state, panes, history=self.history)
        self.controllers = (
            self.requests,
            self.identity,
            self.session,
            self.responses,
            self.talk,
            self.tools,
            self.endpoints,
            self.history,
            self.matrix,
            self.cursor,
        )
        self._is_offered: dict[str, Callable[[], bool]] = {
            "filter": lambda: not (panes.request.has_focus_within or panes.response.has_focus_within),
            "allow_changes": lambda: self.identity.can_allow_changes,
            "act_as_previous": lambda: state.previous is not None,
            "turn_page": lambda: state.has_pages or len(state.earlier) > 1,
            "scroll_response": lambda: panes.shows_response,
            "fetch_all": lambda: state.has_pages,
            "matrix": lambda: state.is_signed_in,
            "unmark": lambda: self.matrix.has_marks,
            "compare": lambda: state.exchange is not None,
            "send": lambda: bool(state.session) and panes.has_request,
            "tour": lambda: state.raw_settings.is_demo,
        }
        state.watch(self, lambda: state.identity_status, lambda status: show_status(self.app, status))
        state.follow(self, self.refresh_bindings)

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the panes, the notice and the footer."""
        yield IdentityBar()
        yield from self.panes.compose()
        if self.state.raw_settings.is_demo:
            yield self.tour.pane
        yield self.panes.notice
        yield KeyBar()

    def on_mount(self) -> None:
        """Show users that are already listed in the first frame, then sign in."""
        self.panes.users.focus_list()
        self.session.show_early_users()
        self.identity.start_clock()
        self.call_later(self.session.connect)  # A refresh may be that of a dialog, whose end would forget the call.

    async def on_unmount(self) -> None:
        """Close the history, end the act, and drop all connections."""
        await self.history.close()
        await self.session.close()

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: the next page where there is one, and where Esc leads; an empty one hides its key."""
        has_page = self.responses.turns_pages(1) and self.panes.response.has_focus_within
        page = {} if has_page else {"next_page": ""}
        is_running = any(each.is_noticeably_busy for each in self.controllers)
        page |= {} if self.talk.is_near else {"talk": ""}
        return page | ({} if is_running else {"cancel": self.panes.back_label})

    @on(Worker.StateChanged)
    def _show_where_escape_leads(self, event: Worker.StateChanged) -> None:
        """Show that Esc cancels, once there has been work for a while that it can cancel."""
        if event.state is WorkerState.RUNNING:
            self.set_timer(MOVES_FROM, self.refresh_bindings)
        elif event.worker.is_finished:
            self.refresh_bindings()

    # For the app and its command palette

    @property
    def raw_settings(self) -> RawSettings:
        """The raw settings."""
        return self.state.raw_settings

    @property
    def signed_in_with(self) -> RawSettings | None:
        """The settings that AIRisk has accepted; None before."""
        return self.session.signed_in_with

    def show_message(self, message: str, advice: str = "", severity: Severity = "error") -> None:
        """Show a message above the footer."""
        self.panes.notice.show_message(message, advice, severity)

    def find_users(self, text: str) -> Sequence[User]:
        """Return the users who match, recent identities first."""
        return self.identity.find_users(text)

    def act_as(self, user: User) -> None:
        """Act as a user, and go to them in the list."""
        self.panes.users.point_at(user)
        self.identity.act_as(user)

    def stop_acting(self) -> None:
        """Stop acting."""
        self.identity.stop()

    def find_endpoints(self, text: str) -> Sequence[Endpoint]:
        """Return the endpoints that match, recently used ones first."""
        return self.endpoints.find(text)

    def open_endpoint(self, endpoint: Endpoint) -> None:
        """Open an endpoint in the form."""
        self.endpoints.open_endpoint(endpoint)

    # Messages of the panes

    @on(UsersPane.Chosen)
    def _act_as_chosen(self, event: UsersPane.Chosen) -> None:
        self.identity.act_as(event.user)

    @on(UsersPane.Pointed)
    def _show_user(self, event: UsersPane.Pointed) -> None:
        event.stop()
        self.cursor.point_at_user()

    @on(ExplorerPane.Pointed)
    def _show_endpoint(self, event: ExplorerPane.Pointed) -> None:
        event.stop()
        self.cursor.point_at_endpoint()

    @on(ExplorerPane.Chosen)
    async def _open_chosen(self, event: ExplorerPane.Chosen) -> None:
        event.stop()
        await self.endpoints.choose(event.endpoint)

    @on(ExplorerPane.FavoriteToggled)
    async def _favor(self, event: ExplorerPane.FavoriteToggled) -> None:
        event.stop()
        await self.endpoints.favor(event.endpoint)

    @on(RequestPane.Submitted)
    def _send_form(self, event: RequestPane.Submitted) -> None:
        event.stop()
        self.requests.send_form(event.form, event.endpoint)

    @on(RequestPane.LastLineTaken)
    def _show_what_sends(self, event: RequestPane.LastLineTaken) -> None:
        event.stop()
        self.show_message(format_keys("Press {send|F5} to send the request."), "", "information")

    @on(RequestPane.BodyTyped)
    def _check_body(self, event: RequestPane.BodyTyped) -> None:
        event.stop()
        self.tools.check_body(event.schema, event.text)

    @on(RequestPane.FileNamed)
    def _measure_file(self, event: RequestPane.FileNamed) -> None:
        event.stop()
        self.tools.measure_file(event.path)

    @on(FileInput.BrowseRequested)
    def _find_file(self, event: FileInput.BrowseRequested) -> None:
        event.stop()
        self.tools.find_file(event.file_input)

    @on(BodyText.ElsewhereWanted)
    def _edit_body(self, event: BodyText.ElsewhereWanted) -> None:
        event.stop()
        self.tools.edit_body(event.body_text)

    @on(ResponsePane.SaveWanted)
    def _save(self, event: ResponsePane.SaveWanted) -> None:
        event.stop()
        self.responses.save()

    @on(ResponsePane.ViewWanted)
    def _view(self, event: ResponsePane.ViewWanted) -> None:
        event.stop()
        self.responses.view(in_editor=event.in_editor)

    @on(ResponsePane.KeepWanted)
    async def _save_value(self, event: ResponsePane.KeepWanted) -> None:
        event.stop()
        await self.responses.save_value(event.path, event.value)

    # Messages of the controllers

    @on(SessionController.SignedIn)
    def _recall_endpoints(self, event: SessionController.SignedIn) -> None:
        self.endpoints.recall(event.session)

    @on(SecretRequired)
    def _prompt_for_secret(self, event: SecretRequired) -> None:
        self.session.connect(event.error)

    # Events

    @on(events.ScreenResume)
    def _disarm(self) -> None:
        """Disarm the Send button after another screen closed, so that Enter sends nothing: only Tab reaches it."""
        self.panes.request.disarm()

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        self.panes.follow_focus(event)
        self.cursor.follow_focus()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    @on(UsersPane.Pointed)
    def _advance_tour(self) -> None:
        self.tour.advance()

    def on_key(self, event: events.Key) -> None:
        """Say why a key of this screen does nothing now, or in which pane it acts."""
        if event.key in self.active_bindings:
            return
        in_focus = next((nodes for nodes in _PANES if self.query_one(nodes[0]).has_focus_within), ())
        if why := _WHY_NOT.get(_id_bound_to(event.key, MainScreen, *in_focus)):
            self.show_message(why[0], format_keys(why[1]), "warning")
        elif pane := self._pane_of(event.key):
            number, _, name = pane.BORDER_TITLE.partition(" ")
            advice = format_keys(f"Press {{go_to_{pane.id}|{number}}} to go there.")
            self.show_message(f"{key_in_words(event.key)} acts in the {name} pane only.", advice, "warning")

    def _pane_of(self, key: str) -> Widget | None:
        """Return the only pane in which a key acts, unless it has the focus."""
        found = [self.query_one(nodes[0]) for nodes in _PANES if _id_bound_to(key, *nodes)]
        return found[0] if len(found) == 1 and not found[0].has_focus_within else None

    @on(events.Resize)
    def _fit_panes(self) -> None:
        self.panes.fit()

    # Keys

    def action_filter(self) -> None:
        """Filter the list in focus."""
        self.panes.focus_filter()

    async def action_go_to(self, pane: str) -> None:
        """Go to a pane."""
        if pane == self.panes.request.id:
            await self.cursor.rest_now()
        self.panes.go_to(pane)

    def action_scroll_response(self, step: int) -> None:
        """Scroll the response one page, wherever the focus is."""
        self.panes.response.scroll_page(step)

    def action_zoom(self) -> None:
        """Show one pane in the whole window, or all again."""
        self.panes.zoom()

    def action_tour(self) -> None:
        """Begin the tour."""
        self.tour.begin()

    def action_check_connection(self) -> None:
        """Check every step that signing in depends on; the identity in force stays."""
        from tui.screens.diagnostics import DiagnosticsScreen  # noqa: PLC0415 - it needs httpx

        self.app.push_screen(DiagnosticsScreen(self.state.raw_settings, has_keyring=self.state.has_keyring))

    def action_allow_changes(self) -> None:
        """Allow changes until acting ends."""
        self.identity.allow_changes()

    def action_act_as_previous(self) -> None:
        """Act as the previous identity."""
        self.identity.act_as_previous()

    def action_open_history(self) -> None:
        """Open the history."""
        self.history.open(self.requests.send_draft, self.requests.show)

    def action_matrix(self) -> None:
        """Plan a matrix, and open it."""
        self.matrix.open_matrix()

    def action_unmark(self) -> None:
        """Unmark everything."""
        self.matrix.clear_marks()

    def action_compare(self) -> None:
        """Compare the response with another."""
        self.responses.compare()

    def action_copy(self) -> None:
        """Copy the thing under the cursor."""
        self.responses.copy()

    def action_talk(self) -> None:
        """Talk to an agent."""
        self.talk.open()

    def action_copy_as(self) -> None:
        """Choose what to copy."""
        self.responses.copy_as()

    def action_turn_page(self, step: int) -> None:
        """Request the next page, or the one before. Elsewhere, show the response after this one, or before."""
        if self.responses.turns_pages(step):
            self.requests.turn_page(step)
        else:
            self.responses.show_neighbor(step)

    def action_fetch_all(self) -> None:
        """Request all pages."""
        self.requests.fetch_all()

    def action_paste_curl(self) -> None:
        """Create a request from a curl command."""
        self.tools.paste_curl()

    def action_import_description(self) -> None:
        """Add the endpoints of an OpenAPI description."""
        self.endpoints.import_description()

    def action_refresh_users(self) -> None:
        """List the users again, or sign in again."""
        self.session.refresh()

    async def action_send(self) -> None:
        """Send the request that is shown."""
        await self.requests.submit()

    def action_cancel(self) -> None:
        """Cancel running work, or go back; the identity in force stays."""
        if self.requests.stop_stream():
            return
        is_canceled = [each.cancel() for each in self.controllers]
        if any(is_canceled):
            self.show_message("Canceled.", "", "warning")
        else:
            self.tour.end()
            self.panes.notice.clear(background=True)
            self.panes.go_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only actions that are possible now."""
        is_offered = self._is_offered.get(action)
        return is_offered() if is_offered else super().check_action(action, parameters)


_NO_USER = "No user is under the cursor.", "{clear_filter|Esc} clears a filter, {refresh_users|Ctrl+R} reloads."

_WHY_NOT: dict[str, tuple[str, str]] = {
    "filter": ("Nothing to filter or search here.", "Press {go_to_users|1} or {go_to_explorer|2} for a list."),
    "allow_changes": ("Nothing to allow.", "It is for acting that began read-only (AIRISK_ACT_READ_ONLY)."),
    "stop_acting": ("You are not acting as anyone.", "Press {go_to_users|1} to choose a user."),
    "act_as_previous": ("There is no previous identity yet.", "Press {go_to_users|1} to choose a user."),
    "send": ("Nothing to send yet.", "Press {go_to_explorer|2} to choose an endpoint."),
    "compare": ("No response to compare yet.", "Press {send|F5} to send a request."),
    "matrix": ("Not signed in.", "Press {refresh_users|Ctrl+R} to sign in."),
    "reverse_order": ("The list is not sorted.", "Press {sort_users|t} to sort it."),
    "act_as": _NO_USER,
    "mark_user": _NO_USER,
    "unmark": ("Nothing is marked.", "{mark_user|Space} marks a user or an endpoint."),
    "next_page": ("There is no next response.", "Press {send|F5} to send a request."),
    "previous_page": ("There is no previous response.", "Press {send|F5} to send a request."),
    "response_page_down": ("No response is shown here.", "Press {go_to_response|4} to see it."),
    "response_page_up": ("No response is shown here.", "Press {go_to_response|4} to see it."),
    "fetch_all": ("This response has no pages.", "Lists of conversations have them."),
}
"""Why a key does nothing, and what to do first, by the ids of bindings."""


_PANES: tuple[tuple[type[Widget], ...], ...] = (
    (ResponsePane, JsonViewer, TextView),
    (RequestPane,),
    (UsersPane, UsersTable, VirtualTable),
    (ExplorerPane, EndpointTable, VirtualTable),
)
"""The panes, each with those of its widgets that bind keys of their own."""


def _id_bound_to(key: str, *nodes: type[DOMNode]) -> str:
    """Return the id of the nodes' binding for a key, as the user has bound it; empty if there is none."""
    bound = (binding for node in nodes for binding in node.BINDINGS if isinstance(binding, Binding) and binding.id)
    return next((each.id or "" for each in bound if key in own_keys.get().get(each.id or "", each.key).split(",")), "")
