"""Rows and columns of a list of users."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

from rich.text import Text
from textual.content import Content

from tui.airisk.models import User, UserList
from tui.airisk.users.ids import is_among
from tui.airisk.users.remarks import part_words
from tui.airisk.users.search_index import normalize
from tui.format import count, plural
from tui.text import clean
from tui.widgets.table.columns import Cell, Column

_CELL = 64
"""Terminal columns after which cell text is cut. Values that are sent are never cut."""

_SAMPLE = 500
"""Users sampled to choose column widths and role styles."""

NOT_HERE = sys.maxsize
"""The place of a user who is missing from the list."""


class PinnedFirst(Sequence[int]):
    """The places of a list in its order, except that the place `pinned` comes first."""

    def __init__(self, pinned: int, length: int) -> None:
        self._pinned = pinned
        self._length = length + (pinned == NOT_HERE)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(self._length))]
        row = range(self._length)[index]
        return row - (row <= self._pinned) if row else self._pinned

    def row_of(self, place: int) -> int:
        """Return the row of a place."""
        return 0 if place in {self._pinned, NOT_HERE} else place + (place < self._pinned)


@dataclass(frozen=True, slots=True)
class UserRows:
    """Rows of the matching users, computed when they are drawn.

    Attributes:
        roles: the style of each role.
        sought: the normalized words of the filter; they are underlined.
        missing: the preselected user, if the list lacks them, and the words in place of their name.
    """

    users: Sequence[User]
    matches: Sequence[int]
    active_id: str | None
    protected: Collection[str]
    marked: Collection[str]
    roles: Mapping[str, str]
    sought: Sequence[str]
    missing: tuple[User, str]

    def __len__(self) -> int:
        return len(self.matches)

    def user(self, index: int) -> User:
        """Return the user of a row."""
        place = self.matches[index]
        return self.missing[0] if place == NOT_HERE else self.users[place]

    def can_act_as(self, index: int) -> bool:
        """Return whether the user of a row is neither protected nor active."""
        user_id = self.user(index).id
        return user_id != self.active_id and not is_among(user_id, self.protected)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of a row. Protected, active and marked users have styles of their own."""
        user = self.user(index)
        texts = [clean(text, limit=_CELL) for text in (user.id, user.name, user.email, user.role, *user.more)]
        if self.matches[index] == NOT_HERE:
            texts[1] = self.missing[1]
        if user.id in self.marked:
            texts[1] = f"✓ {texts[1]}"
        if is_among(user.id, self.protected):
            texts[1] = f"⊘ {texts[1]}"
            texts[3] = "protected"
            return [Content.styled(text, "$foreground-muted") for text in texts]
        if user.id == self.active_id:
            texts[1] = f"● {texts[1]}"
            return [Content.styled(text, "bold $text-accent") for text in texts]
        if user.id in self.marked:
            return [Content.styled(text, "$text-warning") for text in texts]
        role = Content.styled(texts[3], self.roles.get(user.role, ""))
        if not self.sought:
            return [*texts[:3], role, *texts[4:]]
        return [*(self._underlined(text) for text in texts[:3]), role, *(self._underlined(text) for text in texts[4:])]

    def _underlined(self, text: str) -> Cell:
        """Return the text with the words of the filter underlined, to show why the row matches."""
        folded = normalize(text)
        found = [(place, word) for word in self.sought if (place := folded.find(word)) >= 0]
        if not found or len(folded) != len(text):  # if normalizing changed the length, offsets would be wrong
            return text
        styled = Text(text)
        for place, word in found:
            styled.stylize("underline", place, place + len(word))
        return styled


_RARER = ("", "$text-primary", "$text-accent", "bold $text-secondary")
"""Styles of all roles but the most common one, from common to rare."""


def role_styles(user_list: UserList) -> dict[str, str]:
    """Return a style per role, so that rare (often privileged) roles stand out; empty if there is only one role."""
    counted = Counter(user.role for user in user_list.users[:_SAMPLE] if user.role)
    common = [role for role, _ in counted.most_common()]
    styles = ("$text-muted", *_RARER)
    return {role: styles[min(place, len(styles) - 1)] for place, role in enumerate(common)} if len(common) > 1 else {}


COLUMNS = ("id", "name", "email", "role")
"""Keys of the first columns; further columns are more-0, more-1, …"""

_UNORDERED = ("", False)


def columns(
    user_list: UserList, notes: Iterable[str] = (), order: tuple[str, bool] = _UNORDERED, ids: Iterable[str] = ()
) -> list[Column]:
    """Return the columns. Name and id have the highest priority, then role, mail, and the list's other columns.

    Args:
        user_list: the users.
        notes: texts that may replace a role.
        order: the key of the sort column, and whether the order is descending.
        ids: IDs of rows whose users are not in the list.
    """
    sample = user_list.users[:_SAMPLE]
    roles = any(user.role for user in sample) or not sample
    emails = any(user.email for user in sample) or not sample
    found = [
        Column("ID", "id", width=_widest((*(user.id for user in sample), *ids), 4, 24), priority=90),
        Column("Name", "name", minimum=14, weight=3, priority=95),
        Column("Email", "email", minimum=22, weight=4, priority=50 if emails else -1),
        Column(
            "Role",
            "role",
            width=_widest((*(user.role for user in sample), *notes), 5, 18),
            priority=60 if roles else -1,
        ),
    ]
    key, is_descending = order
    return [
        replace(column, label=f"{column.label} {'▼' if is_descending else '▲'}") if column.key == key else column
        for column in (*found, *_more_columns(user_list))
    ]


def _more_columns(user_list: UserList) -> Iterator[Column]:
    for place, heading in enumerate(user_list.columns):
        size = _widest((user.more[place] for user in user_list.users[:_SAMPLE]), len(heading), 24)
        yield Column(clean(heading, limit=24), f"more-{place}", width=size, minimum=min(size, 16), priority=40 - place)


def _widest(texts: Iterable[str], least: int, most: int) -> int:
    longest = max(map(len, texts), default=0)
    return min(max(longest, least), most)


def counted(user_list: UserList, found: int | None = None) -> str:
    """Return the number of users, of filter matches (`found`), and of list entries that are not users.

    If only a part of the users is listed, the text says which part.
    """
    everybody = len(user_list.users)
    if found is not None:
        shown = f"{count(found)} of {count(everybody)}" + (f" ({part_words(user_list.part)})" if user_list.part else "")
    else:
        shown = part_words(user_list.part) if user_list.part else plural(everybody, "user")
    unrecognized = (
        f" · {count(user_list.unrecognized)} of {count(everybody + user_list.unrecognized)} entries were not users"
    )
    return shown + (unrecognized if user_list.unrecognized else "")
