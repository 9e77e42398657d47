"""Rows for whom everything came out alike, put together: ten thousand users are a few groups.

A row changes its group when what is known of it changes, which costs the same however many rows there are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from tui.access.cells import Cell, Expected, Finding, Row, Verdict

Says = tuple[Verdict, Finding | None, Expected | None]
"""What a cell says, apart from how it came to say so."""

Pattern = tuple[Says | None, ...]
"""What a row says of each endpoint; None where that was not asked."""

_Role = tuple[bool, bool, str]
"""Whether these are users, whether they lack a role, and it: in this order they are told of."""


def pattern_of(cells: Iterable[Cell | None]) -> Pattern:
    """What the cells of a row say."""
    return tuple((cell.verdict, cell.finding, cell.expected) if cell else None for cell in cells)


class Group:
    """Rows of one role that say the same; `places` are theirs among all rows, in their order."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.places: list[int] = []

    @cached_property
    def gravity(self) -> int:
        """Of the gravest finding: 3 for an unexpected allow, 0 where nothing stands out."""
        return max((finding.gravity for _, finding, _ in filter(None, self.pattern) if finding), default=0)

    @cached_property
    def let_in(self) -> int:
        """At how many endpoints they are let in."""
        return sum(says[0].is_access for says in self.pattern if says)

    @cached_property
    def unsure(self) -> int:
        """At how many endpoints that cannot be told, or was not asked."""
        return sum(says is None or says[0] is Verdict.INCONCLUSIVE for says in self.pattern)

    @cached_property
    def words(self) -> frozenset[Verdict | Finding]:
        """The verdicts and findings that occur."""
        return frozenset(word for says in self.pattern if says for word in says[:2] if word)


class Likeness:
    """Keeps rows together that say the same.

    Args:
        rows: the identities; none of them has said anything yet.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._groups: list[Group | None] = [None] * len(rows)
        self._roles: dict[_Role, dict[tuple[str, Pattern], Group]] = {}

    def put(self, place: int, pattern: Pattern) -> None:
        """The row at this place says this now."""
        row, group = self._rows[place], self._groups[place]
        if group and group.pattern == pattern:
            return
        is_user = row.kind == "user"
        # The application and nobody are no users like each other, whatever they are told.
        groups = self._roles.setdefault((is_user, is_user and not row.role, row.role), {})
        if group:
            del group.places[bisect_left(group.places, place)]
            if not group.places:
                del groups[row.kind, group.pattern]
        key = (row.kind, pattern)
        joined = groups.get(key) or groups.setdefault(key, Group(pattern))
        insort(joined.places, place)
        self._groups[place] = joined

    def roles(self) -> Iterator[tuple[str, bool, list[Group]]]:
        """Each role, whether it is one of users, and its groups; who is no user comes first, who lacks a role last."""
        for (is_users, _, role), groups in sorted(self._roles.items(), key=lambda each: each[0]):
            if groups:
                yield role, is_users, list(groups.values())
