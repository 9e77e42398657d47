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
        self._hits: _Hits | None = None
        self._order: tuple[int, Sequence[int]] | None = None

    def knows_order(self, wanted: Wanted) -> bool:
        """Whether nobody has to be sorted for this."""
        return wanted.column is None or self._ordered_by == wanted.column

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
        before = self._hits if self._hits and self._before in text else None
        numbers = before.numbers if before else range(self._index.block_count)
        hits = _Hits(matching)
        for number, found in zip(numbers, self._index.search(text, before), strict=True):
            if found:
                matching.extend(found)
                hits.add(number)
            yield
        self._before, self._hits = text, hits

    def _ordered(self, column: int) -> Generator[None, None, Sequence[int]]:
        if self._order is None or self._ordered_by != column:
            self._order = column, (yield from in_order(self._index, column))
        return self._order[1]

    @property
    def _ordered_by(self) -> int | None:
        """The column that the whole list was ordered by last, as long as nobody has come."""
        return self._order[0] if self._order and len(self._order[1]) == len(self._index) else None

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


class _Hits:
    """Who matched, and in which blocks: whoever matches more words is among them."""

    def __init__(self, positions: array[int]) -> None:
        self.numbers: list[int] = []
        self._positions = positions
        self._ends = array("L")

    def add(self, number: int) -> None:
        """The last positions, behind those of the block before, are of this block."""
        self.numbers.append(number)
        self._ends.append(len(self._positions))

    def __iter__(self) -> Iterator[tuple[int, Sequence[int]]]:
        start = 0
        for number, end in zip(self.numbers, self._ends, strict=True):
            yield number, self._positions[start:end]
            start = end


def _slices(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    return (positions[start : start + _AT_ONCE] for start in range(0, len(positions), _AT_ONCE))
