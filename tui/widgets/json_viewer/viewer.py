"""Document viewer that can also show a table, JSONPath matches, a single value, or the raw text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from tui.background import run_in_thread
from tui.format import count
from tui.key_labels import format_keys
from tui.text import clean, to_content
from tui.textual_ext.no_relayout import NoRelayoutScroll, StableText
from tui.widgets.json_viewer.bounds import QueryError
from tui.widgets.json_viewer.jsonpath import complete_expression, find_matches
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.object_table import ObjectTable
from tui.widgets.json_viewer.objects import Objects
from tui.widgets.json_viewer.text_view import TextView, ViewState

QueryKind = Literal["search", "filter"]

_PLACEHOLDERS: dict[QueryKind, str] = {
    "search": "/ search (a capital matches case)",
    "filter": "JSONPath: $..name or $[?@.age > 30]",
}


class QueryInput(Input, NoRelayoutScroll):
    """Input for a search text or a JSONPath."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="leave_search", tooltip="End the search or the JSONPath filter"),
        Binding("enter", "submit", "Go", id="submit_search", tooltip="Go to the matches"),
    ]

    def action_leave(self) -> None:
        """Leave the query bar."""
        self.post_message(QueryBar.Left())


class QueryBar(Horizontal):
    """An input, and the result of the search or filter."""

    @dataclass
    class Typed(Message):
        """Posted when the text changes; `is_done` if Enter was pressed."""

        kind: QueryKind
        text: str
        is_done: bool

    class Left(Message):
        """Posted when the query bar is left."""

    def __init__(self) -> None:
        super().__init__(id="document-query")
        self.kind: QueryKind = "search"
        self._field = QueryInput(id="document-field", compact=True)
        self._found = StableText(id="document-found")

    def compose(self) -> ComposeResult:
        """Yield the input and the result, side by side."""
        yield self._field
        yield self._found

    def on_mount(self) -> None:
        """Hide the bar until it is opened."""
        self.display = False

    def open(self, kind: QueryKind) -> None:
        """Show and focus the input. It keeps the last text if that was of the same kind."""
        field = self._field
        if kind != self.kind:
            with field.prevent(Input.Changed):
                field.value = ""
        self.kind, field.placeholder = kind, _PLACEHOLDERS[kind]
        self.display = True
        self.say("")
        field.focus()
        field.action_select_all()

    @property
    def text(self) -> str:
        """What was typed."""
        return self._field.value

    def say(self, words: str) -> None:
        """Show the result. What is wrong has more room."""
        self.set_class(words.startswith("✗"), "-faulty")
        self._found.update(to_content(words, limit=60))

    @on(Input.Changed)
    @on(Input.Submitted)
    def _pass_on(self, event: Input.Changed | Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Typed(self.kind, event.value, isinstance(event, Input.Submitted)))


_PAINTED = 0.02
"""Seconds until a hit is painted; hits are counted only after that."""


@dataclass(frozen=True, slots=True)
class AlternateView:
    """Alternate view of a document.

    Args:
        text: returns the text; called on a thread, and only when the view is opened.
        words: the name of the view.
        is_json: whether the text is JSON in the format of `msgspec.json.format(…, indent=2)`.
    """

    text: Callable[[], str]
    words: str = "raw"
    is_json: bool = False


@dataclass(frozen=True, slots=True)
class _SavedView:
    """View to return to from a part of the document: its state, and the text above it."""

    place: ViewState
    words: str
    is_table: bool


