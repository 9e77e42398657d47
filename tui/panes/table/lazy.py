"""LazyTable: a DataTable that asks for a row when it draws it, and never holds the others."""

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual._two_way_dict import TwoWayDict
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import Column as DrawnColumn
from textual.widgets.data_table import ColumnKey

from tui.panes.table.cells import Cell
from tui.panes.table.columns import Column, share_width
from tui.panes.table.drawn import DrawnTable


class LazyTable(DrawnTable):
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
            empty=empty,
            marker=marker,
            cursor_type="row",
            zebra_stripes=zebra_stripes,
            show_row_labels=False,
            name=name,
            id=id,
            classes=classes,
        )
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

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight. Textual tells no size to a widget whose place was looked up before it was shown."""
        if self.scrollable_content_region.width != self._laid_out_for:
            self.post_message(events.Resize(self.size, self.virtual_size, self.container_size))
        return super().render_lines(crop)

    @on(events.Resize)
    def _fit_the_width(self) -> None:
        self._lay_out_columns()
        self._scroll_cursor_into_view()

    def _lay_out_columns(self) -> None:
        self._laid_out_for = self.scrollable_content_region.width
        room = self._laid_out_for - len(self._marker)
        shared = share_width(self._specs.values(), room, padding=2 * self.cell_padding)
        keys = [ColumnKey(column.key) for column, _ in shared]
        self.columns = {
            key: DrawnColumn(key, Text(column.label), width + len(self._marker_beside(place)))
            for place, (key, (column, width)) in enumerate(zip(keys, shared, strict=True))
        }
        self._column_locations = TwoWayDict({key: place for place, key in enumerate(keys)})
        self.set_reactive(DataTable.cursor_coordinate, self.validate_cursor_coordinate(self.cursor_coordinate))
        self._redraw()
