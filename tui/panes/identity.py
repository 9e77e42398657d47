"""The identity bar: in whose name the next request goes, and where. On every screen, over every dialog."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len as width
from textual.app import App
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.airisk.models import GENERIC, Identity
from tui.readable import clock
from tui.text import clean

_GAP = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bar tells.

    `identity` is the very object that requests are sent with; `becoming` is whom AIRisk is being asked for just now.
    `expires_at` is in seconds of the wall clock, None where nobody knows.
    """

    state: Literal["signed out", "connecting", "signed in"] = "signed out"
    identity: Identity = GENERIC
    becoming: Identity | None = None
    client_id: str = ""
    host: str = ""
    label: str = ""
    expires_at: float | None = None
    is_read_only: bool = False


class StandingApp(App[None]):
    """An app whose screens all have an identity bar."""

    standing: reactive[Standing] = reactive(Standing())
    """What every bar tells; the main screen sets it."""


class IdentityBar(Static):
    """One line that cannot be dismissed; it redraws itself once a second while a token runs out."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._standing = Standing()
        self._shown: Content | None = None

    def on_mount(self) -> None:
        """Follow what the program knows, and the clock."""
        self.watch(self.app, "standing", self._stand)
        self.set_interval(1, self._draw)

    def on_resize(self) -> None:
        """What fits depends on the width."""
        self._draw()

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        self.set_class(standing.identity.is_user, "-acting")
        self.set_class(standing.state != "signed in", "-signed-out")
        self.set_class(standing.label.lower() in {"production", "prod"}, "-production")
        self._draw()

    def _draw(self) -> None:
        line = bar_line(self._standing, self.content_size.width, time.time())
        if line != self._shown:
            self._shown = line
            self.update(line)


def bar_line(standing: Standing, room: int, now: float) -> Content:
    """The bar's text in `room` columns: who on the left; where, how and how long on the right, as far as it fits."""
    who = _who(standing)
    where = [
        (3, Content(clean(standing.host, limit=40))),
        (
            0,
            Content.styled(f" {clean(standing.label.upper(), limit=20)} ", "reverse bold")
            if standing.label
            else Content(""),
        ),
        (1, Content.styled(" READ-ONLY ", "reverse") if standing.is_read_only else Content("")),
        (2, Content(_token(standing, now))),
    ]
    fitting = [entry for entry in where if entry[1]]
    while fitting and _length(fitting) > room - min(width(who.plain), room // 2) - _GAP:
        fitting.remove(max(fitting, key=lambda entry: entry[0]))
    left = who.truncate(max(room - _length(fitting) - _GAP, 0), ellipsis=True)
    blank = " " * max(room - width(left.plain) - _length(fitting), 0)
    right = Content("  ").join(content for _, content in fitting)
    return Content.assemble(left, blank, right)


def _length(entries: list[tuple[int, Content]]) -> int:
    return sum(width(content.plain) for _, content in entries) + _GAP * max(len(entries) - 1, 0)


def _who(standing: Standing) -> Content:
    if standing.state == "connecting":
        return Content.styled("SIGNING IN … ", "bold") + Content("Esc cancels")
    if standing.state == "signed out":
        return Content.styled("NOT SIGNED IN", "bold")
    identity = standing.identity
    if identity.is_user:
        who = Content.assemble("ACTING AS ", (clean(identity.name or identity.id, limit=40), "bold"))
        who += Content(f" · {clean(identity.id, limit=40)} · {identity.proof}")
    else:
        who = Content.assemble(("GENERIC", "bold"), f"  the application itself, {clean(standing.client_id, limit=40)}")
    if standing.becoming:
        who = Content.assemble(
            ("SIGNING IN ", "bold"), f"as {clean(str(standing.becoming), limit=40)} … Esc cancels; still ", who
        )
    return who


def _token(standing: Standing, now: float) -> str:
    if standing.state != "signed in" or standing.expires_at is None:
        return ""
    left = standing.expires_at - now
    return f"token {clock(left)}" if left > 0 else "token ended"
