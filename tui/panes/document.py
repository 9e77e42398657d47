"""Text of any length, of which only the lines on the screen are ever drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.text import clean

_JSON_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<literal>\b(?:true|false|null)\b)"
)
_LONGEST = 4000
"""Characters of a line that are laid out; what is beyond is found in the raw answer."""


class Document(ScrollView, can_focus=True):
    """Lines of text to be read, coloured as JSON where they are JSON."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "document--key",
        "document--string",
        "document--number",
        "document--literal",
        "document--text",
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="read_down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="read_up"),
        Binding("l,right", "scroll_right", "Right", show=False, id="read_right"),
        Binding("left", "scroll_left", "Left", show=False, id="read_left"),
        Binding("g,home", "scroll_home", "Top", show=False, id="read_top"),
        Binding("G,end", "scroll_end", "End", show=False, id="read_end"),
        Binding("pageup", "page_up", "Page up", show=False, id="read_page_up"),
        Binding("pagedown,space", "page_down", "Page down", show=False, id="read_page_down"),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: Sequence[str] = ()
        self._is_json = False

    def show(self, lines: Sequence[str], *, is_json: bool) -> None:
        """Show these lines from the first."""
        self._lines, self._is_json = lines, is_json
        widest = max((len(line) for line in lines), default=0)
        # A line may hold wide characters, two columns each.
        self.virtual_size = Size(
            min(widest, _LONGEST) if all(map(str.isascii, lines)) else min(2 * widest, _LONGEST), len(lines)
        )
        self.scroll_to(0, 0, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of what is visible, counted from the top of the widget."""
        scroll_x, scroll_y = self.scroll_offset
        base = self.rich_style
        place = scroll_y + y
        if place >= len(self._lines):
            return Strip.blank(self.size.width, base)
        text = clean(self._lines[place][:_LONGEST])
        segments = list(self._coloured(text)) if self._is_json else [Segment(text, self._style("text"))]
        strip = Strip(segments).crop_extend(scroll_x, scroll_x + self.size.width, base)
        return strip.apply_style(base).apply_offsets(scroll_x, place)

    def _coloured(self, text: str) -> Iterator[Segment]:
        end = 0
        for token in _JSON_TOKEN.finditer(text):
            if token.start() > end:
                yield Segment(text[end : token.start()], self._style("text"))
            yield Segment(token.group(), self._style(str(token.lastgroup)))
            end = token.end()
        yield Segment(text[end:], self._style("text"))

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"document--{kind}", partial=True)
