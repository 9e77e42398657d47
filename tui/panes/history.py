"""History panes: find a past exchange, show its details, and resend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Static

from tui import clocks
from tui.airisk.identity import Identity
from tui.airisk.models import Exchange
from tui.airisk.redaction import holds_a_secret
from tui.format import count, duration, moment, size
from tui.history.entry import BODY, HistoryEntry
from tui.key_labels import format_keys, key_label
from tui.panes.exchange_summary import status_style, status_words
from tui.panes.explorer_rows import method_style
from tui.panes.history_rows import HistoryRows, columns
from tui.text import clean
from tui.widgets.filtered_table import FilteredTable
from tui.widgets.identity_bar import identity_bar_app
from tui.widgets.inputs import FilterInput
from tui.widgets.json_viewer.highlight import STYLES, split_tokens
from tui.widgets.table.virtual_table import VirtualTable

Way = Literal["open", "as now", "as then"]
"""What to do with an exchange: open it in the form, or resend it."""


class HistoryTable(VirtualTable):
    """Table of exchanges; Enter opens the exchange under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="open_request", tooltip="Open in the form to edit or send"),
    ]


class HistoryPane(FilteredTable[HistoryTable]):
    """A filter and a table of exchanges, newest first."""

    BORDER_TITLE = "History"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f5",
            "resend",
            "Resend",
            key_display="F5",
            id="resend",
            tooltip="Resend as the current identity",
        ),
        Binding(
            "R",
            "resend_as_then",
            "Resend as before",
            id="resend_as_then",
            tooltip="Act as the original user and resend",
        ),
    ]

    @dataclass
    class Narrowed(Message):
        """Request to search the history for a text."""

        text: str

    @dataclass
    class PageWanted(Message):
        """Request to read a page of rows that became visible."""

        rows: HistoryRows
        page: int

    @dataclass
    class Pointed(Message):
        """Posted when the cursor moves to another exchange, or to none."""

        past: HistoryEntry | None

    @dataclass
    class Chosen(Message):
        """Request to open or resend the exchange under the cursor."""

        way: Way

    class OnlyMatchWanted(Message):
        """Request to open the only match, once the search has finished."""

    def __init__(self) -> None:
        table = HistoryTable(columns(0), empty_text=Content("Loading…"), id="history-table")
        line = FilterInput("{filter|/} filter by path, method, status, name or ID", id="history-filter")
        super().__init__(table, line, id="history-list")
        self._rows = HistoryRows()
        self._everything = 0

    # Called by the screen

    def show_failed(self, message: str, advice: str) -> None:
        """Show why the history could not be read."""
        self._table.empty_text = Content(
            f"{clean(message)}\n\n{clean(advice)}\n\nPress {key_label('reload_history', 'Ctrl+R')} to reload."
        )
        self.show_found(HistoryRows(self._rows.text), 0)
        self.show_on_frame("not loaded")

    def show_nothing(self, *, is_filtered: bool) -> None:
        """Show that no exchange matches the filter, or that there are none."""
        self.show_empty(self.NOTHING_MATCHES if is_filtered else _NOTHING)

    def show_found(self, rows: HistoryRows, everything: int, *, cursor: int = 0) -> None:
        """Show the exchanges found, out of `everything` in total."""
        rows.want = lambda page: self.post_message(self.PageWanted(rows, page))
        # Of everything, not of what was found: the frame stays where it is while a filter narrows.
        self.styles.height = _BESIDE_ROWS + max(everything, _FEWEST) if everything else None
        self._rows, self._everything = rows, everything
        self._table.show(rows, cursor=cursor)
        self.show_count()
        self._point()

    def show_page(self, rows: HistoryRows, page: int, found: Sequence[HistoryEntry]) -> None:
        """Fill in a page of rows that was read."""
        rows.pages[page] = found
        self._table.refresh_rows()
        self._point()

    @property
    def past_under_cursor(self) -> HistoryEntry | None:
        """The exchange under the cursor, if its row has been read."""
        return self._rows.at(self._table.cursor_row)

    @property
    def has_only_match(self) -> bool:
        """Whether one exchange, and no other, matches the filter as it is now."""
        return bool(self.filter_text) and self._rows.text == self.filter_text and len(self._rows) == 1

    # Content of the list

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: an empty one for a key that cannot resend, or that does the same as the other."""
        past = self.past_under_cursor
        if past is None:
            return {}
        if past.left_out:
            return {"resend": "", "resend_as_then": ""}
        now = identity_bar_app(self.app).identity_status.identity
        return {"resend_as_then": ""} if past.identity == now else {}

    def take_only_match(self) -> None:
        """Post that the only match is wanted; whether it is the only one is known after the search."""
        if self.filter_text:
            self.post_message(self.OnlyMatchWanted())

    def narrow(self) -> None:
        """Post the filter text; the screen runs the search."""
        self.post_message(self.Narrowed(self.filter_text))

    def count_words(self) -> str:
        """Return the number of exchanges, and how many of them match the filter."""
        everything = self._everything
        shown = f"{count(self._rows.total)} of {count(everything)}" if self._rows.text else f"{count(everything)}"
        return f"{shown} {'request' if everything == 1 else 'requests'}"

    # Actions and events

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to resend only if there are rows."""
        if action.startswith("resend"):
            return len(self._rows) > 0
        return super().check_action(action, parameters)

    @on(events.Resize)
    def _fit_the_width(self, event: events.Resize) -> None:
        self._table.set_columns(columns(event.size.width))

    @on(DataTable.RowHighlighted)
    def _point(self) -> None:
        self.post_message(self.Pointed(self.past_under_cursor))

    @on(VirtualTable.RowChosen)
    def _choose(self, event: VirtualTable.RowChosen) -> None:
        event.stop()
        self.post_message(self.Chosen("open"))

    def action_resend(self) -> None:
        """Resend the exchange under the cursor as the current identity."""
        self.post_message(self.Chosen("as now"))

    def action_resend_as_then(self) -> None:
        """Resend the exchange under the cursor as its original identity."""
        self.post_message(self.Chosen("as then"))


