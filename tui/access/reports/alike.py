"""Rows that say the same everywhere, taken together: ten thousand users are a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tui.access.board import Board
from tui.access.cells import Cell, Row, Verdict
from tui.access.likeness import Group, Pattern, pattern_of

_BASES = 50
"""Lines to which others are put, at most."""


@dataclass(frozen=True)
class Line:
    """Rows of one role whose cells say the same; `cells` are, for each endpoint, those of all the rows.

    Where an endpoint was not asked in their names, it has no cells.
    """

    rows: Sequence[Row]
    cells: Sequence[Sequence[Cell]]

    @cached_property
    def gravity(self) -> int:
        """Of the gravest finding: 3 for an unexpected allow, 0 where nothing stands out."""
        return max((cells[0].finding.gravity for cells in self.cells if cells and cells[0].finding), default=0)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one role, the gravest first, then those of most rows. Whoever is no user has no role."""

    role: str
    is_users: bool
    lines: Sequence[Line]


def sections(board: Board) -> list[Section]:
    """The rows by role, those without a role last, and before all the application itself and nobody."""
    return [
        Section(role, is_users, sorted((_line(group, board) for group in groups), key=_rank))
        for role, is_users, groups in board.likeness.roles()
    ]


def merged(section: Section) -> Section:
    """Fewer lines of users: one that agrees with another, save where it could not be told, joins it.

    None joins a line in which something stands out, and none that stands out joins another.
    """
    if not section.is_users:
        return section
    doubtful = [line for line in section.lines if not line.gravity and any(map(_is_unsure, line.cells))]
    aside = {id(line) for line in doubtful}
    joined = [[line] for line in section.lines if id(line) not in aside]
    bases = [(lines, _said(lines[0])) for lines in joined if not lines[0].gravity][:_BASES]
    for line in doubtful:
        agreeing = next((lines for lines, said in bases if _agrees(line, said)), None)
        if agreeing is None:
            joined.append([line])
        else:
            agreeing.append(line)
    return Section(section.role, section.is_users, sorted(map(_join, joined), key=_rank))


def fewest(told: Sequence[Section], most: int) -> tuple[list[Section], int]:
    """No more than that many lines, the gravest and those of most rows; and how many rows are not among them."""
    ranked = sorted((line for section in told for line in section.lines), key=_rank)
    kept = {id(line) for line in ranked[:most]}
    shown = [Section(each.role, each.is_users, [line for line in each.lines if id(line) in kept]) for each in told]
    return [section for section in shown if section.lines], sum(len(line.rows) for line in ranked[most:])


def _line(group: Group, board: Board) -> Line:
    columns = ([board.cell(place, column) for place in group.places] for column in range(len(board.columns)))
    return Line([board.rows[place] for place in group.places], [list(filter(None, cells)) for cells in columns])


def _is_unsure(cells: Sequence[Cell]) -> bool:
    return bool(cells) and cells[0].verdict is Verdict.INCONCLUSIVE


def _said(line: Line) -> Pattern:
    return pattern_of(cells[0] if cells else None for cells in line.cells)


def _agrees(line: Line, said: Pattern) -> bool:
    places = zip(line.cells, _said(line), said, strict=True)
    return all(_is_unsure(cells) or mine == theirs for cells, mine, theirs in places)


def _join(lines: Sequence[Line]) -> Line:
    """One line of several; the first says what its cells say."""
    rows = [row for line in lines for row in line.rows]
    return Line(
        rows,
        [[cell for cells in places for cell in cells] for places in zip(*(line.cells for line in lines), strict=True)],
    )


def _rank(line: Line) -> tuple[int, int]:
    return -line.gravity, -len(line.rows)
