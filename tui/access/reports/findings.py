"""What stands out, and what could not be told, put together so that a person can read it: not cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.access.cells import Cell, Column, Finding, Row, Verdict
from tui.access.document import Matrix
from tui.access.reports.words import happened, plural


@dataclass(frozen=True, slots=True)
class Found:
    """One finding at one endpoint, with the identities whom it concerns."""

    finding: Finding
    column: Column
    cells: Sequence[tuple[Row, Cell]]

    @property
    def alike(self) -> list[tuple[str, list[Row]]]:
        """What happened, in words, each with those to whom it did; what happened to most comes first."""
        groups: dict[str, list[Row]] = {}
        for row, cell in self.cells:
            groups.setdefault(happened(cell), []).append(row)
        return sorted(groups.items(), key=lambda each: -len(each[1]))

    @property
    def whom(self) -> str:
        """The identities by role, in words: `3 users: 2 Monitor, 1 Auditor`."""
        roles = Counter(row.role for row, _ in self.cells if row.role)
        listed = ", ".join(f"{number} {role}" for role, number in roles.most_common(5))
        total = plural(len(self.cells), "identity")
        return f"{total}: {listed}{', …' if len(roles) > 5 else ''}" if listed else total


@dataclass(frozen=True, slots=True)
class Unsure:
    """One reason why cells could not be told."""

    reason: str
    cells: int
    identities: int
    endpoints: int


def found(matrix: Matrix) -> list[Found]:
    """The findings by kind and endpoint, the gravest first, then those of most identities."""
    rows, columns = matrix.rows(), {column.name: column for column in matrix.endpoints}
    groups: dict[tuple[Finding, str], list[tuple[Row, Cell]]] = {}
    for cell in matrix.cells:
        if cell.finding:
            row = rows.get(cell.row_key) or Row(cell.identity, cell.kind)
            groups.setdefault((cell.finding, cell.endpoint), []).append((row, cell))
    told = [Found(finding, columns.get(name) or Column(name), cells) for (finding, name), cells in groups.items()]
    return sorted(told, key=lambda each: (-each.finding.gravity, -len(each.cells)))


def unsure(matrix: Matrix) -> Iterator[Unsure]:
    """Why cells are inconclusive, the commonest reason first; the same for many, whomever it names."""
    rows = matrix.rows()
    groups: dict[str, list[Cell]] = {}
    for cell in matrix.cells:
        if cell.verdict is Verdict.INCONCLUSIVE:
            row = rows.get(cell.row_key)
            named = str(row.identity) if row and row.kind == "user" else ""
            groups.setdefault(cell.reason.replace(named, "…") if named else cell.reason, []).append(cell)
    for reason, cells in sorted(groups.items(), key=lambda each: -len(each[1])):
        identities, endpoints = {cell.row_key for cell in cells}, {cell.endpoint for cell in cells}
        yield Unsure(reason, len(cells), len(identities), len(endpoints))
