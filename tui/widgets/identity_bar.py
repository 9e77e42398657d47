"""Identity bar: as which identity and where the next request is sent. Shown on every screen and dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from weakref import WeakSet

from textual.app import App
from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from tui import clocks
from tui.airisk.guard_rails import ActingPeriod, is_production
from tui.airisk.identity import APPLICATION, Identity
from tui.errors import RequestRejectedError
from tui.format import coarse_duration, countdown
from tui.key_labels import format_keys
from tui.text import clean, set_apart, set_apart_id, squeeze
from tui.textual_ext.app import Frame, GuardedApp

if TYPE_CHECKING:
    from tui.airisk.auth.oauth import Token

_GAP = 2
_NARROWEST = 20
"""Columns below which the bar is cut at the window's edge."""

_NAME, _SHORTEST_NAME = 40, 8
_ID = _HOST = 64
_LABEL = 32
"""Maximum columns of each."""

_WORTH_SHOWING = 2
"""Seconds of waiting from which the time is shown."""

_LAST, _LONG = 60, 600
"""Seconds: up to the first, a countdown stands out; above the second, it shows only minutes."""

_LOUD = "$background on $foreground"
"""A style that stands out on every color of the bar, and without colors."""

_PRODUCTION, _EDGE = "bold $background on $error", "on $background"
"""A red that is visible on every color of the bar because of its edge."""


Phase = Literal["signed out", "connecting", "signed in"]
"""The state of signing in."""


@dataclass(frozen=True, slots=True)
class IdentityStatus:
    """Status that the identity bar shows.

    `identity` is the very object that requests are sent with; `becoming` is the identity that is being signed in.
    `deployment` is the name of a saved deployment, else empty. `token` is the current token. `allows_changes` is
    whether changes were allowed in an acting session that began read-only. `waits_since` is in seconds of the steady
    clock, None if nothing is waited for.
    """

    state: Phase = "signed out"
    identity: Identity = APPLICATION
    becoming: Identity | None = None
    client_id: str = ""
    deployment: str = ""
    host: str = ""
    port: str = ""
    label: str = ""
    token: Token | None = None
    act: ActingPeriod | None = None
    is_read_only: bool = False
    allows_changes: bool = False
    waits_since: float | None = None


