"""Putting users in the order of a column, in slices of a few milliseconds."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from tui.airisk.search import UserIndex

_RUN = 8192
"""Users that are sorted at once: two or three milliseconds."""

_RUNS = 8
"""Runs of which what is alike is taken at once."""

_BLOCKS = 16
"""Blocks of which the keys are taken at once."""

_LOOKED_AT = 65536

_SAMPLES = 32
"""Keys of each run that are looked at, to find out which part of it belongs to which part of the whole."""


def in_order(index: UserIndex, column: int) -> Generator[None, None, array[int]]:
    """The positions of all users, by what they have in a column, else as they came; it pauses between two slices.

    Short runs are sorted, each is cut at the same keys, and the pieces between two of these are sorted together: they
    are in order already, so that this is a merge.
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
    while runs:  # To give a million of them back at once would take as long as ten slices.
        runs.pop()
        del keys[-_RUN:]
        yield
    return found


def row_of(positions: Sequence[int], place: int) -> Generator[None, None, int]:
    """Where among the positions a place is, the first where it is not; it pauses between two slices."""
    for start in range(0, len(positions), _LOOKED_AT):
        few = positions[start : start + _LOOKED_AT]
        if place in few:
            return start + few.index(place)
        yield
    return 0


def _parts(keys: Sequence[bytes], runs: Sequence[list[int]]) -> Iterator[tuple[list[int], bool]]:
    """Of all runs, the positions whose keys are alike, or between two borders; the lowest first.

    What is alike comes in pieces: there may be no more than five roles among a million users.
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
    """Where each run goes past a border."""
    return [cut(run, border, start, key=keys.__getitem__) for run, start in zip(runs, starts, strict=True)]


def _joined(runs: Sequence[list[int]], starts: Iterable[int], ends: Iterable[int]) -> list[int]:
    return [place for run, start, end in zip(runs, starts, ends, strict=True) for place in run[start:end]]
