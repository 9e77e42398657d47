"""Who is wanted of a list, in which order: found in slices, and narrowed while a person types on."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from tui.airisk.ordering import in_order
from tui.airisk.search import UserIndex

_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Wanted:
    """Those in whom every word of a text occurs, ordered by a column, or as they came."""

    text: str = ""
    column: int | None = None
    is_descending: bool = False


class Finder:
    """Answers of one list; what it found is kept to narrow it, and what it ordered to show it again.

    Attributes:
        found: of the answer that is being looked for, what is sure to be its beginning.
    """

    def __init__(self, index: UserIndex) -> None:
        self.found: Sequence[int] = ()
        self._index = index
        self._before = ""
        self._blocks: Sequence[int] | None = None
        self._order: tuple[int, Sequence[int]] | None = None

    def positions(self, wanted: Wanted) -> Generator[None, None, Sequence[int]]:
        """The positions of those who are wanted; it pauses between two slices."""
        self.found = ()
        if not wanted.text.split():
            matching: Sequence[int] = range(len(self._index))
        elif wanted.column is None:
            matching = self.found = array("L")
            yield from self._search(wanted.text, matching)
        else:
            matching = array("L")
            yield from self._search(wanted.text, matching)
        if wanted.column is not None:
            order = yield from self._ordered(wanted.column)
            matching = order if isinstance(matching, range) else (yield from self._in_order(matching, order))
            matching = matching[::-1] if wanted.is_descending else matching
        self.found = matching
        return matching

    def _search(self, text: str, matching: array[int]) -> Generator[None, None, None]:
        narrows = self._blocks is not None and self._before in text
        numbers = self._blocks if narrows and self._blocks is not None else range(self._index.block_count)
        hit = []
        for number, found in zip(numbers, self._index.search(text, numbers), strict=True):
            if found:
                matching.extend(found)
                hit.append(number)
            yield
        self._before, self._blocks = text, hit

    def _ordered(self, column: int) -> Generator[None, None, Sequence[int]]:
        if self._order is None or self._order[0] != column or len(self._order[1]) != len(self._index):
            self._order = column, (yield from in_order(self._index, column))
        return self._order[1]

    def _in_order(self, matching: Sequence[int], order: Sequence[int]) -> Generator[None, None, Sequence[int]]:
        is_wanted = bytearray(len(self._index))
        for few in _slices(matching):
            for place in few:
                is_wanted[place] = 1
            yield
        found = array("L")
        for few in _slices(order):
            found.extend(place for place in few if is_wanted[place])
            yield
        return found


def _slices(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    return (positions[start : start + _AT_ONCE] for start in range(0, len(positions), _AT_ONCE))
