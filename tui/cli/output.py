"""Print rows as a table or as CSV, values as JSON; on a terminal, control characters are cleaned from rows."""

from __future__ import annotations

import csv
import errno
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from rich.cells import cell_len as width

from tui.errors import OutputError
from tui.text import clean, csv_cell

_WIDEST = 48
"""Maximum columns of a cell; longer text is cut."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their headings, each column as wide as its widest cell."""
    lines = [headings, *([clean(cell, limit=_WIDEST) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = "  ".join(cell + " " * (column - width(cell)) for cell, column in zip(line, widths, strict=True))
        sys.stdout.write(padded.rstrip() + "\n")


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")


def write_failure(path: Path, error: OSError) -> OutputError:
    """Return the error for a file that cannot be written."""
    advice = {
        errno.ENOENT: f"Create the directory {path.parent} first.",
        errno.ENOTDIR: "Check its path.",
        errno.EISDIR: "Name a file in it.",
    }.get(error.errno or 0, "Check permissions and free space.")
    return OutputError(f"{path} cannot be written: {error.strerror}.", advice=advice)


def print_csv(rows: Iterable[Iterable[str]]) -> None:
    """Print CSV in which spreadsheets take no cell for a formula, and no part of a cell for a new line."""
    shown = clean if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout, lineterminator="\n")
    # Python before 3.13 does not quote a carriage return, where spreadsheets start a line, perhaps with a formula.
    careful = csv.writer(sys.stdout, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [csv_cell(shown(cell)) for cell in row]
        (careful if any("\r" in cell for cell in cells) else writer).writerow(cells)
