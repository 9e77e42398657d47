"""The half of LazyTable that draws: a row in one go where its cells look alike, else cell by cell as DataTable does."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual._types import SegmentLines
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets._data_table import RowRenderables

from tui.panes.table.cells import Cell, as_text, fitted, fitted_text
from tui.panes.table.computed import ComputedTable

_MARKER = "▸ "


class DrawnTable(ComputedTable):
    """A table of which only the lines in sight are drawn, and each only once while it looks the same.

    Args:
        empty: What stands in the middle while there are no rows.
        marker: Whether a ▸ shows the cursor's row.
        kwargs: As in DataTable.
    """

    empty: reactive[Cell] = reactive[Cell]("")

    def __init__(self, *, empty: Cell, marker: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.set_reactive(DrawnTable.empty, empty)
        self._marker = _MARKER if marker else ""
        self._base_style = Style.null()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight; the style below them is found once, for it depends on everything around the table."""
        self._base_style = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One of them, counted from the top of the table."""
        scroll_x, scroll_y = self.scroll_offset
        stays = y < self._header_lines + self.fixed_rows
        return self._render_line(y if stays else y + scroll_y, scroll_x, scroll_x + self.size.width, self._base_style)

    def _marker_beside(self, place: int) -> str:
        return self._marker if place == 0 else ""

    def _render_line(self, y: int, x1: int, x2: int, base_style: Style) -> Strip:
        if not self.row_count and y >= self._header_lines:
            return self._render_empty(y - self._header_lines, base_style)
        if self.cursor_type not in {"row", "cell"}:
            return super()._render_line(y, x1, x2, base_style)
        # DataTable's own key holds the place of the cursor, so that it draws every line again when the cursor moves.
        row = y - self._header_lines
        look = (
            (y, x1, x2, self.size.width, base_style),
            (row == self.cursor_row, row == self.hover_row, self.show_cursor, self._show_hover_cursor),
            # Where the cursor is a cell, its column is seen on its row and on the headings.
            (
                self.cursor_column if self.cursor_type == "cell" and (row < 0 or row == self.cursor_row) else None,
                self.hover_column if self.cursor_type == "cell" and row == self.hover_row else None,
            ),
            (self._look_of_row(max(row, -1)), self._pseudo_class_state),
        )
        if look not in self._drawn:
            in_one_go = self.cursor_type == "row" and not self.fixed_columns and 0 <= row < self.row_count
            self._drawn[look] = (
                self._render_row(row, base_style) if in_one_go else super()._render_line(y, x1, x2, base_style)
            )
        return self._drawn[look]

    # A row in one go

    def _render_row(self, row: int, base_style: Style) -> Strip:
        is_cursor = row == self.cursor_row
        before, after = self._styles(is_hover=row == self.hover_row, is_cursor=is_cursor)
        # A row cursor has no column: a click on its row selects it, wherever on the row it falls.
        style = self._get_row_style(row, base_style) + Style.from_meta({"row": row, "column": 0}) + before
        segments = list(Segment.apply_style(self._row_segments(row, is_cursor=is_cursor), style, after))
        beside = style + Style.from_meta({"out_of_bounds": True})
        return Strip(segments).adjust_cell_length(self.size.width, beside).simplify()

    def _row_segments(self, row: int, *, is_cursor: bool) -> Iterator[Segment]:
        padding = " " * self.cell_padding
        for place, cell in enumerate(self._get_row_renderables(row).cells):
            marker = self._marker_beside(place)
            before = padding + (marker if is_cursor and self.show_cursor else " " * len(marker))
            if isinstance(cell, Text):
                yield from Text.assemble(before, cell, padding).render(self.app.console)
            else:
                yield Segment(f"{before}{cell}{padding}")

    # Cell by cell

    def _compute_row_renderables(self, row_index: int) -> RowRenderables:
        columns = self.ordered_columns
        cells: list[Cell] = [column.label for column in columns] if row_index == -1 else self.get_row_at(row_index)
        parse_style = self.app.stylesheet.parse_style
        shown: list[RenderableType] = []
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            align = self._specs[column.key.value or ""].align
            width = column.width - len(self._marker_beside(place))
            shown.append(
                fitted_text(cell, width, align)
                if isinstance(cell, str)
                else fitted(as_text(cell, parse_style), width, align)
            )
        return RowRenderables(None, shown)

    def _render_cell(  # noqa: PLR0917 - DataTable's signature
        self,
        row_index: int,
        column_index: int,
        base_style: Style,
        width: int,
        cursor: bool = False,  # noqa: FBT001, FBT002
        hover: bool = False,  # noqa: FBT001, FBT002
    ) -> SegmentLines:
        is_header = row_index == -1
        is_fixed = not is_header and (row_index < self.fixed_rows or column_index < self.fixed_columns)
        before, after = self._styles(is_header=is_header, is_fixed=is_fixed, is_hover=hover, is_cursor=cursor)
        column = 0 if self.cursor_type == "row" and not is_header else column_index
        style = base_style + Style.from_meta({"row": row_index, "column": column}) + before
        marker = self._marker_beside(column_index)
        is_marked = cursor or (self.cursor_type == "cell" and row_index == self.cursor_row)
        if is_header or not is_marked or not self.show_cursor:
            marker = " " * len(marker)
        padding = " " * self.cell_padding
        cell = self._get_row_renderables(row_index).cells[column_index]
        text = cell if isinstance(cell, Text) else Text(str(cell))
        texts = self._heading_lines(text, column_index, width) if is_header else [text]
        lines = [Text.assemble(padding + marker, each, padding) for each in texts]
        console = self.app.console
        return [list(Segment.apply_style(line.render(console), style, after)) for line in lines]

    def _styles(
        self, *, is_hover: bool, is_cursor: bool, is_header: bool = False, is_fixed: bool = False
    ) -> tuple[Style, Style]:
        """What lies under the style of a cell, and what over it."""
        return self._get_styles_to_render_cell(
            is_header,
            False,  # noqa: FBT003 - a row label: there are none
            is_fixed,
            is_hover,
            is_cursor,
            self.show_cursor,
            self._show_hover_cursor,
            self.cursor_foreground_priority == "css",
            self.cursor_background_priority == "css",
        )

    def _heading_lines(self, label: Text, column_index: int, width: int) -> list[Text]:  # noqa: ARG002 - for a subclass
        """The lines of a heading, each as wide as its label."""
        return [label, *[Text(" " * label.cell_len)] * (self.header_height - 1)]

    def _render_empty(self, line: int, base_style: Style) -> Strip:
        width, height = self.size
        words = as_text(self.empty, self.app.stylesheet.parse_style)
        wrapped = words.wrap(self.app.console, max(1, width - 2 * self.cell_padding))
        place = line - max(0, height - self._header_lines - len(wrapped)) // 2
        if not 0 <= place < len(wrapped):
            return Strip.blank(width, base_style)
        text = Text.assemble(fitted(wrapped[place], width, "center"))
        style = base_style + self.get_component_rich_style("lazytable--empty")
        return Strip(Segment.apply_style(text.render(self.app.console), style), width)
