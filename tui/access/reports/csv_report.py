"""The CSV report for spreadsheets, one cell per line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tui.access.document import Matrix
from tui.access.model import Cell, Row
from tui.access.reports.wording import gap_sentence
from tui.text import clean, csv_cell

COLUMNS = (
    "identity",
    "kind",
    "name",
    "role",
    "groups",
    "endpoint",
    "status",
    "verdict",
    "expected",
    "finding",
    "baseline",
    "reason",
    "rule",
    "milliseconds",
    "bytes",
    "content_type",
    "at",
    "attempts",
)


def encode(matrix: Matrix) -> bytes:
    """Return CSV as in RFC 4180, in UTF-8; lines end in a line feed.

    What was not tested follows the cells, and then the skipped endpoints, without an identity. Texts are cleaned, so
    that a newline in a text starts no new line; `.json` has them unchanged.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = matrix.rows()
    for cell in matrix.cells:
        writer.writerow(_fields(cell, rows.get(cell.row_key) or Row(cell.identity, cell.kind)))
    for gap in matrix.gaps:
        values = {"finding": f"untested {gap.kind}", "reason": csv_cell(clean(gap_sentence(gap)))}
        writer.writerow(values.get(name, "") for name in COLUMNS)
    for each in matrix.coverage.skipped:
        values = {"endpoint": each.name, "finding": "skipped", "reason": each.reason}
        writer.writerow(csv_cell(clean(values.get(name, ""))) for name in COLUMNS)
    return written.getvalue().encode()


def _fields(cell: Cell, row: Row) -> Iterator[object]:
    results = (
        cell.endpoint,
        cell.status,
        cell.verdict,
        cell.expected,
        cell.finding,
        cell.baseline,
        cell.reason,
        cell.rule,
    )
    measured = (cell.milliseconds, cell.bytes, cell.content_type, cell.at, cell.attempts)
    for value in (row.id, row.kind, row.name, row.role, ", ".join(row.groups), *results, *measured):
        yield csv_cell(clean(value)) if isinstance(value, str) else value
