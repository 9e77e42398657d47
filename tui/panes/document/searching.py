"""Where a text stands in another: the next place, the one before, how many."""

from __future__ import annotations

from collections.abc import Iterator

from tui.panes.document.content import Lines

Span = tuple[int, int]
"""Where in the text a hit begins and ends."""

_SLICE = 1 << 20
"""Characters that are counted at once: a millisecond or two."""


class Search:
    """Looks for `wanted`; an upper-case letter in it makes the case matter.

    Args:
        lines: the text; it may grow.
        wanted: at least one character, without a line feed.
    """

    def __init__(self, lines: Lines, wanted: str) -> None:
        self.wanted = wanted
        self._lines = lines
        self._is_exact = wanted != wanted.lower()

    def next(self, place: int, end: int | None = None) -> Span | None:
        """The first hit that begins at a place of the text or behind it, and ends before `end`."""
        return self._span(self._text.find(self.wanted, place, end))

    def previous(self, place: int) -> Span | None:
        """The last hit that ends at a place of the text or before it."""
        return self._span(self._text.rfind(self.wanted, 0, max(place, 0)))

    def within(self, start: int, end: int) -> Iterator[Span]:
        """The hits that begin or end between two places of the text."""
        span = self._span(self._text.find(self.wanted, max(start - len(self.wanted) + 1, 0), end))
        while span:
            yield span
            span = self._span(self._text.find(self.wanted, span[1], end))

    def counts(self, start: int, end: int | None) -> Iterator[int]:
        """How many hits there are from `start` to `end`, slice by slice: their sum is the number."""
        end = len(self._text) if end is None else end
        while start < end:
            # A slice ends with a line, so that no hit is cut in two.
            beyond = self._text.find("\n", start + _SLICE, end) + 1 or end
            yield self._text.count(self.wanted, start, beyond)
            start = beyond

    @property
    def _text(self) -> str:
        return self._lines.text if self._is_exact else self._lines.lowered

    def _span(self, place: int) -> Span | None:
        return None if place < 0 else (place, place + len(self.wanted))
