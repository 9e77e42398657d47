"""What formatted JSON is made of, told from its indentation alone: nothing is parsed.

It relies on the form that `msgspec.json.format(…, indent=2)` gives: a member or an item on a line of its own, two
blanks deeper than the line that opens its container, and the closing bracket at the indentation of that line. No
string holds a line feed. Text of another form gives no errors, only paths that mean nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from tui.json_path import json_path
from tui.widgets.json_viewer.line_buffer import LineBuffer

INDENT = 2
_BLANKS = re.compile(" *+")
_KEY = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+"): ')
_CLOSERS = {"{": "}", "[": "]"}
_WINDOWS = (1 << 12, 1 << 16)
"""Characters above a line that are searched for its container first: most are near."""


class JsonOutline:
    """The containers of a document.

    Args:
        lines: formatted JSON; it may grow.
    """

    def __init__(self, lines: LineBuffer) -> None:
        self._lines = lines
        self._counted: dict[int, tuple[int, int]] = {}
        self._sizes: dict[int, int] = {}
        self._root = 0, -1

    def opens(self, line: int) -> bool:
        """Whether a container that spans lines begins here."""
        end = self._lines.end(line)
        return end > self._lines.starts[line] and self._lines.text[end - 1] in _CLOSERS

    def closes(self, line: int) -> bool:
        """Whether a container that spans lines ends here."""
        start = self._lines.starts[line]
        return self._lines.text.startswith(("}", "]"), start + self._depth(start))

    def last(self, line: int) -> int | None:
        """The line with which the container ends that begins here."""
        end = self._lines.end(line)
        if not self.opens(line):
            return None
        bracket = _CLOSERS[self._lines.text[end - 1]]
        place = self._lines.text.find(f"\n{' ' * self._depth(self._lines.starts[line])}{bracket}", end)
        return None if place < 0 else self._lines.line_at(place + 1)

    def head(self, line: int) -> int:
        """The line that begins the container which begins or ends here; on any other, the line itself."""
        start = self._lines.starts[line]
        if not self.closes(line):
            return line
        return self._lines.line_at(self._above(start, self._depth(start)))

    def parent(self, line: int) -> int | None:
        """The line that begins the container in which this one is."""
        start = self._lines.starts[self.head(line)]
        depth = self._depth(start)
        return self._lines.line_at(self._above(start, depth - INDENT)) if depth >= INDENT else None

    def size(self, head: int) -> int:
        """How many items or members the container has that begins here; remembered."""
        if head not in self._sizes:
            start, last = self._lines.starts[head], self.last(head)
            end = self._lines.starts[last] if last is not None else len(self._lines.text)
            self._sizes[head] = self._items(start, end, self._depth(start) + INDENT)
        return self._sizes[head]

    def containers(self, line: int) -> Iterator[tuple[int, int]]:
        """The first and the last line of each container that is directly in the one that begins here."""
        text, place = self._lines.text, self._lines.end(line)
        beyond = self._lines.end(self.last(line) or line)
        pad = " " * (self._depth(self._lines.starts[line]) + INDENT)
        opening = re.compile(rf'\n{pad}(?:"[^\n]*+(?<=([{{\[]))|([{{\[]))\n')
        while found := opening.search(text, place, beyond):
            close = text.find(f"\n{pad}{_CLOSERS[found[1] or found[2]]}", found.end() - 1, beyond)
            if close < 0:
                return
            # Counting line feeds is quicker than looking both places up.
            line += 1 + text.count("\n", place, found.start())
            last = line + text.count("\n", found.start() + 1, close + 1)
            yield line, last
            line, place = last, close + 1

    def path(self, line: int) -> str:
        """The JSONPath of what is on a line, such as `$.messages[3].id`."""
        text, parts = self._lines.text, list[str | int]()
        start = self._lines.starts[self.head(line)]
        while start and (depth := self._depth(start)) >= INDENT:
            above = self._above(start, depth - INDENT)
            key = _KEY.match(text, start + depth)
            parts.append(_decoded(key[1]) if key else self._index(above, start, depth))
            start = above
        return json_path(reversed(parts))

    def leaf(self, line: int) -> str | None:
        """The value on a line: the text of a string, anything else as it stands; None for a container."""
        if self.opens(line) or self.closes(line):
            return None
        text, start = self._lines.text, self._lines.starts[line]
        start += self._depth(start)
        key = _KEY.match(text, start)
        value = text[key.end() if key else start : self._lines.end(line)].removesuffix(",")
        return _decoded(value) if value.startswith('"') else value

    def _depth(self, start: int) -> int:
        blanks = _BLANKS.match(self._lines.text, start)
        return blanks.end() - start if blanks else 0

    def _above(self, start: int, depth: int) -> int:
        """Where the nearest line above begins that is exactly so deep: what is between them is deeper."""
        if depth == 0 and self._root[0] <= start <= self._root[1]:
            return self._root[0]
        found = self._nearest(start, depth)
        if depth == 0:
            close = self._lines.text.find(f"\n{_CLOSERS.get(self._lines.text[found], '')}", found)
            self._root = found, max(close, start)
        return found

    def _nearest(self, start: int, depth: int) -> int:
        for window in (*_WINDOWS, start):
            lowest = max(0, start - window)
            nearest = max(self._lines.text.rfind(f"\n{' ' * depth}{sign}", lowest, start) for sign in '"{[')
            if nearest >= 0:
                return nearest + 1
        return 0

    def _index(self, container: int, start: int, depth: int) -> int:
        """How many items are before this one, counted from the one that was asked for last if that is nearer."""
        known, index = self._counted.get(container, (container, -1))
        if abs(start - known) > start - container:
            known, index = container, -1
        passed = self._items(min(known, start), max(known, start), depth)
        self._counted[container] = start, index + (passed if known < start else -passed)
        return self._counted[container][1]

    def _items(self, start: int, end: int, depth: int) -> int:
        """Lines that are exactly so deep and close nothing, from the one behind `start` to the one that is at `end`."""
        return sum(1 for _ in _beginning(depth).finditer(self._lines.text, start, end + depth + 1))


@lru_cache(maxsize=1024)  # as deep as JSON is formatted
def _beginning(depth: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{{depth}}}[^ \]}}]")


def _decoded(string: str) -> str:
    """The text of a JSON string; as it stands if it is none."""
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        return string
