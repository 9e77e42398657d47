"""A line cut into pieces that are drawn alike: what each is as JSON, and whether it was looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r'(?P<key>"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*+:))|(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"?)'
    r"|(?P<number>-?\d[\d.eE+-]*+)|(?P<literal>\b(?:true|false|null)\b)",
    re.DOTALL,
)


class Piece(NamedTuple):
    """A part of a line; `kind` and `found` name component classes of the document, `found` may be empty."""

    text: str
    kind: str
    found: str


class Found(NamedTuple):
    """Where in a line something begins and ends that was looked for, and how that is drawn."""

    start: int
    end: int
    kind: str


def pieces(text: str, found: Sequence[Found], *, is_json: bool) -> Iterator[Piece]:
    """Cut a line where its look changes; what was found comes in order and does not overlap."""
    for start, end, kind in _tokens(text) if is_json else ((0, len(text), "text"),):
        place = start
        for hit in found:
            if hit.end <= place or hit.start >= end:
                continue
            if hit.start > place:
                yield Piece(text[place : hit.start], kind, "")
            yield Piece(text[max(place, hit.start) : min(hit.end, end)], kind, hit.kind)
            place = min(hit.end, end)
        if place < end:
            yield Piece(text[place:end], kind, "")


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    end = 0
    for token in _TOKEN.finditer(text):
        if token.start() > end:
            yield end, token.start(), "text"
        yield token.start(), token.end(), str(token.lastgroup)
        end = token.end()
    if end < len(text):
        yield end, len(text), "text"
