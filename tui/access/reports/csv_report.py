"""The CSV report for spreadsheets, one cell per line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Row
from tui.access.reports.wording import gap_sentence, suggestion_sentence, waiver_sentence
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
    "waiver",
)


def encode(matrix: Matrix) -> bytes:
    """Return CSV as in RFC 4180, in UTF-8; lines end in a line feed.

    What was not tested follows the cells, then the suggested rules, the stale waivers, the skipped endpoints and the
    end of the audit trail, without an identity. Texts are cleaned, so that a newline in a text starts no new line;
    `.json` has them unchanged.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = matrix.rows()
    for cell in matrix.cells:
        writer.writerow(_fields(cell, rows.get(cell.row_key) or Row(cell.identity, cell.kind)))
    for values in _others(matrix):
        writer.writerow(csv_cell(clean(values.get(name, ""))) for name in COLUMNS)
    return written.getvalue().encode()


def _others(matrix: Matrix) -> Iterator[dict[str, str]]:
    for gap in matrix.gaps:
        yield {"finding": f"untested {gap.kind}", "reason": gap_sentence(gap)}
    for each in matrix.suggestions:
        rule = msgspec.json.encode(each.rule).decode()
        yield {"finding": "suggested rule", "reason": suggestion_sentence(each), "rule": rule}
    for use in matrix.waivers:
        if use.is_stale:
            yield {"finding": "stale waiver", "reason": waiver_sentence(use), "waiver": use.name}
    for skipped in matrix.coverage.skipped:
        yield {"endpoint": skipped.name, "finding": "skipped", "reason": skipped.reason}
    for head in matrix.audit:
        yield {"finding": "audit trail", "reason": f"{head} on {head.host}"}


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
    measured = (cell.milliseconds, cell.bytes, cell.content_type, cell.at, cell.attempts, cell.waiver)
    for value in (row.id, row.kind, row.name, row.role, ", ".join(row.groups), *results, *measured):
        yield csv_cell(clean(value)) if isinstance(value, str) else value
