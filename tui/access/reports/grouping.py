"""Group rows with identical results, and findings, so that a report of 10,000 users has a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tui.access.evaluation import RowGroup, RowSignature
from tui.access.live_matrix import LiveMatrix
from tui.access.matrix_document import Matrix
from tui.access.model import Cell, Column, Finding, Row, Verdict
from tui.access.reports.wording import cell_sentence
from tui.format import plural

_BASES = 50
"""Maximum lines that similar lines are merged into."""


@dataclass(frozen=True)
class GroupedRows:
    """Rows of one role with identical results; `cells` are, for each endpoint, those of all the rows.

    An endpoint without requests has no cells. `pattern` is the signature of the first row.
    """

    rows: Sequence[Row]
    cells: Sequence[Sequence[Cell]]
    pattern: RowSignature

    @cached_property
    def gravity(self) -> int:
        """The gravity of the worst finding: 3 for an unexpected allow, 0 without a finding."""
        return max((cells[0].finding.gravity for cells in self.cells if cells and cells[0].finding), default=0)


@dataclass(frozen=True, slots=True)
class RoleSection:
    """The lines of one role, the gravest first, then those with the most rows. Non-users have no role."""

    role: str
    is_users: bool
    lines: Sequence[GroupedRows]


def sections(board: LiveMatrix) -> list[RoleSection]:
    """Return the rows by role: application and anonymous first, users without a role last."""
    return [
        RoleSection(role, is_users, sorted((_line(group, board) for group in groups), key=_rank))
        for role, is_users, groups in board.grouping.roles()
    ]


def merge_similar(section: RoleSection) -> RoleSection:
    """Merge a line of users into another one that differs only where the first is inconclusive.

    Lines with a finding are never merged.
    """
    if not section.is_users:
        return section
    doubtful = [line for line in section.lines if not line.gravity and any(map(_is_unsure, line.cells))]
    aside = {id(line) for line in doubtful}
    joined = [[line] for line in section.lines if id(line) not in aside]
    bases = [lines for lines in joined if not lines[0].gravity][:_BASES]
    for line in doubtful:
        agreeing = next((lines for lines in bases if _agrees(line, lines[0].pattern)), None)
        if agreeing is None:
            joined.append([line])
        else:
            agreeing.append(line)
    return RoleSection(section.role, section.is_users, sorted(map(_join, joined), key=_rank))


def limit_groups(by_role: Sequence[RoleSection], most: int) -> tuple[list[RoleSection], int]:
    """Return at most `most` lines, the gravest and largest, and the number of rows in the others."""
    ranked = sorted((line for section in by_role for line in section.lines), key=_rank)
    kept = {id(line) for line in ranked[:most]}
    shown = [
        RoleSection(each.role, each.is_users, [line for line in each.lines if id(line) in kept]) for each in by_role
    ]
    return [section for section in shown if section.lines], sum(len(line.rows) for line in ranked[most:])


def _line(group: RowGroup, board: LiveMatrix) -> GroupedRows:
    columns = ([board.cell(place, column) for place in group.places] for column in range(len(board.columns)))
    cells = [list(filter(None, cells)) for cells in columns]
    return GroupedRows([board.rows[place] for place in group.places], cells, group.pattern)


def _is_unsure(cells: Sequence[Cell]) -> bool:
    return bool(cells) and cells[0].verdict is Verdict.INCONCLUSIVE


def _agrees(line: GroupedRows, signature: RowSignature) -> bool:
    places = zip(line.cells, line.pattern, signature, strict=True)
    return all(_is_unsure(cells) or mine == theirs for cells, mine, theirs in places)


def _join(lines: Sequence[GroupedRows]) -> GroupedRows:
    """Join lines into one that shows the cells of the first."""
    rows = [row for line in lines for row in line.rows]
    return GroupedRows(
        rows,
        [[cell for cells in places for cell in cells] for places in zip(*(line.cells for line in lines), strict=True)],
        lines[0].pattern,
    )


def _rank(line: GroupedRows) -> tuple[int, int]:
    return -line.gravity, -len(line.rows)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One finding at one endpoint, with the identities that have it."""

    finding: Finding
    column: Column
    cells: Sequence[tuple[Row, Cell]]

    @property
    def alike(self) -> list[tuple[str, list[Row]]]:
        """The results in words, each with its rows, the most common first."""
        groups: dict[str, list[Row]] = {}
        for row, cell in self.cells:
            groups.setdefault(cell_sentence(cell), []).append(row)
        return sorted(groups.items(), key=lambda each: -len(each[1]))

    @property
    def whom(self) -> str:
        """The identities by role, in words: `3 users: 2 Monitor, 1 Auditor`."""
        roles = Counter(row.role for row, _ in self.cells if row.role)
        listed = ", ".join(f"{number} {role}" for role, number in roles.most_common(5))
        total = plural(len(self.cells), "identity")
        return f"{total}: {listed}{', …' if len(roles) > 5 else ''}" if listed else total


@dataclass(frozen=True, slots=True)
class InconclusiveReason:
    """One reason for inconclusive cells."""

    reason: str
    cells: int
    identities: int
    endpoints: int


def group_findings(matrix: Matrix) -> list[FindingGroup]:
    """Return the findings by kind and endpoint, the gravest first, then those with the most identities."""
    rows, columns = matrix.rows(), {column.name: column for column in matrix.endpoints}
    groups: dict[tuple[Finding, str], list[tuple[Row, Cell]]] = {}
    for cell in matrix.cells:
        if cell.finding:
            row = rows.get(cell.row_key) or Row(cell.identity, cell.kind)
            groups.setdefault((cell.finding, cell.endpoint), []).append((row, cell))
    found = [
        FindingGroup(finding, columns.get(name) or Column(name), cells) for (finding, name), cells in groups.items()
    ]
    return sorted(found, key=lambda each: (-each.finding.gravity, -len(each.cells)))


def inconclusive_reasons(matrix: Matrix) -> Iterator[InconclusiveReason]:
    """Yield the reasons for inconclusive cells, the most common first; user names in them are replaced by `…`."""
    rows = matrix.rows()
    groups: dict[str, list[Cell]] = {}
    for cell in matrix.cells:
        if cell.verdict is Verdict.INCONCLUSIVE:
            row = rows.get(cell.row_key)
            named = str(row.identity) if row and row.kind == "user" else ""
            groups.setdefault(cell.reason.replace(named, "…") if named else cell.reason, []).append(cell)
    for reason, cells in sorted(groups.items(), key=lambda each: -len(each[1])):
        identities, endpoints = {cell.row_key for cell in cells}, {cell.endpoint for cell in cells}
        yield InconclusiveReason(reason, len(cells), len(identities), len(endpoints))
