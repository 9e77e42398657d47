"""The identity bar: in whose name the next request goes, and where. On every screen, over every dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from weakref import WeakSet

from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from tui import clocks
from tui.airisk.guards import ActingPeriod, is_production
from tui.airisk.models import APPLICATION, Identity
from tui.format import coarse_duration, mmss
from tui.text import clean, set_apart, set_apart_id, squeeze
from tui.textual_ext.app import GuardedApp

if TYPE_CHECKING:
    from tui.airisk.auth.oauth import Token

_GAP = 2
_NARROWEST = 20
"""Columns below which the bar is cut at the window's edge."""

_NAME, _SHORTEST_NAME = 40, 8
_ID = _HOST = 64
_LABEL = 32
"""Columns that each takes at most."""

_WORTH_TELLING = 2
"""Seconds of waiting."""

_LAST, _LONG = 60, 600
"""Seconds: the last ones stand out; of more than the other only the minutes are shown."""

_LOUD = "$background on $foreground"
"""What stands out on every colour of the bar, and without colours."""

_PRODUCTION, _EDGE = "bold $background on $error", "on $background"
"""A red that is seen on every colour of the bar, because its edge is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bar tells.

    `identity` is the very object that requests are sent with; `becoming` is whom AIRisk is being asked for just now.
    `token` is the one in hand. `waits_since` is in seconds of the steady clock, None where nothing is waited for.
    """

    state: Literal["signed out", "connecting", "signed in"] = "signed out"
    identity: Identity = APPLICATION
    becoming: Identity | None = None
    client_id: str = ""
    host: str = ""
    port: str = ""
    label: str = ""
    token: Token | None = None
    act: ActingPeriod | None = None
    is_read_only: bool = False
    waits_since: float | None = None


class StandingApp(GuardedApp[None]):
    """An app whose screens all have an identity bar."""

    standing: var[Standing] = var(Standing())
    """What every bar tells; the main screen sets it. Not reactive: that would draw the whole screen again."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = WeakSet[IdentityBar]()
        self._shows = self.standing.identity
        self._is_drawn = asyncio.Event()
        self._is_drawn.set()

    def watch_standing(self, before: Standing, standing: Standing) -> None:
        """Let every bar tell it; from now on the last frame may show another name."""
        if before.identity != standing.identity:
            self._is_drawn.clear()
        for bar in list(self.bars):
            bar.show(standing)

    def show_identity(self, bar: IdentityBar, identity: Identity, *, is_drawn: bool) -> None:
        """Hear from a bar who it shows: in the last frame, or else in the next. The one that is seen counts."""
        homes = {each.home for each in self.bars}
        if bar.home is next((screen for screen in reversed(self.screen_stack) if screen in homes), None):
            self._shows = identity
            if is_drawn:
                self._note_drawn()

    def post_display_hook(self) -> None:
        """A frame was drawn."""
        super().post_display_hook()
        self._note_drawn()

    def _note_drawn(self) -> None:
        if self._shows == self.standing.identity:
            self._is_drawn.set()

    @property
    def is_identity_drawn(self) -> bool:
        """Whether the last frame shows whose name it is."""
        return self._is_drawn.is_set()

    async def identity_is_drawn(self) -> None:
        """Return once a frame shows whose name it is."""
        await self._is_drawn.wait()


class IdentityBar(Static):
    """A line that cannot be dismissed; it redraws itself once a second while a token runs out.

    It takes more lines where one would have to leave out who is acted as, or where.
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._standing = Standing()
        self._shown: list[Content] = []
        self.home: Screen[Any] | None = None

    def on_mount(self) -> None:
        """Follow what the program knows, and the clock."""
        self.home = self.screen
        self._standing_app.bars.add(self)
        self.show(self._standing_app.standing)
        self.set_interval(1, self._draw)

    def on_unmount(self) -> None:
        """Follow nothing more."""
        self._standing_app.bars.discard(self)

    @property
    def _standing_app(self) -> StandingApp:
        return cast("StandingApp", self.app)

    def on_resize(self) -> None:
        """What fits depends on the width."""
        self._draw()

    def show(self, standing: Standing) -> None:
        """Tell this."""
        self._standing = standing
        self.set_class(standing.identity.is_user, "-acting")
        self.set_class(standing.state != "signed in", "-signed-out")
        self._draw()

    def render(self) -> Content:
        """Whoever it is from the first frame on, also of a dialog that has just been opened."""
        self._shown = self._lines(self.content_size.width)
        self._standing_app.show_identity(self, self._standing.identity, is_drawn=False)
        return Content("\n").join(self._shown)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """As many lines as it takes."""
        return len(self._lines(width))

    def _draw(self) -> None:
        lines = self._lines(self.content_size.width)
        if lines != self._shown:
            self.refresh(layout=len(lines) != self.content_size.height)
        else:
            self._standing_app.show_identity(self, self._standing.identity, is_drawn=True)

    def _lines(self, width: int) -> list[Content]:
        return bar_lines(self._standing, width, clocks.steady())


def called(identity: Identity) -> str:
    """Name and id for a line on the screen: each cut by itself, so that an endless name leaves the id to be seen."""
    if not identity.is_user:
        return str(identity)
    identifier = set_apart_id(identity.id, _ID)
    return f"{set_apart(identity.name, _NAME)} · {identifier}" if identity.name else identifier


