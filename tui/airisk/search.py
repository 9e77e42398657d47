"""Finding users by what is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from tui.airisk.models import User


class UserIndex:
    """Users, ready to be searched: every word typed must occur in an id, name, mail address, role or other column."""

    def __init__(self, users: Iterable[User]) -> None:
        self._keys = [fold(" ".join((user.id, user.name, user.email, user.role, *user.more))) for user in users]

    def matching(self, text: str, within: Sequence[int] | None = None) -> Sequence[int]:
        """The positions of the users that match, in their order.

        Args:
            text: words, in any case, with or without accents; none match everybody.
            within: the positions to look at; everybody, where there are none.
        """
        found: Sequence[int] = range(len(self._keys)) if within is None else within
        keys = self._keys
        for word in fold(text).split():
            found = [index for index in found if word in keys[index]]
        return found


def fold(text: str) -> str:
    """The text without case and accents: `Ångström` and `angstrom` are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
