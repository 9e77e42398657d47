"""The lines of a matrix as its table shows them: who, and a mark for each endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tui.panes.matrix.marks import mark
from tui.panes.matrix.picture import Entry, Heading, Lines
from tui.panes.table import Cell
from tui.readable import count
from tui.text import clean


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines, each with the marks of the endpoints in the window."""

    lines: Lines
    window: range

    def __len__(self) -> int:
        return len(self.lines)

    def cells(self, index: int) -> Sequence[Cell]:
        """Who, and a mark for each endpoint."""
        entry = self.lines[index]
        if isinstance(entry, Heading):
            name = (clean(entry.role, limit=60), "bold $foreground-muted")
            return [Content.assemble(name, (f"  {count(entry.size)}", "$foreground-muted")), *[""] * len(self.window)]
        return [_who(entry), *(mark(entry.cell(place)) for place in self.window)]


def _who(entry: Entry) -> Content:
    first = entry.first
    name, identifier = clean(first.name, limit=40), clean(first.id, limit=40)
    if not entry.is_one:
        fold = "▾ " if entry.is_open else "▸ "
        size = (f"{count(entry.size)} users", "bold")
        return Content.assemble((fold, "$foreground-muted"), size, (f" like {name or identifier}", "$foreground-muted"))
    margin = "    " if entry.is_member else "  "
    if first.kind != "user":
        return Content.assemble(margin, (first.kind, "italic"), (_OTHERS[first.kind], "$foreground-muted"))
    note = (f" · {identifier}" if name else "", "$foreground-muted")
    fault = (" ⊘", "$text-warning") if first.fault else ""
    return Content.assemble(margin, name or identifier, note, fault)


_OTHERS = {"generic": " · the application itself", "anonymous": " · without a token"}
