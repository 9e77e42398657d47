"""Select the identities of a matrix: named, all, filtered or sampled; and the part of them that a shard has."""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import msgspec

from tui.access.model import ANONYMOUS_ROW, APPLICATION_ROW, Row
from tui.airisk.models import User, UserList
from tui.airisk.users.ids import is_same_id
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.roles import common_roles, normal_role, places_with_role
from tui.airisk.users.search_index import UserIndex
from tui.errors import PlanError
from tui.text import clean

_GROUPS = frozenset({"group", "groups", "usergroups", "groupnames", "team", "teams", "memberof"})
_MOST_VALUES, _LONGEST_VALUE = 50, 60
"""Limits on the different texts of an attribute, and on the length of each."""

_NEAR, _NAMED, _LONGEST_ROLE = 200, 8, 60
"""Roles among which a near one is sought, roles that are named, and the columns of each."""

OTHERS = {"application": APPLICATION_ROW, "anonymous": ANONYMOUS_ROW}
"""The non-user identities by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySelection:
    """The identities that were chosen for a run.

    Args:
        ids: ids of users, and `application` and `anonymous`.
        users: ids of users only, even if one is `application` or `anonymous`.
        is_all: all listed users.
        words: the listed users that contain every word.
        roles: of these, only users with one of these roles.
        sample: a random sample of these, of this size.
        seed: equal seeds draw equal samples of the same users, in any order of the list.
        is_seed_given: whether the seed was given; another seed then makes another run.
        shard: (which, of how many), from 1.
        compared_with: the id of an identity that is in every shard.
    """

    ids: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    is_all: bool = False
    words: str = ""
    roles: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    is_seed_given: bool = False
    shard: tuple[int, int] | None = None
    compared_with: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """A key that is equal for equal identities, in any order and notation."""
        named = {*self.ids, self.compared_with} - {""}
        users, others = {*self.users, *(named - OTHERS.keys())}, named & OTHERS.keys()
        seed = self.seed if self.sample and self.is_seed_given else None
        roles = sorted({normal_role(role) for role in self.roles})
        listed = (self.words, roles, self.sample, seed) if self.needs_list else None
        # The identity to compare with is in every shard.
        return sorted(users), sorted(others), listed, self.shard, self.compared_with if self.shard else ""

    @property
    def needs_list(self) -> bool:
        """Whether the selection depends on the user list."""
        return self.is_all or bool(self.words or self.roles) or self.sample is not None

    def rows(self, listing: UserList) -> list[Row]:
        """Return the identities, each once, in the order they were named, then listed.

        Raises:
            PlanError: no identity is selected, or a role is unknown.
            RequestRejectedError: an id is ambiguous.
        """
        found = {row.key: row for row in (*self._named(listing), *self._listed(listing))}
        rows = list(found.values())
        if self.shard:
            placed = (msgspec.structs.replace(row, place=place) for place, row in enumerate(rows, start=1))
            compared = row_named(rows, self.compared_with)
            rows = [row for row in placed if (compared and row.key == compared.key) or self._is_ours(row)]
        if not found:
            raise PlanError("No users match.", advice="List them with `airisk-tui users`.")
        return rows

    def _named(self, listing: UserList) -> Iterable[Row]:
        named = dict.fromkeys((*filter(None, [self.compared_with]), *self.ids))
        meant = frozenset((*(identifier for identifier in named if identifier not in OTHERS), *self.users))
        known = {user.id: user for user in reversed(listing.users) if user.id in meant} if meant else {}
        by_id = UsersById(listing.users if len(known) < len(meant) else ())
        known |= {each: by_id.named(each) or User(each) for each in meant - known.keys()}
        details = _Details(listing)
        for identifier in named:
            yield OTHERS.get(identifier) or details.row(known[identifier])
        for identifier in self.users:
            yield details.row(known[identifier])

    def _listed(self, listing: UserList) -> Iterable[Row]:
        if not self.needs_list:
            return ()
        users: Sequence[User] = listing.users
        if self.words or self.roles:
            index = index_of(users)
            allowed = self._with_roles(users, index) if self.roles else range(len(index))
            users = [users[place] for place in index.matching(self.words) if place in allowed]
        if self.sample is not None:
            chances = ((_chance(self.seed, user.id), place) for place, user in enumerate(users))
            drawn = sorted(place for _, place in heapq.nsmallest(self.sample, chances))
            users = [users[place] for place in drawn]
        details = _Details(listing)
        return (details.row(user) for user in users)

    def _with_roles(self, users: Sequence[User], index: UserIndex) -> frozenset[int]:
        """Return the places of the users with one of the roles."""
        found = {role: frozenset(places_with_role(index, role)) for role in self.roles}
        if unknown := next((role for role, places in found.items() if not places), None):
            raise PlanError(f"No user has the role {_quoted(unknown)}.", advice=_known_roles(unknown, users))
        return frozenset().union(*found.values())

    def _is_ours(self, row: Row) -> bool:
        if self.shard is None:
            return True
        which, of_how_many = self.shard
        return int.from_bytes(_chance(0, f"{row.kind} {row.id}"), "big") % of_how_many == which - 1


def row_named(rows: Sequence[Row], name: str) -> Row | None:
    """Return the row that a name means: `application`, `anonymous`, or a user's id, exactly or in another spelling."""
    if name in OTHERS:
        return next((row for row in rows if row.key == OTHERS[name].key), None)
    users = [row for row in rows if row.kind == "user" and is_same_id(row.id, name)] if name else []
    return next((row for row in users if row.id == name), next(iter(users), None))


