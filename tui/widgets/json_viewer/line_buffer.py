"""A long text and the offsets of its lines, original or wrapped to a width."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import sub
from typing import overload

from rich.cells import cell_len

from tui.text import clean

_LINE_END = re.compile("\n")
_LOWERED_AT_ONCE = 1 << 18
"""Characters per slice; `lower()` of non-ASCII text needs twelve bytes for each of them while it runs."""


class LineBuffer(Sequence[str]):
    """Lines of `text`, sliced on access.

    Creating one of 10 MB takes about 75 ms, so do it off the event loop. Reading a line costs its slice only.

    Args:
        text: is split at line feeds; an empty text has no lines.

    Attributes:
        text: the whole text.
        starts: the offset in the text at which each line begins.
        widest: the length of the longest line, in characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = array("I", [0] if text else [])
        self.starts.extend(map(re.Match.end, _LINE_END.finditer(text)))
        self.widest = 0
        self._lowered = ""
        self._measure()

    @classmethod
    def of(cls, lines: Sequence[str]) -> LineBuffer:
        """Return lines as a LineBuffer. A `str` is a text, in which the last line feed is optional."""
        if isinstance(lines, str):
            return cls(lines.replace("\r\n", "\n").removesuffix("\n"))
        return lines if isinstance(lines, LineBuffer) else cls("\n".join(lines))

    @classmethod
    def broken(cls, text: str, starts: Iterable[int]) -> LineBuffer:
        """Return the lines of `text` that begin at the offsets `starts`, not only after line feeds."""
        lines = cls("")
        lines.text = text
        lines.starts.extend(starts)
        lines._measure()
        return lines

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        return self.text[self.starts[index] : self.end(index)]

    def end(self, line: int) -> int:
        """Return the offset at which a line ends, without its line feed."""
        if line + 1 == len(self.starts):
            return len(self.text)
        beyond = self.starts[line + 1]
        return beyond - (self.text[beyond - 1] == "\n")

    def spans(self, first: int = 0) -> Iterator[tuple[int, int]]:
        """Return the start and end of each line from `first` on."""
        return ((self.starts[line], self.end(line)) for line in range(first, len(self)))

    def line_at(self, place: int) -> int:
        """Return the line that contains an offset of the text; 0 if there is none."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def _measure(self, first: int = 0) -> None:
        """Update `widest` from the lines from `first` on."""
        if first < len(self):
            beyond = islice(self.starts, first + 1, None)
            widest = max(map(sub, beyond, islice(self.starts, first, None)), default=1) - 1
            self.widest = max(self.widest, widest, self.end(len(self) - 1) - self.starts[-1])

    @property
    def lowered(self) -> str:
        """The text in lower case, with the same offsets as the text; cached until `forget_lowered`."""
        before = self._lowered  # A thread may compute it too, with the same result.
        if len(before) < len(self.text):
            added = self.text[len(before) :]
            before += added.lower() if added.isascii() else _lowered(added)
            self._lowered = before
        return before

    def forget_lowered(self) -> None:
        """Free the memory of `lowered`."""
        self._lowered = ""

    def take(self, more: LineBuffer) -> None:
        """Append wrapped lines of a text that begins with this one."""
        self.text = more.text
        self.starts.extend(more.starts)
        self.widest = max(self.widest, more.widest)

    def extend(self, lines: Sequence[str]) -> None:
        """Append lines."""
        added = LineBuffer.of(lines)
        if len(added):
            first, before = len(self), len(self.text) + 1 if len(self) else 0
            self.text = f"{self.text}\n{added.text}" if before else added.text
            self.starts.extend(start + before for start in added.starts)
            self._measure(first)


def _lowered(text: str) -> str:
    """Return the text in lower case and of the same length; only İ would become two characters."""
    text = text.replace("İ", "I")
    pieces = range(0, len(text), _LOWERED_AT_ONCE)
    return "".join(text[piece : piece + _LOWERED_AT_ONCE].lower() for piece in pieces)


def wrapped(lines: LineBuffer, width: int, first: int = 0, *, hangs: bool = False) -> LineBuffer:
    """Wrap the lines from `first` on to `width` columns; 10 MB take a second or two.

    Args:
        lines: the lines.
        width: the columns of a row.
        first: the first line to wrap.
        hangs: whether the rows after the first one of a line leave room for its indentation; see `hanging`.
    """
    if not first and lines.text.isascii() and lines.widest <= width:
        return lines
    return LineBuffer.broken(lines.text, _starts(lines, max(width, 2), first, hangs=hangs))


def hanging(text: str, start: int, width: int) -> int:
    """Return by how many columns the rows after the first one of a line are indented."""
    blanks = _BLANKS.match(text, start, start + width)
    return min((blanks.end() - start if blanks else 0) + _HANGING, width // 2)


_BLANKS = re.compile(" *+")
_HANGING = 4
"""Columns by which the rest of a wrapped line is indented more than its beginning."""


def _starts(lines: LineBuffer, width: int, first: int, *, hangs: bool) -> Iterator[int]:
    text = lines.text
    for start, end in lines.spans(first):
        yield start
        place = _next_break(text, start, end, width)
        room = width - hanging(text, start, width) if hangs and place < end else width
        while place < end:
            yield place
            place = _next_break(text, place, end, room)


def _next_break(text: str, start: int, end: int, width: int) -> int:
    piece = text[start : min(start + width, end)]
    beyond = start + (len(piece) if piece.isascii() else _fitting(piece, width))
    if beyond >= end:
        return end
    blank = text.rfind(" ", start + (beyond - start) // 2, beyond)
    return beyond if blank < 0 else blank + 1


def _fitting(piece: str, width: int) -> int:
    """Return how many characters of a piece fit into `width` columns; at least one."""
    while len(piece) > 1 and (columns := cell_len(clean(piece))) > width:
        piece = piece[: max(1, len(piece) * width // columns)]
    return len(piece)