class _Way(NamedTuple):
    """What is drawn where there is so much room."""

    application: Literal["in words, and its id", "in words", "not at all"] = "in words, and its id"
    token: bool = True
    act: bool = True
    read_only: bool = True
    proof: bool = True
    cancel: bool = True
    whole_names: bool = True
    port: bool = True


def _ways() -> Iterator[_Way]:
    """From all there is to what is never given up: the label, the host and the id."""
    way = _Way()
    steps: list[dict[str, Any]] = [{}, {"application": "in words"}, {"application": "not at all"}]
    given_up = ("token", "act", "read_only", "proof", "cancel", "whole_names", "port")
    steps += [{name: False} for name in given_up]
    for step in steps:
        yield (way := way._replace(**step))


_WAYS = tuple(_ways())


def bar_lines(standing: Standing, room: int, now: float) -> list[Content]:
    """The bar's text in lines of `room` columns: who on the left; where, how and how long on the right, or below."""
    room = max(room, _NARROWEST)
    for way in _WAYS:
        where = _where(standing, way)
        if who := _who_within(room - where.cell_length - (_GAP if where else 0), standing, now, way):
            return [Content.assemble(who, " " * (room - who.cell_length - where.cell_length), where)]
    who = next(filter(None, (_who_within(room, standing, now, way) for way in _WAYS)), None)
    where = next(
        (where for way in _WAYS if (where := _where(standing, way)).cell_length <= room), _where(standing, way)
    )
    lines = [who] if who else _who(standing, now, way, _SHORTEST_NAME).wrap(room)
    return [*lines, *(line.pad_left(room - line.cell_length) for line in where.wrap(room))]


def _who_within(room: int, standing: Standing, now: float, way: _Way) -> Content | None:
    """Who in so many columns; None where that is not enough."""
    names = range(_NAME, _SHORTEST_NAME - 1, -1) if not way.whole_names else (_NAME,)
    if _who(standing, now, way, names[-1]).cell_length > room:
        return None
    return next(who for name in names if (who := _who(standing, now, way, name)).cell_length <= room)


def _where(standing: Standing, way: _Way) -> Content:
    token_left, act_left = _token_left(standing), standing.act.seconds_left if standing.act else None
    entries = (
        Content(squeeze(clean(standing.host), _HOST) + (f":{standing.port}" if standing.port and way.port else "")),
        _label(standing.label),
        Content.styled(" READ-ONLY " if standing.is_read_only and way.read_only else "", _LOUD),
        _countdown("token", token_left if way.token else None),
        _countdown("ends in", act_left if way.act or (act_left or 0) < _LONG else None),
    )
    return Content(" " * _GAP).join(filter(None, entries))


def _label(label: str) -> Content:
    words = f" {squeeze(clean(label.upper()), _LABEL)} "
    if is_production(label):
        return Content.assemble((" ", _EDGE), (words, _PRODUCTION), (" ", _EDGE))
    return Content.styled(words if label else "", f"bold {_LOUD}")


def _waited(standing: Standing, now: float) -> str:
    """How long it has taken, once that is worth a word: whoever sees it grow knows that the program is alive."""
    seconds = 0 if standing.waits_since is None else int(now - standing.waits_since)
    return f"{seconds} s" if seconds >= _WORTH_TELLING else ""


def _waiting(standing: Standing, now: float, way: _Way) -> str:
    words = " · ".join(filter(None, (_waited(standing, now), _how_to_cancel() if way.cancel else "")))
    return f" … {words}" if words else ""


def _who(standing: Standing, now: float, way: _Way, name: int) -> Content:
    if standing.state == "connecting":
        return Content.assemble(("SIGNING IN", "bold"), _waiting(standing, now, way) or " …")
    if standing.state == "signed out":
        return Content.styled("NOT SIGNED IN", "bold")
    identity = standing.identity
    if identity.is_user:
        who = Content.assemble("ACTING AS ", _user(identity, name))
        who += Content(f" · {identity.proof}" if way.proof else "")
    else:
        who = Content.assemble(("GENERIC", "bold"), _application(standing, way) if not standing.becoming else "")
    if standing.becoming:
        becoming = _user(standing.becoming, name).plain
        who = Content.assemble(("SIGNING IN ", "bold"), f"as {becoming}{_waiting(standing, now, way)}; still ", who)
    return who


def _user(identity: Identity, name: int) -> Content:
    identifier = set_apart_id(identity.id, _ID)
    if not identity.name:
        return Content.styled(identifier, "bold")
    return Content.assemble((set_apart(identity.name, name), "bold"), f" · {identifier}")


def _application(standing: Standing, way: _Way) -> str:
    words = "" if way.application == "not at all" else "  the application itself"
    return words + (f", {clean(standing.client_id, limit=40)}" if way.application == "in words, and its id" else "")


def _how_to_cancel() -> str:
    from tui.bindings import format_keys  # noqa: PLC0415 - not for the first paint

    return format_keys("{cancel|Esc} cancels")


def _token_left(standing: Standing) -> float | None:
    return standing.token.seconds_left if standing.token and standing.state == "signed in" else None


def _countdown(what: str, seconds: float | None) -> Content:
    """Minutes while there are many, then seconds, then loud while the last minute runs."""
    if seconds is None:
        return Content("")
    if seconds <= 0:
        return Content.styled(f" {what} 0:00 ", _LOUD)
    if seconds <= _LAST:
        return Content.styled(f" {what} {mmss(seconds)} ", _LOUD)
    return Content(f"{what} {coarse_duration(seconds) if seconds > _LONG else mmss(seconds)}")
