"""A stock DataTable with 1,000 rows of the same width."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Stock(App[None]):
    """One table."""

    def compose(self) -> ComposeResult:
        """Nothing else."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns("Id", "Name", "Mail", "Role")
        for number in range(1000):
            table.add_row(f"row {number}", f"Name of {number}", f"mail.{number}@meridian.example", "Monitor")


Stock().run()
