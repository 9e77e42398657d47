"""Roles of listed users, which are equal in any case, and with or without accents, like words of the filter.

A user whose role is a comma-separated list has each of its roles, and also the whole text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from tui.airisk.models import User
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.search_index import UserIndex, indexed

_COLUMN = 3
"""The index's column of roles."""

_BLANK = b" "


def common_roles(users: Sequence[User], words: str = "", *, most: int) -> list[tuple[str, int]]:
    """Return the most common roles as they are spelled, each with its number of users. Blocks.

    Args:
        users: the list.
        words: only users who match the filter.
        most: the maximum number of roles.
    """
    index = index_of(users)
    matching = frozenset(index.matching(words)) if words.strip() else range(len(index))
    counted, examples = Counter[bytes](), dict[bytes, int]()
    for place, text in enumerate(_texts(index)):
        if place in matching:
            for role in _parts(text):
                counted[role] += 1
                examples.setdefault(role, place)
    return [(_spelled(role, users[examples[role]].role), number) for role, number in counted.most_common(most)]


def places_with_role(index: UserIndex, role: str) -> Iterator[int]:
    """Yield the places of the users with a role."""
    wanted = normal_role(role)
    known: dict[bytes, bool] = {}
    for place, text in enumerate(_texts(index)):
        if text not in known:
            known[text] = wanted in {text.strip(_BLANK), *_parts(text)} - {b""}
        if known[text]:
            yield place


def normal_role(role: str) -> bytes:
    """Return what all spellings of a role have in common."""
    return indexed(role).strip(_BLANK)


def _texts(index: UserIndex) -> Iterator[bytes]:
    return chain.from_iterable(index.column(number, _COLUMN) for number in range(index.block_count))


def _parts(text: bytes) -> Sequence[bytes]:
    return [role for role in dict.fromkeys(part.strip(_BLANK) for part in text.split(b",")) if role]


def _spelled(role: bytes, text: str) -> str:
    """Return a role as this text spells it."""
    spellings = (part.strip(" ") for part in text.split(",") if normal_role(part) == role)
    return next(spellings, role.decode("utf-8", "surrogatepass"))
