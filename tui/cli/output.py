"""Rows as commands print them: a table for people, comma-separated for spreadsheets; on a terminal both only show."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len as width

from tui.text import clean, csv_cell

_WIDEST = 48
"""Columns of a cell; the rest of its text is cut."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print them below their headings, each column as wide as its widest cell."""
    lines = [headings, *([clean(cell, limit=_WIDEST) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = "  ".join(cell + " " * (column - width(cell)) for cell, column in zip(line, widths, strict=True))
        sys.stdout.write(padded.rstrip() + "\n")


def print_csv(rows: Iterable[Iterable[str]]) -> None:
    """Print them; no spreadsheet takes a cell for a formula, nor any part of it for a line of its own."""
    shown = clean if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout, lineterminator="\n")
    # Python before 3.13 leaves a carriage return bare, at which spreadsheets begin a line, and perhaps a formula.
    careful = csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [csv_cell(shown(cell)) for cell in row]
        (careful if any("\r" in cell for cell in cells) else writer).writerow(cells)
