"""Find the user with an id, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence

from tui.airisk.models import User
from tui.airisk.users.ids import is_among, is_same_id
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.search_index import UserIndex
from tui.errors import RequestRejectedError


class UsersById:
    """The users of a list by id: an exact match, else another spelling of it.

    Args:
        users: the list.
        index: finds them, if it was made already.
    """

    def __init__(self, users: Sequence[User], index: UserIndex | None = None) -> None:
        self._users = users
        self._index = index or index_of(users)

    def places(self, user_id: str) -> list[int]:
        """Return the places of the users it may refer to; exact matches exclude all others."""
        if not user_id:
            return []
        found = [(place, self._users[place].id) for place in self._index.with_id(user_id)]
        exact = [place for place, each in found if each == user_id]
        return exact or [place for place, each in found if is_same_id(each, user_id)]

    def is_guarding(self, user_id: str) -> bool:
        """Return whether protecting this id protects any of the users."""
        return any(is_among(self._users[place].id, (user_id,)) for place in self._index.with_id(user_id))

    def named(self, user_id: str) -> User | None:
        """Return the user with that id, or None.

        Raises:
            RequestRejectedError: it is not an exact id, and matches those of several users.
        """
        users = [self._users[place] for place in self.places(user_id)]
        if len({user.id for user in users}) > 1:
            among = " or ".join(user.id[:80] for user in users[:3])
            raise RequestRejectedError(
                f"{user_id[:80]} is ambiguous: it may be {among}.", advice="Use the exact ID from the list."
            )
        return users[0] if users else None