_BESIDE_ROWS, _FEWEST = 5, 3
"""Lines of the frame, the filter and the heading, and the fewest rows that there is room for."""

_NOTHING = """No requests yet.

Requests you send appear here and can be resent.
Bodies are stored only with AIRISK_KEEP_BODIES=true. Secrets are never stored."""


_SHOWN = 4000
"""Characters of a body that are shown."""

_LAID_OUT = 256 * 1024
"""Bytes up to which JSON is laid out, in less than a millisecond; longer JSON is shown as it came."""

_LONGEST = 2000
"""Terminal columns after which text is cut."""


class PastPane(VerticalScroll):
    """Details of the exchange under the cursor."""

    BORDER_TITLE = "Request and response"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="request_down", tooltip="Scroll down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="request_up", tooltip="Scroll up"),
    ]

    def __init__(self) -> None:
        super().__init__(id="past")
        self._words = Static(id="past-words", markup=False)

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield self._words

    def show(self, past: HistoryEntry | None, now: Identity, exchange: Exchange | None) -> None:
        """Show an exchange, the identities it can be resent as, and its bodies if they are remembered."""
        lines = list(_lines(past, now, exchange)) if past else []
        words = Content("\n").join(lines)
        self._words.update(words)


def why_not(past: HistoryEntry) -> tuple[str, str]:
    """Return why the exchange cannot be resent, and advice; two empty strings if it can."""
    if not past.left_out:
        return "", ""
    lacking = clean(", ".join("the body" if each == BODY else each for each in past.left_out), limit=200)
    words = f"Cannot resend: {lacking} was not stored."
    if not past.lacks_only_body:
        return words, "Fill it in again in the explorer."
    setting = " Set AIRISK_KEEP_BODIES=true to store bodies." if BODY in past.left_out else ""
    return words, format_keys("{open_request|Enter} opens the rest.") + setting


def _lines(past: HistoryEntry, now: Identity, exchange: Exchange | None) -> Iterator[Content]:
    draft = past.draft
    path, _, query = draft.target.partition("?")
    yield Content.assemble(
        (f"{clean(draft.method, limit=10)} ", f"bold {method_style(draft.method)}"),
        (clean(path, limit=_LONGEST), "bold"),
        ("?" + clean(query, limit=_LONGEST), "$text-muted") if query else "",
    )
    answer = f"{past.status} {clean(past.reason or status_words(past.status), limit=60)}".strip()
    at = moment(past.at, clocks.local())
    facts = Content(f" · {duration(past.seconds)} · {size(past.size)} · {at}")
    yield Content.styled(answer, f"bold {status_style(past.status)}".strip()) + facts
    yield _fact("as", past.identity.with_subject_check)
    yield from _again(past, now)
    for name, value in draft.headers:
        yield _fact("header", f"{name}: {value}")
    if past.has_content and not exchange:
        yield _fact("body", "stored")
    if exchange:
        yield from _bodies(exchange)


def _again(past: HistoryEntry, now: Identity) -> Iterator[Content]:
    message, advice = why_not(past)
    if message:
        yield Content.assemble((f"✗ {message}", "bold $text-warning"), f" {advice}")
        return
    yield _fact(key_label("resend", "F5"), f"resend as {now}", style="bold $text-accent")
    if past.identity != now:
        before = f"resend as before, as {past.identity}" + (" (signs in first)" if past.identity.is_user else "")
        yield _fact(key_label("resend_as_then", "R"), before, style="bold $text-accent")


def _bodies(exchange: Exchange) -> Iterator[Content]:
    """Yield the beginnings of the request's body and of the response's."""
    draft = exchange.draft
    if draft.body and not holds_a_secret(draft.body, draft.secrets):
        yield from _body("request", draft.body)
    yield from _body("response", exchange.body)


def _body(name: str, body: bytes) -> Iterator[Content]:
    yield Content("")
    yield Content.styled(name, "$text-muted")
    text, is_json = _laid_out(body)
    tokens = split_tokens(text[:_SHOWN], (), kind=None if is_json else "text")
    yield Content.assemble(*((clean(token.text, keep_lines=True), STYLES[token.kind]) for token in tokens))
    if len(text) > _SHOWN:
        yield Content.styled(f"… {size(len(body))} in all", "$text-muted")


def _laid_out(body: bytes) -> tuple[str, bool]:
    """Return a body as text, and whether it is JSON, laid out. Of a long body, only the beginning is read."""
    if len(body) <= _LAID_OUT:
        try:
            return msgspec.json.format(body, indent=2).decode(), True
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # It is shown as text.
    return body[:_LAID_OUT].decode("utf-8", errors="replace") or "(no body)", False


def _fact(name: str, words: str, *, style: str = "$text-muted") -> Content:
    return Content.assemble((f"{name:<8}", style), clean(words, limit=_LONGEST))
