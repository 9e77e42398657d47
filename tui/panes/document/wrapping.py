"""Long lines broken to fit a width, behind a blank where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from tui.panes.document.content import Lines
from tui.text import clean


def wrapped(lines: Lines, width: int, first: int = 0) -> Lines:
    """The lines from `first`, of the same text, none wider than `width` columns; 10 MB take a second or two."""
    if not first and lines.text.isascii() and lines.widest <= width:
        return lines
    return Lines.broken(lines.text, _starts(lines, max(width, 2), first))


def _starts(lines: Lines, width: int, first: int) -> Iterator[int]:
    text = lines.text
    for start, end in lines.spans(first):
        yield start
        place = _next_break(text, start, end, width)
        while place < end:
            yield place
            place = _next_break(text, place, end, width)


def _next_break(text: str, start: int, end: int, width: int) -> int:
    piece = text[start : min(start + width, end)]
    beyond = start + (len(piece) if piece.isascii() else _fitting(piece, width))
    if beyond >= end:
        return end
    blank = text.rfind(" ", start + (beyond - start) // 2, beyond)
    return beyond if blank < 0 else blank + 1


def _fitting(piece: str, width: int) -> int:
    """How many characters of a piece fit; one at the least."""
    while len(piece) > 1 and (columns := cell_len(clean(piece))) > width:
        piece = piece[: max(1, len(piece) * width // columns)]
    return len(piece)
