"""What AIRisk answered: its status in words, in whose name it was asked, and the body to read."""

from __future__ import annotations

import http
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.airisk.models import Draft, Exchange, Identity
from tui.panes.document import Document
from tui.readable import duration, size
from tui.text import clean


@dataclass(frozen=True, slots=True)
class Reading:
    """A body made ready to be read."""

    lines: Sequence[str]
    is_json: bool = False


class AnswerPane(Vertical):
    """The last exchange: a line about it, a line about whose permissions it shows, and the document."""

    BORDER_TITLE = "4 Answer"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "toggle_headers", "Headers", id="toggle_headers", tooltip="Show the headers, or the body again"),
    ]

    def __init__(self) -> None:
        super().__init__(id="answer")
        self._exchange: Exchange | None = None
        self._reading = Reading(())
        self._shows_headers = False

    def compose(self) -> ComposeResult:
        """The words above the document."""
        yield Static(_NOTHING, id="answer-words", markup=False)
        yield Static(id="answer-before", markup=False)
        yield Document(id="document")

    def on_mount(self) -> None:
        """There is no older answer yet."""
        self.query_one("#answer-before").display = False

    def show_sending(self, draft: Draft, identity: Identity) -> None:
        """Say what is on its way, and in whose name; the answer before stays, as such."""
        request = Content.assemble((f"… {draft.method} ", "bold"), clean(draft.target))
        self._words(request + Content(f"\nas {clean(str(identity))} · Esc cancels"), is_old=True)

    def show_exchange(self, exchange: Exchange, reading: Reading) -> None:
        """Show an answer."""
        self._exchange, self._reading = exchange, reading
        self._shows_headers = False
        self._words(exchange_words(exchange))
        self._document.show(reading.lines, is_json=reading.is_json)

    def show_failed(self, draft: Draft, identity: Identity, message: str, advice: str) -> None:
        """Say why there is no answer; the answer before stays, as such."""
        line = Content.assemble((f"✗ {clean(message)}", "bold $text-error"), f"\n{clean(advice)}" if advice else "")
        request = Content.styled(
            f"\n{draft.method} {clean(draft.target)} as {clean(str(identity))}", "$foreground-muted"
        )
        self._words(line + request, is_old=True)

    def focus_document(self) -> None:
        """Go to the body."""
        self.screen.set_focus(self._document)

    def action_toggle_headers(self) -> None:
        """Show the headers, or the body again."""
        if exchange := self._exchange:
            self._shows_headers = not self._shows_headers
            headers = [f"{name}: {value}" for name, value in exchange.headers]
            reading = Reading(headers) if self._shows_headers else self._reading
            self._document.show(reading.lines, is_json=reading.is_json)

    @property
    def _document(self) -> Document:
        return self.query_one(Document)

    def _words(self, words: Content, *, is_old: bool = False) -> None:
        """Put words above the document, and say so if that is older than they are."""
        self.query_one("#answer-words", Static).update(words)
        before = self.query_one("#answer-before", Static)
        before.display = is_old and self._exchange is not None
        if self._exchange:
            before.update(Content.assemble("The answer before: ", exchange_line(self._exchange)))


_NOTHING = "Nothing was sent yet. F5 sends the request."

_STYLES = {2: "$text-success", 3: "$text-primary", 4: "$text-warning", 5: "$text-error"}


def exchange_words(exchange: Exchange) -> Content:
    """A line about an exchange, and whose permissions it shows where they are lacking."""
    line, explanation = exchange_line(exchange), permissions_words(exchange)
    return line + Content.styled(f"\n{explanation}", "$text-warning") if explanation else line


def exchange_line(exchange: Exchange) -> Content:
    """`200 OK · as Grace Hopper · u-7 · 84 ms · 12.4 kB`."""
    status = f"{exchange.status} {clean(exchange.reason or status_words(exchange.status), limit=40)}".strip()
    facts = [f"as {clean(str(exchange.identity), limit=60)}", duration(exchange.seconds), size(len(exchange.body))]
    facts += [clean(exchange.content_type, limit=40)] if exchange.content_type not in {"", "application/json"} else []
    facts += ["token renewed, sent again"] if exchange.is_replayed else []
    colour = _STYLES.get(exchange.status // 100, "")
    return Content.assemble((status, f"bold {colour}".strip()), " · ", " · ".join(facts))


def status_words(status: int) -> str:
    """The usual words for a status, where the server gave none."""
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def permissions_words(exchange: Exchange) -> str:
    """Whose permissions a refusal shows."""
    identity = exchange.identity
    if exchange.status not in {401, 403}:
        return ""
    if identity.is_user and exchange.status == 403:
        return f"These are the permissions of {clean(str(identity), limit=80)}, not yours."
    if identity.is_user:
        return f"AIRisk did not accept the token of {clean(str(identity), limit=80)}, not even a new one."
    if identity.kind == "generic":
        return "This is what the generic token may do: list users, and nothing else. Act as a user to see more."
    return "Nobody's permissions: it was sent without a token."


def read_body(exchange: Exchange) -> Reading:
    """Make a body ready to be read; for megabytes this takes a while, so off the event loop."""
    body = exchange.body
    if not body:
        return Reading(("(no body)",))
    text = _text(body, exchange)
    if text is None:
        return Reading((f"{exchange.content_type or 'unknown type'}, {size(len(body))}: not text, so not shown.",))
    if "json" in exchange.content_type or text.lstrip()[:1] in {"{", "["}:
        try:
            return Reading(msgspec.json.format(text.encode(), indent=2).decode().split("\n"), is_json=True)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass  # Not JSON after all, whatever it says of itself: shown as it came.
    return Reading(text.splitlines())


_CHARSET = re.compile(
    r"""charset=["']?((?:iso-8859|windows|cp|euc|utf|gb|shift|big|koi8|latin|ascii)[\w-]*)""", re.IGNORECASE
)
"""The encodings that a server may name; Python knows others, which are no charsets, or raise."""


def _text(body: bytes, exchange: Exchange) -> str | None:
    """The body as text, in the Unicode encoding it is in, or else what it says it is in; None where it is binary."""
    charset = _CHARSET.search(exchange.header("content-type"))
    for encoding in (json.detect_encoding(body[:4]), charset[1] if charset else "utf-8"):
        try:
            text = body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    return None if b"\0" in body[:4096] else body.decode("utf-8", errors="replace")
