"""Pane that shows a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Static

from tui import clocks
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Column, Finding, Row, RowKey, Verdict
from tui.access.reports.wording import size_words, tested_words
from tui.access.runner import Progress
from tui.panes.matrix.formatting import (
    cell_words,
    count_words,
    finding_words,
    first_lines,
    progress_words,
    summary_words,
)
from tui.panes.matrix.rows import ORDERS, GroupRow, MatrixRows, MatrixView
from tui.panes.matrix.table import MatrixTable
from tui.textual_ext.no_relayout import StableText
from tui.widgets.filtered_table import FilteredTable
from tui.widgets.inputs import FilterInput

_LINES_TO_A_FINDING = 8
"""Lines of the pane for each line of findings."""


@dataclass(frozen=True, slots=True)
class CursorCell:
    """The cell under the cursor: the rows of its line, and the endpoint with its index, if it is on one.

    `is_one` says whether the line is a single row.
    """

    rows: Sequence[Row]
    column: Column | None
    place: int | None
    is_one: bool


class MatrixPane(FilteredTable[MatrixTable]):
    """A summary, the progress of the run, the table, and a description of the cell under the cursor."""

    BORDER_TITLE = "Matrix"
    NOTHING_MATCHES = "No matches. Press {clear_filter|Esc} to show everything."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "t",
            "sort",
            "Sort",
            show=False,
            id="sort_matrix",
            tooltip="Change the sort order: severity, most or least allowed, inconclusive, name",
        ),
    ]

    @dataclass
    class Opened(Message):
        """Request to show the details of a cell."""

        spot: CursorCell

    def __init__(self) -> None:
        line = FilterInput("{filter|/} filter by name, ID, role or group", id="matrix-filter")
        super().__init__(MatrixTable(), line, id="matrix")
        self._summary = StableText(id="matrix-words")
        self._findings = StableText(id="matrix-findings")
        self._counts = StableText(id="matrix-counts")
        self._progress = Static(id="matrix-progress", markup=False, classes="-idle")
        self._cell = Static(id="matrix-cell", markup=False)
        self._rows: MatrixRows | None = None
        self._view = MatrixView()
        self._note = ""
        self._shown = 0

    def compose(self) -> ComposeResult:
        """Yield the summary and progress, the table, and the description of the cell."""
        yield self._summary
        yield self._findings
        yield self._counts
        yield self._progress
        yield from super().compose()
        yield self._cell

    def on_mount(self) -> None:
        """Show that the run is signing in."""
        self._table.empty_text = Content("Signing in…")
        self._filter_input.display = False
        self.focus_list()

    # Called by the screen

    def show(self, board: LiveMatrix) -> None:
        """Show the current state of the matrix; the cursor stays where it is."""
        is_first = self._rows is None
        if self._rows is None or self._rows.board is not board:
            self._rows = MatrixRows(board)
        self._show_summary(board)
        self._counts.update(count_words(board))
        self._draw()
        if is_first:
            self._table.go_to_first_endpoint()

    @on(events.Resize)
    def _fit_summary(self) -> None:
        if self._rows:
            self._show_summary(self._rows.board)

    def _show_summary(self, board: LiveMatrix) -> None:
        width, height = self._summary.content_size.width, self._summary.styles.max_height
        is_beginning = not (self._progress.has_class("-idle") or board.tested)
        words = Content("Testing…") if is_beginning else summary_words(board)
        self._summary.update(first_lines(words, width, int(height.value)) if width and height else words)
        self._findings.update(finding_words(board, self._lines_of_findings))

    @property
    def _lines_of_findings(self) -> int:
        """The number of lines for findings: most of a low screen is for the matrix."""
        return self.size.height // _LINES_TO_A_FINDING

    def show_progress(self, progress: Progress | None) -> None:
        """Show the progress of the run, or hide it for None."""
        self._progress.set_class(progress is None, "-idle")
        if progress:
            self._progress.update(progress_words(progress, self.content_size.width), layout=False)

    def show_only(self, says: Verdict | Finding | None) -> None:
        """Show the rows with this verdict or finding; all rows for None."""
        self._view = replace(self._view, says=says)
        self._draw()

    def note(self, words: str) -> None:
        """Show on the frame what the matrix is compared with."""
        self._note = words
        self.show_count()

    def show_time(self) -> None:
        """Update on the frame how long ago the requests were sent."""
        self.show_count()

    def go_to_finding(self, step: int) -> bool:
        """Move the cursor to the next finding, or the one before for -1. Return whether the shown rows have any."""
        return self._table.go_to_finding(step)

    def focus_filter(self) -> None:
        """Show and focus the filter."""
        self._filter_input.display = True
        super().focus_filter()

    @property
    def is_filtered(self) -> bool:
        """Whether only some rows are shown."""
        return bool(self._view.text or self._view.says)

    def clear_filters(self) -> bool:
        """Clear all filters. Return whether any was set."""
        was = self.is_filtered
        self._view = replace(self._view, text="", says=None)
        self._filter_input.value = ""
        self._filter_input.display = False
        if was:
            self._draw()
        return was

    @property
    def spot(self) -> CursorCell | None:
        """The cell under the cursor; None on a heading."""
        entry, place = self._table.entry, self._table.endpoint
        if self._rows is None or not isinstance(entry, GroupRow):
            return None
        column = None if place is None else self._rows.board.columns[place]
        return CursorCell(entry.rows, column, place, entry.is_one)

    # Actions and events

    def action_sort(self) -> None:
        """Switch to the next sort order."""
        names = list(ORDERS)
        self._view = replace(self._view, order=names[(names.index(self._view.order) + 1) % len(names)])
        self._draw()

    @on(DataTable.CellSelected)
    def _select(self, event: DataTable.CellSelected) -> None:
        event.stop()
        entry, spot = self._table.entry, self.spot
        if isinstance(entry, GroupRow) and not entry.is_one:
            self._fold(entry.key, is_folded=entry.is_open)
        elif spot and spot.column is None:
            self._table.go_to_first_endpoint()
        elif spot:
            self.post_message(self.Opened(spot))

    @on(MatrixTable.Folded)
    def _fold_at_cursor(self, event: MatrixTable.Folded) -> None:
        event.stop()
        entry = self._table.entry
        if isinstance(entry, GroupRow) and not entry.is_one:
            self._fold(entry.key, is_folded=event.is_folded)
        elif isinstance(entry, GroupRow) and entry.is_member and (whole := self._table.whole_of_members):
            self._fold(whole.key, is_folded=event.is_folded)

    def _fold(self, whole: RowKey, *, is_folded: bool) -> None:
        unfolded = self._view.unfolded - {whole} if is_folded else self._view.unfolded | {whole}
        self._view = replace(self._view, unfolded=unfolded)
        self._draw(keep=whole)

    @on(MatrixTable.Pointed)
    def _point(self, event: MatrixTable.Pointed) -> None:
        event.stop()
        self._describe()

    # Helpers

    def count_words(self) -> str:
        """Return when the requests were sent, the filters, and the number of identities and endpoints."""
        if self._rows is None:
            return ""
        view, board = self._view, self._rows.board
        total = len(board.rows)
        shown = "" if self._shown == total else f"{self._shown:,} of "
        only = f"only rows with {view.says}" if view.says else ""
        order = "" if view.order == "gravity" else f"by {view.order}"
        asked = tested_words(board.span, clocks.local())
        told = (asked, self._note, only, order, f"{shown}{size_words(total, board.columns)}")
        return " · ".join(filter(None, told))

    def narrow(self) -> None:
        """Show the rows that match the filter."""
        self._view = replace(self._view, text=self.filter_text)
        self._draw()

    async def leave_filter(self) -> None:
        """Focus the rows, and hide an empty filter."""
        self._filter_input.display = bool(self.filter_text)
        await super().leave_filter()

    def _draw(self, keep: RowKey | None = None) -> None:
        if self._rows is None:
            return
        before = self._table.entry
        keys = [keep] if keep else [before.key, before.first.key] if isinstance(before, GroupRow) else []
        lines = self._rows.lines(self._view)
        found = next((index for key in keys if (index := lines.find(key)) is not None), None)
        cursor = lines.entry_from(self._table.cursor_row if keys else 0) if found is None else found
        self.show_empty(self.NOTHING_MATCHES)
        self._table.show_lines(self._rows.board.columns, lines, cursor)
        self._describe()
        self._shown = lines.row_count
        self.show_count()
        self.refresh_bindings()  # Esc may lead elsewhere.

    def _describe(self) -> None:
        self._cell.update(cell_words(self._table.entry, self._table.endpoint), layout=False)
