"""The half of LazyTable that replaces what DataTable keeps of every row with what can be computed of one."""

from collections.abc import Hashable
from typing import Any, NoReturn, Self, cast

from textual.cache import LRUCache
from textual.coordinate import Coordinate
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import ColumnKey, Row, RowKey

from tui.panes.scrolling import ScrolledInPlace
from tui.panes.table.cells import Cell
from tui.panes.table.columns import Column
from tui.panes.table.rows import ComputedMapping, ComputedSequence, IndexKey, NoRows, RowSource, Showing

_KEPT = 500
"""Lines that need not be drawn again while they look the same."""


def _from_the_source(*_args: Any, **_kwargs: Any) -> NoReturn:
    msg = "this table holds no rows: change its source and call refresh_rows() or show(), or call set_columns()"
    raise TypeError(msg)


class ComputedTable(DataTable[Cell], ScrolledInPlace):
    """A DataTable whose rows are one line high and belong to a `RowSource`."""

    def __init__(self, **kwargs: Any) -> None:
        self._showing = Showing(NoRows())
        self._specs: dict[str, Column] = {}
        self._drawn = LRUCache[Hashable, Strip](_KEPT)
        super().__init__(**kwargs)
        self._adopt(NoRows())

    def show(self, source: RowSource, *, cursor: int = 0) -> Self:
        """Show the rows of `source` instead, at no cost per row; `cursor` (clamped) keeps its line on the screen."""
        before = self.cursor_row
        self._adopt(source)
        self._set_hover_cursor(active=False)
        self._redraw()
        there = self.validate_cursor_coordinate(Coordinate(cursor, self.cursor_column))
        self.set_reactive(DataTable.cursor_coordinate, there)
        if self.size:
            self.scroll_to(y=self.scroll_y + there.row - before, animate=False, force=True)
            self._scroll_cursor_into_view()
        if self.show_cursor:
            self._highlight_cursor()
        return self

    def renew(self, source: RowSource) -> None:
        """Show the rows of `source`; only those that look different are drawn again. The cursor stays."""
        first = max(0, self.scroll_offset.y)
        shown = range(first, min(first + self.size.height, self.row_count))
        before, length = [self._look_of_row(row) for row in shown], self.row_count
        self._adopt(source)
        if self.row_count != length:
            self._redraw()
            return
        self._update_count += 1
        for row, look in zip(shown, before, strict=True):
            if look != self._look_of_row(row):
                self._refresh_region(self._get_row_region(row))

    def _look_of_row(self, row: int) -> Hashable:  # noqa: ARG002 - for a subclass
        """Equal as long as the row, or with -1 the headings, looks the same, cursor and mouse apart."""
        return self._update_count

    def notify_style_update(self) -> None:
        """Draw everything anew in the new colours."""
        super().notify_style_update()
        self._drawn.clear()

    def _clear_caches(self) -> None:
        super()._clear_caches()
        self._drawn.clear()

    def refresh_rows(self) -> None:
        """Draw again what the source says now, also if its length changed; the cursor keeps its index."""
        self._redraw()
        self.cursor_coordinate = self.cursor_coordinate

    def clear(self, columns: bool = False) -> Self:  # noqa: FBT001, FBT002 - DataTable's signature
        """Show no rows; the columns stay whatever `columns` says, for a table has at least one."""
        del columns
        return self.show(NoRows())

    add_column = add_columns = remove_column = _from_the_source
    add_row = add_rows = remove_row = sort = update_cell = update_cell_at = _from_the_source

    def validate_cursor_coordinate(self, value: Coordinate) -> Coordinate:
        """Keep the cursor on the table, at the first row while there is none."""
        row, column = super().validate_cursor_coordinate(value)
        return Coordinate(max(row, 0), max(column, 0))

    @property
    def ordered_rows(self) -> list[Row]:
        """Every row in its order, each made when it is asked for."""
        return cast("list[Row]", ComputedSequence(self._row, range(self.row_count)))

    @property
    def _y_offsets(self) -> list[tuple[RowKey, int]]:
        def only_line(index: int) -> tuple[RowKey, int]:
            return IndexKey(index, self._showing), 0

        return cast("list[tuple[RowKey, int]]", ComputedSequence(only_line, range(self.row_count)))

    def _adopt(self, source: RowSource) -> None:
        showing = self._row_locations = self._showing = Showing(source)
        self.rows = cast("dict[RowKey, Row]", ComputedMapping(showing, self._row))
        self._data = cast("dict[RowKey, dict[ColumnKey, Cell]]", ComputedMapping(showing, self._cells_by_key))

    def _row(self, index: int) -> Row:
        return Row(IndexKey(index, self._showing), height=1)

    def _cells_by_key(self, index: int) -> dict[ColumnKey, Cell]:
        cells = dict(zip(self._specs, self._showing.source.cells(index), strict=False))
        return {key: cells.get(key.value or "", "") for key in self.columns}

    def _get_row_region(self, row_index: int) -> Region:
        if not self.is_valid_row_index(row_index):
            return Region()
        return Region(0, self._header_lines + row_index, max(self.size.width, self._drawn_width), 1)

    def _get_cell_region(self, coordinate: Coordinate) -> Region:
        if not self.is_valid_coordinate(coordinate):
            return Region()
        column = self._get_column_region(coordinate.column)
        return Region(column.x, self._header_lines + coordinate.row, column.width, 1)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the selected row begins on the screen, or the selected cell."""
        is_cell = self.cursor_type == "cell"
        region = self._get_cell_region(self.cursor_coordinate) if is_cell else self._get_row_region(self.cursor_row)
        return self.content_region.offset + region.offset - self.scroll_offset

    @property
    def _header_lines(self) -> int:
        return self.header_height if self.show_header else 0

    @property
    def _drawn_width(self) -> int:
        return sum(column.get_render_width(self) for column in self.columns.values())

    def _redraw(self) -> None:
        """Forget what was drawn, and measure anew what there is to draw."""
        self._clear_caches()
        self._update_count += 1
        self.virtual_size = Size(self._drawn_width, self._header_lines + self.row_count)
        self.refresh()
