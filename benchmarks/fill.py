"""A table filled with 100,000 rows, once painted empty: `fill.py ours|stock|fast`; tells the seconds in $BENCH_TOLD."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult

_HEADINGS = ("Id", "Name", "Mail", "Role", "Groups")
ROWS = [(f"u-{n:06}", f"Name of {n}", f"name.{n}@meridian.example", "Monitor", "Privacy, EMEA") for n in range(100_000)]


class _Source:
    def __len__(self) -> int:
        return len(ROWS)

    def cells(self, index: int) -> Sequence[str]:
        return ROWS[index]


def _ours() -> tuple[Any, Callable[[Any], object]]:
    from tui.widgets.table.columns import Column
    from tui.widgets.table.virtual_table import VirtualTable

    table = VirtualTable([Column(heading, heading) for heading in _HEADINGS])
    return table, lambda table: table.show(_Source())


def _stock() -> tuple[Any, Callable[[Any], object]]:
    from textual.widgets import DataTable

    def fill(table: Any) -> None:
        table.add_columns(*_HEADINGS)
        table.add_rows(ROWS)

    return DataTable(), fill


def _fast() -> tuple[Any, Callable[[Any], object]]:
    from textual_fastdatatable import ArrowBackend, DataTable  # type: ignore[import-not-found]

    columns = {heading: [row[place] for row in ROWS] for place, heading in enumerate(_HEADINGS)}

    def fill(app: Any) -> None:
        app.mount(DataTable(backend=ArrowBackend.from_pydict(columns)))

    return None, fill


class Filling(App[None]):
    """One table, which is filled when the empty one has been seen."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._table, self._fill = {"ours": _ours, "stock": _stock, "fast": _fast}[kind]()
        self._started = 0.0

    def compose(self) -> ComposeResult:
        """The table, where it can be made empty."""
        if self._table:
            yield self._table

    def on_mount(self) -> None:
        """Begin after the first frame."""
        self.set_timer(0.3, self._begin)

    def _begin(self) -> None:
        self._started = time.perf_counter()
        self._fill(self._table or self)
        self.set_interval(0.001, self._look)

    def _look(self) -> None:
        """The first row is on the screen."""
        if any("u-000000" in strip.text for strip in self.screen._compositor.render_strips()):  # noqa: SLF001
            Path(os.environ["BENCH_TOLD"]).write_text(str(time.perf_counter() - self._started))
            self.exit()


Filling(sys.argv[1]).run()