class _Details:
    """The columns of a user list that hold groups, and those that hold attributes: texts that users share."""

    def __init__(self, listing: UserList) -> None:
        plain = [re.sub(r"[^a-z]", "", heading.lower()) for heading in listing.columns]
        self._places = [place for place, heading in enumerate(plain) if heading in _GROUPS]
        self._listing = listing

    @cached_property
    def _attributes(self) -> list[tuple[str, int]]:
        headings = self._listing.columns
        others = [at for at in range(len(headings)) if at not in self._places]
        return [(headings[at], at) for at in _shared(self._listing.users, others)]

    def row(self, user: User) -> Row:
        texts = (user.more[place] for place in self._places if place < len(user.more))
        groups = tuple(group for text in texts for group in text.split(", ") if group)
        found = ((heading, user.more[place]) for heading, place in self._attributes if place < len(user.more))
        return Row.of(user, groups, tuple((heading, text) for heading, text in found if text))


def _shared(users: Sequence[User], places: Iterable[int]) -> list[int]:
    """Return the columns in which users share a few short texts, as they share a department but no birthday."""
    most = min(_MOST_VALUES, len(users) // 2)
    found = {place: set[str]() for place in places}
    for user in users:
        for place, texts in tuple(found.items()):
            if text := user.more[place] if place < len(user.more) else "":
                texts.add(text)
                if len(texts) > most or len(text) > _LONGEST_VALUE:
                    del found[place]
        if not found:
            break
    return [place for place, texts in found.items() if len(texts) > 1]


def _known_roles(unknown: str, users: Sequence[User]) -> str:
    """Return the role that was probably meant, or else the most common ones."""
    known = [role for role, _ in common_roles(users, most=_NEAR)]
    spelled = {role.casefold()[:_LONGEST_ROLE]: role for role in known}
    if near := difflib.get_close_matches(unknown.casefold()[:_LONGEST_ROLE], spelled, n=1):
        return f"Did you mean {_quoted(spelled[near[0]])}?"
    if not known:
        return "The user list names no roles."
    return f"The roles are {', '.join(map(_quoted, known[:_NAMED]))}{' and more' if len(known) > _NAMED else ''}."


def _quoted(role: str) -> str:
    return f"“{clean(role, limit=_LONGEST_ROLE)}”"


def _chance(seed: int, text: str) -> bytes:
    return blake2b(f"{seed} {text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
