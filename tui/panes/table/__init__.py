"""A table whose cost follows what is on the screen: one list, as quick at a million rows as at ten."""

from tui.panes.table.cells import Cell
from tui.panes.table.columns import Align, Column
from tui.panes.table.lazy import LazyTable
from tui.panes.table.rows import RowSource

__all__ = ["Align", "Cell", "Column", "LazyTable", "RowSource"]
