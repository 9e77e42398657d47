"""The identity bar: in whose name the next request goes, and where. On every screen, over every dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len as width
from textual.app import App
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from tui.airisk import clocks
from tui.airisk.acting import Act
from tui.airisk.models import GENERIC, Identity
from tui.readable import clock, minutes
from tui.text import clean

if TYPE_CHECKING:
    from tui.airisk.oauth import Token

_GAP, _LEAST = 2, 12
_WARNS = 2
"""Up to this a note at the right is worth cutting short who it is: the label, read-only, the end of an act."""

_WORTH_TELLING = 2
"""Seconds of waiting."""

_LAST, _LONG = 60, 600
"""Seconds: the last ones stand out; of more than the other only the minutes are shown."""

_LOUD = "$background on $foreground"
"""What stands out on every colour of the bar, and without colours."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bar tells.

    `identity` is the very object that requests are sent with; `becoming` is whom AIRisk is being asked for just now.
    `token` is the one in hand. `waits_since` is in seconds of the steady clock, None where nothing is waited for.
    """

    state: Literal["signed out", "connecting", "signed in"] = "signed out"
    identity: Identity = GENERIC
    becoming: Identity | None = None
    client_id: str = ""
    host: str = ""
    label: str = ""
    token: Token | None = None
    act: Act | None = None
    is_read_only: bool = False
    waits_since: float | None = None


class StandingApp(App[None]):
    """An app whose screens all have an identity bar."""

    standing: var[Standing] = var(Standing())
    """What every bar tells; the main screen sets it. Not reactive: that would draw the whole screen again."""


class IdentityBar(Static):
    """One line that cannot be dismissed; it redraws itself once a second while a token runs out."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._standing = Standing()
        self._shown: Content | None = None

    def on_mount(self) -> None:
        """Follow what the program knows, and the clock."""
        self.watch(self.app, "standing", self.show)
        self.set_interval(1, self._draw)

    def on_resize(self) -> None:
        """What fits depends on the width."""
        self._draw()

    def show(self, standing: Standing) -> None:
        """Tell this."""
        self._standing = standing
        self.set_class(standing.identity.is_user, "-acting")
        self.set_class(standing.state != "signed in", "-signed-out")
        self.set_class(is_production(standing.label), "-production")
        self._draw()

    def render(self) -> Content:
        """Whoever it is from the first frame on, also of a dialog that has just been opened."""
        self._shown = bar_line(self._standing, self.content_size.width, clocks.steady())
        return self._shown

    def _draw(self) -> None:
        if bar_line(self._standing, self.content_size.width, clocks.steady()) != self._shown:
            self.refresh()


def is_production(label: str) -> bool:
    """Whether a deployment of that label is the one that counts."""
    return label.strip().lower() in {"production", "prod", "live"}


def called(identity: Identity) -> str:
    """Name and id for a line on the screen: each cut by itself, so that an endless name leaves the id to be seen."""
    parts = (identity.name, identity.id) if identity.is_user else (str(identity),)
    return " · ".join(clean(part, limit=40) for part in parts if part)


def bar_line(standing: Standing, room: int, now: float) -> Content:
    """The bar's text in `room` columns: who on the left; where, how and how long on the right, as far as it fits."""
    who, asides = _who(standing, now), _asides(standing)
    where = [
        (4, Content(clean(standing.host, limit=40))),
        (0, Content.styled(f" {clean(standing.label.upper(), limit=20)} " if standing.label else "", f"bold {_LOUD}")),
        (1, Content.styled(" READ-ONLY " if standing.is_read_only else "", _LOUD)),
        (3, _countdown("token", _token_left(standing))),
        (2, _countdown("ends in", standing.act.seconds_left if standing.act else None)),
    ]
    fitting = [entry for entry in where if entry[1]]
    while fitting:
        last = max(fitting, key=lambda entry: entry[0])
        beside = min(width(who.plain), room - _LEAST) if len(fitting) > 1 or last[0] > _WARNS else 0
        if _length(fitting) + _GAP + beside <= room:
            break
        fitting.remove(last)
    left_room = max(room - _length(fitting) - _GAP, 0)
    left = next((who + each for each in asides if width((who + each).plain) <= left_room), None)
    left = left or who.truncate(left_room, ellipsis=True)
    blank = " " * max(room - width(left.plain) - _length(fitting), 0)
    right = Content("  ").join(content for _, content in fitting)
    return Content.assemble(left, blank, right)


def _length(entries: list[tuple[int, Content]]) -> int:
    return sum(width(content.plain) for _, content in entries) + _GAP * max(len(entries) - 1, 0)


def _waited(standing: Standing, now: float) -> str:
    """How long it has taken, once that is worth a word: whoever sees it grow knows that the program is alive."""
    seconds = 0 if standing.waits_since is None else int(now - standing.waits_since)
    return f" {seconds} s · " if seconds >= _WORTH_TELLING else " "


def _who(standing: Standing, now: float) -> Content:
    if standing.state == "connecting":
        return Content.styled("SIGNING IN …", "bold") + Content(_waited(standing, now) + _how_to_cancel())
    if standing.state == "signed out":
        return Content.styled("NOT SIGNED IN", "bold")
    identity = standing.identity
    if identity.is_user:
        who = Content.assemble("ACTING AS ", (clean(identity.name or identity.id, limit=40), "bold"))
        who += Content(f" · {clean(identity.id, limit=40)} · {identity.proof}")
    else:
        who = Content.styled("GENERIC", "bold")
    if standing.becoming:
        name = clean(str(standing.becoming), limit=40)
        who = Content.assemble(
            ("SIGNING IN ", "bold"), f"as {name} …{_waited(standing, now)}{_how_to_cancel()}; still ", who
        )
    return who


def _asides(standing: Standing) -> list[Content]:
    """What else is said of who it is, where there is room beside where and how long."""
    if standing.identity.is_user or standing.state != "signed in":
        return [Content("")]
    words = "  the application itself"
    return [Content(f"{words}, {clean(standing.client_id, limit=40)}"), Content(words), Content("")]


def _how_to_cancel() -> str:
    from tui.keys import key_words  # noqa: PLC0415 - not for the first paint

    return key_words("{cancel|Esc} cancels")


def _token_left(standing: Standing) -> float | None:
    return standing.token.seconds_left if standing.token and standing.state == "signed in" else None


def _countdown(what: str, seconds: float | None) -> Content:
    """Minutes while there are many, then seconds, then loud while the last minute runs."""
    if seconds is None:
        return Content("")
    if seconds <= 0:
        return Content.styled(f" {what} 0:00 ", _LOUD)
    if seconds <= _LAST:
        return Content.styled(f" {what} {clock(seconds)} ", _LOUD)
    return Content(f"{what} {minutes(seconds) if seconds > _LONG else clock(seconds)}")
