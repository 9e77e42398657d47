"""What is printed for spreadsheets: comma-separated, on a terminal as text that does nothing."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable

from tui.text import clean, csv_cell


def print_rows(rows: Iterable[Iterable[str]]) -> None:
    """Print them; no spreadsheet takes a cell for a formula, nor any part of it for a line of its own."""
    shown = clean if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout, lineterminator="\n")
    # Python before 3.13 leaves a carriage return bare, at which spreadsheets begin a line, and perhaps a formula.
    careful = csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [csv_cell(shown(cell)) for cell in row]
        (careful if any("\r" in cell for cell in cells) else writer).writerow(cells)
