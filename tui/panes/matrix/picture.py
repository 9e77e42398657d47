"""What is seen of a matrix: rows that are all alike as one line, unfolded, filtered and sorted as the person wants."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from tui.access.cells import Cell, Column, Finding, Row, Verdict
from tui.access.document import Matrix
from tui.access.reports.alike import Line, Section, sections
from tui.airisk.search import fold
from tui.panes.matrix.summary import summary_words

RowKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a role, above those who have it."""

    role: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the screen: rows that are all alike, or one of them where they are unfolded or there is only one."""

    line: Line
    row: Row | None = None
    is_open: bool = False
    is_member: bool = False
    place: int = 0

    @property
    def key(self) -> RowKey:
        """What it is found by again when more of the matrix is known."""
        return self.row.key if self.row else ("alike", " ".join(self.line.rows[0].key))

    @property
    def rows(self) -> Sequence[Row]:
        """Whom it stands for."""
        return [self.row] if self.row else self.line.rows

    def cell(self, column: int) -> Cell | None:
        """What it says of an endpoint; nothing where that was not asked yet."""
        cells = self.line.cells[column] if column < len(self.line.cells) else ()
        return cells[self.place] if cells else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person wants to see: whose text matches, where something says that, in which order, and unfolded."""

    text: str = ""
    says: Verdict | Finding | None = None
    order: str = "gravity"
    unfolded: frozenset[RowKey] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A matrix, its rows grouped by role and likeness; made off the loop."""

    matrix: Matrix
    sections: Sequence[Section] = ()
    texts: dict[RowKey, str] = field(default_factory=dict)
    summary: Content = field(default_factory=Content)

    @property
    def columns(self) -> Sequence[Column]:
        """The endpoints."""
        return self.matrix.endpoints

    def entries(self, wanted: Wanted) -> list[Heading | Entry]:
        """The lines of the screen, from top to bottom."""
        words = fold(wanted.text).split()
        has_headings = sum(section.is_users for section in self.sections) > 1 or len(self.sections) > 1
        shown: list[Heading | Entry] = []
        for section in self.sections:
            kept = [line for each in section.lines if (line := self._kept(each, words, wanted.says))]
            if not kept:
                continue
            if has_headings:
                shown.append(Heading(_title(section), sum(len(line.rows) for line in kept)))
            for line in sorted(kept, key=ORDERS[wanted.order]):
                shown += _entries(line, wanted.unfolded)
        return shown

    def _kept(self, line: Line, words: Sequence[str], says: Verdict | Finding | None) -> Line | None:
        if says and not any(cells and says in {cells[0].verdict, cells[0].finding} for cells in line.cells):
            return None
        if not words:
            return line
        texts = self.texts
        places = [place for place, row in enumerate(line.rows) if all(word in texts[row.key] for word in words)]
        if len(places) == len(line.rows):
            return line
        rows = [line.rows[place] for place in places]
        return (
            Line(rows, [[cells[place] for place in places] if cells else [] for cells in line.cells]) if rows else None
        )


def pictured(matrix: Matrix) -> Picture:
    """A matrix ready to be looked at. For a hundred thousand cells this takes a second: off the loop."""
    texts = {row.key: fold(" ".join((row.id, row.name, row.role, row.kind, *row.groups))) for row in matrix.identities}
    return Picture(matrix, sections(matrix), texts, summary_words(matrix))


def _title(section: Section) -> str:
    if not section.is_users:
        return "Besides users"
    return section.role or "Without a role"


def _entries(line: Line, unfolded: Collection[RowKey]) -> Iterator[Entry]:
    if len(line.rows) == 1:
        yield Entry(line, line.rows[0])
        return
    whole = Entry(line)
    is_open = whole.key in unfolded
    yield Entry(line, is_open=is_open)
    if is_open:
        for place, row in enumerate(line.rows):
            yield Entry(line, row, is_member=True, place=place)


def _let_in(line: Line) -> int:
    return sum(bool(cells) and cells[0].verdict.is_access for cells in line.cells)


def _unsure(line: Line) -> int:
    return sum(not cells or cells[0].verdict is Verdict.INCONCLUSIVE for cells in line.cells)


def _name(line: Line) -> str:
    return (line.rows[0].name or line.rows[0].id).casefold()


ORDERS: dict[str, Callable[[Line], tuple[object, ...]]] = {
    "gravity": lambda line: (-line.gravity, -len(line.rows)),
    "most let in": lambda line: (-_let_in(line), -line.gravity),
    "least let in": lambda line: (_let_in(line), -line.gravity),
    "inconclusive": lambda line: (-_unsure(line), -len(line.rows)),
    "name": lambda line: (_name(line),),
}
"""The ways to sort lines, each by its name; within a role, for roles stay together."""
