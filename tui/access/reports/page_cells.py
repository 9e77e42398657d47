"""How a line of the matrix looks on a page: letters, colours, and the evidence behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.access.cells import Cell, Finding, Row, Verdict
from tui.access.reports.alike import Line
from tui.access.reports.words import MARKS, plural, who
from tui.format import count, duration, size

NAMED = 100
"""Members of a line who are named; more are counted."""

_REASONS = 3

_STYLES = {Finding.UNEXPECTED_ALLOW: "unexpected-allow", Finding.UNEXPECTED_DENY: "unexpected-deny"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell: its letter, what stands below it, its colour's name, and why."""

    letter: str
    below: str
    style: str
    verdict: str
    expected: str
    evidence: Sequence[str]

    @property
    def tip(self) -> str:
        """All of it in words."""
        return f"{self.verdict}{self.expected} — {'; '.join(self.evidence)}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line: who it is, whoever else, and its cells."""

    title: str
    subtitle: str
    members: Sequence[str]
    more: int
    marks: Sequence[Mark]


def show(line: Line) -> Shown:
    """A line as a page shows it."""
    title, subtitle = _heading(line.rows)
    members = [who(row) for row in line.rows[:NAMED]]
    return Shown(title, subtitle, members, len(line.rows) - len(members), [_mark(cells) for cells in line.cells])


def _heading(rows: Sequence[Row]) -> tuple[str, str]:
    row = rows[0]
    if len(rows) > 1:
        others = "" if len(rows) == 2 else ", …"
        return f"{count(len(rows))} users like this", f"{', '.join(each.name or each.id for each in rows[:2])}{others}"
    if row.kind == "user":
        return row.name or row.id, " · ".join(filter(None, (row.id if row.name else "", row.proof)))
    return ("The application", "generic token") if row.kind == "generic" else ("Nobody", "no token")


def _mark(cells: Sequence[Cell]) -> Mark:
    if not cells:
        return Mark("·", "", "unasked", "not asked", "", ["no request was sent"])
    cell = cells[0]
    style = _STYLES.get(cell.finding, cell.verdict.value) if cell.finding else cell.verdict.value
    if cell.finding is Finding.DRIFT:
        style += " drift"
    expected = f", {cell.expected} was expected" if cell.expected else ""
    finding = f"{cell.finding}: " if cell.finding else ""
    letter = cell.verdict.letter + (MARKS[cell.finding] if cell.finding else "")
    return Mark(letter, _below(cells), style, f"{finding}{cell.verdict}", expected, [*_evidence(cells)])


def _below(cells: Sequence[Cell]) -> str:
    """The status where all have the same, a dash where no answer came; else how many could not be told."""
    unsure = sum(cell.verdict is Verdict.INCONCLUSIVE for cell in cells)
    if 0 < unsure < len(cells):
        return f"{count(unsure)} ?"
    statuses = {cell.status for cell in cells}
    if len(statuses) > 1:
        return "…"
    status = statuses.pop()
    return "—" if status is None else str(status)


def _evidence(cells: Sequence[Cell]) -> Iterator[str]:
    """The commonest reasons; of a single cell also how and when it was answered."""
    counted = Counter(cell.reason for cell in cells).most_common()
    for reason, number in counted[:_REASONS]:
        yield f"{count(number)} × {reason}" if len(cells) > 1 else reason
    if len(counted) > _REASONS:
        yield f"and {plural(len(counted) - _REASONS, 'other reason')}"
    if len(cells) == 1:
        yield from _measured(cells[0])


def _measured(cell: Cell) -> Iterator[str]:
    parts = [
        f"rule {cell.rule}" if cell.rule else "",
        f"{cell.before} in the baseline" if cell.before and cell.before is not cell.verdict else "",
        duration(cell.milliseconds / 1_000) if cell.milliseconds is not None else "",
        size(cell.bytes) if cell.bytes is not None else "",
        cell.content_type,
        f"asked {cell.attempts} times" if cell.attempts > 1 else "",
        cell.at,
    ]
    if any(parts):
        yield ", ".join(filter(None, parts))
