"""Text with a hanging indent."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len as width
from textual.content import Content


def hanging_indent(name: Content, words: str, room: int, style: str = "") -> Content:
    """Return a name followed by words, wrapped in the rest of `room` columns and aligned after the name."""
    left = max(room - width(name.plain), 16)
    lines = textwrap.wrap(words, left, break_long_words=True) or [""]
    return name + Content.styled(("\n" + " " * width(name.plain)).join(lines), style)
