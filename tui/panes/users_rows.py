"""The rows and columns of a list of users."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rich.text import Text
from textual.content import Content

from tui.airisk.models import User, UserList
from tui.airisk.users.ids import is_among
from tui.airisk.users.remarks import part_words
from tui.airisk.users.search_index import normalize
from tui.format import count
from tui.text import clean
from tui.widgets.table.columns import Cell, Column

_CELL = 64
"""Columns of the terminal after which a text in a cell is cut; what is sent is never cut."""

_SAMPLE = 500
"""Users that are looked at to find how wide a column should be."""


@dataclass(frozen=True, slots=True)
class UserRows:
    """Those who match, each made into cells when it is drawn.

    Attributes:
        roles: the styles in which roles are written.
        sought: the words that are looked for, folded: where they stand is underlined.
    """

    users: Sequence[User]
    matches: Sequence[int]
    active_id: str | None
    protected: Collection[str]
    marked: Collection[str]
    roles: Mapping[str, str] = field(default_factory=dict)
    sought: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.matches)

    def cells(self, index: int) -> Sequence[Cell]:
        """What the row shows; whom one cannot act as, and who is acted as, stands out."""
        user = self.users[self.matches[index]]
        texts = [clean(text, limit=_CELL) for text in (user.id, user.name, user.email, user.role, *user.more)]
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
        """The text with what is looked for underlined: so one sees why somebody was found."""
        folded = normalize(text)
        found = [(place, word) for word in self.sought if (place := folded.find(word)) >= 0]
        if not found or len(folded) != len(text):  # else letters that folded to several would shift the line
            return text
        told = Text(text)
        for place, word in found:
            told.stylize("underline", place, place + len(word))
        return told


_RARER = ("", "$text-primary", "$text-accent", "bold $text-secondary")
"""Styles for roles, from those that many have to those that few have."""


def role_styles(user_list: UserList) -> dict[str, str]:
    """How roles are written, so that the few who may do more are found among the many at a glance."""
    counted = Counter(user.role for user in user_list.users[:_SAMPLE] if user.role)
    common = [role for role, _ in counted.most_common()]
    styles = ("$text-muted", *_RARER)
    return {role: styles[min(place, len(styles) - 1)] for place, role in enumerate(common)} if len(common) > 1 else {}


COLUMNS = ("id", "name", "email", "role")
"""The keys of the first columns; then come more-0, more-1, …"""

_UNORDERED = ("", False)


def columns(user_list: UserList, notes: Iterable[str] = (), order: tuple[str, bool] = _UNORDERED) -> list[Column]:
    """Id and name matter most; then role and mail; then what else the list tells, in its order.

    Args:
        user_list: the users.
        notes: what may stand in place of a role.
        order: the key of the column by which they are sorted, and whether from its end.
    """
    sample = user_list.users[:_SAMPLE]
    roles = any(user.role for user in sample) or not sample
    emails = any(user.email for user in sample) or not sample
    found = [
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


def counted(user_list: UserList, found: int | None) -> str:
    """How many there are, how many of them a filter has found, and how many entries of the list were nobody.

    Where only a part of the users is listed, of how many.
    """
    everybody = len(user_list.users)
    if found is not None:
        shown = f"{count(found)} of {count(everybody)}" + (f" ({part_words(user_list.part)})" if user_list.part else "")
    else:
        shown = (
            part_words(user_list.part) if user_list.part else f"{count(everybody)} user{'' if everybody == 1 else 's'}"
        )
    unrecognized = (
        f" · {count(user_list.unrecognized)} of {count(everybody + user_list.unrecognized)} entries were not users"
    )
    return shown + (unrecognized if user_list.unrecognized else "")
