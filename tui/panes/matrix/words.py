"""What a cell says, in words: who, what was asked, what came of it."""

from __future__ import annotations

from textual.content import Content

from tui.access.model import Cell, Column, Row
from tui.access.reports.wording import cell_sentence, plural, who
from tui.bindings import format_keys
from tui.format import duration, size
from tui.panes.matrix.marks import mark
from tui.panes.matrix.picture import Entry, Heading
from tui.text import clean


def cell_words(entry: Heading | Entry | None, column: Column | None, place: int | None) -> Content:
    """Who and what, and under it what came of it."""
    if not isinstance(entry, Entry):
        return Content("")
    asked = _target(column) if column else ""
    first = Content.assemble((_named(entry), "bold"), *((" at ", (asked, "bold")) if asked else ()))
    if column is None or place is None:
        return first + Content("\n") + _row_words(entry)
    cell = entry.cell(place)
    if cell is None:
        return first + Content.styled("\nNot asked yet.", "$foreground-muted")
    example = "" if entry.is_one else f"{_short(entry.first)}: "
    told = Content.assemble(mark(cell), f" {example}{clean(cell_sentence(cell), limit=200)}")
    return Content("\n").join([first, told + Content.styled(facts(cell), "$foreground-muted")])


def facts(cell: Cell) -> str:
    """` · 84 ms · 12.4 kB · application/json · asked 2 times`."""
    known = (
        duration(cell.milliseconds / 1000) if cell.milliseconds is not None else "",
        size(cell.bytes) if cell.bytes is not None else "",
        clean(cell.content_type, limit=40),
        f"asked {cell.attempts} times" if cell.attempts > 1 else "",
    )
    return "".join(f" · {fact}" for fact in known if fact)


def _named(entry: Entry) -> str:
    if entry.is_one:
        return clean(who(entry.first), limit=80)
    return f"{plural(entry.size, 'user')} who are told alike"


def _short(row: Row) -> str:
    return clean(row.name or row.id, limit=30)


def _row_words(entry: Entry) -> Content:
    row = entry.first
    if not entry.is_one:
        return Content.styled(format_keys("{open_cell|Enter} unfolds them."), "$foreground-muted")
    if row.fault:
        return Content.styled(clean(row.fault, limit=200), "$text-warning")
    groups = f"in {clean(', '.join(row.groups), limit=100)}" if row.groups else ""
    return Content.styled(" · ".join(filter(None, (row.proof, groups))), "$foreground-muted")


def _target(column: Column) -> str:
    return clean(f"{column.method} {column.target or column.path}", limit=120)
