"""Why not: what sets a denied user apart from those who are allowed. A correlation in the user list, not a cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.access.live_matrix import LiveMatrix
from tui.access.model import Row, Verdict

_NEAREST = 3
"""Allowed users that are named."""

_WORTH_NAMING = 0.5
"""Difference of two shares of allowed users from which a trait is named."""


class Trait(NamedTuple):
    """What the user list says of a user: a role, a group, or an attribute."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class NearUser:
    """An allowed user, with the traits that only this one has, and those that only the denied user has."""

    row: Row
    has: Sequence[Trait]
    lacks: Sequence[Trait]


@dataclass(frozen=True, slots=True)
class Correlation:
    """How many users with a trait are allowed, and how many without it, each of how many.

    `is_own` says whether the denied user has the trait.
    """

    trait: Trait
    is_own: bool
    allowed: int
    users: int
    other_allowed: int
    others: int

    @property
    def strength(self) -> float:
        """How far the shares differ, from -1 to 1; above 0, the trait speaks for the denial."""
        difference = self.allowed / self.users - self.other_allowed / self.others
        return -difference if self.is_own else difference


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The nearest allowed users, nearest first, and the trait that separates allowed from denied users best, if any."""

    nearest: Sequence[NearUser]
    correlation: Correlation | None


def why_not(board: LiveMatrix, place: int, column: int) -> WhyNot | None:
    """Compare a denied user with those who are allowed; None if no user is, or this one is not denied.

    Takes a while for 100,000 users: call it off the event loop.
    """
    cell, row = board.cell(place, column), board.rows[place]
    if cell is None or cell.verdict is not Verdict.DENIED or row.kind != "user":
        return None
    known = [*_known(board, column)]
    allowed = [each for each, is_allowed in known if is_allowed]
    if not allowed:
        return None
    own = traits_of(row)
    ranked = sorted(allowed, key=lambda each: len(traits_of(each) ^ own))
    nearest = [
        NearUser(each, sorted(traits_of(each) - own), sorted(own - traits_of(each))) for each in ranked[:_NEAREST]
    ]
    return WhyNot(nearest, _strongest(known, own))


def traits_of(row: Row) -> frozenset[Trait]:
    """Return the traits of a user; a role may be a comma-separated list."""
    roles = (Trait("role", role.strip()) for role in row.role.split(","))
    groups = (Trait("group", group) for group in row.groups)
    return frozenset(trait for trait in (*roles, *groups, *map(Trait._make, row.attributes)) if trait.value)


def _known(board: LiveMatrix, column: int) -> Iterator[tuple[Row, bool]]:
    """Yield the users with a conclusive cell, and whether they are allowed."""
    for place, row in enumerate(board.rows):
        cell = board.cell(place, column)
        if cell and row.kind == "user" and cell.verdict is not Verdict.INCONCLUSIVE:
            yield row, cell.verdict.is_access


def _strongest(known: Sequence[tuple[Row, bool]], own: frozenset[Trait]) -> Correlation | None:
    users: Counter[Trait] = Counter()
    allowed: Counter[Trait] = Counter()
    for row, is_allowed in known:
        traits = traits_of(row)
        users.update(traits)
        if is_allowed:
            allowed.update(traits)
    total, all_allowed = len(known), sum(is_allowed for _, is_allowed in known)
    found = [
        Correlation(trait, trait in own, allowed[trait], number, all_allowed - allowed[trait], total - number)
        for trait, number in users.items()
        if number < total
    ]
    best = max(found, key=_rank, default=None)
    return best if best and best.strength >= _WORTH_NAMING else None


def _rank(correlation: Correlation) -> tuple[float, bool, int]:
    # Of equal ones, what others have is easier to understand than what only this user has.
    return round(correlation.strength, 3), not correlation.is_own, correlation.users


def why_not_lines(why: WhyNot) -> Iterator[str]:
    """Yield the comparison in uncleaned sentences."""
    if each := why.correlation:
        own, other = f"{each.allowed} of {each.users}", f"{each.other_allowed} of {each.others}"
        yield f"Allowed: {own} with {_named([each.trait])}, {other} without. A correlation, not a cause."
    for near in why.nearest:
        apart = [f"has {_named(near.has)}"] if near.has else []
        apart += [f"lacks {_named(near.lacks)}"] if near.lacks else []
        yield f"{near.row.label}: {'; '.join(apart) or 'the user list shows no difference'}"


def _named(traits: Iterable[Trait]) -> str:
    return ", ".join(f"{trait.name} “{trait.value}”" for trait in traits)