class IdentityBarApp(GuardedApp[None]):
    """App whose screens all have an identity bar."""

    identity_status: var[IdentityStatus] = var(IdentityStatus())
    """The status that every bar shows, set by the main screen. Not reactive: that would redraw the whole screen."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = WeakSet[IdentityBar]()
        self._is_drawn = asyncio.Event()
        self._is_drawn.set()

    def watch_identity_status(self, before: IdentityStatus, status: IdentityStatus) -> None:
        """Update every bar. Until the next frame, the screen may show the previous identity."""
        if before.identity != status.identity:
            self._is_drawn.clear()
        for bar in list(self.bars):
            bar.show(status)

    def frame_written(self, frame: Frame) -> None:
        """Record which identity the top bar shows, if the frame holds the bar."""
        super().frame_written(frame)
        if bar := self._top_bar:
            bar.was_written(frame)
            self.note_drawn(bar)

    @property
    def _top_bar(self) -> IdentityBar | None:
        bars = {bar.home: bar for bar in self.bars}
        return next((bars[screen] for screen in reversed(self.screen_stack) if screen in bars), None)

    def note_drawn(self, bar: IdentityBar) -> None:
        """Record that the current identity is drawn, if it is. Only the top bar counts."""
        if bar is self._top_bar and bar.drawn_identity == self.identity_status.identity:
            self._is_drawn.set()

    @property
    def is_identity_drawn(self) -> bool:
        """Whether the last frame shows the current identity."""
        return self._is_drawn.is_set()

    @property
    def drawn_identity(self) -> Identity:
        """The current identity.

        Raises:
            RequestRejectedError: the last frame still shows another one, and a key was meant for that.
        """
        identity = self.identity_status.identity
        if not self.is_identity_drawn:
            raise RequestRejectedError(
                f"Not sent: the bar did not show {identity} yet.", advice="Look at the bar, then press the key again."
            )
        return identity

    async def identity_is_drawn(self) -> None:
        """Wait until a frame shows the current identity."""
        await self._is_drawn.wait()


def show_status(app: App[Any], status: IdentityStatus) -> None:
    """Show a status on every identity bar of the app.

    Raises:
        TypeError: the app has no identity bars.
    """
    identity_bar_app(app).identity_status = status


def identity_bar_app(app: App[Any]) -> IdentityBarApp:
    """Return the app as one whose screens have identity bars.

    Raises:
        TypeError: the app has no identity bars.
    """
    if not isinstance(app, IdentityBarApp):
        raise TypeError(f"{type(app).__name__} has no identity bars.")
    return app


class _Shown(NamedTuple):
    """The lines of a bar, and the identity that they show."""

    identity: Identity | None = None
    lines: Sequence[Content] = ()


class IdentityBar(Static):
    """Line that cannot be dismissed; its countdowns are updated once a second.

    It takes more lines if one has no room for the identity and the host.
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._status = IdentityStatus()
        self._rendered = _Shown()
        self._written = _Shown()
        self.home: Screen[Any] | None = None

    def on_mount(self) -> None:
        """Follow the status and the clock."""
        self.home = self.screen
        self._bar_app.bars.add(self)
        self.show(self._bar_app.identity_status)
        self.set_interval(1, self._draw)

    def on_unmount(self) -> None:
        """Stop following the status."""
        self._bar_app.bars.discard(self)

    @property
    def _bar_app(self) -> IdentityBarApp:
        return identity_bar_app(self.app)

    def on_resize(self) -> None:
        """Fit the text to the width."""
        self._draw()

    def show(self, status: IdentityStatus) -> None:
        """Show this status."""
        self._status = status
        self.set_class(status.identity.is_user, "-acting")
        self.set_class(status.state != "signed in", "-signed-out")
        self._draw()

    def render(self) -> Content:
        """Render the status from the first frame on, even in a dialog that was just opened."""
        lines = self._lines(self.content_size.width)
        self._rendered = _Shown(self._status.identity, lines)
        return Content("\n").join(lines)

    @property
    def drawn_identity(self) -> Identity | None:
        """The identity that the last frame shows in this bar."""
        return self._written.identity

    def was_written(self, frame: Frame) -> None:
        """Record what a frame shows of this bar."""
        if frame.holds(self.region.intersection(self.screen.size.region)):
            self._written = self._rendered

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return the number of lines of the text."""
        return len(self._lines(width))

    def _draw(self) -> None:
        lines = self._lines(self.content_size.width)
        if lines != self._rendered.lines:
            self.refresh(layout=len(lines) != self.content_size.height)
            return
        self._rendered = _Shown(self._status.identity, lines)
        if lines == self._written.lines:  # It looks the same, so there will be no frame.
            self._written = self._rendered
            self._bar_app.note_drawn(self)

    def _lines(self, width: int) -> list[Content]:
        return bar_lines(self._status, width, clocks.steady())


def identity_label(identity: Identity) -> str:
    """Return name and id for a line on the screen, each cut separately, so that a long name never hides the id."""
    if not identity.is_user:
        return str(identity)
    identifier = set_apart_id(identity.id, _ID)
    return f"{set_apart(identity.name, _NAME)} · {identifier}" if identity.name else identifier


class _Way(NamedTuple):
    """Items of the bar that are drawn at one level of detail."""

    application: Literal["in words, and its id", "in words", "not at all"] = "in words, and its id"
    token: bool = True
    deployment: bool = True
    act: bool = True
    subject_check: bool = True
    cancel: bool = True
    whole_names: bool = True
    port: bool = True


def _ways() -> Iterator[_Way]:
    """Yield the levels of detail, from everything to the items that are never dropped: label, host, id and changes."""
    way = _Way()
    steps: list[dict[str, Any]] = [{}, {"application": "in words"}, {"application": "not at all"}]
    given_up = ("token", "deployment", "act", "subject_check", "cancel", "whole_names", "port")
    steps += [{name: False} for name in given_up]
    for step in steps:
        yield (way := way._replace(**step))


_WAYS = tuple(_ways())


def bar_lines(status: IdentityStatus, room: int, now: float) -> list[Content]:
    """Return the bar in lines of `room` columns: identity on the left, host and countdowns on the right or below."""
    room = max(room, _NARROWEST)
    for way in _WAYS:
        where = _where(status, way)
        if who := _who_within(room - where.cell_length - (_GAP if where else 0), status, now, way):
            return [Content.assemble(who, " " * (room - who.cell_length - where.cell_length), where)]
    who = next(filter(None, (_who_within(room, status, now, way) for way in _WAYS)), None)
    where = next((where for way in _WAYS if (where := _where(status, way)).cell_length <= room), _where(status, way))
    lines = [who] if who else _who(status, now, way, _SHORTEST_NAME).wrap(room)
    return [*lines, *(line.pad_left(room - line.cell_length) for line in where.wrap(room))]


def _who_within(room: int, status: IdentityStatus, now: float, way: _Way) -> Content | None:
    """Return the identity in at most `room` columns, or None if it does not fit."""
    names = range(_NAME, _SHORTEST_NAME - 1, -1) if not way.whole_names else (_NAME,)
    if _who(status, now, way, names[-1]).cell_length > room:
        return None
    return next(who for name in names if (who := _who(status, now, way, name)).cell_length <= room)


def _where(status: IdentityStatus, way: _Way) -> Content:
    token_left, act_left = _token_left(status), status.act.seconds_left if status.act else None
    if act_left is not None and (token_left or 0) > _LAST:
        token_left = None  # The program renews the token, and two countdowns would be taken for one another.
    # A label of the same name already names the deployment.
    is_named = way.deployment and status.deployment.casefold() not in {"", status.label.casefold()}
    name = f"{squeeze(clean(status.deployment), _LABEL)} · " if is_named else ""
    entries = (
        Content(name + squeeze(clean(status.host), _HOST) + (f":{status.port}" if status.port and way.port else "")),
        _label(status.label),
        Content.styled(_changes(status), _LOUD),
        _countdown("token", token_left if way.token else None),
        _countdown("acting ends in", act_left if way.act or (act_left or 0) < _LONG else None),
    )
    return Content(" " * _GAP).join(filter(None, entries))


def _changes(status: IdentityStatus) -> str:
    if status.is_read_only:
        return " READ-ONLY "
    return " CHANGES ALLOWED " if status.allows_changes else ""


def _label(label: str) -> Content:
    words = f" {squeeze(clean(label.upper()), _LABEL)} "
    if is_production(label):
        return Content.assemble((" ", _EDGE), (words, _PRODUCTION), (" ", _EDGE))
    return Content.styled(words if label else "", f"bold {_LOUD}")


def _waited(status: IdentityStatus, now: float) -> str:
    """Return the seconds waited, if long enough to mention: a growing number shows that the program is alive."""
    seconds = 0 if status.waits_since is None else int(now - status.waits_since)
    return f"{seconds} s" if seconds >= _WORTH_SHOWING else ""


def _waiting(status: IdentityStatus, now: float, way: _Way) -> str:
    words = " · ".join(filter(None, (_waited(status, now), _how_to_cancel() if way.cancel else "")))
    return f" … {words}" if words else ""


def _who(status: IdentityStatus, now: float, way: _Way, name: int) -> Content:
    if status.state == "connecting":
        return Content.assemble(("SIGNING IN", "bold"), _waiting(status, now, way) or " …")
    if status.state == "signed out":
        return Content.styled("NOT SIGNED IN", "bold")
    identity = status.identity
    if identity.is_user:
        who = Content.assemble("ACTING AS ", _user(identity, name))
        who += Content(f" · {identity.subject_check.words}" if way.subject_check else "")
    else:
        who = Content.assemble(("APPLICATION", "bold"), _application(status, way) if not status.becoming else "")
    if status.becoming:
        becoming = _user(status.becoming, name).plain
        who = Content.assemble(("SIGNING IN ", "bold"), f"as {becoming}{_waiting(status, now, way)} · still ", who)
    return who


def _user(identity: Identity, name: int) -> Content:
    identifier = set_apart_id(identity.id, _ID)
    if not identity.name:
        return Content.styled(identifier, "bold")
    return Content.assemble((set_apart(identity.name, name), "bold"), f" · {identifier}")


def _application(status: IdentityStatus, way: _Way) -> str:
    words = "" if way.application == "not at all" else "  not acting as anyone"
    return words + (
        f" · client {clean(status.client_id, limit=40)}" if way.application == "in words, and its id" else ""
    )


def _how_to_cancel() -> str:
    return format_keys("{cancel|Esc} cancels")


def _token_left(status: IdentityStatus) -> float | None:
    return status.token.seconds_left if status.token and status.state == "signed in" else None


def _countdown(what: str, seconds: float | None) -> Content:
    """Return minutes while there are many, then seconds, which stand out in the last minute."""
    if seconds is None:
        return Content("")
    if seconds <= 0:
        return Content.styled(f" {what} 0:00 ", _LOUD)
    if seconds <= _LAST:
        return Content.styled(f" {what} {countdown(seconds)} ", _LOUD)
    return Content(f"{what} {coarse_duration(seconds) if seconds > _LONG else countdown(seconds)}")
