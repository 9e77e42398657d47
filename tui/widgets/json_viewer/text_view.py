"""Text view with a cursor, folds, wrapping and search hits. Only the visible lines are drawn."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from tui.background import run_in_slices, run_in_thread
from tui.format import plural
from tui.text import clean
from tui.textual_ext.no_relayout import NoRelayoutScroll
from tui.widgets.json_viewer.folding import Folds
from tui.widgets.json_viewer.highlight import STYLES, Highlight, Span, TextSearch, split_tokens
from tui.widgets.json_viewer.json_outline import JsonOutline
from tui.widgets.json_viewer.line_buffer import LineBuffer, hanging, wrapped

_GUTTER = 2
"""Columns before each line: the fold mark and the cursor."""

_LONGEST = 4000
"""Characters of a line that are rendered; a longer value can be opened, or the text wrapped."""

_CURSOR, _OPEN, _FOLDED, _CUT = "›", "▾", "▸", "…"

_SIDEWAYS = 8
"""Columns scrolled by a key press."""

_PREVIEWED, _PREVIEW, _PREVIEWED_LINES = 24, 60, 12
"""Columns of each value in the preview of a folded container, columns of the preview, and lines searched for values."""

_QUICKLY_CLOSED = 1 << 20
"""Characters up to which all containers are folded at once, in some 3 ms; longer text is folded in slices."""

_QUICKLY_WRAPPED = 1 << 16
"""Characters up to which text is wrapped on the event loop; longer text is wrapped on a thread."""


@dataclass(frozen=True, slots=True)
class ViewState:
    """The document shown, with its folds, cursor and scroll position."""

    lines: LineBuffer
    is_json: bool
    path_of: Callable[[str], str]
    folds: Folds
    at: int
    scroll_y: int


class TextView(NoRelayoutScroll, can_focus=True):
    """Read-only text with a cursor. JSON from `msgspec.json.format(…, indent=2)` has colors, folds and paths.

    Nothing is computed for invisible lines.
    """

    ALLOW_SELECT = False  # a drag would seem to select, but copy nothing

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "toggle_wrap", "Wrap", show=False, id="toggle_wrap", tooltip="Wrap or unwrap long lines"),
        Binding("enter", "fold", "Fold", id="toggle_fold", tooltip="Fold or unfold; read the whole value"),
        *(
            Binding(keys, action, words, show=False, id=name, tooltip=tooltip)
            for keys, action, words, name, tooltip in (
                ("left", "close", "Fold", "read_left", "Scroll left, fold, or go to the parent"),
                ("l,right", "open", "Unfold", "read_right", "Unfold, or scroll right"),
                ("E", "open_all", "Unfold all", "open_all", "Unfold everything"),
                ("C", "close_all", "Fold all", "close_all", "Fold everything below the top level"),
                ("j,down", "cursor_down", "Down", "read_down", "Go one line down"),
                ("k,up", "cursor_up", "Up", "read_up", "Go one line up"),
                ("g,home", "first_line", "Top", "read_top", "Go to the first line"),
                ("G,end", "last_line", "End", "read_end", "Go to the last line"),
                ("pageup", "page_up", "Page up", "read_page_up", "Go one page up"),
                ("pagedown,space", "page_down", "Page down", "read_page_down", "Go one page down"),
            )
        ),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "textview--key",
        "textview--string",
        "textview--number",
        "textview--literal",
        "textview--text",
        "textview--fold",
        "textview--gutter",
        "textview--cursor",
        "textview--hit",
        "textview--hit-current",
    }

    DEFAULT_CSS = """
    TextView {
        height: 1fr;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
    }
    """ + "\n".join(
        f"TextView > .textview--{kind} {{ color: {color}; text-style: {text_style or 'none'}; }}"
        for kind, (text_style, _, color) in ((kind, style.rpartition(" ")) for kind, style in STYLES.items())
    )

    @dataclass
    class Moved(Message):
        """Posted when the cursor moves to another line; `path` is the JSONPath of its value, or empty."""

        document: TextView
        path: str

        @property
        def control(self) -> TextView:
            """The document."""
            return self.document

    @dataclass
    class Opened(Message):
        """Request to show the whole value at the cursor."""

        document: TextView
        path: str
        value: str

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._is_json = False
        self._wraps = True
        self._path_of: Callable[[str], str] = str
        self._cursor = 0
        self._search: TextSearch | None = None
        self._hit: Span | None = None
        self._source = self._lines = LineBuffer("")
        self._outline, self._folds = JsonOutline(self._source), Folds()
        self._widest_drawn = 0
        self._wrapped_to = 0

    # Content

    @property
    def lines(self) -> LineBuffer:
        """The lines of the document."""
        return self._source

    @property
    def is_json(self) -> bool:
        """Whether they are JSON."""
        return self._is_json

    def show(self, lines: Sequence[str], *, is_json: bool, path_of: Callable[[str], str] = str) -> None:
        """Show lines, beginning with the first.

        Args:
            lines: best as a `LineBuffer`, made off the event loop where there are many.
            is_json: whether they are JSON in the format of `msgspec.json.format(…, indent=2)`.
            path_of: maps a path in these lines to the path to report, if they are part of another document.
        """
        self.end_search()
        self._close_no_more()
        self._source, self._is_json, self._path_of = LineBuffer.of(lines), is_json, path_of
        self._outline, self._folds = JsonOutline(self._source), Folds()
        self._cursor = 0
        self._draw(self._source)
        self.scroll_to(0, 0, animate=False, force=True)
        self._wrap()
        self.refresh_bindings()
        self._post_position()

    def extend(self, lines: Sequence[str]) -> None:
        """Append lines. If the cursor is at the visible end it stays at the end, else the view stays where it is."""
        follows, before = self._is_at_end, len(self._source)
        self._source.extend(lines)
        if self._lines is not self._source:
            self._lines.take(wrapped(self._source, self._room, before, hangs=self._is_json))
        elif self._is_too_wide:
            self._wrap()
        self._fit()
        if follows:
            self.action_last_line()

    def renew(self, lines: Sequence[str]) -> None:
        """Show lines that begin with those shown. Cursor and search stay; the end is followed as in `extend`."""
        follows, search, hit = self._is_at_end, self._search, self._hit
        self.return_to(replace(self.place, lines=LineBuffer.of(lines)))
        if search:
            self._search, self._hit = TextSearch(self._source, search.wanted), hit
        if follows:
            self.action_last_line()

    @property
    def place(self) -> ViewState:
        """The current state of the view, for `return_to`."""
        folds = Folds(self._folds_of_source())
        return ViewState(self._source, self._is_json, self._path_of, folds, self.at, self.scroll_offset.y)

    def return_to(self, place: ViewState) -> None:
        """Restore a state of the view."""
        self.show(place.lines, is_json=place.is_json, path_of=place.path_of)
        self._set_folds(self._drawn_folds(place.folds.folded))
        self.scroll_to(y=place.scroll_y, animate=False, force=True)
        self._go_to_line(self._lines.line_at(place.at))

    def path_at_cursor(self) -> str:
        """Return the JSONPath of the value on the cursor's line; empty if the text is no part of a JSON document."""
        return self._path_of(self._outline.path(self._line) if self._has_containers else "")

    def value_at_cursor(self) -> str | None:
        """Return the value on the cursor's line (the text of a string, else as written); None if it has no leaf."""
        return self._outline.leaf(self._line) if self._has_containers else None

    def text_at_cursor(self) -> str:
        """Return the value on the cursor's line, or the container that begins or ends there; without JSON, the line."""
        if not len(self._lines):
            return ""
        if not self._has_containers:
            return self._source[self._line]
        value = self.value_at_cursor()
        return self._outline.text_of(self._line) if value is None else value

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer folding only for JSON."""
        return action not in {"fold", "open_all", "close_all"} or self._has_containers

    # Lines of the document, and the rows that they are wrapped to

    @property
    def _line(self) -> int:
        """The line of the document under the cursor."""
        return self._line_of(self._cursor)

    def _line_of(self, row: int) -> int:
        """Return the line of the document that a row belongs to."""
        return row if self._lines is self._source else self._source.line_at(self._lines.starts[row])

    def _first_row(self, line: int) -> int:
        """Return the first row of a line."""
        return line if self._lines is self._source else self._lines.line_at(self._source.starts[line])

    def _last_row(self, line: int) -> int:
        """Return the last row of a line."""
        if self._lines is self._source:
            return line
        return self._lines.line_at(max(self._source.starts[line], self._source.end(line) - 1))

    def _folds_of_source(self) -> dict[int, int]:
        """Return the folds, in lines of the document."""
        return {self._line_of(head): self._line_of(last) for head, last in self._folds.folded.items()}

    def _drawn_folds(self, folded: Mapping[int, int]) -> Folds:
        """Return these folds, given in lines of the document, in rows."""
        return Folds({self._last_row(head): self._last_row(last) for head, last in folded.items()})

    @property
    def row_count(self) -> int:
        """The number of rows, without folded lines."""
        return len(self._lines) - self._folds.hidden

    @property
    def cursor_screen_offset(self) -> Offset:
        """The screen offset at which the cursor's line begins."""
        return self.content_region.offset + Offset(0, self.cursor_row) - Offset(0, self.scroll_offset.y)

    @property
    def cursor_row(self) -> int:
        """The row of the cursor, from 0."""
        return self._folds.row(self._cursor)

    # Moving

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self._go_to_row(self.cursor_row + 1)

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self._go_to_row(self.cursor_row - 1)

    def action_page_down(self) -> None:
        """Go one page down."""
        self._turn_page(1)

    def action_page_up(self) -> None:
        """Go one page up."""
        self._turn_page(-1)

    def action_first_line(self) -> None:
        """Go to the top."""
        self.scroll_to(0, animate=False, force=True)
        self._go_to_row(0)

    def action_last_line(self) -> None:
        """Go to the end."""
        self._go_to_row(self.row_count - 1)

    def _turn_page(self, direction: int) -> None:
        rows = direction * max(self._height - 1, 1)
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        self._go_to_row(self.cursor_row + rows)

    def _go_to_row(self, row: int) -> None:
        if len(self._lines):
            self._go_to_line(self._folds.line(max(0, min(row, self.row_count - 1))))

    def _go_to_line(self, line: int, *, from_edge: int = 0) -> None:
        """Move the cursor and open the folds that hide it. From out of view it lands `from_edge` rows from the edge."""
        if self._folds.reveal(line):
            self._fit()
        self.refresh_line(self.cursor_row)
        self._cursor = line
        self.refresh_line(self.cursor_row)
        self._keep_in_view(from_edge)
        self._post_position()

    def _keep_in_view(self, from_edge: int = 0) -> None:
        row, top = self.cursor_row, self.scroll_offset.y
        if self._height and not top <= row < top + self._height:
            self.scroll_to(
                y=row - from_edge if row < top else row - self._height + 1 + from_edge, animate=False, force=True
            )

    def _post_position(self) -> None:
        """Post the position of the cursor."""
        # Post it outside of any handler: Textual stops a message at the parent in whose handler it was made.
        self.call_later(lambda: self.post_message(self.Moved(self, self.path_at_cursor())))

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    @property
    def _is_at_end(self) -> bool:
        """Whether the cursor is on the last row and that row is visible."""
        last = self.row_count - 1
        return self.cursor_row >= last and last < self.scroll_offset.y + max(self._height, 1)

    # Folding

    def action_fold(self) -> None:
        """Close or open the container that begins or ends here, or request the whole value."""
        value = self.value_at_cursor()
        if value is not None:
            self.post_message(self.Opened(self, self.path_at_cursor(), value))
        elif self._has_containers:
            head = self._outline.head(self._line)
            self._set_fold(head, is_open=self._last_row(head) in self._folds)

    def action_open(self) -> None:
        """Open the container, or scroll to the right."""
        if self._last_row(self._line) in self._folds:
            self._set_fold(self._line, is_open=True)
        else:
            self.scroll_relative(x=_SIDEWAYS, animate=False, force=True)

    def action_close(self) -> None:
        """Scroll back, close the container that begins or ends here, or go to the one around it."""
        if self.scroll_offset.x:
            self.scroll_relative(x=-_SIDEWAYS, animate=False, force=True)
        elif self._has_containers:
            head = self._outline.head(self._line)
            parent = self._outline.parent(head)
            if self._outline.opens(head) and self._last_row(head) not in self._folds:
                self._set_fold(head, is_open=False)
            elif parent is not None:
                self._go_to_line(self._first_row(parent))

    def action_open_all(self) -> None:
        """Open all containers."""
        self._close_no_more()
        self._set_folds(Folds())

    def action_close_all(self) -> None:
        """Close all containers but the outermost."""
        if len(self._lines.text) <= _QUICKLY_CLOSED:
            self._set_folds(self._drawn_folds(dict(self._outline.containers(0))))
        else:
            self._close_in_slices()

    @work(group="document-close", exclusive=True)
    async def _close_in_slices(self) -> None:
        """Close all containers in slices, so that keys are handled in between; show the first ones at once."""
        closed: dict[int, int] = {}

        def closing() -> Generator[None, None, None]:
            for head, last in self._outline.containers(0):
                closed[self._last_row(head)] = self._last_row(last)
                yield

        def show() -> None:
            self._set_folds(Folds(closed))

        lines = None
        while lines is not self._lines:  # They may be wrapped anew meanwhile.
            lines = self._lines
            closed.clear()
            await run_in_slices(closing(), show)
        show()

    def _close_no_more(self) -> None:
        self.workers.cancel_group(self, "document-close")

    @property
    def _has_containers(self) -> bool:
        return self._is_json and len(self._lines) > 0

    def _set_fold(self, head: int, *, is_open: bool) -> None:
        last = self._outline.last(head)
        if is_open:
            self._folds.unfold(self._last_row(head))
        elif last is not None:
            self._folds.fold(self._last_row(head), self._last_row(last))
        self._fit()
        self._go_to_line(self._first_row(head))

    def _set_folds(self, folds: Folds) -> None:
        self._folds = folds
        self._fit()
        self._go_to_line(folds.line(folds.row(self._cursor)))

    # The mouse and the focus

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        row = self.scroll_offset.y + event.y
        if row < self.row_count:
            self._go_to_row(row)
            if event.x < _GUTTER and self._has_containers and self._outline.opens(self._line):
                self.action_fold()

    @on(events.Focus)
    @on(events.Blur)
    def _show_cursor(self) -> None:
        self.refresh_line(self.cursor_row)

    # Searching

    @property
    def search(self) -> TextSearch | None:
        """The current search, if any."""
        return self._search

    @property
    def hit(self) -> Span | None:
        """The span of the current hit in the text, if any."""
        return self._hit

    @property
    def at(self) -> int:
        """The offset in the text at which the cursor's line begins."""
        return self._lines.starts[self._cursor] if len(self._lines) else 0

    def prepare_search(self) -> str:
        """Return the text in lower case, cached so that the first search is quick. Slow for megabytes."""
        return self._source.lowered

    def search_for(self, wanted: str, place: int) -> bool:
        """Search from offset `place`, then from the start, and go to the hit. Return whether there is one."""
        self._search = TextSearch(self._source, wanted) if wanted else None
        self._hit = None
        if self._search:
            self._go_to_hit(self._search.next(place) or self._search.next(0, place + len(wanted)))
        self.refresh()
        return self._hit is not None

    def go_to_next(self, *, backwards: bool = False) -> bool:
        """Go to the next or the previous hit. Return whether the search wrapped around."""
        if not self._search or not self._hit:
            return False
        start, end = self._hit
        hit = self._search.previous(start) if backwards else self._search.next(end)
        around = self._search.previous if backwards else self._search.next
        self._go_to_hit(hit or around(len(self._source.text) if backwards else 0))
        return hit is None

    def end_search(self) -> None:
        """End the search and free its memory."""
        self._search = self._hit = None
        self._source.forget_lowered()
        self.refresh()

    def _go_to_hit(self, hit: Span | None) -> None:
        self._hit = hit
        if hit:
            line = self._lines.line_at(hit[0])
            self._go_to_line(line, from_edge=self._height // 3)
            self._show_column(cell_len(clean(self._lines.text[self._lines.starts[line] : hit[1]][:_LONGEST])))
            self.refresh()

    def _show_column(self, column: int) -> None:
        """Scroll sideways if this column of the text is not visible."""
        left, width = self.scroll_offset.x, self._room
        if not left < column <= left + width:
            self.scroll_to(x=max(0, column - width * 2 // 3) if column > width else 0, animate=False, force=True)

    # Wrapping

    def action_toggle_wrap(self) -> None:
        """Wrap long lines, or leave them long."""
        self._wraps = not self._wraps
        self._wrap()

    @on(events.Resize)
    def _fit_the_size(self) -> None:
        if self._wrapped_to != self._room:
            self._wrap()
        self._keep_in_view()

    def _wrap(self) -> None:
        self._wrapped_to = self._room if self.size.width else 0
        if not self._wrapped_to:
            return  # It was never shown; it wraps when it gets a size.
        if not self._wraps:
            self._draw(self._source)
        elif len(self._source.text) <= _QUICKLY_WRAPPED:
            self._draw(wrapped(self._source, self._room, hangs=self._is_json))
        else:
            self._wrap_in_thread()

    @work(group="document-wrap", exclusive=True)
    async def _wrap_in_thread(self) -> None:
        source, width, hangs = self._source, self._room, self._is_json
        lines = await run_in_thread(lambda: wrapped(source, width, hangs=hangs))
        if source is self._source and self._wraps:
            self._draw(lines)
            if lines.text is not source.text:  # the text has grown since
                self._wrap()

    def _draw(self, lines: LineBuffer) -> None:
        """Draw these lines of the same text; the cursor stays at its offset in the text."""
        if lines is self._lines:
            self._fit()
            return
        at, row = self.at, self.cursor_row - self.scroll_offset.y
        folded = self._folds_of_source() if self._lines.text is lines.text else {}
        self._lines, self._widest_drawn = lines, 0
        self._folds = self._drawn_folds(folded)
        self._cursor = lines.line_at(at)
        self._fit()
        if 0 <= row < self._height:
            self.scroll_to(y=self.cursor_row - row, animate=False, force=True)
        self.refresh_bindings()

    @property
    def _is_too_wide(self) -> bool:
        return self._wraps and self._source.widest > self._room

    @property
    def _room(self) -> int:
        return max(self.scrollable_content_region.width - _GUTTER, 20)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Render a visible line, counted from the top of the widget."""
        scroll_x, scroll_y = self.scroll_offset
        base = self.rich_style
        if scroll_y + y >= self.row_count:
            return Strip.blank(self.size.width, base)
        line = self._folds.line(scroll_y + y)
        is_cursor = self.has_focus and line == self._cursor
        if is_cursor:
            base = self.get_component_rich_style("textview--cursor")
        text = Strip(list(self._segments(line)))
        if self._wraps:
            text = text.crop(0, self._room)  # A preview of a folded container does not wrap.
        else:
            self._make_room(text.cell_length)
        marks = Segment(self._mark(line) + (_CURSOR if is_cursor else " "), self._style("gutter"))
        seen = text.crop_extend(scroll_x, scroll_x + max(self.size.width - _GUTTER, 0), None)
        return Strip.join([Strip([marks], _GUTTER), seen]).crop(0, self.size.width).apply_style(base)

    def _segments(self, line: int) -> Iterator[Segment]:
        start, end = self._lines.starts[line], self._lines.end(line)
        laid_out = min(end, start + _LONGEST)
        found, kind = self._found(start, laid_out), None if self._is_json else "text"
        whole = self._line_of(line)
        if self._is_json and start > self._source.starts[whole]:
            kind = self._outline.kind_at(whole, start)
            yield Segment(" " * hanging(self._source.text, self._source.starts[whole], self._room))
        for piece in split_tokens(self._lines.text[start:laid_out], found, kind=kind):
            style = self._style(piece.kind)
            yield Segment(clean(piece.text), style + self._style(piece.found) if piece.found else style)
        if laid_out < end:
            yield Segment(_CUT, self._style("fold"))
        if line in self._folds:
            yield Segment(self._folded_words(line), self._style("fold"))

    def _found(self, start: int, end: int) -> Sequence[Highlight]:
        """Return the hits between two offsets of the text, relative to the first offset."""
        if not self._search:
            return ()
        current = self._hit or (-1, -1)
        # Hits may overlap (`aa` in `aaa`), but one pass finds only one of them: the current hit wins.
        spans = [span for span in self._search.within(start, end) if span[1] <= current[0] or current[1] <= span[0]]
        if current[0] < end and start < current[1]:
            spans = sorted([*spans, current])
        return [
            Highlight(at - start, beyond - start, "hit-current" if (at, beyond) == current else "hit")
            for at, beyond in spans
        ]

    def _folded_words(self, head: int) -> str:
        line, last = self._line_of(head), self._line_of(self._folds.folded[head])
        size, noun = self._outline.size(line), "key" if self._source.text[self._source.end(line) - 1] == "{" else "item"
        much = plural(size, noun)
        values = [clean(each, limit=_PREVIEWED) for each in self._outline.first_values(line, _PREVIEWED_LINES)]
        words, end = ", ".join(values), self._source[last].lstrip()
        room = self._room - len(self._lines[head]) - len(f"  · {much} {end}")
        limit = min(max(room, _PREVIEWED), _PREVIEW)
        if len(values) < size or len(words) > limit:
            words = f"{clean(words, limit=limit)} · {much}" if values else much
        return f" {words} {end}"

    def _mark(self, line: int) -> str:
        whole = self._line_of(line)
        if not self._is_json or not self._outline.opens(whole) or line != self._first_row(whole):
            return " "
        return _FOLDED if self._last_row(whole) in self._folds else _OPEN

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"textview--{kind}", partial=True)

    def _make_room(self, columns: int) -> None:
        """Widen the scrollable area if a drawn line needs more columns than characters, such as for wide characters."""
        if columns + _GUTTER > self.virtual_size.width and columns > self._widest_drawn:
            self._widest_drawn = columns
            self.call_later(self._fit)

    def _fit(self) -> None:
        """Set the scrollable size to what the lines need."""
        # Lines that are about to wrap need no scrollbar, whose coming and going would be a layout each.
        widest = 0 if self._wraps else max(min(self._lines.widest, _LONGEST), self._widest_drawn)
        self.virtual_size = Size(_GUTTER + widest, self.row_count)
        self.refresh()
