"""Four panes: side by side where there is room, by turns where there is none."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.models import Draft, Exchange, Identity, UserList
from tui.bindings import format_keys, key_label
from tui.panes.explorer import ExplorerPane
from tui.panes.identity import IdentityBar, called
from tui.panes.request.pane import RequestPane
from tui.panes.response.decode import DecodedBody
from tui.panes.response.pane import ResponsePane
from tui.panes.users import UsersPane
from tui.screens.exploring import ExploringScreen
from tui.screens.opening import BREAKPOINTS, TAKING_TURNS, breakpoint_class
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Notice


class TurnsScreen(ExploringScreen):
    """Users, explorer, request and answer, under the identity bar, and the ways from one to the other."""

    AUTO_FOCUS = ""  # The users get it: Textual would have given it to the filter before.
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    _shown = "users"
    _is_zoomed = False
    _is_sent_from_explorer = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="filter", tooltip="Filter the list in focus"),
        Binding("1", "go_to('users')", "Users", show=False, id="go_to_users", tooltip="Go to the users"),
        Binding("2", "go_to('explorer')", "Explorer", show=False, id="go_to_explorer", tooltip="Go to the explorer"),
        Binding("3", "go_to('request')", "Request", show=False, id="go_to_request", tooltip="Go to the request"),
        Binding("4", "go_to('answer')", "Answer", show=False, id="go_to_answer", tooltip="Go to the answer"),
        Binding("z", "zoom", "Zoom", show=False, id="zoom", tooltip="One pane as large as the window, or all again"),
    ]

    def compose(self) -> ComposeResult:
        """Bar, panes, notice, footer."""
        self.add_class(breakpoint_class(self.app.size.width))
        yield IdentityBar()
        with Container(id="panes", classes=self._turn):
            with Container(id="choosing"):
                yield UsersPane()
                yield ExplorerPane(ENDPOINTS)
            with Container(id="asking"):
                yield RequestPane()
                yield ResponsePane()
        yield Notice()
        yield KeyBar()

    def on_mount(self) -> None:
        """The users come first: those who are there already are in the first frame."""
        self.users.focus_list()
        if self._beginning:
            self._beginning.shows = self.show_users_so_far
            if self._beginning.so_far:
                self.users.show_so_far(self._beginning.so_far)

    # What is seen of the session

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "error"
    ) -> None:
        """Say what happened, and what to do, above the footer."""
        self.notice.tell(message, advice, severity)

    def tell_unasked(
        self, message: str, advice: str = "", severity: Literal["information", "warning"] = "warning"
    ) -> None:
        """Say it beside what else is told there."""
        self.notice.tell_unasked(message, advice, severity)

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
            doing = "Signed in" if identity.is_oneself else "Acting"
            self.tell(
                f"{doing} as {called(identity)}.",
                format_keys("{go_to_explorer|2} opens the explorer, {stop_acting|x} stops."),
                "information",
            )

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say it in the answer's pane; go there, unless it is in sight beside the explorer."""
        self.notice.clear()
        if not self.answer.has_focus_within:
            self._is_sent_from_explorer = self.explorer.has_focus_within
        self.answer.show_sending(draft, identity)
        if self.takes_turns or not self.explorer.has_focus_within:
            self.go_to("answer")

    def show_progress(self, draft: Draft, identity: Identity, sent: int, whole: int) -> None:
        """Say it in the answer's pane."""
        self.answer.show_progress(draft, identity, sent, whole)

    def show_answer(self, exchange: Exchange, reading: DecodedBody) -> None:
        """Show it in its pane."""
        self.answer.show_exchange(exchange, reading)

    def begin_stream(self, words: Content) -> None:
        """Show an answer that is told bit by bit in its pane."""
        self.answer.begin_stream(words)

    def append_stream(self, words: Content, lines: list[str], *, anew: bool) -> None:
        """Go on with it."""
        self.answer.append_stream(words, lines, anew=anew)

    def show_no_answer(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say it in the answer's pane."""
        self.answer.show_failed(draft, identity, message, advice)

    # The ways from one to the other

    def action_filter(self) -> None:
        """Filter the list in the pane that has the focus."""
        if self.explorer.has_focus_within:
            self.explorer.focus_filter()
        else:
            self.show_pane("users")
            self.users.focus_filter()

    def action_go_to(self, pane: str) -> None:
        """Go to a pane."""
        self.go_to(pane)

    def action_zoom(self) -> None:
        """Let the panes take turns where there is room for all of them too, or no longer."""
        self._is_zoomed = not self._is_zoomed
        self.HORIZONTAL_BREAKPOINTS = BREAKPOINTS[:1] if self._is_zoomed else BREAKPOINTS
        self.remove_class(*(name for _, name in BREAKPOINTS))
        self.add_class(BREAKPOINTS[0][1] if self._is_zoomed else breakpoint_class(self.app.size.width))
        self._take_turns()
        self._title_panes()

    def go_to(self, pane: str) -> None:
        """Show a pane and give it the focus."""
        self.show_pane(pane)
        {
            "users": self.users.focus_list,
            "explorer": self.explorer.focus_list,
            "request": self.request.focus_form,
            "answer": self.answer.focus_document,
        }[pane]()

    def show_pane(self, pane: str) -> None:
        """Where the panes take turns, it is this one's."""
        self._shown = pane
        self._take_turns()

    def go_back(self) -> None:
        """To the explorer, from the request and from an answer to what was sent there; elsewhere letters are keys."""
        if self.request.has_focus_within or (self.answer.has_focus_within and self._is_sent_from_explorer):
            self.go_to("explorer")

    @on(events.ScreenResume)
    def _disarm(self) -> None:
        """Whatever was closed over it, Enter sends nothing now: the button is reached by Tab alone."""
        for pane in self.query(RequestPane):  # none before the first frame
            pane.disarm()

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        """Where the panes take turns, show the one that has the focus."""
        for pane in ("users", "explorer", "request", "answer"):
            if self.query_one(f"#{pane}") in event.widget.ancestors:
                self.show_pane(pane)

    @on(events.Resize)
    def _take_turns(self) -> None:
        # Where all are seen at once, no style needs to be applied anew because another one has the focus.
        self.query_one("#panes").set_classes(self._turn)

    @on(events.Resize)
    def _title_panes(self) -> None:
        """Where the panes take turns, each names the others too."""
        panes = (self.users, self.explorer, self.request, self.answer)
        for shown in panes:
            others = self.takes_turns
            titles = [_pane_title(pane, is_shown=pane is shown) for pane in panes if others or pane is shown]
            shown.border_title = Content("  ").join(titles)

    @property
    def takes_turns(self) -> bool:
        """Whether one pane is shown at a time."""
        width = self.app.size.width  # The screen's own is not known before it is laid out.
        return self._is_zoomed or width < TAKING_TURNS

    @property
    def _turn(self) -> str:
        """The class that shows one pane only."""
        return f"-show-{self._shown}" if self.takes_turns else ""

    @property
    def users(self) -> UsersPane:
        """Whom one can act as."""
        return self.query_one(UsersPane)

    @property
    def notice(self) -> Notice:
        """What happened last."""
        return self.query_one(Notice)


def _pane_title(pane: Widget, *, is_shown: bool) -> Content:
    number, _, name = str(getattr(type(pane), "BORDER_TITLE", "")).partition(" ")
    title = f"{key_label(f'go_to_{pane.id}', number)} {name}"
    return Content(title) if is_shown else Content.styled(title, "not bold $foreground-disabled")