class JsonViewer(Vertical):
    """A document with search and filter, and above it the name of the part that is shown.

    Args:
        id: the id of the widget.

    Attributes:
        document: the text view.
    """

    class Pointed(Message):
        """Posted when the cursor moves to another value or line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="search_document", tooltip="Search the text"),
        Binding("n", "go_to_hit(1)", "Next", id="next_hit", tooltip="Go to the next match"),
        Binding("N", "go_to_hit(-1)", "Previous", show=False, id="previous_hit", tooltip="Go to the previous match"),
        Binding("f", "filter_by_path", "JSONPath", show=False, id="filter_document", tooltip="Filter with a JSONPath"),
        Binding(
            "r",
            "toggle_raw",
            "Raw",
            id="raw_response",
            tooltip="Show it in another form: table, JSON, text as received",
        ),
        Binding(
            "escape", "back", "Back", show=False, id="leave_part", tooltip="End the search, or show everything again"
        ),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.document = TextView(id="document")
        self._table = ObjectTable(id="document-table")
        self._cell = StableText(id="document-cell")
        self._prefers_text = False
        self._part = StableText(id="document-part")
        self._line = QueryBar()
        self._searched_from = 0
        self._ordinal = 0
        self._total: int | None = None
        self._raw: AlternateView | None = None
        self._is_raw = False
        self._left: list[_SavedView] = []
        self._words = ""

    def compose(self) -> ComposeResult:
        """Yield the name of the part, the table or the document, the value in the table, and the query bar."""
        yield self._part
        yield self._table
        yield self.document
        yield self._cell
        yield self._line

    def on_mount(self) -> None:
        """Hide the name of the part, because the whole document is shown at first."""
        self._say("")
        self._show_table(is_shown=False)

    def show(
        self,
        lines: Sequence[str],
        *,
        is_json: bool,
        raw: AlternateView | None = None,
        objects: Objects | None = None,
    ) -> None:
        """Show lines, beginning with the first, and end the search and filter of the previous lines.

        What is being typed into the query line stays, and is searched for in these lines.

        Args:
            lines: best as a `LineBuffer`, made off the event loop where there are many.
            is_json: whether they are JSON in the format of `msgspec.json.format(…, indent=2)`.
            raw: the alternate view.
            objects: the objects that the document consists of; they are shown as a table.
        """
        is_typed = self._line.has_focus_within
        self.workers.cancel_node(self)
        self._left, self._raw, self._is_raw = [], raw, False
        self._say("")
        if not is_typed:
            self._end_query()
        self.document.show(lines, is_json=is_json)
        self._table.show_objects(objects)
        self._show_cell()
        self._show_table(is_shown=objects is not None and not (self._prefers_text or is_typed))
        if is_typed and self._line.kind == "search":
            self._searched_from = 0
            self._look_for(self._line.text)

    def renew(self, lines: Sequence[str]) -> None:
        """Show lines that begin with the text shown, as more of it arrived."""
        self.document.renew(lines)

    def extend(self, lines: Sequence[str]) -> None:
        """Append lines to the whole document, even while only a part is shown."""
        if self._left:
            self._left[0].place.lines.extend(lines)
        else:
            self.document.extend(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only the actions that apply."""
        if action == "go_to_hit":
            return self.document.hit is not None and not self._table.display
        if action == "filter_by_path":
            return self._whole.is_json
        if action == "search":
            return len(self._whole.lines) > 0
        if action == "toggle_raw":
            return self._raw is not None or self._table.objects is not None
        if action == "back":
            return self.document.search is not None or bool(self._left)
        return True

    def action_back(self) -> None:
        """End the search, or return from a part of the document."""
        if self.document.search:
            self._end_query()
        elif self._left:
            self._return_to(self._left.pop())

    # Searching

    def action_search(self) -> None:
        """Open the search in the text."""
        self._show_table(is_shown=False)
        self._searched_from = self.document.at
        self._line.open("search")
        self._prepare()

    @work(group="document-prepare", exclusive=True)
    async def _prepare(self) -> None:
        await run_in_thread(self.document.prepare_search)

    def action_go_to_hit(self, step: int) -> None:
        """Go to the next or the previous hit."""
        is_around = self.document.go_to_next(backwards=step < 0)
        if self._total is None:
            self._count()
            return
        self._ordinal = (self._ordinal - 1 + step) % self._total + 1
        self._show_hit_count(("continued from the top" if step > 0 else "continued from the end") if is_around else "")

    def _look_for(self, text: str) -> None:
        is_found = self.document.search_for(text, self._searched_from)
        self._line.say("" if is_found or not text else "not found")
        self._count()
        self.refresh_bindings()

    def _end_query(self) -> None:
        self.workers.cancel_group(self, "document-count")
        self.document.end_search()
        if self._line.has_focus_within:
            self.focus_body()
        self._line.display = False
        self.refresh_bindings()

    def _count(self) -> None:
        self._total = None
        self._count_hits()

    @work(group="document-count", exclusive=True)
    async def _count_hits(self) -> None:
        """Count the hits in slices, so that keys are handled in between."""
        search, hit = self.document.search, self.document.hit
        if not search or not hit:
            return
        await asyncio.sleep(_PAINTED)
        before, total = 0, 0
        for start, end in ((0, hit[0]), (hit[0], None)):
            before = total
            for hits in search.counts(start, end):
                total += hits
                await asyncio.sleep(0)
        self._ordinal, self._total = before + 1, total
        self._show_hit_count()

    def _show_hit_count(self, more: str = "") -> None:
        words = f"{count(self._ordinal)} of {count(self._total or 0)}"
        self._line.say(f"{words} · {more}" if more else words)

    # Parts of the whole

    def action_filter_by_path(self) -> None:
        """Open the filter by JSONPath."""
        self._end_query()
        self._line.open("filter")

    def action_toggle_raw(self) -> None:
        """Show the document in its next form: table, JSON, alternate view."""
        was_raw, was_table = self._is_raw, self._table.display
        self._return_to_whole()
        if was_table or (self._table.objects and was_raw):
            self._prefers_text = was_table
            self._show_table(is_shown=not was_table)
        elif self._raw and not was_raw:
            self._show_raw(self._raw)

    @work(group="document-part", exclusive=True)
    async def _show_raw(self, raw: AlternateView) -> None:
        lines = await run_in_thread(lambda: LineBuffer.of(raw.text()))
        self._show_part(lines, raw.words, is_json=raw.is_json)
        self._is_raw = True
        self.refresh_bindings()

    @work(group="document-part", exclusive=True)
    async def _filter(self, expression: str) -> None:
        self._line.say("…")
        try:
            found = await find_matches(self._whole.lines.text, expression)
        except QueryError as error:
            self._line.say(f"✗ {error}")
            return
        self._return_to_whole()
        number = f"{count(len(found.places))}{'+' if found.is_cut else ''}"
        words = f"filtered by {expression}: {number} {'match' if number == '1' else 'matches'}"
        self._show_part(found.lines, words, is_json=True, path_of=found.path)

    @on(ObjectTable.Opened)
    def _open_object(self, event: ObjectTable.Opened) -> None:
        event.stop()
        path = event.objects.path(event.index)
        lines = LineBuffer(event.objects.formatted(event.index))
        self._show_part(lines, path, is_json=True, path_of=lambda within: path + within.removeprefix("$"))

    @on(TextView.Moved)
    def _follow_line(self) -> None:
        self.post_message(self.Pointed())

    @on(TextView.Opened)
    def _open_value(self, event: TextView.Opened) -> None:
        event.stop()
        self._show_value(event.path, event.value)

    @work(group="document-part", exclusive=True)
    async def _show_value(self, path: str, value: str) -> None:
        lines, is_json = await run_in_thread(_readable, value)
        self._show_part(lines, path, is_json=is_json, path_of=lambda _: path)

    def _show_part(self, lines: LineBuffer, words: str, *, is_json: bool, path_of: Callable[[str], str] = str) -> None:
        """Show a part of the document until the user goes back."""
        self._end_query()
        self._left.append(_SavedView(self.document.place, self._words, self._table.display))
        self._say(words)
        self._show_table(is_shown=False)
        self.document.show(lines, is_json=is_json, path_of=path_of)
        self.refresh_bindings()

    def _return_to_whole(self) -> None:
        if self._left:
            self._return_to(self._left[0])
            self._left.clear()

    def _return_to(self, left: _SavedView) -> None:
        self._end_query()
        self._is_raw = False
        self._say(left.words)
        self.document.return_to(left.place)
        self._show_table(is_shown=left.is_table)
        self.refresh_bindings()

    @property
    def _whole(self) -> ViewState | TextView:
        return self._left[0].place if self._left else self.document

    # The table

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: the form that the document is shown in next; an empty one hides its key."""
        if self._table.display:
            return {"raw_response": "JSON", "search_document": ""}  # A search is in the text.
        returns = self._is_raw or self._raw is None
        return {"raw_response": "Table" if returns and self._table.objects else "Raw"}

    def focus_body(self) -> None:
        """Focus what is shown: the table, or the text."""
        self.screen.set_focus(self._table if self._table.display else self.document)

    def scroll_page(self, step: int) -> None:
        """Go one page down, or up if `step` is negative."""
        shown = self._table if self._table.display else self.document
        if step > 0:
            shown.action_page_down()
        else:
            shown.action_page_up()

    def path_at_cursor(self) -> str:
        """Return the JSONPath of the value under the cursor; empty if the text is no part of a JSON document."""
        return self._table.path_at_cursor() if self._table.display else self.document.path_at_cursor()

    def value_at_cursor(self) -> str | None:
        """Return the value under the cursor (the text of a string, else as received); None if it has members."""
        return self._table.value_at_cursor() if self._table.display else self.document.value_at_cursor()

    def text_at_cursor(self) -> str:
        """Return the text under the cursor: the value, or the whole array or object as JSON, or else the line."""
        return self._table.text_at_cursor() if self._table.display else self.document.text_at_cursor()

    def _show_table(self, *, is_shown: bool) -> None:
        had_focus = self._table.has_focus_within or self.document.has_focus_within  # `has_focus` is late
        self._table.display = self._cell.display = is_shown
        self.document.display = not is_shown
        if had_focus:
            self.focus_body()
        self.refresh_bindings()

    @on(ObjectTable.Pointed)
    def _follow_cell(self, event: ObjectTable.Pointed) -> None:
        event.stop()
        self._show_cell()
        self.post_message(self.Pointed())

    def _show_cell(self) -> None:
        """Show the place of the cursor, and the whole value there, which its cell may cut."""
        row = f"{count(self._table.cursor_row + 1)} of {count(self._table.row_count)}  "
        path, value = self._table.path_at_cursor(), self._table.text_at_cursor()
        self._cell.update(
            Content.assemble(
                (row, "$text-muted"), (clean(path, limit=80), "$text-accent"), "  ", clean(value, limit=400)
            ),
            layout=False,
        )

    # The lines above and below

    @on(QueryBar.Typed)
    def _take_line(self, event: QueryBar.Typed) -> None:
        event.stop()
        if event.kind == "search" and event.is_done:
            self.document.focus()
        elif event.kind == "search":
            self._look_for(event.text)
        elif event.is_done and event.text.strip():
            self._filter(complete_expression(event.text))

    @on(QueryBar.Left)
    def _leave_line(self, event: QueryBar.Left) -> None:
        event.stop()
        self.workers.cancel_group(self, "document-part")
        self._end_query()

    def _say(self, words: str) -> None:
        self._words = words
        self._part.update(to_content(words, limit=400) + format_keys(" · {leave_part|Esc} goes back"))
        self._part.display = bool(words)


def _readable(value: str) -> tuple[LineBuffer, bool]:
    """Return a value as lines, and whether it is JSON, which is formatted."""
    if value[:1] in {"{", "["}:
        try:
            return LineBuffer(msgspec.json.format(value.encode(), indent=2).decode()), True
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass  # It only begins like JSON.
    return LineBuffer.of(value), False
