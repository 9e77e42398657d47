"""What the right side shows while nothing was sent: the user, or the endpoint's form, under the cursor."""

from __future__ import annotations

import time
from datetime import datetime

from textual.screen import Screen
from textual.timer import Timer

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import User
from tui.airisk.users.ids import is_among
from tui.panes.user_card import CardContent
from tui.screens.main.controller import Controller
from tui.screens.main.history_controller import HistoryController
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState

_AT_REST = 0.05
"""Seconds without a move after which anything is shown, so that no key waits for it while one is held down."""


class CursorController(Controller):
    """Shows beside a list what its cursor is on. Nothing is sent for it.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
        history: knows what was sent as a user.
    """

    def __init__(
        self, screen: Screen[None], state: MainState, panes: PaneLayout, *, history: HistoryController
    ) -> None:
        super().__init__(screen, state, panes)
        self._history = history
        self._has_moved = True
        self._user: User | None = None
        self._sent_as: dict[str, tuple[int, datetime | None]] = {}
        self._moved_at = 0.0
        self._rest: Timer | None = None
        state.watch(panes.users, lambda: state.active, lambda _: self._show_card())
        state.watch(panes.response, lambda: (state.sends, state.exchange), lambda _: self._show_response())

    def point_at_user(self) -> None:
        """Show the user under the cursor once the cursor rests, if it has moved to another one."""
        user = self._panes.users.user_under_cursor
        if user is not self._user:
            self._user, self._has_moved = user, True
            self._follow()

    def point_at_endpoint(self) -> None:
        """Show the form of the endpoint under the cursor once the cursor rests."""
        self._follow()

    async def rest_now(self) -> None:
        """Show the form of the endpoint under the cursor at once: a key is about to go there."""
        if endpoint := self._endpoint_to_show:
            await self._prepare(endpoint)

    def follow_focus(self) -> None:
        """Show the card only while the users have the focus."""
        self._show_card()
        self._follow()

    def _follow(self) -> None:
        self._moved_at = time.monotonic()
        if self._rest is None:
            self._rest = self._screen.set_timer(_AT_REST, self._look)

    def _look(self) -> None:
        """Show what the cursor is on, or wait on if it has moved again."""
        left = self._moved_at + _AT_REST - time.monotonic()
        self._rest = self._screen.set_timer(left, self._look) if left > 0 else None
        if self._rest is None:
            self._show()

    def _show_response(self) -> None:
        """Show the response, until the cursor moves to another user, and leave it the room."""
        self._has_moved = False
        self._sent_as.clear()
        self._show_card()
        self._panes.request.fold()

    def _show_card(self) -> None:
        panes = self._panes
        user = panes.users.user_under_cursor
        is_shown = user is not None and self._has_moved and panes.users.has_focus_within
        panes.show_card(self._card_of(user) if user and is_shown else None)

    def _card_of(self, user: User) -> CardContent:
        session = self._state.session
        requests, last = self._sent_as.get(user.id, (None, None))
        return CardContent(
            user,
            self._panes.users.user_list.columns,
            is_active=self._state.is_active(user),
            is_protected=session is not None and is_among(user.id, session.settings.protected_users),
            requests=requests,
            last=last,
            access=self._state.access_of(user.id),
            is_preselected=self._panes.users.is_at_preselected,
        )

    def _show(self) -> None:
        self._show_card()
        self._screen.refresh_bindings()  # Some keys are for some endpoints only.
        panes = self._panes
        user = panes.users.user_under_cursor
        if panes.users.has_focus_within and user and user.id not in self._sent_as:
            self.start_lasting("card", self._read_history, user)
        elif endpoint := self._endpoint_to_show:
            self.start_lasting("preview", self._prepare, endpoint)

    @property
    def _endpoint_to_show(self) -> Endpoint | None:
        """The endpoint under the cursor of the explorer, if that has the focus."""
        panes = self._panes
        endpoint = panes.explorer.under_cursor if panes.explorer.has_focus_within else None
        return endpoint if isinstance(endpoint, Endpoint) and not panes.request.is_raw else None

    async def _read_history(self, user: User) -> None:
        self._sent_as[user.id] = await self._history.sent_as(user)
        self._show_card()

    async def _prepare(self, endpoint: Endpoint) -> None:
        if endpoint == self._endpoint_to_show and self._panes.request.endpoint != endpoint:
            await self._panes.request.open(endpoint)
            self._screen.refresh_bindings()  # Now there is a request to send.
