"""Lines drawn as they come into sight: coloured, folded, with a cursor and what was looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Size
from textual.strip import Strip

from tui.format import count
from tui.panes.document.content import Lines
from tui.panes.document.drawing import Found, pieces
from tui.panes.document.folds import Folds
from tui.panes.document.searching import Search, Span
from tui.panes.document.structure import Structure
from tui.panes.scrolling import ScrolledInPlace
from tui.text import clean

GUTTER = 2
"""Columns before each line: the mark of a container, and the cursor."""

LONGEST = 4000
"""Characters of a line that are laid out; a longer value can be opened, or its text wrapped."""

_CURSOR, _OPEN, _FOLDED, _CUT = "›", "▾", "▸", "…"


class PaintedLines(ScrolledInPlace, can_focus=True):
    """Lines of text with a cursor, some of them folded away; nothing is computed for a line that is not seen."""

    ALLOW_SELECT = False  # a drag would seem to select, and copy nothing

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document--key",
        "document--string",
        "document--number",
        "document--literal",
        "document--text",
        "document--fold",
        "document--gutter",
        "document--cursor",
        "document--hit",
        "document--hit-current",
    }

    DEFAULT_CSS = """
    PaintedLines {
        height: 1fr;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._is_json = False
        self._cursor = 0
        self._search: Search | None = None
        self._hit: Span | None = None
        self._use(Lines(""))

    def _use(self, lines: Lines) -> None:
        """Draw these lines, all of them open."""
        self._lines, self._folds = lines, Folds()
        self._structure = Structure(lines)
        self._widest_drawn = 0
        self._cursor = max(0, min(self._cursor, len(lines) - 1))

    @property
    def row_count(self) -> int:
        """How many rows there are with what is folded left out."""
        return len(self._lines) - self._folds.hidden

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the line of the cursor begins on the screen."""
        return self.content_region.offset + Offset(0, self.cursor_row) - Offset(0, self.scroll_offset.y)

    @property
    def cursor_row(self) -> int:
        """The row of the cursor, from 0."""
        return self._folds.row(self._cursor)

    def render_line(self, y: int) -> Strip:
        """One line of what is visible, counted from the top of the widget."""
        scroll_x, scroll_y = self.scroll_offset
        base = self.rich_style
        if scroll_y + y >= self.row_count:
            return Strip.blank(self.size.width, base)
        line = self._folds.line(scroll_y + y)
        is_cursor = self.has_focus and line == self._cursor
        if is_cursor:
            base = self.get_component_rich_style("document--cursor")
        text = Strip(list(self._segments(line)))
        self._make_room(text.cell_length)
        marks = Segment(self._mark(line) + (_CURSOR if is_cursor else " "), self._style("gutter"))
        seen = text.crop_extend(scroll_x, scroll_x + max(self.size.width - GUTTER, 0), None)
        return Strip.join([Strip([marks], GUTTER), seen]).crop(0, self.size.width).apply_style(base)

    def _segments(self, line: int) -> Iterator[Segment]:
        start, end = self._lines.starts[line], self._lines.end(line)
        laid_out = min(end, start + LONGEST)
        found = self._found(start, laid_out)
        for piece in pieces(self._lines.text[start:laid_out], found, is_json=self._is_json):
            style = self._style(piece.kind)
            yield Segment(clean(piece.text), style + self._style(piece.found) if piece.found else style)
        if laid_out < end:
            yield Segment(_CUT, self._style("fold"))
        if line in self._folds:
            yield Segment(self._folded_words(line), self._style("fold"))

    def _found(self, start: int, end: int) -> Sequence[Found]:
        """What was looked for between two places of the text."""
        if not self._search:
            return ()
        current = self._hit or (-1, -1)
        # Of `aa` in `aaa` there are two hits, of which no two are found in one go: the current one counts.
        spans = [span for span in self._search.within(start, end) if span[1] <= current[0] or current[1] <= span[0]]
        if current[0] < end and start < current[1]:
            spans = sorted([*spans, current])
        return [
            Found(at - start, beyond - start, "hit-current" if (at, beyond) == current else "hit")
            for at, beyond in spans
        ]

    def _folded_words(self, head: int) -> str:
        last = self._folds.folded[head]
        size, noun = self._structure.size(head), "key" if self._lines.text[self._lines.end(head) - 1] == "{" else "item"
        return f" {count(size)} {noun}{'' if size == 1 else 's'} {self._lines[last].lstrip()}"

    def _mark(self, line: int) -> str:
        if not self._is_json or not self._structure.opens(line):
            return " "
        return _FOLDED if line in self._folds else _OPEN

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"document--{kind}", partial=True)

    def _make_room(self, columns: int) -> None:
        """Wide characters need more columns than were counted: what has been seen can be scrolled to."""
        if columns + GUTTER > self.virtual_size.width and columns > self._widest_drawn:
            self._widest_drawn = columns
            self.call_later(self._fit)

    def _fit(self) -> None:
        """Take as much room as the lines need."""
        widest = max(min(self._lines.widest, LONGEST), self._widest_drawn)
        self.virtual_size = Size(GUTTER + widest, self.row_count)
        self.refresh()
