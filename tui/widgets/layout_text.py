"""Entries with a name before them, of which the later lines begin where the first one does."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len as width
from textual.content import Content


def hanging_indent(name: Content, words: str, room: int, style: str = "") -> Content:
    """A name, and words in what is left of `room` columns behind it."""
    left = max(room - width(name.plain), 16)
    lines = textwrap.wrap(words, left, break_long_words=True) or [""]
    return name + Content.styled(("\n" + " " * width(name.plain)).join(lines), style)
