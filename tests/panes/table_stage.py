"""A stage for the table: people to show, an app that keeps the trail of messages, and the screen as text."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input

from tests.kit.patience import comes_true
from tui.widgets.table.columns import Cell, Column
from tui.widgets.table.virtual_table import VirtualTable

COLUMNS = [
    Column("Id", "id", width=8, priority=3),
    Column("Name", "name", minimum=12, weight=2, priority=4),
    Column("Mail", "mail", minimum=14, weight=3),
    Column("Role", "role", width=7, priority=2),
    Column("Groups", "groups", width=6, priority=1, align="right"),
]


class People:
    """As many rows as wished, made up when asked for; `asked` holds the indices that were."""

    def __init__(self, count: int, *, named: str = "Person") -> None:
        self.count = count
        self.named = named
        self.asked: list[int] = []

    def __len__(self) -> int:
        return self.count

    def cells(self, index: int) -> Sequence[Cell]:
        assert 0 <= index < self.count
        self.asked.append(index)
        return f"u-{index:06}", f"{self.named} {index}", f"p{index}@example.com", "User", str(index % 5)


class Listed:
    """Rows that are written out."""

    def __init__(self, *rows: Sequence[Cell]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, index: int) -> Sequence[Cell]:
        return self.rows[index]


class Stage(App[None]):
    """An app with one table and somewhere else for the focus to go."""

    CSS = "DataTable { height: 1fr; } Input { dock: bottom; height: 1; border: none; padding: 0; }"

    def __init__(self, table: DataTable[Any]) -> None:
        super().__init__()
        self.table = table
        self.trail: list[tuple[object, ...]] = []
        self.chosen: list[Cell] = []

    def compose(self) -> ComposeResult:
        yield self.table
        yield Input()

    def on_mount(self) -> None:
        self.table.focus()

    @on(DataTable.RowHighlighted)
    def note_row(self, event: DataTable.RowHighlighted) -> None:
        self.trail.append(("RowHighlighted", event.cursor_row))

    @on(DataTable.RowSelected)
    @on(VirtualTable.RowChosen)
    def note_choice(self, event: DataTable.RowSelected | VirtualTable.RowChosen) -> None:
        if isinstance(event, VirtualTable.RowChosen):
            self.chosen.append(event.source.cells(event.row)[0])
            self.trail.append(("chosen", event.row))
        else:
            self.trail.append(("chosen", event.cursor_row))

    @on(DataTable.HeaderSelected)
    def note_header(self, event: DataTable.HeaderSelected) -> None:
        self.trail.append(("HeaderSelected", event.column_index, event.column_key.value, str(event.label)))

    def lines(self) -> list[str]:
        """The screen as text, one string a line."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so."""
        await comes_true(is_so, "what the test asks for", seen=lambda: "\n".join(self.lines()))

    async def becomes(self, of: Callable[[], object], wanted: object) -> None:
        """Wait until it is that."""
        lines = self.lines
        await comes_true(
            lambda: of() == wanted, f"{wanted!r}", seen=lambda: "\n".join([f"instead of {of()!r}", *lines()])
        )

    def headings(self) -> list[str]:
        """The words of the first line."""
        return self.lines()[0].split()

    def line_with(self, words: str) -> str:
        [line] = [line for line in self.lines() if words in line]
        return line


def lazy_stage(source: People | Listed, **options: Any) -> Stage:
    """A stage whose VirtualTable shows `source`."""
    table = VirtualTable(COLUMNS, **options)
    stage = Stage(table)
    stage.call_later(table.show, source)
    return stage


def stock_stage(source: People, widths: Sequence[int]) -> Stage:
    """A stage whose DataTable holds the same rows."""

    class StockStage(Stage):
        def on_mount(self) -> None:
            for column, width in zip(COLUMNS, widths, strict=True):
                self.table.add_column(Text(column.label), width=width, key=column.key)
            self.table.add_rows([[Text(str(cell)) for cell in source.cells(index)] for index in range(len(source))])
            super().on_mount()

    return StockStage(DataTable[Text](cursor_type="row"))
