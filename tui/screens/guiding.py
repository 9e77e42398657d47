"""A screen that leads people: through a connection that fails, round the demo, and to what they name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.timer import Timer

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.models import APPLICATION, User
from tui.airisk.users.search_index import normalize
from tui.screens.marking import MarkingScreen
from tui.widgets.notice import Notice

_SECONDS = 0.1
"""Between one look at what the person has done and the next: nothing else has to know of the tour."""


class GuidingScreen(MarkingScreen):
    """The check of the connection, what the palette finds, and the tour.

    The tour is offered in the demo only; each of its steps ends when it is done.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "tour", "Tour", show=False, id="tour", tooltip="Be taken round in two minutes"),
        Binding(
            "f2",
            "check_connection",
            "Check",
            show=False,
            id="check_connection",
            tooltip="Check the connection, step by step: settings, secret, TLS, code, token, list",
        ),
    ]

    _tour_step = 0
    _looking: Timer | None = None

    def on_mount(self) -> None:
        """Offer the tour where somebody may be new."""
        if self.told.is_demo:
            from tui.panes.tour import TourPane  # noqa: PLC0415 - in the demo only

            self.mount(TourPane(), before=self.query_one(Notice))

    def action_check_connection(self) -> None:
        """Look at each thing that signing in depends on; whoever is acted as still is."""
        from tui.screens.diagnostics import DiagnosticsScreen  # noqa: PLC0415 - when it is asked for

        self.app.push_screen(DiagnosticsScreen(self.told, has_keyring=self.has_keyring))

    def action_tour(self) -> None:
        """Begin, or begin anew."""
        self._tour_step = 0
        self._show_tour_step()
        self._looking = self._looking or self.set_interval(_SECONDS, self._look_at_tour)

    def end_tour(self) -> bool:
        """Take the tour, or its offer, away; return whether there was any."""
        panes = self.query("#tour")
        if self._looking:
            self._looking.stop()
            self._looking = None
        panes.remove()
        return bool(panes)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the tour in the demo only."""
        return self.told.is_demo if action == "tour" else super().check_action(action, parameters)

    def _look_at_tour(self) -> None:
        done: tuple[Callable[[], bool], ...] = (
            lambda: bool(self.users.filter[0]) and not self.users.is_filtering,
            lambda: self.session is not None and self.session.active.is_user,
            lambda: self.explorer.has_focus_within,
            lambda: self.answer.exchange is not None and self.answer.exchange.identity.is_user,
            lambda: self.session is not None and self.session.active == APPLICATION,
            lambda: self.has_run_matrix,
        )
        if self._tour_step < len(done) and done[self._tour_step]():
            self._tour_step += 1
            self._show_tour_step()

    def _show_tour_step(self) -> None:
        from tui.panes.tour import TourPane  # noqa: PLC0415 - in the demo only

        for pane in self.query(TourPane):
            pane.show_step(self._tour_step)

    def find_users(self, text: str) -> Sequence[User]:
        """Those who match, the ones acted as lately first; nobody but those where nothing is typed."""
        recent = [User(identity.id, identity.name) for identity in self.session.recent] if self.session else []
        words = normalize(text).split()
        known = [
            user for user in recent if user.id and all(word in normalize(f"{user.name} {user.id}") for word in words)
        ]
        return [*known, *(self.users.find(text) if words else ())]

    def find_endpoints(self, text: str) -> Sequence[Endpoint]:
        """Those that match, the ones used lately first."""
        return self.explorer.find(text)

    def nearby_users(self) -> Sequence[User]:
        """Those around the cursor."""
        return self.users.nearby()
