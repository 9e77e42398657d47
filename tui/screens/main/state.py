"""State of the main screen. Controllers change it and publish the change; everything that is drawn follows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual.dom import DOMNode

from tui import clocks
from tui.airisk.endpoints.variables import Variables
from tui.airisk.guard_rails import begins_read_only
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Exchange, User
from tui.airisk.responses.pagination import page_of
from tui.config.deployments import is_saved
from tui.config.settings import RawSettings
from tui.widgets.identity_bar import IdentityStatus, Phase

if TYPE_CHECKING:
    from tui.airisk.guard_rails import ActingPeriod
    from tui.airisk.session import Session

T = TypeVar("T")

_EARLIER = 12
"""Responses that can be compared with the one that is shown."""

_EARLIER_BYTES = 24_000_000
"""The same in bytes of their bodies; the latest one may be larger."""


class MainState:
    """Settings, session, identity, variables and responses of one deployment.

    Args:
        raw_settings: the raw settings.
        has_keyring: whether the secret may be read from the OS keyring.
        splash: contents of the identity bar before there is a session.

    Attributes:
        session: the session, also after signing in has failed; None before there is one.
        phase: how far signing in has come.
        pending_identity: the user whose token is being requested.
        switches: how often an identity was adopted, the same one again included.
        variables: values of placeholders.
        exchange: the response that is shown; None before there is one, and while one streams in.
        earlier: the last responses, the latest first.
        sends: how many requests were begun or ended, whatever came of them.
        has_compared: whether two responses were compared.
        has_run_matrix: whether a matrix was run.
        access_of: returns what the last matrix of this run says about a user id, or an empty string.
    """

    def __init__(self, raw_settings: RawSettings, *, has_keyring: bool, splash: IdentityStatus) -> None:
        self.raw_settings = raw_settings
        self.has_keyring = has_keyring
        self.session: Session | None = None
        self.phase: Phase = splash.state
        self.pending_identity: Identity | None = None
        self.switches = 0
        self.variables = Variables()
        self.exchange: Exchange | None = None
        self.earlier: deque[Exchange] = deque(maxlen=_EARLIER)
        self.sends = 0
        self.has_compared = False
        self.has_run_matrix = False
        self.access_of: Callable[[str], str] = lambda _: ""
        self._deployment = raw_settings.env_file.stem if is_saved(raw_settings) else ""
        self._splash = replace(splash, deployment=self._deployment)
        self._waits_for: Identity | Phase | None = None
        self._waits_since: float | None = None
        self._followers: list[tuple[DOMNode, Callable[[], object]]] = []

    def add_response(self, exchange: Exchange) -> None:
        """Add the latest response, and drop the oldest ones if all of them take too much memory."""
        self.earlier.appendleft(exchange)
        while len(self.earlier) > 1 and sum(len(each.body) for each in self.earlier) > _EARLIER_BYTES:
            self.earlier.pop()

    @property
    def active(self) -> Identity:
        """The identity in force: the very object that requests are sent with."""
        return self.session.active if self.session else APPLICATION

    def is_active(self, user: User) -> bool:
        """Return whether this user is acted as, also under another name."""
        return self.active.is_user and self.active.id == user.id

    @property
    def act(self) -> ActingPeriod | None:
        """The current act as a user, which knows when it ends."""
        return self.session.act if self.session else None

    @property
    def previous(self) -> Identity | None:
        """The previous identity in force."""
        return self.session.previous if self.session else None

    @property
    def is_signed_in(self) -> bool:
        """Whether requests can be sent."""
        return self.phase == "signed in"

    @property
    def position(self) -> tuple[int, int]:
        """The number of the shown response, from 1 for the earliest one of this run, and how many there are.

        Joined pages count as the latest one.
        """
        total = len(self.earlier)
        newer = next((place for place, each in enumerate(self.earlier) if each is self.exchange), 0)
        return total - newer, total

    @property
    def has_pages(self) -> bool:
        """Whether the response is one page of several that can be requested."""
        exchange = self.exchange
        return exchange is not None and exchange.status == 200 and page_of(exchange.draft) is not None

    @property
    def identity_status(self) -> IdentityStatus:
        """Contents of every identity bar."""
        session = self.session
        if session is None:
            return replace(self._splash, state=self.phase)
        settings = session.settings
        return IdentityStatus(
            state=self.phase,
            identity=session.active,
            becoming=self.pending_identity,
            client_id=settings.client_id,
            deployment=self._deployment,
            host=replace(settings.origin, port=None).name,
            port=str(settings.origin.port or ""),
            label=settings.label,
            token=session.token(session.active),
            act=session.act,
            is_read_only=session.is_read_only(session.active),
            allows_changes=begins_read_only(settings, session.active) and not session.is_read_only(session.active),
            waits_since=self._waits_since,
        )

    # Following it

    def follow(self, node: DOMNode, update: Callable[[], object]) -> None:
        """Call `update` at each publication, while the node is on the screen."""
        self._followers.append((node, update))

    def watch(self, node: DOMNode, part: Callable[[], T], show: Callable[[T], object]) -> None:
        """Call `show` with a part of the state whenever it has changed, while the node is on the screen."""
        shown = part()

        def update() -> None:
            nonlocal shown
            if (now := part()) != shown:
                shown = now
                show(now)

        self.follow(node, update)

    def publish(self) -> None:
        """Show the current state at once. Unlike Textual's signals, this hides no exception."""
        waits_for = self.pending_identity or (self.phase if self.phase == "connecting" else None)
        if waits_for != self._waits_for:
            self._waits_for, self._waits_since = waits_for, clocks.steady() if waits_for else None
        for node, update in self._followers:
            if node.is_attached:
                update()
