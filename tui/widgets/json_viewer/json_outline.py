"""Structure of formatted JSON, derived from its indentation without parsing.

This relies on the format of `msgspec.json.format(…, indent=2)`: each member or item has its own line, indented two
blanks more than the line that opens its container, and the closing bracket is indented like that line. No string
contains a line feed. Text in another format causes no errors, only meaningless paths.
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
_KINDS = {'"': "string", "t": "literal", "f": "literal", "n": "literal"}
_WINDOWS = (1 << 12, 1 << 16)
"""Characters before a line that are searched for its container first; most containers are near."""


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
        self._begins = -1, 0

    def opens(self, line: int) -> bool:
        """Return whether a container that spans several lines begins on a line."""
        end = self._lines.end(line)
        return end > self._lines.starts[line] and self._lines.text[end - 1] in _CLOSERS

    def closes(self, line: int) -> bool:
        """Return whether a container that spans several lines ends on a line."""
        start = self._lines.starts[line]
        return self._lines.text.startswith(("}", "]"), start + self._depth(start))

    def last(self, line: int) -> int | None:
        """Return the last line of the container that begins on a line, or None."""
        end = self._lines.end(line)
        if not self.opens(line):
            return None
        bracket = _CLOSERS[self._lines.text[end - 1]]
        place = self._lines.text.find(f"\n{' ' * self._depth(self._lines.starts[line])}{bracket}", end)
        return None if place < 0 else self._lines.line_at(place + 1)

    def head(self, line: int) -> int:
        """Return the first line of the container that begins or ends on a line; for any other line, the line itself."""
        start = self._lines.starts[line]
        if not self.closes(line):
            return line
        return self._lines.line_at(self._above(start, self._depth(start)))

    def parent(self, line: int) -> int | None:
        """Return the first line of the container that a line is in, or None."""
        start = self._lines.starts[self.head(line)]
        depth = self._depth(start)
        return self._lines.line_at(self._above(start, depth - INDENT)) if depth >= INDENT else None

    def size(self, head: int) -> int:
        """Return the number of items or members of the container that begins on a line; cached."""
        if head not in self._sizes:
            start, last = self._lines.starts[head], self.last(head)
            end = self._lines.starts[last] if last is not None else len(self._lines.text)
            self._sizes[head] = self._items(start, end, self._depth(start) + INDENT)
        return self._sizes[head]

    def containers(self, line: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last line of each direct child of the container that begins on a line."""
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
        """Return the JSONPath of the value on a line, such as `$.messages[3].id`."""
        text, parts = self._lines.text, list[str | int]()
        start = self._lines.starts[self.head(line)]
        while start and (depth := self._depth(start)) >= INDENT:
            above = self._above(start, depth - INDENT)
            key = _KEY.match(text, start + depth)
            parts.append(_decoded(key[1]) if key else self._index(above, start, depth))
            start = above
        return json_path(reversed(parts))

    def leaf(self, line: int) -> str | None:
        """Return the value on a line (the text of a string, anything else as written), or None for a container."""
        if self.opens(line) or self.closes(line):
            return None
        value = self._lines.text[self._value_start(line) : self._lines.end(line)].removesuffix(",")
        return _decoded(value) if value.startswith('"') else value

    def text_of(self, line: int) -> str:
        """Return the value on a line, or the container that begins or ends there, as JSON."""
        head = self.head(line)
        last, start = self.last(head), self._value_start(head)
        end = self._lines.end(head if last is None else last)
        return self._lines.text[start:end].removesuffix(",")

    def kind_at(self, line: int, place: int) -> str:
        """Return the kind of token at an offset within a line: `key`, `string`, `number` or `literal`."""
        if place < (start := self._value_start(line)):
            return "key"
        return _KINDS.get(self._lines.text[start : start + 1], "number")

    def first_values(self, head: int, most: int) -> Iterator[str]:
        """Yield the first leaves of the container that begins on a line, each with its key, of at most `most` lines."""
        text, pad = self._lines.text, self._depth(self._lines.starts[head]) + INDENT
        for line in range(head + 1, min(head + 1 + most, len(self._lines))):
            start = self._lines.starts[line]
            depth = self._depth(start)
            if depth < pad:
                return
            if depth == pad and (value := self.leaf(line)) is not None:
                key = _KEY.match(text, start + depth)
                yield f"{_decoded(key[1])}: {value}" if key else value

    def _value_start(self, line: int) -> int:
        """Return the offset at which the value on a line begins; cached, because a line may be very long."""
        if self._begins[0] != line:
            start = self._lines.starts[line]
            start += self._depth(start)
            key = _KEY.match(self._lines.text, start)
            self._begins = line, key.end() if key else start
        return self._begins[1]

    def _depth(self, start: int) -> int:
        blanks = _BLANKS.match(self._lines.text, start)
        return blanks.end() - start if blanks else 0

    def _above(self, start: int, depth: int) -> int:
        """Return the start of the nearest line above with exactly this indentation; lines between are indented more."""
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
        """Return an item's index, counted from the last item looked up if that is nearer than the container."""
        known, index = self._counted.get(container, (container, -1))
        if abs(start - known) > start - container:
            known, index = container, -1
        passed = self._items(min(known, start), max(known, start), depth)
        self._counted[container] = start, index + (passed if known < start else -passed)
        return self._counted[container][1]

    def _items(self, start: int, end: int, depth: int) -> int:
        """Count the lines of exactly this indentation that close nothing, from after `start` to the one at `end`."""
        return sum(1 for _ in _beginning(depth).finditer(self._lines.text, start, end + depth + 1))


@lru_cache(maxsize=1024)  # the maximum depth of formatted JSON
def _beginning(depth: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{{depth}}}[^ \]}}]")


def _decoded(string: str) -> str:
    """Return the text of a JSON string; an invalid one is returned as is."""
    try:
        return str(json.loads(string, strict=False))
    except ValueError:
        return string
