"""Users as rows of a table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from tui.airisk.models import User, UserList
from tui.panes.table import Cell, Column
from tui.text import clean

_CELL = 64
"""Columns of the terminal after which a text in a cell is cut; what is sent is never cut."""

_SAMPLE = 500
"""Users that are looked at to find how wide a column should be."""


@dataclass(frozen=True, slots=True)
class UserRows:
    """Those who match, in their order: who is acted as and who is marked stands out."""

    users: Sequence[User]
    matches: Sequence[int]
    active_id: str | None
    protected: Collection[str]
    marked: Collection[str]

    def __len__(self) -> int:
        return len(self.matches)

    def cells(self, index: int) -> Sequence[Cell]:
        """What a line shows."""
        user = self.users[self.matches[index]]
        texts = [clean(text, limit=_CELL) for text in (user.id, user.name, user.email, user.role, *user.more)]
        if user.id in self.marked:
            texts[1] = f"✓ {texts[1]}"
        if user.id in self.protected:
            texts[1] = f"⊘ {texts[1]}"
            texts[3] = "protected"
            return [Content.styled(text, "$foreground-muted") for text in texts]
        if user.id == self.active_id:
            texts[1] = f"● {texts[1]}"
            return [Content.styled(text, "bold $text-accent") for text in texts]
        if user.id in self.marked:
            return [Content.styled(text, "$text-warning") for text in texts]
        return texts


def user_columns(listing: UserList, notes: Iterable[str] = ()) -> list[Column]:
    """Id and name matter most; then role and mail; then what else the list tells, in its order."""
    sample = listing.users[:_SAMPLE]
    roles = any(user.role for user in sample) or not sample
    emails = any(user.email for user in sample) or not sample
    columns = [
        Column("Id", "id", width=_widest((user.id for user in sample), 4, 24), priority=90),
        Column("Name", "name", minimum=14, weight=3, priority=95),
        Column("Mail", "email", minimum=22, weight=4, priority=50 if emails else -1),
        Column(
            "Role",
            "role",
            width=_widest((*(user.role for user in sample), *notes), 5, 18),
            priority=60 if roles else -1,
        ),
    ]
    for place, heading in enumerate(listing.columns):
        size = _widest((user.more[place] for user in sample), len(heading), 24)
        columns.append(
            Column(clean(heading, limit=24), f"more-{place}", width=size, minimum=min(size, 16), priority=40 - place)
        )
    return columns


def _widest(texts: Iterable[str], least: int, most: int) -> int:
    longest = max(map(len, texts), default=0)
    return min(max(longest, least), most)
