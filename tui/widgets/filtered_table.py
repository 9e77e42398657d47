"""Base of panes with a filter, a table, marked rows, and a count on the frame."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from tui.format import count
from tui.key_labels import format_keys
from tui.text import clean
from tui.widgets.inputs import FilterInput
from tui.widgets.table.row_source import RowSource
from tui.widgets.table.virtual_table import VirtualTable

Table = TypeVar("Table", bound=VirtualTable)


class FilteredTable(Vertical, Generic[Table]):
    """Pane with a filter and a table. Subclasses define the columns and the rows.

    Args:
        table: shows the rows.
        filter_input: filters them.
        id: as in Widget.
    """

    NOTHING_MATCHES: ClassVar[str] = "No matches. Press {clear_filter|Esc} to clear the filter."
    """Shown in place of the rows if none match."""

    def __init__(self, table: Table, filter_input: FilterInput, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._table = table
        self._filter_input = filter_input
        self._marked: dict[str, None] = {}
        self._on_frame = ""

    def compose(self) -> ComposeResult:
        """Yield the filter and the table."""
        yield self._filter_input
        yield self._table

    # For subclasses

    def rows(self) -> RowSource:
        """Return the rows to show, with their marks."""
        return self._table.source

    def narrow(self) -> None:
        """Show the rows that match the filter."""
        raise NotImplementedError

    def count_words(self) -> str:
        """Return the number of rows in words."""
        raise NotImplementedError

    def key_under_cursor(self) -> str | None:
        """Return the key that marks the row under the cursor, or None if it cannot be marked."""
        return None

    async def leave_filter(self) -> None:
        """Move the focus from the filter to the rows."""
        self.focus_list()

    def take_only_match(self) -> None:
        """Act on the row that is the only one to match the filter, if it is one that can be acted on at once."""

    # Shared by all panes

    @property
    def filter_text(self) -> str:
        """The text of the filter."""
        return self._filter_input.value

    @property
    def marked(self) -> Collection[str]:
        """The keys of the marked rows, in the order of marking."""
        return tuple(self._marked)

    def clear_marks(self) -> None:
        """Remove all marks."""
        self._marked.clear()
        self.redraw()
        self.show_count()

    def focus_filter(self) -> None:
        """Focus the filter."""
        self.screen.set_focus(self._filter_input)

    def clear_filter(self) -> None:
        """Clear the filter."""
        self._filter_input.value = ""

    def focus_list(self) -> None:
        """Focus the rows."""
        self.screen.set_focus(self._table)

    def redraw(self) -> None:
        """Redraw the rows in their current state."""
        self._table.show(self.rows(), cursor=self._table.cursor_row)

    def show_count(self) -> None:
        """Show on the frame how many rows there are, and how many are marked."""
        marks = f"{count(len(self.marked))} marked · " if self.marked else ""
        self.show_on_frame(marks + self.count_words())

    def show_on_frame(self, words: str) -> None:
        """Show a text on the frame."""
        words = clean(words)
        if words != self._on_frame:  # a new subtitle redraws the whole pane
            self._on_frame = words
            self.border_subtitle = Content(words)

    def show_empty(self, words: str | Content) -> None:
        """Set the text that is shown without rows. With a filter, it says instead that nothing matches."""
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

    @on(FilterInput.Taken)
    async def _take_filter(self, event: FilterInput.Taken) -> None:
        event.stop()
        await self.leave_filter()
        self.take_only_match()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to mark only a row that can be marked."""
        return action != "mark" or self.key_under_cursor() is not None

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor, and go to the next."""
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
