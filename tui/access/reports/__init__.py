"""The reports of a matrix. One door: `write`, whose kind follows the file's name.

=========== ====================================================================
``.json``   all that is known, documented and versioned; `matrix merge` and `--baseline` read it
``.csv``    a cell a line, for spreadsheets: nothing in it is taken for a formula
``.html``   a page to read and print: needs nothing else, runs nothing, shows outside text only cleaned and escaped
``.xml``    JUnit: a test for each cell, an unexpected one fails, an inconclusive one is skipped
``.sarif``  SARIF 2.1.0: a result for each finding
=========== ====================================================================
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tui.access.document import Matrix
from tui.errors import SettingsError
from tui.files import write_atomic

_ENCODERS = {
    ".json": "tui.access.document",
    ".csv": "tui.access.reports.csv_report",
    ".html": "tui.access.reports.html",
    ".xml": "tui.access.reports.junit",
    ".sarif": "tui.access.reports.sarif",
}
"""The module that makes each kind: its `encode` turns a matrix into the bytes of a file."""


def check(path: Path) -> None:
    """See whether a report of that name could be written, before anything is asked.

    Raises:
        SettingsError: its name tells no kind, or there is no such directory.
    """
    if path.suffix.lower() not in _ENCODERS:
        *kinds, last = _ENCODERS
        raise SettingsError(
            f"{path} names no kind of report.", advice=f"Let its name end in {', '.join(kinds)} or {last}."
        )
    if not path.parent.is_dir():
        raise SettingsError(f"{path.parent} is not a directory.", advice="Make it first, or name another.")


def write(matrix: Matrix, path: Path) -> None:
    """Write a report where only its owner can read it; a file that is there is replaced as a whole. Blocks.

    Raises:
        SettingsError: its name tells no kind, or there is no such directory.
        OSError: it cannot be written; what was there is still there.
    """
    check(path)
    module = import_module(_ENCODERS[path.suffix.lower()])
    content: bytes = module.encode(matrix)
    write_atomic(path, content)
