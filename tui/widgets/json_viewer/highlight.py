"""Highlighting within a line: JSON tokens and search hits."""

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

STYLES = {
    "key": "$text-primary",
    "string": "$text-success",
    "number": "$text-warning",
    "literal": "italic $text-secondary",
    "text": "$foreground",
}
"""The style of each kind of token: its color, after a text style if it has one."""


class Token(NamedTuple):
    """Part of a line; `kind` and `found` name component classes of the document. `found` may be empty."""

    text: str
    kind: str
    found: str


class Highlight(NamedTuple):
    """Search hit in a line; `kind` names the component class that styles it."""

    start: int
    end: int
    kind: str


def split_tokens(text: str, found: Sequence[Highlight], *, kind: str | None) -> Iterator[Token]:
    """Split a line where its style changes.

    Args:
        text: the line.
        found: the hits in it, in order and without overlaps.
        kind: the kind of the whole line; None for a line of JSON, whose tokens each have their own.
    """
    for start, end, style in _tokens(text) if kind is None else ((0, len(text), kind),):
        place = start
        for hit in found:
            if hit.end <= place or hit.start >= end:
                continue
            if hit.start > place:
                yield Token(text[place : hit.start], style, "")
            yield Token(text[max(place, hit.start) : min(hit.end, end)], style, hit.kind)
            place = min(hit.end, end)
        if place < end:
            yield Token(text[place:end], style, "")


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
"""The start and end of a hit in the text."""

_SLICE = 1 << 20
"""Characters that are searched per slice, in a millisecond or two."""


class TextSearch:
    """Search for `wanted`; case-sensitive if it contains an upper-case letter.

    Args:
        lines: the text; it may grow.
        wanted: at least one character, without a line feed.
    """

    def __init__(self, lines: LineBuffer, wanted: str) -> None:
        self.wanted = wanted
        self._lines = lines
        self._is_exact = wanted != wanted.lower()

    def next(self, place: int, end: int | None = None) -> Span | None:
        """Return the first hit that begins at or after offset `place` and ends at or before `end`, or None."""
        return self._span(self._text.find(self.wanted, place, end))

    def previous(self, place: int) -> Span | None:
        """Return the last hit that ends at or before offset `place`, or None."""
        return self._span(self._text.rfind(self.wanted, 0, max(place, 0)))

    def within(self, start: int, end: int) -> Iterator[Span]:
        """Yield the hits that end after offset `start`, and at or before `end`."""
        span = self._span(self._text.find(self.wanted, max(start - len(self.wanted) + 1, 0), end))
        while span:
            yield span
            span = self._span(self._text.find(self.wanted, span[1], end))

    def counts(self, start: int, end: int | None) -> Iterator[int]:
        """Yield the number of hits in each slice from `start` to `end`; their sum is the total."""
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
