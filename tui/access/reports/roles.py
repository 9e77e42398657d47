"""The heat map of a matrix: how many of each role are let in where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.access.cells import Cell, Verdict
from tui.access.reports.alike import Section
from tui.format import count


@dataclass(frozen=True, slots=True)
class Heat:
    """What became of one role at one endpoint: numbers of identities."""

    let_in: int
    denied: int
    unsure: int
    unexpected: int

    @property
    def told(self) -> int:
        """How many of them could be told."""
        return self.let_in + self.denied

    @property
    def words(self) -> str:
        """`all`, `none`, or how many of those that could be told."""
        if not self.told:
            return "?" if self.unsure else "·"
        if not self.denied:
            return "all"
        return f"{count(self.let_in)} of {count(self.told)}" if self.let_in else "none"

    @property
    def degree(self) -> int:
        """From 0, none, to 4, all; 1 to 3 are thirds between them. -1 where nothing could be told."""
        if not self.told:
            return -1
        if self.let_in in {0, self.told}:
            return 4 if self.let_in else 0
        return min(3, 1 + 3 * self.let_in // self.told)


def heat(section: Section, endpoints: int) -> Iterator[Heat]:
    """The heat of one role at each endpoint."""
    for place in range(endpoints):
        yield _heat([cell for line in section.lines for cell in line.cells[place]])


def _heat(cells: Sequence[Cell]) -> Heat:
    verdicts = Counter(cell.verdict for cell in cells)
    unsure, denied = verdicts[Verdict.INCONCLUSIVE], verdicts[Verdict.DENIED]
    unexpected = sum(cell.finding is not None and cell.finding.gravity > 1 for cell in cells)
    return Heat(len(cells) - unsure - denied, denied, unsure, unexpected)
