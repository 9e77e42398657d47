"""The pane in which a matrix is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from tui import clocks
from tui.access.live_matrix import LiveMatrix
from tui.access.model import Column, Finding, Row, RowKey, Verdict
from tui.access.reports.wording import asked_words, plural
from tui.access.runner import Progress
from tui.bindings import format_keys
from tui.panes.matrix.formatting import cell_words, progress_words, summary_words
from tui.panes.matrix.rows import ORDERS, GroupRow, MatrixRows, MatrixView, RowList
from tui.panes.matrix.table import MatrixTable
from tui.text import clean
from tui.widgets.inputs import FilterInput


@dataclass(frozen=True, slots=True)
class CursorCell:
    """Where the cursor is: the rows of its line, and the endpoint, with its place, if it is on one.

    `is_one` where that is one cell.
    """

    rows: Sequence[Row]
    column: Column | None
    place: int | None
    is_one: bool


class MatrixPane(Vertical):
    """A summary in words, how far it is, the table, and the cell under the cursor in words."""

    BORDER_TITLE = "Matrix"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o",
            "sort",
            "Sort",
            show=False,
            id="sort_matrix",
            tooltip="Sort by what is gravest, by who is let in, by name",
        ),
    ]

    @dataclass
    class Opened(Message):
        """The person wants to know all about this cell."""

        spot: CursorCell

    def __init__(self) -> None:
        super().__init__(id="matrix")
        self._picture: MatrixRows | None = None
        self._wanted = MatrixView()
        self._note = ""
        self._counted = ""

    def compose(self) -> ComposeResult:
        """Words above the table, words below."""
        yield Static(id="matrix-words", markup=False)
        yield Static(id="matrix-progress", markup=False)
        yield FilterInput("{filter|/} filter by name, id, role, group", id="matrix-filter")
        yield MatrixTable()
        yield Static(id="matrix-cell", markup=False)

    def on_mount(self) -> None:
        """There is nothing yet."""
        self._table.empty = Content("Signing in …")
        self.query_one("#matrix-progress").display = False
        self.query_one(FilterInput).display = False
        self.screen.set_focus(self._table)

    # What the screen says

    def show(self, board: LiveMatrix) -> None:
        """Show what is known by now; the cursor stays where it is."""
        is_first = self._picture is None
        self._picture = self._picture or MatrixRows(board)
        self._tell_summary(summary_words(board))
        self._draw()
        if is_first:
            self._table.go_to_first_endpoint()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the run is; nothing where none is under way."""
        line = self.query_one("#matrix-progress", Static)
        line.display = progress is not None
        if progress:
            line.update(progress_words(progress, self.content_size.width), layout=False)

    def show_only(self, says: Verdict | Finding | None) -> None:
        """Show the rows in which a cell says this; all of them for None."""
        self._wanted = replace(self._wanted, says=says)
        self._draw()

    def note(self, words: str) -> None:
        """What the matrix is held against, to stand on the frame."""
        self._note = words
        self._count()

    def show_time(self) -> None:
        """Show how long ago its cells were asked, as that grows."""
        self._count()

    def focus_filter(self) -> None:
        """Begin to type a filter."""
        line = self.query_one(FilterInput)
        line.display = True
        self.screen.set_focus(line)

    def clear_filters(self) -> bool:
        """Show everything again; whether anything was hidden."""
        was = bool(self._wanted.text or self._wanted.says)
        self._wanted = replace(self._wanted, text="", says=None)
        self.query_one(FilterInput).value = ""
        self.query_one(FilterInput).display = False
        if was:
            self._draw()
        return was

    @property
    def spot(self) -> CursorCell | None:
        """Where the cursor is."""
        entry, place = self._table.entry, self._table.endpoint
        if self._picture is None or not isinstance(entry, GroupRow):
            return None
        column = None if place is None else self._picture.board.columns[place]
        return CursorCell(entry.rows, column, place, entry.is_one)

    # What the person does

    def action_sort(self) -> None:
        """Sort in the next way."""
        names = list(ORDERS)
        self._wanted = replace(self._wanted, order=names[(names.index(self._wanted.order) + 1) % len(names)])
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
        unfolded = self._wanted.unfolded - {whole} if is_folded else self._wanted.unfolded | {whole}
        self._wanted = replace(self._wanted, unfolded=unfolded)
        self._draw(keep=whole)

    @on(Input.Changed, "#matrix-filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._wanted = replace(self._wanted, text=event.value)
        self._draw()

    @on(FilterInput.Left)
    def _leave_filter(self, event: FilterInput.Left) -> None:
        event.stop()
        event.filter_line.display = bool(event.filter_line.value)
        self.screen.set_focus(self._table)

    @on(MatrixTable.Pointed)
    def _point(self, event: MatrixTable.Pointed) -> None:
        event.stop()
        self._describe()

    # How it is done

    @property
    def _table(self) -> MatrixTable:
        return self.query_one(MatrixTable)

    def _draw(self, keep: RowKey | None = None) -> None:
        if self._picture is None:
            return
        before = self._table.entry
        keep = keep or (before.key if isinstance(before, GroupRow) else None)
        lines = self._picture.lines(self._wanted)
        found = None if keep is None else lines.find(keep)
        cursor = (lines.first_entry if keep is None else self._table.cursor_row) if found is None else found
        self._table.empty = Content(format_keys("Nothing matches. {clear_or_leave|Esc} shows all."))
        self._table.show_lines(self._picture.board.columns, lines, cursor)
        self._describe()
        self._count(lines)

    def _tell_summary(self, words: Content) -> None:
        """Everything is laid out anew only where the words take other lines than before."""
        line = self.query_one("#matrix-words", Static)
        width, height = line.content_size
        line.update(words, layout=False)
        if line.get_content_height(self.size, self.screen.size, width) != height:
            line.refresh(layout=True)

    def _describe(self) -> None:
        place = self._table.endpoint
        column = self._picture.board.columns[place] if self._picture and place is not None else None
        self.query_one("#matrix-cell", Static).update(cell_words(self._table.entry, column, place), layout=False)

    def _count(self, lines: RowList | None = None) -> None:
        if self._picture is None:
            return
        if lines is not None:
            self._shown = lines.row_count
        wanted, board = self._wanted, self._picture.board
        total = len(board.rows)
        shown = ("" if self._shown == total else f"{self._shown:,} of ") + plural(total, "identity")
        only = f"only where something is {wanted.says}" if wanted.says else ""
        order = "" if wanted.order == "gravity" else f"by {wanted.order}"
        asked = asked_words(board.span, clocks.now().astimezone())
        told = (asked, self._note, only, order, f"{shown} × {plural(len(board.columns), 'endpoint')}")
        words = clean(" · ".join(filter(None, told)))
        if words != self._counted:
            self._counted = words
            self.border_subtitle = Content(words)
