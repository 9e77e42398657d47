"""The users of the deployment: find one, see who is who, act as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from textual import on
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import DataTable
from textual.widgets.data_table import RowDoesNotExist

from tui.airisk.models import Identity, User, UserList
from tui.bindings import format_keys
from tui.format import count
from tui.panes.frame import USERS_TITLE
from tui.panes.users_found import FoundUsers, UsersTable
from tui.text import clean

_WHY = 120
"""Columns after which the words about a list that did not come are cut; the notice has more of them."""

_SECONDS = 0.1
"""Between one look at a list that is still coming and the next."""


class UsersPane(FoundUsers):
    """A filter and a table of users; `▸` is the cursor, `●` the one acted as, `✓` stands before the marked ones."""

    BORDER_TITLE = USERS_TITLE

    @dataclass
    class Chosen(Message):
        """The person wants to act as this user."""

        user: User

    _grows: Timer | None = None
    """Runs from one look to the next."""

    _on_progress: tuple[UserList, Collection[str]] | None = None
    """What came since the last look, and who of them is protected."""

    # What the screen says

    def show_waiting(self, words: str) -> None:
        """Say what is being waited for, unless there are users to look at meanwhile."""
        self._table.empty = Content(words)
        if self._is_listed or not self._listing.users:
            self.border_subtitle = clean(words)

    def show_failed(self, message: str, advice: str) -> None:
        """Say why there is no list; an older one stays. Where there is little room, the advice is cut, not the key."""
        self._on_progress = None
        if not self._is_listed and self._listing.users:
            self._take(UserList(()))
            self._filter(keep=None)
        why = Content.styled(f"✗ {clean(message, limit=_WHY)}", "bold $text-error")
        words = (why, Content(format_keys(_AGAIN)), Content(clean(advice)))
        self._table.empty = Content("\n\n").join(each for each in words if each.plain)
        self._count()

    def show_list(self, listing: UserList, preselected: str, protected: Collection[str] = ()) -> None:
        """Fill the table. The cursor stays on its user, or goes to the preselected one at first."""
        current = self.user_under_cursor if self._is_listed or self._table.cursor_row else None
        self._is_listed, self._on_progress = True, None
        self._protected = protected
        self._take(listing)
        self._table.empty = Content(format_keys(_NOBODY))
        self._filter(keep=self._place_of(current.id if current else preselected))

    def show_so_far(self, listing: UserList, protected: Collection[str] = ()) -> None:
        """Show the users of a list that is still coming, unless there is an older one to look at."""
        if self._grows is not None:
            self._on_progress = (listing, protected)
            return
        self._grows = self.set_timer(_SECONDS, self._look_again)
        came, total = len(listing.users), listing.total or 0
        self.border_subtitle = f"{count(came)}{f' of {count(total)}' if total > came else ''} users so far"
        if self._is_listed:
            return
        self._protected = protected
        if self._listing.users is not listing.users:
            self._take(listing)
        if not self._line.value and self._wanted.column is None:
            self._matches = range(len(listing.users))
            self._table.show(self._rows(), cursor=self._table.cursor_row)

    def _look_again(self) -> None:
        """Show what came since the last look, also where nothing more comes."""
        self._grows, on_progress, self._on_progress = None, self._on_progress, None
        if on_progress:
            self.show_so_far(*on_progress)

    def show_active(self, identity: Identity) -> None:
        """Mark the row of the user who is acted as."""
        self._active = identity
        self._note_active()
        self._table.show(self._rows(), cursor=self._table.cursor_row)

    def clear_marks(self) -> None:
        """Mark nobody."""
        self._marked.clear()
        self._table.show(self._rows(), cursor=self._table.cursor_row)
        self._count()

    @property
    def listing(self) -> UserList:
        """All users."""
        return self._listing

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of those who are marked, in the order in which they were."""
        return tuple(self._marked)

    @property
    def filter(self) -> tuple[str, int]:
        """What the list is narrowed by, and how many match."""
        return self._line.value.strip(), len(self._matches)

    @property
    def is_filtering(self) -> bool:
        """Whether the person is typing what to narrow it by."""
        return self._line.has_focus

    def nearby(self, most: int = 5) -> Sequence[User]:
        """The user under the cursor, and those on the lines below."""
        row = max(self._table.cursor_row, 0)
        return [self._listing.users[place] for place in self._matches[row : row + most]]

    def find(self, text: str, most: int = 20) -> Sequence[User]:
        """The first users that match."""
        found = chain.from_iterable(self._index.search(text))
        return [self._listing.users[place] for place in islice(found, most)]

    def focus_filter(self) -> None:
        """Begin to type a filter."""
        self.screen.set_focus(self._line)

    def focus_list(self) -> None:
        """Go to the rows."""
        self.screen.set_focus(self._table)

    @on(UsersTable.Marked)
    def _mark(self, event: UsersTable.Marked) -> None:
        event.stop()
        user, row = self.user_under_cursor, self._table.cursor_row
        if user is None:
            return
        if user.id in self._marked:
            del self._marked[user.id]
        else:
            self._marked[user.id] = None
        self._table.show(self._rows(), cursor=row)
        self._table.action_cursor_down()
        self._count()

    @on(DataTable.RowSelected)
    def _choose(self, event: DataTable.RowSelected) -> None:
        event.stop()
        try:
            row = self._table.get_row_index(event.row_key)
        except RowDoesNotExist:
            return  # It was chosen in a list that is no longer the one on the screen.
        self.post_message(self.Chosen(self._listing.users[self._matches[row]]))


_AGAIN = "{refresh_users|Ctrl+R} asks again. {check_connection|F2} checks each step."

_NOBODY = """AIRisk lists no users.

The deployment may be new, or this client may not see them.
{refresh_users|Ctrl+R} asks again."""
