"""Filter and sort a user list in slices, so that keys are not blocked."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui.airisk.users.search_index import UserIndex

_RUN = 8192
"""Users that are sorted at once: two or three milliseconds."""

_RUNS = 8
"""Runs whose equal keys are yielded as one part."""

_BLOCKS = 16
"""Blocks of which the keys are taken at once."""

_LOOKED_AT = 65536

_SAMPLES = 32
"""Keys that are sampled from each run to choose the borders between parts."""


def in_order(index: UserIndex, column: int) -> Generator[None, None, array[int]]:
    """Return the positions of all users, sorted by a column or as they arrived; pauses between slices.

    Short runs are sorted and cut at the same keys. The pieces between two cuts are then sorted together, which is a
    merge, because they are already in order.
    """
    keys: list[bytes] = []
    for number in range(index.block_count):
        keys += index.column(number, column)
        if number % _BLOCKS == 0:
            yield
    runs = []
    for start in range(0, len(keys), _RUN):
        runs.append(sorted(range(start, min(start + _RUN, len(keys))), key=keys.__getitem__))
        yield
    found = array("L")
    for part, is_alike in _parts(keys, runs):
        found.extend(part if is_alike else sorted(part, key=keys.__getitem__))
        yield
    while runs:  # Freeing a million of them at once would take as long as ten slices.
        runs.pop()
        del keys[-_RUN:]
        yield
    return found


def row_of(positions: Sequence[int], place: int) -> Generator[None, None, int]:
    """Return the row of a place among the positions, 0 if it is not there; pauses between slices."""
    for start in range(0, len(positions), _LOOKED_AT):
        few = positions[start : start + _LOOKED_AT]
        if place in few:
            return start + few.index(place)
        yield
    return 0


def _parts(keys: Sequence[bytes], runs: Sequence[list[int]]) -> Iterator[tuple[list[int], bool]]:
    """Yield the positions in ascending order of key, in parts whose keys are equal or lie between two borders.

    Parts with equal keys are split up, because a million users may have only five roles.
    """
    step = max(_RUN // _SAMPLES, 1)
    sample = sorted({keys[place] for run in runs for place in run[::step]})
    starts = [0] * len(runs)
    for border in sample[:: max(len(sample) // max(len(runs), 1), 1)]:
        ends = _cuts(bisect_left, keys, runs, starts, border)
        yield _joined(runs, starts, ends), False
        starts = _cuts(bisect_right, keys, runs, ends, border)
        for first in range(0, len(runs), _RUNS):
            few = slice(first, first + _RUNS)
            yield _joined(runs[few], ends[few], starts[few]), True
    yield _joined(runs, starts, map(len, runs)), False


def _cuts(
    cut: Callable[..., int], keys: Sequence[bytes], runs: Sequence[list[int]], starts: Sequence[int], border: bytes
) -> list[int]:
    """Return where each run passes a border."""
    return [cut(run, border, start, key=keys.__getitem__) for run, start in zip(runs, starts, strict=True)]


def _joined(runs: Sequence[list[int]], starts: Iterable[int], ends: Iterable[int]) -> list[int]:
    return [place for run, start, end in zip(runs, starts, ends, strict=True) for place in run[start:end]]


_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """Query for users with every word of a text, sorted by a column or as they arrived."""

    text: str = ""
    column: int | None = None
    is_descending: bool = False


class UserQuery:
    """Queries of one list; the last matches are kept for narrowing, and the last order for showing it again.

    Attributes:
        found: certain first part of the current result.
    """

    def __init__(self, index: UserIndex) -> None:
        self.found: Sequence[int] = ()
        self._index = index
        self._before = ""
        self._hits: _MatchedBlocks | None = None
        self._order: tuple[int, Sequence[int]] | None = None

    def knows_order(self, wanted: QuerySpec) -> bool:
        """Return whether the query needs no sorting."""
        return wanted.column is None or self._ordered_by == wanted.column

    def positions(self, wanted: QuerySpec) -> Generator[None, None, Sequence[int]]:
        """Return the positions of the users that the query wants; pauses between slices."""
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
        hits = _MatchedBlocks(matching)
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
        """The column by which the whole list was sorted last, unless users have arrived since."""
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


class _MatchedBlocks:
    """Matching users and their blocks: those who match more words are among them."""

    def __init__(self, positions: array[int]) -> None:
        self.numbers: list[int] = []
        self._positions = positions
        self._ends = array("L")

    def add(self, number: int) -> None:
        """Assign the positions since the previous block to this block."""
        self.numbers.append(number)
        self._ends.append(len(self._positions))

    def __iter__(self) -> Iterator[tuple[int, Sequence[int]]]:
        start = 0
        for number, end in zip(self.numbers, self._ends, strict=True):
            yield number, self._positions[start:end]
            start = end


def _slices(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    return (positions[start : start + _AT_ONCE] for start in range(0, len(positions), _AT_ONCE))
