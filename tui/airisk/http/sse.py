"""Server-Sent Events, parsed as they arrive.

As in the WHATWG's HTML standard (9.2.5 and 9.2.6), with additional bounds.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from tui.errors import InvalidResponseError

EVENT_CAP = 1024 * 1024
"""Bytes of a line, and characters of one event's data, that are read before the stream is given up."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MILLISECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream.

    `kind` is "message" if the stream names none. `id` and `retry` (milliseconds until a reader should reconnect) are
    the stream's latest values.
    """

    kind: str
    data: str = field(repr=False)
    id: str = ""
    retry: int | None = None


async def read_events(chunks: AsyncIterator[bytes], *, cap: int = EVENT_CAP) -> AsyncIterator[Event]:
    """Yield the events of a stream, each as soon as the empty line after it has arrived.

    Invalid UTF-8 is replaced. Anything after the last empty line is not an event, as in the standard.

    Raises:
        InvalidResponseError: a line or an event is longer than `cap`, or the stream ended in the middle of an event.
    """
    reader = EventReader(cap=cap)
    async for chunk in chunks:
        for event in reader.feed(chunk):
            yield event
    reader.end()


class EventReader:
    """Parser of events in chunks.

    A CR at the end of a chunk ends its line at once, because a following LF may arrive much later.
    """

    def __init__(self, *, cap: int = EVENT_CAP) -> None:
        self._cap = cap
        self._block = _Block(cap)
        self._line = bytearray()
        self._is_first, self._is_after_return = True, False

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Yield the events that end with this chunk.

        Raises:
            InvalidResponseError: a line or an event is longer than the cap.
        """
        rest = chunk.removeprefix(b"\n") if self._is_after_return else chunk
        self._is_after_return = chunk.endswith(b"\r") if chunk else self._is_after_return
        for piece in rest.splitlines(keepends=True):
            if len(self._line) + len(piece) > self._cap:
                raise _too_large(self._cap)
            self._line += piece
            if piece.endswith((b"\r", b"\n")) and (event := self._take(self._whole_line())):
                yield event

    def end(self) -> None:
        """Check that the stream ended between two events.

        Raises:
            InvalidResponseError: an event is incomplete.
        """
        line = self._whole_line()
        self._block.has_begun |= bool(line) and not line.startswith(b":")
        if self._block.has_begun:
            raise InvalidResponseError(
                "The response ended in the middle of an event.", advice="Everything before it was received."
            )

    def _whole_line(self) -> bytes:
        line = bytes(self._line.removeprefix(_BYTE_ORDER_MARK) if self._is_first else self._line)
        self._is_first &= not line
        self._line.clear()
        return line

    def _take(self, line: bytes) -> Event | None:
        text = line.rstrip(b"\r\n").decode("utf-8", errors="replace")
        if not text:
            return self._block.end()
        self._block.take(text)
        return None


class _Block:
    """The fields up to the next empty line, and those that persist beyond it."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._id = ""
        self._retry: int | None = None
        self._begin()

    def _begin(self) -> None:
        self.has_begun = False
        self._kind = ""
        self._data: list[str] = []
        self._size = 0

    def take(self, line: str) -> None:
        """Process a line that is not empty; comments and unknown fields are ignored."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._add(value)
        elif name == "event":
            self._kind = value
            self.has_begun = True
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and _MILLISECONDS.fullmatch(value):
            self._retry = int(value)

    def _add(self, value: str) -> None:
        self._size += len(value) + 1
        if self._size > self._cap:
            raise _too_large(self._cap)
        self._data.append(value)
        self.has_begun = True

    def end(self) -> Event | None:
        """Return the event that an empty line ends; None without data."""
        event = Event(self._kind or "message", "\n".join(self._data), self._id, self._retry) if self._data else None
        self._begin()
        return event


def _too_large(cap: int) -> InvalidResponseError:
    return InvalidResponseError(
        f"AIRisk sent an event larger than {cap / 1_000_000:.0f} MB; reading stopped.",
        advice="Everything before it was received.",
    )
