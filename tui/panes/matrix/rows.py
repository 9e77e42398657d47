"""The lines of a matrix as its table shows them: who, and a mark for each endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content

from tui.access.model import Cell as Known
from tui.access.model import Row
from tui.format import count
from tui.panes.matrix.marks import mark
from tui.panes.matrix.picture import Entry, Heading, Lines
from tui.panes.table import Cell
from tui.text import clean


@dataclass(frozen=True, slots=True)
class Line:
    """A snapshot of an entry: the row that stands for it, how it is folded, and what the window shows of it."""

    first: Row
    size: int
    is_open: bool
    is_member: bool
    known: tuple[Known | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines, each with the marks of the endpoints in the window.

    Entries read the board, which changes during a run. A table's rows must not: a line stays as it was first read.
    """

    lines: Lines
    window: range
    _read: dict[int, Heading | Line] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Heading | Line:
        """What is drawn of a line."""
        if index not in self._read:
            entry = self.lines[index]
            self._read[index] = entry if isinstance(entry, Heading) else _line(entry, self.window)
        return self._read[index]

    def cells(self, index: int) -> Sequence[Cell]:
        """Who, and a mark for each endpoint."""
        line = self.line(index)
        if isinstance(line, Heading):
            name = (clean(line.role, limit=60), "bold $foreground-muted")
            return [Content.assemble(name, (f"  {count(line.size)}", "$foreground-muted")), *[""] * len(self.window)]
        return [_who(line), *map(mark, line.known)]


def _line(entry: Entry, window: range) -> Line:
    known = tuple(entry.cell(place) for place in window)
    return Line(entry.first, entry.size, entry.is_open, entry.is_member, known)


def _who(line: Line) -> Content:
    first = line.first
    name, identifier = clean(first.name, limit=40), clean(first.id, limit=40)
    if line.size > 1:
        fold = "▾ " if line.is_open else "▸ "
        size = (f"{count(line.size)} users", "bold")
        return Content.assemble((fold, "$foreground-muted"), size, (f" like {name or identifier}", "$foreground-muted"))
    margin = "    " if line.is_member else "  "
    if first.kind != "user":
        return Content.assemble(margin, (first.kind, "italic"), (_OTHERS[first.kind], "$foreground-muted"))
    note = (f" · {identifier}" if name else "", "$foreground-muted")
    fault = (" ⊘", "$text-warning") if first.fault else ""
    return Content.assemble(margin, name or identifier, note, fault)


_OTHERS = {"generic": " · the application itself", "anonymous": " · without a token"}
