"""The widget in which an answer is read: what it shows, how that grows and wraps, and what is looked for in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on, work
from textual.binding import Binding, BindingType

from tui.background import run_in_thread
from tui.panes.document.content import Lines
from tui.panes.document.folds import Folds
from tui.panes.document.painted import GUTTER, LONGEST
from tui.panes.document.searching import Search, Span
from tui.panes.document.walking import WalkedLines
from tui.panes.document.wrapping import wrapped
from tui.text import clean

_QUICKLY_WRAPPED = 1 << 16
"""Characters that are wrapped on the event loop; more goes to a thread."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was shown, and where in it the person was."""

    lines: Lines
    is_json: bool
    path_of: Callable[[str], str]
    folds: Folds
    at: int
    scroll_y: int


class Document(WalkedLines):
    """Text to be read; JSON, as `msgspec.json.format(…, indent=2)` formats it, has colours, folds and paths."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "w", "toggle_wrap", "Wrap", show=False, id="toggle_wrap", tooltip="Wrap long lines, or leave them long"
        ),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._source = self._lines
        self._wraps = True

    def show(self, lines: Sequence[str], *, is_json: bool, path_of: Callable[[str], str] = str) -> None:
        """Show these lines from the first.

        Args:
            lines: best as `Lines`, made off the event loop where there are many.
            is_json: whether they are JSON in the form that `msgspec.json.format(…, indent=2)` gives.
            path_of: makes of a path in these lines the one that is told, where they are part of something else.
        """
        self.end_search()
        self._close_no_more()
        self._source, self._is_json, self._path_of = Lines.of(lines), is_json, path_of
        self._cursor = 0
        self._draw(self._source)
        self.scroll_to(0, 0, animate=False, force=True)
        self._wrap()
        self.refresh_bindings()
        self.tell_place()

    def extend(self, lines: Sequence[str]) -> None:
        """Add lines at the end; who is there stays at the end, who is not stays where they are."""
        follows, before = self._is_at_end, len(self._source)
        self._source.extend(lines)
        if self._lines is not self._source:
            self._lines.take(wrapped(self._source, self._room, before))
        elif self._is_too_wide:
            self._wrap()
        self._fit()
        if follows:
            self.action_last_line()

    @property
    def place(self) -> Place:
        """What is shown, and where in it the person is: for `return_to`."""
        return Place(self._source, self._is_json, self._path_of, self._folds, self.at, self.scroll_offset.y)

    def return_to(self, place: Place) -> None:
        """Show what was shown, as it was."""
        self.show(place.lines, is_json=place.is_json, path_of=place.path_of)
        self._set_folds(place.folds)
        self.scroll_to(y=place.scroll_y, animate=False, force=True)
        self._go_to_line(self._lines.line_at(place.at))

    # Searching

    @property
    def search(self) -> Search | None:
        """What is looked for."""
        return self._search

    @property
    def hit(self) -> Span | None:
        """Where in the text the current hit is."""
        return self._hit

    @property
    def at(self) -> int:
        """Where in the text the cursor's line begins."""
        return self._lines.starts[self._cursor] if len(self._lines) else 0

    def prepare_search(self) -> str:
        """Make the first letter that is looked for find quickly; of megabytes this takes a while."""
        return self._source.lowered

    def search_for(self, wanted: str, place: int) -> bool:
        """Look for a text from a place of the whole on, and go there; whether it is anywhere."""
        self._search = Search(self._source, wanted) if wanted else None
        self._hit = None
        if self._search:
            self._go_to_hit(self._search.next(place) or self._search.next(0, place + len(wanted)))
        self.refresh()
        return self._hit is not None

    def go_to_next(self, *, backwards: bool = False) -> bool:
        """Go to the next hit, or the one before; whether that was round the end of the text."""
        if not self._search or not self._hit:
            return False
        start, end = self._hit
        hit = self._search.previous(start) if backwards else self._search.next(end)
        around = self._search.previous if backwards else self._search.next
        self._go_to_hit(hit or around(len(self._source.text) if backwards else 0))
        return hit is None

    def end_search(self) -> None:
        """Show no hits any more."""
        self._search = self._hit = None
        self._source.forget_lowered()
        self.refresh()

    def _go_to_hit(self, hit: Span | None) -> None:
        self._hit = hit
        if hit:
            line = self._lines.line_at(hit[0])
            self._go_to_line(line, from_edge=self._height // 3)
            self._show_column(cell_len(clean(self._lines.text[self._lines.starts[line] : hit[1]][:LONGEST])))
            self.refresh()

    def _show_column(self, column: int) -> None:
        """Scroll sideways if this column of the text is not seen."""
        left, width = self.scroll_offset.x, self._room
        if not left < column <= left + width:
            self.scroll_to(x=max(0, column - width * 2 // 3) if column > width else 0, animate=False, force=True)

    # Wrapping

    def action_toggle_wrap(self) -> None:
        """Wrap long lines, or leave them long."""
        self._wraps = not self._wraps
        self._wrap()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Formatted JSON is not wrapped: its lines are what is folded."""
        return not self._is_json if action == "toggle_wrap" else super().check_action(action, parameters)

    @on(events.Resize)
    def _fit_the_size(self) -> None:
        self._wrap()
        self._keep_in_view()

    def _wrap(self) -> None:
        if self._is_json:
            return
        if not self._wraps:
            self._draw(self._source)
        elif len(self._source.text) <= _QUICKLY_WRAPPED:
            self._draw(wrapped(self._source, self._room))
        else:
            self._wrap_in_thread()

    @work(group="document-wrap", exclusive=True)
    async def _wrap_in_thread(self) -> None:
        source, width = self._source, self._room
        lines = await run_in_thread(wrapped, source, width)
        if source is self._source and self._wraps:
            self._draw(lines)
            if lines.text is not source.text:  # it has grown meanwhile
                self._wrap()

    def _draw(self, lines: Lines) -> None:
        """Draw these lines of the same text, the cursor where it was in it."""
        at, row = self.at, self.cursor_row - self.scroll_offset.y
        self._use(lines)
        self._cursor = lines.line_at(at)
        self._fit()
        if 0 <= row < self._height:
            self.scroll_to(y=self._cursor - row, animate=False, force=True)
        self.refresh_bindings()

    @property
    def _is_too_wide(self) -> bool:
        return self._wraps and not self._is_json and self._source.widest > self._room

    @property
    def _room(self) -> int:
        return max(self.scrollable_content_region.width - GUTTER, 20)
