"""Folded lines, and the mapping between lines and visible rows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType


class Folds:
    """Ranges of hidden lines, each after a visible head. A fold within a fold is remembered.

    Looking up a row or a line takes O(log n) for n folds, a change O(n), whatever the number of lines.
    """

    def __init__(self, folded: Mapping[int, int] | None = None) -> None:
        self._folded = dict(folded or {})
        self._rebuild()

    def __contains__(self, head: int) -> bool:
        return head in self._folded

    def __len__(self) -> int:
        return len(self._folded)

    @property
    def folded(self) -> Mapping[int, int]:
        """The last hidden line of each fold, by its head."""
        return MappingProxyType(self._folded)

    @property
    def hidden(self) -> int:
        """The number of hidden lines."""
        return self._hidden[-1]

    def fold(self, head: int, last: int) -> None:
        """Hide the lines after `head`, up to and including `last`."""
        self._folded[head] = last
        self._rebuild()

    def unfold(self, head: int) -> None:
        """Show the lines after `head`, except those in nested folds."""
        if self._folded.pop(head, None) is not None:
            self._rebuild()

    def reveal(self, line: int) -> bool:
        """Open the folds that hide a line. Return whether there were any."""
        if self.line(self.row(line)) == line:
            return False
        self._folded = {head: last for head, last in self._folded.items() if not head < line <= last}
        self._rebuild()
        return True

    def row(self, line: int) -> int:
        """Return the row that shows a line, or the head of the fold that hides it."""
        place = bisect_right(self._heads, line) - 1
        if place < 0:
            return line
        head = self._heads[place]
        return self._rows[place] if line <= self._folded[head] else line - self._hidden[place + 1]

    def line(self, row: int) -> int:
        """Return the line that a row shows."""
        return row + self._hidden[bisect_left(self._rows, row)]

    def _rebuild(self) -> None:
        """Recompute the outermost folds, the number of lines hidden before each, and their rows."""
        heads: list[int] = []
        beyond = -1
        for head in sorted(self._folded):
            if head > beyond:
                heads.append(head)
                beyond = self._folded[head]
        self._heads = heads
        self._hidden = [0, *accumulate(self._folded[head] - head for head in heads)]
        self._rows = [head - before for head, before in zip(heads, self._hidden, strict=False)]
