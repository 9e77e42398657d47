"""`airisk-tui matrix why`: what sets a denied user apart from those who are allowed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import read_matrix
from tui.access.model import Cell, Verdict
from tui.access.reports.wording import cell_sentence, who
from tui.access.selection import row_named
from tui.access.why_not import why_not, why_not_lines
from tui.errors import PlanError
from tui.text import clean


def run(arguments: argparse.Namespace) -> int:
    """Print why a user is denied, as far as the user list shows. Blocks.

    Raises:
        MatrixFileError: the file is not a report.
        PlanError: the report has no such user or endpoint.
    """
    board = LiveMatrix.of(read_matrix(arguments.report))
    row = row_named(board.rows, arguments.user)
    place = board.place_of(row.key) if row else None
    if row is None or place is None:
        raise PlanError(f"The report has no user {arguments.user}.", advice="Use an ID as in the report.")
    names = [column.name for column in board.columns]
    if arguments.endpoint and arguments.endpoint not in names:
        raise PlanError(f"The report has no endpoint {arguments.endpoint}.", advice="Use METHOD PATH as in the report.")
    cells = [board.cell(place, column) for column in range(len(names))]
    asked = [
        (column, cell)
        for column, cell in enumerate(cells)
        if cell and (names[column] == arguments.endpoint or (not arguments.endpoint and cell.verdict is Verdict.DENIED))
    ]
    if not asked:
        sys.stdout.write(f"{clean(who(row))} is not denied anywhere.\n")
    for column, cell in asked:
        sys.stdout.writelines(f"{clean(line)}\n" for line in _lines(board, place, column, cell))
    return 0


def _lines(board: LiveMatrix, place: int, column: int, cell: Cell) -> Iterator[str]:
    yield f"{who(board.rows[place])} at {cell.endpoint}: {cell_sentence(cell)}"
    if cell.verdict is not Verdict.DENIED:
        return
    why = why_not(board, place, column)
    nothing = "No user is allowed there." if cell.kind == "user" else "Only users are compared with each other."
    yield from (f"  {line}" for line in (why_not_lines(why) if why else [nothing]))
