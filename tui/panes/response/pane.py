"""The pane in which responses are read."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from tui import clocks
from tui.airisk.models import Draft, Exchange, Identity
from tui.bindings import format_keys
from tui.format import size
from tui.panes.response.decode import DecodedBody
from tui.panes.response.summary import exchange_line, response_words, timing_words
from tui.text import clean
from tui.textual_ext.lean import StableText
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.viewer import JsonViewer

_NOTHING = "Nothing was sent yet. {send|F5} sends the request."

_SOON = 0.04
"""Seconds before it is told what is being waited for: a response that is there by then is painted a frame sooner."""

_WORTH_TELLING = 2
"""Seconds of waiting."""


class ResponsePane(Vertical):
    """The last exchange: how it went, what was asked, whose permissions it shows, and the document."""

    BORDER_TITLE = "4 Answer"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "toggle_headers", "Headers", id="toggle_headers", tooltip="Show headers and timing, or the body"),
        Binding("s", "save", "Save", id="save_answer", tooltip="Save the body to a file"),
        Binding("v", "view", "View", id="view_answer", tooltip="Open the body in $PAGER"),
        Binding("e", "edit", "Editor", show=False, id="edit_answer", tooltip="Open a copy of the body in $EDITOR"),
        Binding(
            "equals_sign",
            "keep_value",
            "Keep value",
            key_display="=",
            show=False,
            id="keep_value",
            tooltip="Use this agent or conversation from now on; elsewhere, keep the value under a name for {{name}}",
        ),
    ]

    class SaveWanted(Message):
        """The person wants to save the body."""

    class ViewWanted(Message):
        """The person wants to read the body in a pager, or in an editor."""

        def __init__(self, *, in_editor: bool) -> None:
            super().__init__()
            self.in_editor = in_editor

    class KeepWanted(Message):
        """The person wants to keep a value of the body."""

        def __init__(self, path: str, value: str) -> None:
            super().__init__()
            self.path = path
            self.value = value

    def __init__(self) -> None:
        super().__init__(id="answer")
        self._words = StableText(format_keys(_NOTHING), id="answer-words")
        self._before = Static(id="answer-before", markup=False)
        self._view = JsonViewer(id="answer-body")
        self._exchange: Exchange | None = None
        self._reading = DecodedBody(LineBuffer(""))
        self._shows_headers = False
        self._waiting: Timer | None = None
        self._awaited: Content | None = None
        self._sent_at = 0.0

    def compose(self) -> ComposeResult:
        """The words above the document."""
        yield self._words
        yield self._before
        yield self._view

    @property
    def exchange(self) -> Exchange | None:
        """What is shown."""
        return self._exchange

    @property
    def lines(self) -> LineBuffer:
        """The body as it is read."""
        return self._reading.lines

    @property
    def place(self) -> tuple[str, str] | None:
        """The path of the value under the cursor, and the value; None where there is none."""
        value = self._view.document.value_at_cursor()
        return None if value is None else (self._view.document.path_at_cursor(), value)

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say what is on its way, and in whose name; the response before stays, as such."""
        request = Content.assemble(
            (f"… {draft.method} ", "bold"), clean(draft.shown_target), f"\nas {clean(str(identity))}"
        )
        self._awaited, self._sent_at = request, clocks.steady()
        self._waiting = self.set_timer(_SOON, partial(self._show_waiting, request))

    def _show_waiting(self, request: Content) -> None:
        """Say what is waited for, and every second how long by now: whoever sees it grow knows that all is alive."""
        if request is not self._awaited:
            return  # The response came while this was on its way.
        seconds = int(clocks.steady() - self._sent_at)
        told = f" · {seconds} s" if seconds >= _WORTH_TELLING else ""
        self._show_words(request + Content(told + format_keys(" · {cancel|Esc} cancels")), is_old=True)
        self._awaited = request
        self._waiting = self.set_timer(1, partial(self._show_waiting, request))

    def show_progress(self, draft: Draft, identity: Identity, sent: int, whole: int) -> None:
        """Say how far a request has gone out."""
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

    def show_failed(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say why there is no response; the response before stays, as such."""
        line = Content.assemble((f"✗ {clean(message)}", "bold $text-error"), f"\n{clean(advice)}" if advice else "")
        request = Content.styled(
            f"\n{draft.method} {clean(draft.shown_target)} as {clean(str(identity))}", "$foreground-muted"
        )
        self._show_words(line + request, is_old=True)

    # While a response streams in

    def begin_stream(self, words: Content) -> None:
        """Begin a response that comes bit by bit."""
        self._exchange = None
        self._show_words(words)
        self._view.show(LineBuffer(""), is_json=False)
        self.refresh_bindings()

    def append_stream(self, words: Content, lines: list[str], *, anew: bool) -> None:
        """Go on with it: lines to add, or where `anew` all that there are."""
        self._show_words(words)
        if anew:
            self._view.show(LineBuffer.of(lines), is_json=False)
            self._view.document.action_last_line()
        else:
            self._view.extend(lines)

    def focus_document(self) -> None:
        """Go to the body."""
        self.screen.set_focus(self._view.document)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only what can be done with what is there."""
        return action == "focus_document" or self._exchange is not None

    def action_toggle_headers(self) -> None:
        """Show the headers and where the time went, or the body again."""
        if exchange := self._exchange:
            self._shows_headers = not self._shows_headers
            headers = [f"{name}: {value}" for name, value in exchange.headers]
            if self._shows_headers:
                self._view.show(LineBuffer.of([timing_words(exchange), "", *headers]), is_json=False)
            else:
                self._show_body()

    def action_save(self) -> None:
        """Ask for the body to be saved."""
        self.post_message(self.SaveWanted())

    def action_view(self) -> None:
        """Ask for the body to be opened in a pager."""
        self.post_message(self.ViewWanted(in_editor=False))

    def action_edit(self) -> None:
        """Ask for a copy of the body to be opened in an editor."""
        self.post_message(self.ViewWanted(in_editor=True))

    def action_keep_value(self) -> None:
        """Ask for the value under the cursor to be kept."""
        if self.place:
            self.post_message(self.KeepWanted(*self.place))

    def _show_body(self) -> None:
        reading = self._reading
        self._view.show(reading.lines, is_json=reading.is_json, raw=reading.raw)

    def _show_words(self, words: Content, *, is_old: bool = False) -> None:
        """Put words above the document, and say so if that is older than they are."""
        self._awaited = None
        if self._waiting:
            self._waiting.stop()
            self._waiting = None
        self._words.update(words)
        before = exchange_line(self._exchange) if is_old and self._exchange else None
        told = Content.assemble("The answer before: ", before) if before else ""
        self._before.update(told, layout=False)
