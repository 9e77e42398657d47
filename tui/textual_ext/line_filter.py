"""Last safeguard of what is drawn: it removes control characters that a widget failed to pass through `tui.text`."""

import functools
import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class ControlCharacterFilter(LineFilter):
    """Removes the characters that terminals act on: C0, C1, bidi, separators.

    They are removed and not replaced, because Textual has measured them as zero columns wide, and a longer line would
    break the screen. `tui.text` makes them visible.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 -- LineFilter's
        """Return `segments` without such characters; Textual's own control segments stay."""
        if not any(_ACTING.search(text) for text, _, control in segments if not control):
            return segments
        return [
            segment if segment.control else Segment(_ACTING.sub("", segment.text), segment.style)
            for segment in segments
        ]


@functools.cache
def line_filter() -> LineFilter:
    """Return the single filter, for `App.get_line_filters`: Textual caches lines by filter."""
    return ControlCharacterFilter()
