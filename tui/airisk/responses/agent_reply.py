"""An agent's reply, assembled while its events arrive.

The kinds of events are those of a working client of a real host. Their data is parsed as tolerantly as possible.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

import msgspec

from tui.airisk.http.sse import Event
from tui.airisk.lenient_json import InvalidJSONError, read_json
from tui.plain_names import is_text

State = Literal["waiting", "in progress", "streaming", "done", "incomplete", "broken off"]

MOST_EVENTS = 10_000
"""Events that are stored for display, the latest ones."""

_HOLDERS = ("delta", "content", "text", "value")
"""Keys that hold the text of a delta, or a container of it, as seen or likely."""

_DEPTH = 8
_FAILURES = frozenset({"thread.run.failed", "thread.run.cancelled", "thread.run.expired", "thread.run.incomplete"})


class AgentReply:
    """The text of an agent's message so far, and its state. It processes one event at a time.

    For any other event stream it stores the events, and `is_of_agent` stays False. It stores all text: the reader of
    the stream must limit its length.

    Attributes:
        message_id: of the message that is coming; empty while there is none.
        state: `incomplete` where the agent stopped before its end, `broken off` where the stream did.
        words: what the agent is doing, or why the reply is not whole.
        count: how many events came; `events` are the latest of them.
        unreadable: the latest events whose data are not what their kind promises.
    """

    def __init__(self) -> None:
        self.message_id = ""
        self.state: State = "waiting"
        self.words = ""
        self.count = 0
        self.is_of_agent = False
        self.events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self.unreadable: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._text = io.StringIO()
        self._is_complete = False

    @property
    def text(self) -> str:
        """The text so far; the separated halves of a character are joined."""
        text = self._text.getvalue()
        return text if is_text(text) else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")

    @property
    def is_over(self) -> bool:
        """Whether no more events are expected."""
        return self.state in {"done", "incomplete", "broken off"}

    def events_as_json(self) -> bytes:
        """Return the latest events as JSON, each with its kind and its data."""
        return msgspec.json.encode([{"event": _named(each)[0], "data": _readable(each.data)} for each in self.events])

    def hear(self, event: Event) -> None:
        """Process the next event."""
        self.count += 1
        self.events.append(event)
        kind, document = _named(event)
        if kind.startswith("thread.") or kind in {"done", "error"}:
            self.is_of_agent |= kind != "error"
            self._follow(kind, document, event)

    def end(self, broken: str = "") -> None:
        """End the stream; `broken` says why, if it did not end regularly.

        A stream that ends without `done` also counts as broken off, unless the agent has finished.
        """
        if self.is_over:
            return
        if not broken and (self._is_complete or not self.is_of_agent):
            self.state, self.words = "done", ""
        else:
            self.state, self.words = "broken off", broken or "The stream ended before the reply was complete."

    def _follow(self, kind: str, document: Any, event: Event) -> None:
        if kind == "thread.message.delta":
            self._add(document, event)
        elif kind == "done":
            self._end("done", "")
        elif kind == "error" or kind in _FAILURES:
            said = _reason(document) or _plain_text(event, document)
            self._end("incomplete", said or kind.rpartition(".")[2])
        elif not isinstance(document, Mapping):
            self.unreadable.append(event)
        elif kind == "thread.message.created":
            self._begin(_id(document))
        elif kind == "thread.message.incomplete":
            self._end("incomplete", _reason(document) or "no reason given")
        elif kind == "thread.message.completed":
            self._complete(document)
        elif kind.startswith("thread.run."):
            self._is_complete |= kind == "thread.run.completed"
            self._progress(kind.rpartition(".")[2].replace("_", " "))

    def _begin(self, message_id: str) -> None:
        if message_id != self.message_id and self._text.tell():
            self._text.write("\n\n")
        self.message_id = message_id or self.message_id

    def _add(self, document: Any, event: Event) -> None:
        if isinstance(document, Mapping):
            self.message_id = self.message_id or _id(document)
            text = _text_in(document)
        else:
            text = _plain_text(event, document)
        if text is None:
            self.unreadable.append(event)
        elif text and not self.is_over:
            self._text.write(text)
            self.state, self.words = "streaming", ""

    def _complete(self, document: Mapping[str, Any]) -> None:
        """Take the complete message at the end of the stream, if none of it was streamed."""
        self._is_complete = True
        if not self._text.tell():
            self.message_id = self.message_id or _id(document)
            self._text.write(_text_in(document) or "")

    def _progress(self, words: str) -> None:
        if self.state in {"waiting", "in progress"}:
            self.state, self.words = "in progress", words

    def _end(self, state: State, words: str) -> None:
        """Note the first end, which counts: an incomplete reply is also followed by `done`."""
        if not self.is_over:
            self.state, self.words = state, words


def _named(event: Event) -> tuple[str, Any]:
    """Return an event's kind and its data; if the stream does not name the kind, the data may."""
    document = _decoded(event.data)
    if event.kind != "message":
        return event.kind, document
    if event.data.strip() == "[DONE]":
        return "done", document
    if isinstance(document, Mapping):
        named = (document.get(key) for key in ("event", "type", "object"))
        kind = next((each for each in named if isinstance(each, str)), "")
        return kind, document["data"] if isinstance(document.get("data"), Mapping) else document
    return event.kind, document


def _readable(data: str) -> Any:
    """Return the JSON, else the text."""
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return data.encode(errors="replace").decode()
    return msgspec.Raw(data.encode())


def _decoded(data: str) -> Any:
    """Decode JSON, or return None. A lone surrogate is accepted, because another event may bring its other half."""
    with suppress(InvalidJSONError):
        return read_json(data)
    return None


def _plain_text(event: Event, document: Any) -> str | None:
    """Return the text of a delta that is not an object; None if it was meant to be one."""
    if isinstance(document, str):
        return document
    return None if event.data.lstrip().startswith(("{", "[")) else event.data


def _text_in(part: Any, depth: int = _DEPTH) -> str | None:
    """Return the text of all parts of a delta, in any layout; None if it cannot hold any."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(_text_in(each, depth - 1) or "" for each in part) if depth else ""
    if isinstance(part, Mapping) and depth:
        held = (part[key] for key in _HOLDERS if part.get(key) is not None)
        return next((text for each in held if (text := _text_in(each, depth - 1)) is not None), None)
    return None


def _id(document: Mapping[str, Any]) -> str:
    value = document.get("id")
    return value if isinstance(value, str) else ""


def _reason(document: Any) -> str:
    """Return why the agent stopped: `incomplete_details.reason`, or the message of an error."""
    if isinstance(document, str):
        return document
    if not isinstance(document, Mapping):
        return ""
    inner = (document.get(key) for key in ("incomplete_details", "last_error", "error"))
    within = next((each for each in inner if each), document)
    if isinstance(within, str):
        return within
    said = (within.get(key) for key in ("reason", "message", "code")) if isinstance(within, Mapping) else ()
    return next((each.replace("_", " ") for each in said if isinstance(each, str) and each), "")
