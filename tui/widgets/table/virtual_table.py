"""DataTable that reads a row from its source when it draws the row, and stores none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self, cast

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual._two_way_dict import TwoWayDict
from textual._types import SegmentLines
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.coordinate import Coordinate
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets._data_table import RowRenderables
from textual.widgets.data_table import Column as DrawnColumn
from textual.widgets.data_table import ColumnKey, Row, RowKey

from tui.textual_ext.no_relayout import NoRelayoutScroll
from tui.widgets.table.columns import Cell, Column, as_text, fitted, fitted_text, share_width
from tui.widgets.table.row_source import LazyMapping, LazySequence, NoRows, PositionKey, RowKeys, RowSource

_MARKER = "› "

_KEPT = 500
"""Rendered lines that are cached."""

_UNLIMITED = 10_000
"""Columns of a table that has no size yet. The cursor can reach all of its cells."""


def _from_the_source(*_args: Any, **_kwargs: Any) -> NoReturn:
    msg = "this table holds no rows: change its source and call refresh_rows() or show(), or call set_columns()"
    raise TypeError(msg)


class VirtualTable(DataTable[Cell], NoRelayoutScroll):
    """DataTable of one-line rows that are computed from a `RowSource` when they are drawn.

    Cursor, mouse, styles and most messages are DataTable's own. A row is identified by its index; the `row_key` of a
    message belongs to one `show()`, so `get_row_index(row_key)` raises RowDoesNotExist for a late message.

    Args:
        columns: At least one.
        empty_text: The text in the middle while there are no rows.
        marker: Whether a › marks the cursor's row, which is then visible without color and without focus.
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

    COMPONENT_CLASSES: ClassVar[set[str]] = {"virtualtable--empty"}

    DEFAULT_CSS = """
    VirtualTable {
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
        & > .virtualtable--empty { color: $text-muted; }
    }
    """

    empty_text: reactive[Cell] = reactive[Cell]("")

    @dataclass
    class RowChosen(Message):
        """Posted in place of RowSelected: a row of the source that was shown then; the table may have another now."""

        source: RowSource
        row: int

    def __init__(
        self,
        columns: Iterable[Column],
        *,
        empty_text: Cell = "",
        marker: bool = True,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        self._showing = RowKeys(NoRows())
        self._specs: dict[str, Column] = {}
        self._drawn = LRUCache[Hashable, Strip](_KEPT)
        super().__init__(
            cursor_type="row",
            zebra_stripes=zebra_stripes,
            show_row_labels=False,
            name=name,
            id=id,
            classes=classes,
        )
        self.set_reactive(VirtualTable.empty_text, empty_text)
        self._marker = _MARKER if marker else ""
        self._after_layout: list[Callable[[], None]] = []
        self._base_style = Style.null()
        self._adopt(NoRows())
        self.set_columns(columns)

    # Content

    @property
    def source(self) -> RowSource:
        """The rows that are shown."""
        return self._showing.source

    def show(self, source: RowSource, *, cursor: int = 0) -> Self:
        """Show the rows of `source` at no cost per row; row `cursor` (clamped) stays on the cursor's screen line."""
        before = self.cursor_row
        self._after_layout.clear()
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
        """Show the rows of `source`, and redraw only those that look different. The cursor stays."""
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

    def refresh_rows(self) -> None:
        """Redraw the rows after the source, or its length, has changed. The cursor keeps its index."""
        self._redraw()
        self.cursor_coordinate = self.cursor_coordinate

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to select a row only if there is one."""
        return action != "select_cursor" or self.row_count > 0

    def clear(self, columns: bool = False) -> Self:  # noqa: FBT001, FBT002 - DataTable's signature
        """Show no rows. The columns stay whatever `columns` says, because a table has at least one."""
        del columns
        return self.show(NoRows())

    add_column = add_columns = remove_column = _from_the_source
    add_row = add_rows = remove_row = sort = update_cell = update_cell_at = _from_the_source

    def validate_cursor_coordinate(self, value: Coordinate) -> Coordinate:
        """Keep the cursor on the table, or at row 0 if there are no rows."""
        row, column = super().validate_cursor_coordinate(value)
        return Coordinate(max(row, 0), max(column, 0))

    @property
    def cursor_screen_offset(self) -> Offset:
        """The screen offset of the selected row, or of the selected cell."""
        is_cell = self.cursor_type == "cell"
        region = self._get_cell_region(self.cursor_coordinate) if is_cell else self._get_row_region(self.cursor_row)
        return self.content_region.offset + region.offset - self.scroll_offset

    def action_page_down(self) -> None:
        """Go one page down."""
        self._with_size(super().action_page_down)

    def action_page_up(self) -> None:
        """Go one page up."""
        self._with_size(super().action_page_up)

    def _with_size(self, act: Callable[[], None]) -> None:
        """Act now, or after the first layout: before it, a page has no rows, and the key would be lost."""
        if self.size:
            act()
        else:
            self._after_layout.append(act)

    def _post_selected_message(self) -> None:
        if self.cursor_type == "row" and self.row_count:
            self.post_message(self.RowChosen(self.source, self.cursor_row))
        else:
            super()._post_selected_message()  # type: ignore[no-untyped-call] # Textual's own gap

    # Its columns

    def set_columns(self, columns: Iterable[Column]) -> None:
        """Replace the columns; cells are in their order. Raise ValueError if there are none or keys are not unique."""
        given = list(columns)
        specs = {column.key: column for column in given}
        if not given or len(specs) < len(given):
            msg = "a table needs at least one column, and no key twice"
            raise ValueError(msg)
        self._specs = specs
        self._lay_out_columns()

    def _size_updated(
        self,
        size: Size,
        virtual_size: Size,
        container_size: Size,
        layout: bool = True,  # noqa: FBT001, FBT002 - Textual's signature
    ) -> bool:
        # A Resize event arrives after the first frame of this size, or never if the region was looked up before.
        is_resized = super()._size_updated(size, virtual_size, container_size, layout)
        if self.scrollable_content_region.width != self._laid_out_for:
            self._lay_out_columns()
        if self.size:
            waiting, self._after_layout = self._after_layout, []
            for act in waiting:
                self.call_later(act)
        return is_resized

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor's row in view."""
        event.prevent_default()  # DataTable would draw all rows again.
        self._scroll_cursor_into_view()

    def on_click(self, event: events.Click) -> None:
        """Let only a double click select: a single one under the cursor may be meant to focus the table."""
        meta = event.style.meta
        if event.chain != 2 and (meta.get("row"), meta.get("column")) == self.cursor_coordinate:
            event.prevent_default()

    def on_show(self) -> None:
        """Bring the cursor's row into view, if it moved while the table was hidden."""
        self._scroll_cursor_into_view()

    def _scroll_cursor_into_view(self, animate: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        if self.region:  # A hidden table has no lines: the list would scroll for each row.
            super()._scroll_cursor_into_view(animate)

    def _lay_out_columns(self) -> None:
        self._laid_out_for = self.scrollable_content_region.width
        room = self._laid_out_for - len(self._marker) if self._laid_out_for else _UNLIMITED  # Keys precede the layout.
        shared = share_width(self._specs.values(), room, padding=2 * self.cell_padding)
        keys = [ColumnKey(column.key) for column, _ in shared]
        self.columns = {
            key: DrawnColumn(key, Text(column.label), width + len(self._marker_beside(place)))
            for place, (key, (column, width)) in enumerate(zip(keys, shared, strict=True))
        }
        self._column_locations = TwoWayDict({key: place for place, key in enumerate(keys)})
        self.set_reactive(DataTable.cursor_coordinate, self.validate_cursor_coordinate(self.cursor_coordinate))
        self._redraw()

    # Rows, in place of DataTable's own storage

    @property
    def ordered_rows(self) -> list[Row]:
        """All rows in order, each created on access."""
        return cast("list[Row]", LazySequence(self._row, range(self.row_count)))

    @property
    def _y_offsets(self) -> list[tuple[RowKey, int]]:
        def only_line(index: int) -> tuple[RowKey, int]:
            return PositionKey(index, self._showing), 0

        return cast("list[tuple[RowKey, int]]", LazySequence(only_line, range(self.row_count)))

    def _adopt(self, source: RowSource) -> None:
        # Textual's cleared caches refer to the keys of rows until garbage is collected, and these to all of the rows.
        self._showing.source = NoRows()
        showing = self._row_locations = self._showing = RowKeys(source)
        self.rows = cast("dict[RowKey, Row]", LazyMapping(showing, self._row))
        self._data = cast("dict[RowKey, dict[ColumnKey, Cell]]", LazyMapping(showing, self._cells_by_key))

    def _row(self, index: int) -> Row:
        return Row(PositionKey(index, self._showing), height=1)

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
    def _header_lines(self) -> int:
        return self.header_height if self.show_header else 0

    @property
    def _drawn_width(self) -> int:
        return sum(column.get_render_width(self) for column in self.columns.values())

    def _redraw(self) -> None:
        """Clear the caches, recompute the scrollable size, and redraw."""
        self._clear_caches()
        self._update_count += 1
        self.virtual_size = Size(self._drawn_width, self._header_lines + self.row_count)
        self.refresh()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the visible lines. The base style is computed once, as it depends on all parent widgets."""
        self._base_style = self.rich_style
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        """Redraw everything with the new styles."""
        super().notify_style_update()
        self._drawn.clear()

    def _clear_caches(self) -> None:
        super()._clear_caches()
        self._drawn.clear()

    def watch_hover_coordinate(self, old: Coordinate, value: Coordinate) -> None:
        """Redraw the whole rows that the mouse left and entered, not only the cells."""
        super().watch_hover_coordinate(old, value)
        self.refresh_row(old.row)
        self.refresh_row(value.row)

    def _look_of_row(self, row: int) -> Hashable:  # noqa: ARG002 - for a subclass
        """Return a value that changes when the row (-1: the headings) looks different, except for cursor and mouse."""
        return self._update_count

    def render_line(self, y: int) -> Strip:
        """Render a visible line, counted from the top of the table."""
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
        # DataTable's own cache key includes the cursor, so that it redraws every line when the cursor moves.
        row = y - self._header_lines
        look = (
            (y, x1, x2, self.size.width, base_style),
            (row == self.cursor_row, row == self.hover_row, self.show_cursor, self._show_hover_cursor),
            # A cell cursor shows its column on its row and on the headings.
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

    # A whole row at once

    def _render_row(self, row: int, base_style: Style) -> Strip:
        is_cursor = row == self.cursor_row
        before, after = self._styles(is_hover=row == self.hover_row, is_cursor=is_cursor)
        # A row cursor has no column: a click anywhere on the row selects it.
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
        """Return the style under the style of a cell, and the style over it."""
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
        """Return the lines of a heading, each as wide as its label."""
        return [label, *[Text(" " * label.cell_len)] * (self.header_height - 1)]

    def _render_empty(self, line: int, base_style: Style) -> Strip:
        width, height = self.size
        words = as_text(self.empty_text, self.app.stylesheet.parse_style)
        wrapped = words.wrap(self.app.console, max(1, width - 2 * self.cell_padding))
        place = line - max(0, height - self._header_lines - len(wrapped)) // 2
        if not 0 <= place < len(wrapped):
            return Strip.blank(width, base_style)
        text = Text.assemble(fitted(wrapped[place], width, "center"))
        style = base_style + self.get_component_rich_style("virtualtable--empty")
        return Strip(Segment.apply_style(text.render(self.app.console), style), width)
