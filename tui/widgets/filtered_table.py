"""A list that is narrowed by typing: a filter above its rows, those that are marked, and how many there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from tui.bindings import format_keys
from tui.format import count
from tui.text import clean
from tui.widgets.inputs import FilterInput
from tui.widgets.table.row_source import RowSource
from tui.widgets.table.virtual_table import VirtualTable

Table = TypeVar("Table", bound=VirtualTable)


class FilteredTable(Vertical, Generic[Table]):
    """A pane with a filter and a table; a pane made from it says what the columns and the rows are.

    Args:
        table: shows the rows.
        filter_input: narrows them.
        id: as in Widget.
    """

    NOTHING_MATCHES: ClassVar[str] = "Nothing matches. {clear_or_leave|Esc} clears the filter."
    """What stands in place of the rows where the filter leaves none."""

    def __init__(self, table: Table, filter_input: FilterInput, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._table = table
        self._filter_input = filter_input
        self._marked: dict[str, None] = {}
        self._on_frame = ""

    def compose(self) -> ComposeResult:
        """Filter above table."""
        yield self._filter_input
        yield self._table

    # What a pane says of its own

    def rows(self) -> RowSource:
        """What the table shows now; where rows are marked, with their marks."""
        return self._table.source

    def narrow(self) -> None:
        """Show what matches what is typed now."""
        raise NotImplementedError

    def count_words(self) -> str:
        """How many there are, in words."""
        raise NotImplementedError

    def key_under_cursor(self) -> str | None:
        """By what the row under the cursor is marked; None where it cannot be."""
        return None

    async def leave_filter(self) -> None:
        """Go from the filter to the rows."""
        self.focus_list()

    # What it does for all of them

    @property
    def filter_text(self) -> str:
        """What is typed into the filter."""
        return self._filter_input.value

    @property
    def marked(self) -> Collection[str]:
        """The keys of what is marked, in the order in which it was."""
        return tuple(self._marked)

    def clear_marks(self) -> None:
        """Mark nothing."""
        self._marked.clear()
        self.redraw()
        self.show_count()

    def focus_filter(self) -> None:
        """Begin to type a filter."""
        self.screen.set_focus(self._filter_input)

    def focus_list(self) -> None:
        """Go to the rows."""
        self.screen.set_focus(self._table)

    def redraw(self) -> None:
        """Draw the rows that are shown as they are now."""
        self._table.show(self.rows(), cursor=self._table.cursor_row)

    def show_count(self) -> None:
        """Say on the frame how many rows there are, and how many are marked."""
        marks = f"{count(len(self.marked))} marked · " if self.marked else ""
        self.show_on_frame(marks + self.count_words())

    def show_on_frame(self, words: str) -> None:
        """Say something else there."""
        words = clean(words)
        if words != self._on_frame:  # new words have all of the pane drawn
            self._on_frame = words
            self.border_subtitle = Content(words)

    def show_empty(self, words: str | Content) -> None:
        """Say what stands in place of the rows while there are none; where a filter is typed, that nothing matches."""
        if self.filter_text:
            words = self.NOTHING_MATCHES
        self._table.empty_text = words if isinstance(words, Content) else Content(format_keys(words))

    @on(Input.Changed)
    def _narrow_as_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.narrow()

    @on(FilterInput.Submitted)
    async def _leave_filter(self, event: FilterInput.Submitted) -> None:
        event.stop()
        await self.leave_filter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to mark a row only where there is one."""
        return action != "mark" or self._table.row_count > 0

    def action_mark(self) -> None:
        """Mark the row under the cursor, or no longer."""
        key = self.key_under_cursor()
        if key is None:
            return
        if key in self._marked:
            del self._marked[key]
        else:
            self._marked[key] = None
        self.redraw()
        self._table.action_cursor_down()
        self.show_count()
