"""LazyTable: a DataTable that asks for a row when it draws it, and never holds the others."""

from collections.abc import Iterable
from typing import ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events, on
from textual._two_way_dict import TwoWayDict
from textual._types import SegmentLines
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets._data_table import RowRenderables
from textual.widgets.data_table import Column as DrawnColumn
from textual.widgets.data_table import ColumnKey

from tui.panes.table.cells import Cell, as_text, fitted
from tui.panes.table.columns import Column, share_width
from tui.panes.table.computed import ComputedTable

_MARKER = "▸ "


class LazyTable(ComputedTable):
    """A DataTable of one-line rows that are computed from a `RowSource` when they are drawn.

    Messages, cursor, mouse and styles are DataTable's own. A row is known by its index; the `row_key` of a message
    belongs to one `show()`, so `get_row_index(row_key)` raises RowDoesNotExist for a message that comes late.

    Args:
        columns: At least one.
        empty: What stands in the middle while there are no rows.
        marker: Whether a ▸ shows the cursor's row, which is then found without colour and without focus.
        zebra_stripes: Whether every other row has another background.
        name: As in Widget.
        id: As in Widget.
        classes: As in Widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, words, id=action, show=False, tooltip=tooltip)
        for keys, action, words, tooltip in (
            ("enter", "select_cursor", "Select", "Choose the row under the cursor"),
            ("up,k", "cursor_up", "Up", "Go to the row above"),
            ("down,j", "cursor_down", "Down", "Go to the row below"),
            ("pageup", "page_up", "Page up", "Go one page up"),
            ("pagedown", "page_down", "Page down", "Go one page down"),
            ("home,g,ctrl+home", "scroll_top", "Top", "Go to the first row"),
            ("end,G,ctrl+end", "scroll_bottom", "Bottom", "Go to the last row"),
        )
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lazytable--empty"}

    DEFAULT_CSS = """
    LazyTable {
        height: 1fr;
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;

        &:focus { background-tint: transparent; }
        &:focus > .datatable--cursor { text-style: bold; }
        & > .datatable--header, &:focus > .datatable--header, &:ansi > .datatable--header {
            background: transparent;
            background-tint: transparent;
            color: $text-muted;
            text-style: bold;
        }
        & > .datatable--header-hover { background: $boost; color: $text; }
        & > .lazytable--empty { color: $text-muted; }
    }
    """

    empty: reactive[Cell] = reactive[Cell]("")

    def __init__(
        self,
        columns: Iterable[Column],
        *,
        empty: Cell = "",
        marker: bool = True,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(
            cursor_type="row",
            zebra_stripes=zebra_stripes,
            show_row_labels=False,
            name=name,
            id=id,
            classes=classes,
        )
        self.set_reactive(LazyTable.empty, empty)
        self._marker = _MARKER if marker else ""
        self.set_columns(columns)

    def set_columns(self, columns: Iterable[Column]) -> None:
        """Show `columns` instead; the cells of a row are in their order. Raises ValueError on none or a key twice."""
        given = list(columns)
        specs = {column.key: column for column in given}
        if not given or len(specs) < len(given):
            msg = "a table needs at least one column, and no key twice"
            raise ValueError(msg)
        self._specs = specs
        self._lay_out_columns()

    def watch_hover_coordinate(self, old: Coordinate, value: Coordinate) -> None:
        """Draw the whole rows that the mouse left and entered, not only the cells."""
        super().watch_hover_coordinate(old, value)
        self.refresh_row(old.row)
        self.refresh_row(value.row)

    @on(events.Resize)
    def _fit_the_width(self) -> None:
        self._lay_out_columns()
        self._scroll_cursor_into_view()

    def _lay_out_columns(self) -> None:
        room = self.scrollable_content_region.width - len(self._marker)
        shared = share_width(self._specs.values(), room, padding=2 * self.cell_padding)
        keys = [ColumnKey(column.key) for column, _ in shared]
        self.columns = {
            key: DrawnColumn(key, Text(column.label), width + len(self._marker_beside(place)))
            for place, (key, (column, width)) in enumerate(zip(keys, shared, strict=True))
        }
        self._column_locations = TwoWayDict({key: place for place, key in enumerate(keys)})
        self.set_reactive(DataTable.cursor_coordinate, self.validate_cursor_coordinate(self.cursor_coordinate))
        self._redraw()

    def _marker_beside(self, place: int) -> str:
        return self._marker if place == 0 else ""

    def _compute_row_renderables(self, row_index: int) -> RowRenderables:
        columns = self.ordered_columns
        cells: list[Cell] = [column.label for column in columns] if row_index == -1 else self.get_row_at(row_index)
        parse_style = self.app.stylesheet.parse_style
        texts = []
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            align = self._specs[column.key.value or ""].align
            width = column.width - len(self._marker_beside(place))
            texts.append(fitted(as_text(cell, parse_style), width, align))
        return RowRenderables(None, [*texts])

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
        before, after = self._get_styles_to_render_cell(
            is_header,
            False,  # noqa: FBT003 - a row label: there are none
            not is_header and (row_index < self.fixed_rows or column_index < self.fixed_columns),
            hover,
            cursor,
            self.show_cursor,
            self._show_hover_cursor,
            self.cursor_foreground_priority == "css",
            self.cursor_background_priority == "css",
        )
        # A row cursor has no column: a click on its row selects it, wherever on the row it falls.
        column = 0 if self.cursor_type == "row" and not is_header else column_index
        style = base_style + Style.from_meta({"row": row_index, "column": column}) + before
        marker = self._marker_beside(column_index)
        is_marked = cursor or (self.cursor_type == "cell" and row_index == self.cursor_row)
        if is_header or not is_marked or not self.show_cursor:
            marker = " " * len(marker)
        padding = " " * self.cell_padding
        text = cast("Text", self._get_row_renderables(row_index).cells[column_index])
        texts = self._heading_lines(text, column_index, width) if is_header else [text]
        lines = [Text.assemble(padding + marker, each, padding) for each in texts]
        console = self.app.console
        return [list(Segment.apply_style(line.render(console), style, after)) for line in lines]

    def _heading_lines(self, label: Text, column_index: int, width: int) -> list[Text]:  # noqa: ARG002 - for a subclass
        """The lines of a heading, each as wide as its label."""
        return [label, *[Text(" " * label.cell_len)] * (self.header_height - 1)]

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
            self._drawn[look] = super()._render_line(y, x1, x2, base_style)
        return self._drawn[look]

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
