"""A matrix in words: what stands out in it, how far it is, and what the cell under the cursor says."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tui.access.cells import Cell, Column, Finding, Row, Verdict
from tui.access.document import Matrix
from tui.access.reports.words import caveats, happened, headline, plural, who
from tui.access.running import Progress
from tui.panes.matrix.marks import UNKNOWN, sign
from tui.panes.matrix.picture import Entry, Heading
from tui.readable import clock, count, duration, size
from tui.text import clean

_WIDE = 30
"""Columns of the bar that tells how far a run is."""


def summary_words(matrix: Matrix) -> Content:
    """What stands out, what keeps that from being all, and how many cells say what: the letters explained."""
    gravest = next((finding for finding in Finding if matrix.summary.count(finding)), None)
    colour = {Finding.UNEXPECTED_ALLOW: "$text-error", Finding.UNEXPECTED_DENY: "$text-warning"}
    first = Content.styled(clean(headline(matrix)), f"bold {colour.get(gravest, '') if gravest else ''}".strip())
    rest = Content.styled(clean("  ".join(caveats(matrix))), "$foreground-muted")
    return Content("\n").join([Content("  ").join(filter(None, (first, rest))), Content("   ").join(_counts(matrix))])


def _counts(matrix: Matrix) -> Iterator[Content]:
    for finding in Finding:
        if number := matrix.summary.count(finding):
            yield sign(finding) + Content(f" {count(number)} {finding}")
    for verdict in Verdict:
        number = matrix.summary.count(verdict)
        if number or verdict in {Verdict.ALLOWED, Verdict.DENIED}:
            yield sign(verdict) + Content(f" {count(number)} {verdict}")
    missing = len(matrix.identities) * len(matrix.endpoints) - matrix.summary.cells
    if missing > 0:
        yield UNKNOWN + Content(f" {count(missing)} not asked")


def progress_words(progress: Progress) -> Content:
    """How far a run is, and how to hold or end it."""
    share = progress.done / progress.total if progress.total else 1.0
    full = int(share * _WIDE)
    bar = Content.assemble(("━" * full, "$primary"), ("─" * (_WIDE - full), "$foreground-disabled"))
    far = f" {count(progress.done)} of {plural(progress.total, 'cell')}"
    if progress.is_paused:
        return bar + Content.assemble((" PAUSED", "bold $text-warning"), far, " · p goes on, Esc cancels")
    held = f" · AIRisk asks to wait {progress.held:.0f} s" if progress.held > 1 else ""
    left = f" · {clock(progress.seconds_left)} left" if progress.done else " · signing in"
    return bar + Content.assemble((far, "bold"), left, (held, "$text-warning"), " · p pauses, Esc cancels")


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
    example = "" if entry.row else f"{_short(entry.line.rows[0])}: "
    told = Content.assemble(sign(cell.finding or cell.verdict), f" {example}{clean(happened(cell), limit=200)}")
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
    if entry.row:
        return clean(who(entry.row), limit=80)
    return f"{plural(len(entry.line.rows), 'user')} who are told alike"


def _short(row: Row) -> str:
    return clean(row.name or row.id, limit=30)


def _row_words(entry: Entry) -> Content:
    row = entry.rows[0]
    if entry.row is None:
        return Content.styled("Enter unfolds them.", "$foreground-muted")
    if row.fault:
        return Content.styled(clean(row.fault, limit=200), "$text-warning")
    groups = f"in {clean(', '.join(row.groups), limit=100)}" if row.groups else ""
    return Content.styled(" · ".join(filter(None, (row.proof, groups))), "$foreground-muted")


def _target(column: Column) -> str:
    return clean(f"{column.method} {column.target or column.path}", limit=120)
