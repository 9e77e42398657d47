"""The reports of a matrix. `write` is the entry point; the file's extension sets the format.

=========== ====================================================================
``.json``   the complete matrix, documented and versioned; `matrix merge` and `--baseline` read it
``.csv``    one cell per line, for spreadsheets, which take no cell for a formula
``.html``   a page to read and print: self-contained, without scripts, outside text cleaned and escaped
``.md``     Markdown: the result, its findings and access by role, for the page of a CI job
``.xml``    JUnit: a test per cell; an unexpected cell fails, an inconclusive one is skipped
``.sarif``  SARIF 2.1.0: a result per finding
=========== ====================================================================
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tui.access.matrix_document import Matrix
from tui.errors import SettingsError
from tui.files import write_atomic

_ENCODERS = {
    ".json": "tui.access.matrix_document",
    ".csv": "tui.access.reports.csv_report",
    ".html": "tui.access.reports.html",
    ".md": "tui.access.reports.markdown",
    ".xml": "tui.access.reports.junit",
    ".sarif": "tui.access.reports.sarif",
}
"""The module for each format: its `encode` turns a matrix into the bytes of a file."""


def check(path: Path) -> None:
    """Check that a report of that name can be written, before any request is sent.

    Raises:
        SettingsError: the extension is unknown, or the directory does not exist.
    """
    if path.suffix.lower() not in _ENCODERS:
        *kinds, last = _ENCODERS
        raise SettingsError(f"{path}: unknown report format.", advice=f"Use {', '.join(kinds)} or {last}.")
    if not path.parent.is_dir():
        raise SettingsError(f"{path.parent} is not a directory.", advice="Create it first.")


def write(matrix: Matrix, path: Path) -> None:
    """Write a report that only its owner can read, and atomically replace an existing file. Blocks.

    Raises:
        SettingsError: the extension is unknown, or the directory does not exist.
        OSError: the file cannot be written; an existing one is unchanged.
    """
    check(path)
    module = import_module(_ENCODERS[path.suffix.lower()])
    content: bytes = module.encode(matrix)
    write_atomic(path, content)
