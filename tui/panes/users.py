"""Users pane: find a user of the deployment and act as them."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import DataTable

from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import User, UserList
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.lookup import UsersById
from tui.airisk.users.query import QuerySpec, UserQuery, row_of
from tui.airisk.users.search_index import UserIndex, normalize
from tui.background import run_in_slices, run_now
from tui.format import count
from tui.key_labels import format_keys
from tui.panes.placeholder import USERS_FILTER, USERS_TITLE
from tui.panes.users_rows import COLUMNS, NOT_HERE, PinnedFirst, UserRows, columns, counted, role_styles
from tui.text import clean
from tui.widgets.filtered_table import FilteredTable
from tui.widgets.inputs import FilterInput
from tui.widgets.table.virtual_table import VirtualTable

_AT_ONCE = 100_000
"""Users filtered at once, in some 20 ms. Longer lists are filtered in slices, so that keys are handled in between."""

_ORDERED_AT_ONCE = 20_000
"""The same limit for lists that must also be sorted."""

_WHY = 120
"""Columns after which the error message in the empty table is cut; the notice shows more of it."""

_SECONDS = 0.1
"""Seconds between redraws while a list is loading."""


class UsersTable(VirtualTable):
    """Table of users; Enter acts as the user under the cursor, or says why not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Act as", id="act_as", tooltip="Act as the user under the cursor"),
    ]

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: Enter is hidden on a user who cannot be acted as."""
        rows, row = self.source, self.cursor_row
        is_refused = isinstance(rows, UserRows) and row < len(rows) and not rows.can_act_as(row)
        return {"act_as": ""} if is_refused else {}


class UsersPane(FilteredTable[UsersTable]):
    """A filter and a table of users. `›` marks the cursor, `●` the active user, `✓` the marked users.

    Args:
        waiting: the text shown until the first list arrives.
        preselected: as in `preselect`.
    """

    BORDER_TITLE = USERS_TITLE
    NOTHING_MATCHES = "No matching users. Press {clear_filter|Esc} to clear the filter."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="mark_user", tooltip="Mark or unmark this user for the access matrix"),
        Binding("t", "sort", "Sort", show=False, id="sort_users", tooltip="Sort by the next column"),
        Binding("T", "turn_round", "Reverse", show=False, id="reverse_order", tooltip="Reverse the sort order"),
    ]

    class Pointed(Message):
        """Posted when the cursor may be on another user."""

    @dataclass
    class Chosen(Message):
        """Request to act as a user."""

        user: User

    def __init__(self, waiting: str = "", preselected: str = "") -> None:
        self._user_list = UserList(())
        super().__init__(
            UsersTable(columns(self._user_list), empty_text=Content(waiting), id="users-table"),
            FilterInput(USERS_FILTER, id="users-filter"),
            id="users",
        )
        self.show_on_frame(waiting)
        self._is_listed = False
        self._grows: Timer | None = None
        """Limits how often a loading list is redrawn."""
        self._on_progress: tuple[UserList, Collection[str]] | None = None
        """The list received since the last redraw, and the ids of its protected users."""
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
        self._left_at: int | None = None
        """The place of the user under the cursor before the list was filtered."""
        self._pinned: int | None = None
        """The place of the preselected user, `NOT_HERE` while the list lacks them; None if `USER_ID` is empty."""
        self.preselect(preselected)

    # Called by the screen

    def preselect(self, user_id: str) -> None:
        """Put the user of that id first, and under the cursor, unless the list is filtered or sorted."""
        self._preselected = User(user_id)

    def show_waiting(self, words: str, on_frame: str | None = None) -> None:
        """Show what is being waited for, on the frame in other words if given.

        The frame keeps its text while a partial list is shown.
        """
        self._table.empty_text = Content(words)
        if self._is_listed or not self._user_list.users:
            self.show_on_frame(words if on_frame is None else on_frame)

    def show_failed(self, message: str, advice: str) -> None:
        """Show why the list failed to load. An older list stays. In a short table the advice is cut, not the key."""
        self._on_progress = None
        if not self._is_listed and self._user_list.users:
            self._take(UserList(()))
            self._filter(keep=None)
        why = Content.styled(f"✗ {clean(message, limit=_WHY)}", "bold $text-error")
        words = (why, Content(format_keys(_AGAIN)), Content(clean(advice)))
        self._table.empty_text = Content("\n\n").join(each for each in words if each.plain)
        self.show_count()

    def show_list(self, user_list: UserList, protected: Collection[str] = ()) -> None:
        """Fill the table. The cursor stays on its user, or goes to the preselected one in the first list."""
        current = self.user_under_cursor
        self._is_listed, self._on_progress = True, None
        self._protected = protected
        self._take(user_list)
        self._table.empty_text = Content(format_keys(_NOBODY))
        self._filter(keep=self._place_of(current.id) if current else self._pinned)

    def show_so_far(self, user_list: UserList, protected: Collection[str] = ()) -> None:
        """Show a list that is still loading. An older complete list stays in the table."""
        if self._grows is not None:
            self._on_progress = (user_list, protected)
            return
        self._grows = self.set_timer(_SECONDS, self._look_again)
        came, total = len(user_list.users), user_list.total or 0
        self.show_on_frame(f"{count(came)}{f' of {count(total)}' if total > came else ''} users so far")
        if self._is_listed:
            return
        self._protected = protected
        if self._user_list.users is not user_list.users:
            self._take(user_list)
        if not self.filter_text and self._wanted.column is None:
            if self._pinned == NOT_HERE:
                self._pin()
            self._matches = self._in_list_order()
            self.redraw()
            self.screen.refresh_bindings()  # The first users can be acted as.
        elif not self._matches:  # Matches stay until the list is complete: no user moves under the cursor.
            self._finder = UserQuery(self._index)  # A query keeps its last matches.
            self._filter(keep=None)

    def _look_again(self) -> None:
        """Show what arrived since the last redraw."""
        self._grows, on_progress, self._on_progress = None, self._on_progress, None
        if on_progress:
            self.show_so_far(*on_progress)

    def point_at(self, user: User) -> None:
        """Move the cursor to a user, if they are among those who are shown."""
        place = self._place_of(user.id)
        row = run_now(self._row_of(self._matches, place))
        if self._matches and self._matches[row] == place:
            self._table.move_cursor(row=row)

    def show_active(self, identity: Identity) -> None:
        """Mark the row of the active user."""
        self._active = identity
        self._note_active()
        self.redraw()

    @property
    def user_list(self) -> UserList:
        """All users."""
        return self._user_list

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of the marked users, in the order of marking."""
        return tuple(self._marked)

    @property
    def filter(self) -> tuple[str, int]:
        """The filter text and the number of matching users."""
        return self.filter_text.strip(), len(self._matches)

    @property
    def is_filtering(self) -> bool:
        """Whether the filter has the focus."""
        return self._filter_input.has_focus_within

    def nearby(self, most: int = 5) -> Sequence[User]:
        """Return the user under the cursor and those on the lines below, at most `most` users."""
        row, rows = max(self._table.cursor_row, 0), self.rows()
        return [rows.user(each) for each in range(row, min(row + most, len(rows)))]

    def find(self, text: str, most: int = 20) -> Sequence[User]:
        """Return the first users that match `text`, at most `most` users."""
        found = chain.from_iterable(self._index.search(text))
        return [self._user_list.users[place] for place in islice(found, most)]

    @property
    def user_under_cursor(self) -> User | None:
        """The user under the cursor, if any."""
        return None if self._place_under_cursor is None else self.rows().user(self._table.cursor_row)

    @property
    def is_at_preselected(self) -> bool:
        """Whether the cursor is on the preselected user in the first row."""
        is_pinned = isinstance(self._matches, PinnedFirst)
        return is_pinned and self._place_under_cursor == self._pinned

    @property
    def text_at_cursor(self) -> str:
        """The id of the user under the cursor."""
        return self.key_under_cursor() or ""

    # Content of the list

    def rows(self) -> UserRows:
        """Return the matching users as rows. The active, marked and protected users stand out."""
        sought = normalize(self._wanted.text).split()
        people, active = self._user_list.users, self._active_id
        missing = self._preselected, "not listed" if self._is_listed else ""
        return UserRows(people, self._matches, active, self._protected, self._marked, self._roles, sought, missing)

    def narrow(self) -> None:
        """Show the matching users. When the filter is cleared, the cursor stays on its user, or returns to it."""
        if not self._wanted.text:
            self._left_at = self._place_under_cursor
        at = self._place_under_cursor if self._matches else self._left_at
        self._filter(keep=None if self.filter_text else at)

    def count_words(self) -> str:
        """Return the number of users, and how many of them match the filter."""
        if not self._is_listed:
            came = len(self._user_list.users)
            return f"{count(came)} users so far" if came else "not loaded"
        return counted(self._user_list, len(self._matches) if self.filter_text else None)

    def key_under_cursor(self) -> str | None:
        """Return the id of the user under the cursor, if any."""
        user = self.user_under_cursor
        return user.id if user else None

    async def leave_filter(self) -> None:
        """Focus the rows once filtering has finished, because the next key acts on them."""
        await self._settled.wait()
        await super().leave_filter()

    def take_only_match(self) -> None:
        """Act as the only user who matches the filter."""
        if self.filter_text and len(self._matches) == 1:
            self.post_message(self.Chosen(self.rows().user(0)))

    # Actions and events

    def action_sort(self) -> None:
        """Sort by the next visible column; after the last one, restore the order of the list."""
        shown = [str(key.value) for key in self._table.columns]
        following = shown.index(self._sorted_by) + 1 if self._sorted_by in shown else 0
        self._sort_by(shown[following] if following < len(shown) else "")

    def action_turn_round(self) -> None:
        """Reverse the sort order."""
        self._wanted = replace(self._wanted, is_descending=not self._wanted.is_descending)
        self._show_order()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to reverse the order only if the list is sorted."""
        if action == "turn_round":
            return self._wanted.column is not None
        return super().check_action(action, parameters)

    @on(DataTable.HeaderSelected)
    def _choose_order(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        if event.column_key.value == self._sorted_by:
            self.action_turn_round()
        else:
            self._sort_by(str(event.column_key.value))

    @on(DataTable.RowHighlighted)
    def _point(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self.post_message(self.Pointed())

    @on(VirtualTable.RowChosen)
    def _choose(self, event: VirtualTable.RowChosen) -> None:
        event.stop()
        self.post_message(self.Chosen(cast("UserRows", event.source).user(event.row)))

    # Helpers

    @property
    def _place_under_cursor(self) -> int | None:
        row = self._table.cursor_row
        return self._matches[row] if 0 <= row < len(self._matches) else None

    @property
    def _sorted_by(self) -> str:
        """The key of the column that the users are sorted by, or an empty string."""
        column = self._wanted.column
        return "" if column is None else next(key for key, number in self._numbers.items() if number == column)

    @property
    def _numbers(self) -> dict[str, int]:
        """The number of each table column in the index, by the column's key."""
        keys = (*COLUMNS, *(f"more-{place}" for place in range(len(self._user_list.columns))))
        return {key: number for number, key in enumerate(keys)}

    def _place_of(self, user_id: str) -> int | None:
        return next(iter(self._by_id.places(user_id)), None)

    def _note_active(self) -> None:
        """Store the active user's id as the list spells it."""
        self._active_id = self._active.id if self._active.is_user else None
        place = self._place_of(self._active_id) if self._active_id else None
        if place is not None:
            self._active_id = self._user_list.users[place].id

    def _take(self, user_list: UserList) -> None:
        """Use this list for the rows and the filter."""
        users = user_list.users
        if users is not self._user_list.users:
            self._index = index_of(users)
            self._by_id = UsersById(users, self._index)
            self._matches, self._left_at = (), None
        self._finder = UserQuery(self._index)  # The same list may have grown, and a query keeps its last matches.
        if len(user_list.columns) != len(self._user_list.columns):
            self._wanted = QuerySpec(self._wanted.text)
        self._user_list = user_list
        self._note_active()
        self._pin()
        self._roles = role_styles(user_list)
        self._set_columns()

    def _pin(self) -> None:
        """Find the preselected user. One who never arrives keeps the row, so that no other slides under the cursor."""
        place = self._place_of(self._preselected.id)
        self._pinned = NOT_HERE if place is None and self._preselected.id else place

    def _in_list_order(self) -> Sequence[int]:
        """Return the places of all users, the preselected one first."""
        length = len(self._user_list.users)
        return range(length) if self._pinned is None or not length else PinnedFirst(self._pinned, length)

    def _set_columns(self) -> None:
        order = self._sorted_by, self._wanted.is_descending
        notes = ("protected",) if self._protected else ()
        self._table.set_columns(columns(self._user_list, notes, order, (self._preselected.id,)))

    def _sort_by(self, key: str) -> None:
        self._wanted = replace(self._wanted, column=self._numbers.get(key), is_descending=False)
        self._show_order()

    def _show_order(self) -> None:
        self._set_columns()
        self._filter(keep=self._place_under_cursor)

    def _filter(self, *, keep: int | None) -> None:
        """Show the matching users. The cursor goes to the user at index `keep` if it matches, else to the first."""
        self._wanted = replace(self._wanted, text=self.filter_text)
        self.workers.cancel_group(self, "users-find")
        self._settled.clear()
        if len(self._index) <= (_AT_ONCE if self._finder.knows_order(self._wanted) else _ORDERED_AT_ONCE):
            matches = run_now(self._positions())
            self._settle(matches, run_now(self._row_of(matches, keep)))
        else:
            self._find(keep)

    @work(group="users-find", exclusive=True)
    async def _find(self, keep: int | None) -> None:
        """Filter in slices. Unless `keep` is set, show the first matches early."""
        begun = self._show_first if keep is None else None
        matches = await run_in_slices(self._positions(), begun)
        self._settle(matches, await run_in_slices(self._row_of(matches, keep)))

    def _positions(self) -> Generator[None, None, Sequence[int]]:
        matches = yield from self._finder.positions(self._wanted)
        return self._in_list_order() if isinstance(matches, range) else matches

    def _show_first(self) -> None:
        self._matches = self._finder.found
        self._table.empty_text = Content("Searching…")
        self._table.show(self.rows())

    def _settle(self, matches: Sequence[int], row: int) -> None:
        was_shown, self._matches = self._matches is matches, matches
        if self.filter_text and self._user_list.users:
            self.show_empty("")
            if not self._is_listed:
                self._table.empty_text = Content(_NONE_SO_FAR)
        if was_shown:
            self._table.refresh_rows()
        else:
            self._table.show(self.rows(), cursor=row)
        self._table.refresh_bindings()
        self.show_count()
        if not matches:
            self.post_message(self.Pointed())  # The table says where its cursor is, but not that it is nowhere.
        self._settled.set()

    def _row_of(self, matches: Sequence[int], place: int | None) -> Generator[None, None, int]:
        if place is None:
            return 0
        if isinstance(matches, PinnedFirst):
            return matches.row_of(place)
        if self._wanted.column is not None:
            return (yield from row_of(matches, place))
        row = bisect_left(matches, place)
        return row if row < len(matches) and matches[row] == place else 0


_AGAIN = "Press {refresh_users|Ctrl+R} to retry, or {check_connection|F2} to check the connection."

_NONE_SO_FAR = "No matches so far. More users are loading."

_NOBODY = """No users.

The deployment may be empty, or this client may not be allowed to list users.
Press {refresh_users|Ctrl+R} to retry."""
