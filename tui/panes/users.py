"""The users of the deployment: find one, see who is who, act as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Input
from textual.widgets.data_table import RowDoesNotExist

from tui.airisk.models import GENERIC, Identity, User, UserList
from tui.airisk.search import UserIndex
from tui.panes.filtering import FilterLine
from tui.panes.table import LazyTable
from tui.panes.users_rows import UserRows, user_columns
from tui.readable import count
from tui.text import clean

_WHY = 120
"""Columns after which the words about a list that did not come are cut; the notice has more of them."""


class UsersTable(LazyTable):
    """The table, whose Enter means more than choosing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Act as", id="act_as", tooltip="Sign in as the user under the cursor"),
        Binding("space", "mark", "Mark", id="mark_user", tooltip="Mark this user for the matrix, or no longer"),
    ]

    class Marked(Message):
        """The user under the cursor is marked, or no longer."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to act as somebody only where there is somebody."""
        return action not in {"select_cursor", "mark"} or self.row_count > 0

    def action_mark(self) -> None:
        """Mark the user under the cursor, or no longer."""
        self.post_message(self.Marked())


class UsersPane(Vertical):
    """A filter and a table of users; `▸` is the cursor, `●` the one acted as, `✓` stands before the marked ones."""

    BORDER_TITLE = "1 Users"

    @dataclass
    class Chosen(Message):
        """The person wants to act as this user."""

        user: User

    def __init__(self) -> None:
        super().__init__(id="users")
        self._listing = UserList(())
        self._is_listed = False
        self._index = UserIndex(())
        self._matches: Sequence[int] = ()
        self._active: Identity = GENERIC
        self._protected: Collection[str] = ()
        self._marked: dict[str, None] = {}

    def compose(self) -> ComposeResult:
        """Filter above table."""
        yield FilterLine("/ filter by name, id, mail, role", id="users-filter")
        yield UsersTable(user_columns(self._listing), id="users-table")

    # What the screen says

    def show_waiting(self, words: str) -> None:
        """Say what is being waited for, unless there are users to look at meanwhile."""
        self._table.empty = Content(words)
        self.border_subtitle = clean(words)

    def show_failed(self, message: str, advice: str) -> None:
        """Say why there is no list; an older one stays. Where there is little room, the advice is cut, not the key."""
        words = (clean(message, limit=_WHY), "Ctrl+R asks again.", clean(advice))
        self._table.empty = Content("\n\n".join(filter(None, words)))
        self._count()

    def show_list(self, listing: UserList, preselected: str, protected: Collection[str] = ()) -> None:
        """Fill the table. The cursor stays on its user, or goes to the preselected one at first."""
        self._protected = protected
        current = self.user_under_cursor
        self._listing, self._index, self._is_listed = listing, UserIndex(listing.users), True
        self._table.set_columns(user_columns(listing, ("protected",) if protected else ()))
        self._table.empty = Content(_NOBODY)
        self._filter(keep=current.id if current else preselected)

    def show_active(self, identity: Identity) -> None:
        """Mark the row of the user who is acted as."""
        self._active = identity
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
    def user_under_cursor(self) -> User | None:
        """The user whom Enter would choose."""
        row = self._table.cursor_row
        return self._listing.users[self._matches[row]] if 0 <= row < len(self._matches) else None

    def nearby(self, most: int = 5) -> Sequence[User]:
        """The user under the cursor, and those on the lines below."""
        row = max(self._table.cursor_row, 0)
        return [self._listing.users[index] for index in self._matches[row : row + most]]

    def find(self, text: str, most: int = 20) -> Sequence[User]:
        """The first users that match."""
        return [self._listing.users[index] for index in islice(self._index.matching(text), most)]

    def focus_filter(self) -> None:
        """Begin to type a filter."""
        self.screen.set_focus(self._line)

    def focus_list(self) -> None:
        """Go to the rows."""
        self.screen.set_focus(self._table)

    # What the person does

    @on(Input.Changed, "#users-filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        current = self.user_under_cursor
        self._filter(keep="" if self._line.value else current.id if current else "")

    @on(FilterLine.Left)
    def _leave_filter(self, event: FilterLine.Left) -> None:
        event.stop()
        self.screen.set_focus(self._table)

    @on(DataTable.RowSelected)
    def _choose(self, event: DataTable.RowSelected) -> None:
        event.stop()
        try:
            row = self._table.get_row_index(event.row_key)
        except RowDoesNotExist:
            return  # It was chosen in a list that is no longer the one on the screen.
        self.post_message(self.Chosen(self._listing.users[self._matches[row]]))

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

    # How it is done

    @property
    def _table(self) -> UsersTable:
        return self.query_one(UsersTable)

    @property
    def _line(self) -> FilterLine:
        return self.query_one(FilterLine)

    def _filter(self, *, keep: str) -> None:
        """Show who matches, with the cursor on the user of id `keep` if that one does, else on the first."""
        self._matches = self._index.matching(self._line.value)
        users = self._listing.users
        row = next((row for row, index in enumerate(self._matches) if users[index].id == keep), 0) if keep else 0
        if self._line.value and users:
            self._table.empty = Content("Nobody matches. Esc clears the filter.")
        self._table.show(self._rows(), cursor=row)
        self._table.refresh_bindings()
        self._count()

    def _rows(self) -> UserRows:
        active = self._active.id if self._active.is_user else None
        return UserRows(self._listing.users, self._matches, active, self._protected, self._marked)

    def _count(self) -> None:
        if not self._is_listed:
            self.border_subtitle = "no list"
            return
        listing, total = self._listing, count(len(self._listing.users))
        shown = (
            f"{count(len(self._matches))} of {total}"
            if self._line.value
            else f"{total} user{'' if total == '1' else 's'}"
        )
        strangers = (
            f" · {count(listing.strangers)} of {count(len(listing.users) + listing.strangers)} entries were not users"
        )
        marks = f"{count(len(self._marked))} marked · " if self._marked else ""
        self.border_subtitle = marks + shown + (strangers if listing.strangers else "")


_NOBODY = """AIRisk lists no users.

The deployment may be new, or this client may not see them.
Ctrl+R asks again."""
