"""Past exchanges as table rows; only visible pages are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from tui import clocks
from tui.airisk.identity import Identity
from tui.format import duration, short_moment, size
from tui.history.entry import HistoryEntry
from tui.panes.exchange_summary import status_style
from tui.panes.explorer_rows import method_style
from tui.text import clean
from tui.widgets.table.columns import Cell, Column

PAGE = 100
"""Entries per page."""

_CELL = 240
"""Terminal columns after which cell text is cut."""

_ROOMY = 100
"""Terminal columns from which path and name are wider, and other columns are dropped sooner."""


def columns(room: int) -> Sequence[Column]:
    """Return the table's columns for `room` terminal columns, in the order of `HistoryRows.cells`."""
    is_roomy = room >= _ROOMY
    return (
        Column("Time", "time", width=12, priority=80),
        Column("Status", "status", width=6, priority=90),
        Column("Method", "method", width=7, priority=85),
        Column("Path", "path", minimum=40 if is_roomy else 24, weight=3, priority=100),
        Column("As", "name", minimum=18 if is_roomy else 14, weight=2, priority=95),
        Column("ID", "id", width=12, minimum=8, priority=40),
        Column("Took", "took", width=7, priority=30, align="right"),
        Column("Size", "size", width=8, priority=20, align="right"),
    )


@dataclass
class HistoryRows:
    """Entries that match `text`, in pages that are read on demand.

    `upto` is the number of the newest entry, so that entries added later do not shift the rows.
    """

    text: str = ""
    total: int = 0
    upto: int = 0
    pages: dict[int, Sequence[HistoryEntry]] = field(default_factory=dict)
    want: Callable[[int], object] = field(default=lambda _: None, repr=False)
    _wanted: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return self.total

    def at(self, index: int) -> HistoryEntry | None:
        """Return the entry of a row, or None if its page is not read yet."""
        page = self.pages.get(index // PAGE, ())
        return page[index % PAGE] if 0 <= index % PAGE < len(page) and index >= 0 else None

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of a row. Requests its page, once, if it is not read yet."""
        past, page = self.at(index), index // PAGE
        if past:
            return _cells(past)
        if page not in self.pages and page not in self._wanted:
            self._wanted.add(page)
            self.want(page)
        return ["…"] + [""] * (len(columns(0)) - 1)


def _cells(past: HistoryEntry) -> Sequence[Cell]:
    draft = past.draft
    path, _, query = clean(draft.target, limit=_CELL).partition("?")
    return [
        short_moment(past.at, clocks.local()),
        Content.styled(str(past.status), f"bold {status_style(past.status)}".strip()),
        Content.styled(clean(draft.method, limit=10), method_style(draft.method)),
        Content.assemble(path, (f"?{query}", "$text-muted") if query else ""),
        *_who(past.identity),
        duration(past.seconds),
        size(past.size),
    ]


def _who(identity: Identity) -> tuple[Cell, Cell]:
    """Return the cells for name and id. A user without a name is shown by id."""
    if not identity.is_user:
        return Content.styled(identity.kind, "$text-muted"), ""
    user_id = clean(identity.id, limit=_CELL)
    return clean(identity.name, limit=_CELL) or user_id, Content.styled(user_id, "$text-muted")
