"""Card of the user under the cursor: what the list says, and what this program knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from tui import clocks
from tui.airisk.models import User
from tui.format import moment, plural
from tui.key_labels import format_keys
from tui.text import clean

_LABEL = 14
"""Columns of the names of facts."""

_LONGEST = 400
"""Columns after which a value is cut."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card shows.

    Attributes:
        user: the user.
        columns: the names of the user's further values.
        is_active: whether requests are sent as this user now.
        is_protected: whether the settings forbid acting as this user.
        requests: how many requests of the history were sent as this user; None if that is not known (yet).
        last: when the last of them was sent.
        access: what the last matrix says about this user, or nothing.
        is_preselected: whether `USER_ID` names this user, who therefore stands first in the list.
    """

    user: User
    columns: Sequence[str] = ()
    is_active: bool = False
    is_protected: bool = False
    requests: int | None = None
    last: datetime | None = None
    access: str = ""
    is_preselected: bool = False


class UserCard(Widget):
    """Everything about one user. It is rendered once a frame, however fast the cursor moves."""

    BORDER_TITLE = "User"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="user-card")
        self._content: CardContent | None = None
        self._keys = ""

    @property
    def user(self) -> User | None:
        """The user that is shown."""
        return self._content.user if self._content else None

    def show(self, content: CardContent) -> None:
        """Show a user."""
        if content != self._content:
            self._content = content
            self._keys = format_keys("{act_as|Enter} acts as this user · {copy|y} copies the ID")
            self.border_title = Content(clean(content.user.name or content.user.id, limit=60))
            self.refresh()

    def render(self) -> Content:
        """Return the card."""
        return Content("\n").join(_lines(self._content, self._keys)) if self._content else Content("")


def _lines(shown: CardContent, keys: str) -> Iterator[Content]:
    user = shown.user
    mail = f" · {clean(user.email, limit=_LONGEST)}" if user.email else ""
    yield Content.assemble((clean(user.id, limit=_LONGEST), "bold"), mail)
    if shown.is_active:
        yield Content.styled("● acting as this user now", "bold $text-accent")
    if shown.is_protected:
        yield Content.styled("⊘ protected: the settings forbid acting as this user", "$text-warning")
    yield Content("")
    for name, value in (("Role", user.role), *zip(shown.columns, user.more, strict=False)):
        if value:
            yield _fact(name, value)
    if shown.requests is not None:
        yield _fact("History", _history(shown.requests, shown.last))
    if shown.access:
        yield _fact("Matrix", shown.access)
    if shown.is_preselected:
        yield _fact("USER_ID", "preselected, so first in the list")
    if not shown.is_protected and not shown.is_active:
        yield Content("")
        yield Content.styled(keys, "$text-muted")


def _history(requests: int, last: datetime | None) -> str:
    if not requests or last is None:
        return "no request as this user yet"
    return f"{plural(requests, 'request')}, the last one {moment(last, clocks.local())}"


def _fact(name: str, value: str) -> Content:
    label = clean(name, limit=_LABEL - 2)
    return Content.assemble((label + " " * (_LABEL - cell_len(label)), "$text-muted"), clean(value, limit=_LONGEST))
