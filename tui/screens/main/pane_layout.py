"""Layout of the four panes: side by side if there is room, else one at a time."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.model import Endpoint
from tui.key_labels import key_label
from tui.panes.explorer import ExplorerPane
from tui.panes.request.pane import RequestPane
from tui.panes.response.pane import ResponsePane
from tui.panes.user_card import CardContent, UserCard
from tui.panes.users import UsersPane
from tui.screens.splash import BREAKPOINTS, TAKING_TURNS, breakpoint_class
from tui.widgets.notice import Notice


class PaneLayout:
    """The panes of the main screen: shows them, and moves the focus between them.

    Args:
        screen: the screen, whose classes reflect the size of the window.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self.users, self.explorer = UsersPane(), ExplorerPane(ENDPOINTS)
        self.request, self.response = RequestPane(), ResponsePane()
        self.card = UserCard()
        self.notice = Notice()
        self._screen = screen
        self._panes: tuple[Widget, ...] = (self.users, self.explorer, self.request, self.response)
        self._shown: Widget = self.users
        self._is_zoomed = False
        self._has_card = False
        self._is_sent_from_explorer = False

    def compose(self) -> ComposeResult:
        """Compose the panes except the notice. The screen has its width class before the first layout."""
        self._screen.add_class(breakpoint_class(self._screen.app.size.width))
        with Container(id="panes", classes=self._turn):
            with Container(id="choosing"):
                yield self.users
                yield self.explorer
            with Container(id="exchange"):
                yield self.card
                yield self.request
                yield self.response

    @property
    def has_request(self) -> bool:
        """Whether there is a request to send: in the explorer, that of the endpoint under the cursor."""
        if self.explorer.has_focus_within and not self.request.is_raw:
            return isinstance(self.explorer.under_cursor, Endpoint)
        return self.request.is_ready

    # Room

    def fit(self) -> None:
        """Fit the panes to the window."""
        self._take_turns()
        self._title_panes()

    def zoom(self) -> None:
        """Show one pane at a time even if there is room for all, or stop doing so."""
        self._is_zoomed = not self._is_zoomed
        self._screen.HORIZONTAL_BREAKPOINTS = BREAKPOINTS[:1] if self._is_zoomed else BREAKPOINTS
        self._screen.remove_class(*(name for _, name in BREAKPOINTS))
        self._screen.add_class(BREAKPOINTS[0][1] if self._is_zoomed else breakpoint_class(self._screen.app.size.width))
        self.fit()

    @property
    def takes_turns(self) -> bool:
        """Whether one pane is shown at a time."""
        width = self._screen.app.size.width  # The screen's own size is unknown before its first layout.
        return self._is_zoomed or width < TAKING_TURNS

    @property
    def _turn(self) -> str:
        """CSS class that shows a single pane."""
        return f"-show-{self._shown.id}" if self.takes_turns else ""

    def show_card(self, content: CardContent | None) -> None:
        """Show the card of a user in place of the request and the response; None shows these again."""
        if content:
            self.card.show(content)
        if self._has_card != bool(content):
            self._has_card = bool(content)
            self._screen.query_one("#exchange").set_class(self._has_card, "-card")

    @property
    def shows_response(self) -> bool:
        """Whether the response pane can be seen."""
        return self._shown is self.response if self.takes_turns else not self._has_card

    # Going from one pane to another

    def go_to(self, pane: str) -> None:
        """Show the pane of that id, and give it the focus."""
        if pane in {self.request.id, self.response.id}:
            self.show_card(None)
        {
            "users": self.users.focus_list,
            "explorer": self.explorer.focus_list,
            "request": self.request.focus_form,
            "response": self.response.focus_document,
        }[self._show(next(each for each in self._panes if each.id == pane))]()

    def go_back(self) -> None:
        """Clear the filter of the list in focus, else go where `back_label` says."""
        if pane := self._filtered_list:
            pane.clear_filter()
            self._screen.refresh_bindings()
        elif self.back_label:
            self.go_to("explorer")

    @property
    def back_label(self) -> str:
        """What Esc does: clear the filter of a list, or go to the explorer; empty if it does nothing."""
        if self._filtered_list:
            return "Clear"
        is_at_response = self.response.has_focus_within and self._is_sent_from_explorer
        return "Explorer" if self.request.has_focus_within or is_at_response else ""

    @property
    def _filtered_list(self) -> UsersPane | ExplorerPane | None:
        lists = (self.users, self.explorer)
        return next((each for each in lists if each.has_focus_within and each.filter_text), None)

    def go_to_response(self) -> None:
        """Go to the response pane from the request, which folds, and where it would not be visible."""
        if not self.response.has_focus_within:
            self._is_sent_from_explorer = self.explorer.has_focus_within
        if self.takes_turns or self.request.has_focus_within:
            self.go_to("response")

    def text_at_cursor(self) -> str:
        """Return the text under the cursor of the pane that has the focus."""
        panes = (self.users, self.explorer, self.request, self.response)
        return next((pane.text_at_cursor for pane in panes if pane.has_focus_within), "")

    def focus_filter(self) -> None:
        """Go to the filter of the focused list: the explorer's, else the users'."""
        if self.explorer.has_focus_within:
            self.explorer.focus_filter()
        else:
            self._show(self.users)
            self.users.focus_filter()

    def follow_focus(self, event: events.DescendantFocus) -> None:
        """Show the focused pane if panes take turns."""
        for pane in self._panes:
            if pane in event.widget.ancestors:
                self._show(pane)

    def _show(self, pane: Widget) -> str:
        self._shown = pane
        self._take_turns()
        return pane.id or ""

    def _take_turns(self) -> None:
        # If all panes are visible, a change of focus needs no new styles.
        self._screen.query_one("#panes").set_classes(self._turn)

    def _title_panes(self) -> None:
        """Title the panes; if they take turns, each title also names the others."""
        for shown in self._panes:
            named = self._panes if self.takes_turns else (shown,)
            shown.border_title = Content("  ").join(_title(pane, is_shown=pane is shown) for pane in named)


def _title(pane: Widget, *, is_shown: bool) -> Content:
    number, _, name = pane.BORDER_TITLE.partition(" ")
    title = f"{key_label(f'go_to_{pane.id}', number)} {name}"
    return Content(title) if is_shown else Content.styled(title, "not bold $foreground-disabled")
