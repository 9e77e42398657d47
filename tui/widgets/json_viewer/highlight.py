"""What stands out in a line: the tokens of JSON, and where a text that is looked for stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui.widgets.json_viewer.line_buffer import LineBuffer

_TOKEN = re.compile(
    r'(?P<key>"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*+:))|(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"?)'
    r"|(?P<number>-?\d[\d.eE+-]*+)|(?P<literal>\b(?:true|false|null)\b)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A part of a line; `kind` and `found` name component classes of the document, `found` may be empty."""

    text: str
    kind: str
    found: str


class Highlight(NamedTuple):
    """Where in a line something begins and ends that was looked for, and how that is drawn."""

    start: int
    end: int
    kind: str


def split_tokens(text: str, found: Sequence[Highlight], *, is_json: bool) -> Iterator[Token]:
    """Cut a line where its look changes; what was found comes in order and does not overlap."""
    for start, end, kind in _tokens(text) if is_json else ((0, len(text), "text"),):
        place = start
        for hit in found:
            if hit.end <= place or hit.start >= end:
                continue
            if hit.start > place:
                yield Token(text[place : hit.start], kind, "")
            yield Token(text[max(place, hit.start) : min(hit.end, end)], kind, hit.kind)
            place = min(hit.end, end)
        if place < end:
            yield Token(text[place:end], kind, "")


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    end = 0
    for token in _TOKEN.finditer(text):
        if token.start() > end:
            yield end, token.start(), "text"
        yield token.start(), token.end(), str(token.lastgroup)
        end = token.end()
    if end < len(text):
        yield end, len(text), "text"


Span = tuple[int, int]
"""Where in the text a hit begins and ends."""

_SLICE = 1 << 20
"""Characters that are counted at once: a millisecond or two."""


class TextSearch:
    """Looks for `wanted`; an upper-case letter in it makes the case matter.

    Args:
        lines: the text; it may grow.
        wanted: at least one character, without a line feed.
    """

    def __init__(self, lines: LineBuffer, wanted: str) -> None:
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
