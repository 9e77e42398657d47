"""The users of the deployment: find one, see who is who, act as one."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import DataTable, Input
from textual.widgets.data_table import RowDoesNotExist

from tui.airisk.models import APPLICATION, Identity, User, UserList
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.query import QuerySpec, UserQuery, row_of
from tui.airisk.users.search_index import UserIndex, normalize
from tui.background import run_in_slices, run_now
from tui.bindings import format_keys
from tui.format import count
from tui.panes.placeholder import USERS_FILTER, USERS_TITLE
from tui.panes.users_rows import COLUMNS, UserRows, columns, counted, role_styles
from tui.text import clean
from tui.widgets.inputs import FilterInput
from tui.widgets.table.virtual_table import VirtualTable

_AT_ONCE = 100_000
"""Users who are looked through while a key waits: some 20 ms. More are, in slices, between which keys are handled."""

_ORDERED_AT_ONCE = 20_000
"""The same, where they have to be sorted as well."""


class UsersTable(VirtualTable):
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


class FoundUsers(Vertical):
    """A filter and a table, and what is typed and chosen about which users are seen.

    Args:
        waiting: what is being waited for at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "sort", "Sort", show=False, id="sort_users", tooltip="Sort by the next column"),
        Binding("T", "turn_round", "Reverse", show=False, id="turn_order_round", tooltip="Turn the order round"),
    ]

    def __init__(self, waiting: str = "") -> None:
        super().__init__(id="users")
        self.border_subtitle = self._waiting = waiting
        self._listing = UserList(())
        self._is_listed = False
        self._index = UserIndex()
        self._by_id = UsersById((), self._index)
        self._finder = UserQuery(self._index)
        self._wanted = QuerySpec()
        self._matches: Sequence[int] = ()
        self._settled = asyncio.Event()
        self._active: Identity = APPLICATION
        self._active_id: str | None = None
        self._protected: Collection[str] = ()
        self._roles: Mapping[str, str] = {}
        self._marked: dict[str, None] = {}

    def compose(self) -> ComposeResult:
        """Filter above table."""
        yield FilterInput(USERS_FILTER, id="users-filter")
        table = UsersTable(columns(self._listing), id="users-table")
        table.empty = Content(self._waiting)
        yield table

    @property
    def user_under_cursor(self) -> User | None:
        """The user whom Enter would choose."""
        place = self._place_under_cursor
        return None if place is None else self._listing.users[place]

    # What the person does

    def action_sort(self) -> None:
        """Sort by the next column that is shown; behind the last, as the list came."""
        shown = [str(key.value) for key in self._table.columns]
        behind = shown.index(self._sorted_by) + 1 if self._sorted_by in shown else 0
        self._sort_by(shown[behind] if behind < len(shown) else "")

    def action_turn_round(self) -> None:
        """Turn the order round."""
        self._wanted = replace(self._wanted, is_descending=not self._wanted.is_descending)
        self._show_order()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """There is an order to be turned round only where one was chosen."""
        return action != "turn_round" or self._wanted.column is not None

    @on(DataTable.HeaderSelected)
    def _choose_order(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        if event.column_key.value == self._sorted_by:
            self.action_turn_round()
        else:
            self._sort_by(str(event.column_key.value))

    @on(Input.Changed, "#users-filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(keep=None if self._line.value else self._place_under_cursor)

    @on(FilterInput.Left)
    async def _leave_filter(self, event: FilterInput.Left) -> None:
        event.stop()
        # The next key acts on who is found: it waits until that is known, while the rest of the screen does not.
        await self._settled.wait()
        self.screen.set_focus(self._table)

    # How it is done

    @property
    def _table(self) -> UsersTable:
        return self.query_one(UsersTable)

    @property
    def _line(self) -> FilterInput:
        return self.query_one(FilterInput)

    @property
    def _place_under_cursor(self) -> int | None:
        row = self._table.cursor_row
        return self._matches[row] if 0 <= row < len(self._matches) else None

    @property
    def _sorted_by(self) -> str:
        """The key of the column that the users are in the order of."""
        column = self._wanted.column
        return "" if column is None else next(key for key, number in self._numbers.items() if number == column)

    @property
    def _numbers(self) -> dict[str, int]:
        """Which column of the index each column of the table is."""
        keys = (*COLUMNS, *(f"more-{place}" for place in range(len(self._listing.columns))))
        return {key: number for number, key in enumerate(keys)}

    def _place_of(self, user_id: str) -> int | None:
        return next(iter(self._by_id.places(user_id)), None)

    def _note_active(self) -> None:
        """Find out how the list spells the id of the user who is acted as."""
        self._active_id = self._active.id if self._active.is_user else None
        place = self._place_of(self._active_id) if self._active_id else None
        if place is not None:
            self._active_id = self._listing.users[place].id

    def _take(self, listing: UserList) -> None:
        """Look among these users from now on."""
        users = listing.users
        if users is not self._listing.users:
            self._index = index_of(users)
            self._by_id = UsersById(users, self._index)
            self._finder = UserQuery(self._index)
            self._matches = ()
        if len(listing.columns) != len(self._listing.columns):
            self._wanted = QuerySpec(self._wanted.text)
        self._listing = listing
        self._note_active()
        self._roles = role_styles(listing)
        self._set_columns()

    def _set_columns(self) -> None:
        order = self._sorted_by, self._wanted.is_descending
        self._table.set_columns(columns(self._listing, ("protected",) if self._protected else (), order))

    def _sort_by(self, key: str) -> None:
        self._wanted = replace(self._wanted, column=self._numbers.get(key), is_descending=False)
        self._show_order()

    def _show_order(self) -> None:
        self._set_columns()
        self._filter(keep=self._place_under_cursor)

    def _filter(self, *, keep: int | None) -> None:
        """Show who matches, with the cursor on the user at place `keep` if that one does, else on the first."""
        self._wanted = replace(self._wanted, text=self._line.value)
        self.workers.cancel_group(self, "users-find")
        self._settled.clear()
        if len(self._index) <= (_AT_ONCE if self._finder.knows_order(self._wanted) else _ORDERED_AT_ONCE):
            matches = run_now(self._finder.positions(self._wanted))
            self._settle(matches, run_now(self._row_of(matches, keep)))
        else:
            self._find(keep)

    @work(group="users-find", exclusive=True)
    async def _find(self, keep: int | None) -> None:
        """In slices; who is found in the first of them is seen before the others."""
        begun = self._show_first if keep is None else None
        matches = await run_in_slices(self._finder.positions(self._wanted), begun)
        self._settle(matches, await run_in_slices(self._row_of(matches, keep)))

    def _show_first(self) -> None:
        self._matches = self._finder.found
        self._table.empty = Content("Looking …")
        self._table.show(self._rows())

    def _settle(self, matches: Sequence[int], row: int) -> None:
        was_shown, self._matches = self._matches is matches, matches
        if self._line.value and self._listing.users:
            self._table.empty = Content(format_keys("Nobody matches. {clear_or_leave|Esc} clears the filter."))
        if was_shown:
            self._table.refresh_rows()
        else:
            self._table.show(self._rows(), cursor=row)
        self._table.refresh_bindings()
        self._count()
        self._settled.set()

    def _row_of(self, matches: Sequence[int], place: int | None) -> Generator[None, None, int]:
        if place is None:
            return 0
        if self._wanted.column is not None:
            return (yield from row_of(matches, place))
        row = bisect_left(matches, place)
        return row if row < len(matches) and matches[row] == place else 0

    def _rows(self) -> UserRows:
        sought = normalize(self._wanted.text).split()
        people, active = self._listing.users, self._active_id
        return UserRows(people, self._matches, active, self._protected, self._marked, self._roles, sought)

    def _count(self) -> None:
        if not self._is_listed:
            self.border_subtitle = "no list"
            return
        found = len(self._matches) if self._line.value else None
        self.border_subtitle = counted(self._listing, found, len(self._marked))


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
