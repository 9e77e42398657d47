"""Pane that shows responses."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from tui import clocks
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange
from tui.format import count, size
from tui.key_labels import format_keys, key_label
from tui.panes.exchange_summary import exchange_line, response_words, timing_words
from tui.panes.response.decode import DecodedBody
from tui.text import clean
from tui.textual_ext.no_relayout import StableText
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.viewer import JsonViewer
from tui.widgets.spinner import FRAME, waiting_words

_NOTHING = "No response yet. Press {send|F5} to send the request."

_SOON = 0.04
"""Seconds before the waiting message is shown; a faster response is painted one frame sooner."""


class ResponsePane(Vertical):
    """The last exchange: status, request, notes on permissions, and the body."""

    BORDER_TITLE = "4 Response"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "i",
            "toggle_headers",
            "Headers",
            show=False,
            id="toggle_headers",
            tooltip="Switch between the body and the headers with timing",
        ),
        Binding("s", "save", "Save", show=False, id="save_response", tooltip="Save the body to a file"),
        Binding("v", "view", "View", show=False, id="view_response", tooltip="Open the body in $PAGER"),
        Binding("e", "edit", "Editor", show=False, id="edit_response", tooltip="Open a copy of the body in $EDITOR"),
        Binding(
            "equals_sign",
            "save_value",
            "Save value",
            key_display="=",
            id="save_value",
            tooltip="Save the value under the cursor as a {{variable}}",
        ),
    ]

    class SaveWanted(Message):
        """Request to save the body."""

    class ViewWanted(Message):
        """Request to open the body in a pager or an editor."""

        def __init__(self, *, in_editor: bool) -> None:
            super().__init__()
            self.in_editor = in_editor

    class KeepWanted(Message):
        """Request to store a value of the body for placeholders."""

        def __init__(self, path: str, value: str) -> None:
            super().__init__()
            self.path = path
            self.value = value

    def __init__(self) -> None:
        super().__init__(id="response")
        self._words = StableText(format_keys(_NOTHING), id="response-words")
        self._before = Static(id="response-before", markup=False)
        self._view = JsonViewer(id="response-body")
        self._exchange: Exchange | None = None
        self._reading = DecodedBody(LineBuffer(""))
        self._shows_headers = False
        self._has_value = False
        self._waiting: Timer | None = None
        self._awaited: Content | None = None
        self._sent_at = 0.0

    def compose(self) -> ComposeResult:
        """Yield the summary, the line about the previous response, and the body."""
        yield self._words
        yield self._before
        yield self._view

    @property
    def lines(self) -> LineBuffer:
        """The lines of the body as shown."""
        return self._reading.lines

    @property
    def place(self) -> tuple[str, str] | None:
        """The path and the value under the cursor; None if there is no value."""
        value = self._view.value_at_cursor()
        return None if value is None else (self._view.path_at_cursor(), value)

    @property
    def text_at_cursor(self) -> str:
        """The text under the cursor: a value, an array or object as JSON, or a line."""
        return self._view.text_at_cursor()

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Show the request being sent and its identity. The previous response stays, labeled as such."""
        request = Content.assemble(
            (f"… {draft.method} ", "bold"), clean(draft.shown_target), f"\nas {clean(str(identity))}"
        )
        self._awaited, self._sent_at = request, clocks.steady()
        self._waiting = self.set_timer(_SOON, partial(self._show_waiting, request))

    def _show_waiting(self, request: Content) -> None:
        """Show the pending request, and that it is still waited for."""
        if request is not self._awaited:
            return  # The response arrived first.
        seconds = clocks.steady() - self._sent_at
        words = waiting_words(seconds)
        self._show_words(request + Content(words + format_keys(" · {cancel|Esc} cancels")), is_old=True)
        self._awaited = request
        self._waiting = self.set_timer(FRAME, partial(self._show_waiting, request))

    def show_progress(self, draft: Draft, identity: Identity, sent: int, whole: int) -> None:
        """Show how much of a request has been sent."""
        share = f"{sent * 100 // whole} %" if whole else ""
        request = Content.assemble((f"↑ {draft.method} ", "bold"), clean(draft.shown_target))
        words = f"\n{share} of {size(whole)} sent as {clean(str(identity))}" + format_keys(" · {cancel|Esc} cancels")
        self._show_words(request + Content(words), is_old=True)

    def show_exchange(self, exchange: Exchange, reading: DecodedBody) -> None:
        """Show a response."""
        self._exchange, self._reading = exchange, reading
        self._shows_headers = False
        self._show_words(response_words(exchange))
        self._show_body()
        self.refresh_bindings()

    def show_canceled(self, draft: Draft, identity: Identity) -> None:
        """Show that the user canceled the request, which is no error."""
        words = "✗ Canceled. AIRisk may already have processed the request."
        self._show_no_response(draft, identity, Content.styled(words, "bold $text-muted"))

    def show_failed(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Show why there is no response. The previous response stays, labeled as such."""
        line = Content.assemble((f"✗ {clean(message)}", "bold $text-error"), f"\n{clean(advice)}" if advice else "")
        self._show_no_response(draft, identity, line)

    def _show_no_response(self, draft: Draft, identity: Identity, line: Content) -> None:
        request = Content.styled(
            f"\n{draft.method} {clean(draft.shown_target)} as {clean(str(identity))}", "$foreground-muted"
        )
        self._show_words(line + request, is_old=True)

    # Streamed responses

    def begin_stream(self, words: Content) -> None:
        """Start showing a streamed response."""
        self._exchange = None
        self._show_words(words)
        self._view.show(LineBuffer(""), is_json=False)
        self.refresh_bindings()

    def append_stream(self, words: Content, lines: list[str], *, replace: bool) -> None:
        """Append lines to the streamed response; if `replace`, these are all lines, which begin with those shown."""
        self._show_words(words)
        if replace:
            self._view.renew(lines)
        else:
            self._view.extend(lines)

    def show_position(self, number: int, total: int) -> None:
        """Show on the frame which of the responses of this run is shown, between the keys that show the others."""
        earlier, later = key_label("previous_page", "["), key_label("next_page", "]")
        words = f"{earlier} {count(number)} of {count(total)} {later}" if total > 1 else ""
        self.border_subtitle = Content(words)

    def focus_document(self) -> None:
        """Focus the body."""
        self._view.focus_body()

    def scroll_page(self, step: int) -> None:
        """Go one page down in the body, or up if `step` is negative."""
        self._view.scroll_page(step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer actions on the response only if there is one."""
        if action == "save_value":
            return self.place is not None
        return action == "focus_document" or self._exchange is not None

    @on(JsonViewer.Pointed)
    def _offer_to_save_value(self, event: JsonViewer.Pointed) -> None:
        event.stop()
        if (has_value := self.place is not None) != self._has_value:
            self._has_value = has_value
            self.refresh_bindings()

    def action_toggle_headers(self) -> None:
        """Switch between the body and the headers with timing."""
        if exchange := self._exchange:
            self._shows_headers = not self._shows_headers
            headers = [f"{name}: {value}" for name, value in exchange.headers]
            if self._shows_headers:
                self._view.show(LineBuffer.of([timing_words(exchange), "", *headers]), is_json=False)
            else:
                self._show_body()

    def action_save(self) -> None:
        """Request that the body is saved."""
        self.post_message(self.SaveWanted())

    def action_view(self) -> None:
        """Request that the body is opened in a pager."""
        self.post_message(self.ViewWanted(in_editor=False))

    def action_edit(self) -> None:
        """Request that a copy of the body is opened in an editor."""
        self.post_message(self.ViewWanted(in_editor=True))

    def action_save_value(self) -> None:
        """Request that the value under the cursor is stored."""
        if self.place:
            self.post_message(self.KeepWanted(*self.place))

    def _show_body(self) -> None:
        reading = self._reading
        self._view.show(reading.lines, is_json=reading.is_json, raw=reading.raw, objects=reading.objects)

    def _show_words(self, words: Content, *, is_old: bool = False) -> None:
        """Show a text above the body. If `is_old`, label the body as the previous response."""
        self._awaited = None
        if self._waiting:
            self._waiting.stop()
            self._waiting = None
        self._words.update(words)
        before = exchange_line(self._exchange) if is_old and self._exchange else None
        self._view.set_class(bool(before), "-old")
        label = Content.styled(f"Previous response: {before}", "$text-muted") if before else ""
        self._before.update(label, layout=False)
