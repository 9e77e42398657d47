"""A response, whole or while its body still arrives, with its timing and its Retry-After."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from tui import clocks
from tui.airisk.models import ResponseHead, Timing
from tui.errors import InvalidResponseError
from tui.format import coarse_duration

_CONNECTING = ("connection.connect_tcp.started", "connection.start_tls.started")
_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class RequestTimer:
    """Timer that starts when it is created, and is read at the last byte."""

    def __init__(self) -> None:
        self._started = clocks.precise()
        self._connecting = 0.0
        self._connected = 0.0
        self._first_byte = 0.0

    async def hear(self, event: str, _: Mapping[str, Any]) -> None:
        """Follow the transport's steps; httpcore names the events."""
        if event in _CONNECTING and not self._connecting:
            self._connecting = clocks.precise()
        elif event in _CONNECTED:
            self._connected = clocks.precise()

    def mark_first_byte(self) -> None:
        """Note that the headers of the response have arrived."""
        self._first_byte = clocks.precise()

    def read(self) -> Timing:
        """Return the timing up to now, in seconds."""
        now = clocks.precise()
        return Timing(
            connect=max(0.0, self._connected - self._connecting),
            first_byte=(self._first_byte or now) - self._started,
            total=now - self._started,
        )


RESPONSE_CAP = 16 * 1024 * 1024
"""Maximum bytes of a response body."""

LIST_CAP = 256 * 1024 * 1024
"""The same for the list of users: 1,000,000 of them with mail addresses and groups are about 200 MB."""


@dataclass(kw_only=True)
class StreamingResponse(ResponseHead):
    """A response whose headers have arrived, while its body is still arriving.

    `clock_skew` is the server's clock (`Date`) minus ours in seconds, or None if unknown.
    """

    chunks: AsyncIterator[bytes] = field(repr=False)
    clock_skew: float | None
    timer: RequestTimer = field(repr=False)

    async def whole(self, cap: int = RESPONSE_CAP) -> bytes:
        """Read the whole body.

        Raises:
            NoResponseError: it does not arrive.
            InvalidResponseError: it is longer than `cap` bytes.
        """
        # One growing buffer: a list of many small pieces takes a quarter more.
        body = bytearray()
        async for chunk in self.pieces(cap):
            body += chunk
        return bytes(body)

    async def pieces(self, cap: int = RESPONSE_CAP) -> AsyncIterator[bytes]:
        """Read the body piece by piece; raises as `whole`."""
        announced = self.header("content-length")
        length = int(announced) if announced.isdecimal() else 0
        size = 0
        async for chunk in self.chunks:
            size += len(chunk)
            # The announced length counts only once data arrives: HEAD and 304 announce one, and send nothing.
            if max(size, length) > cap:
                raise InvalidResponseError(
                    f"Response larger than {cap // 1_000_000} MB; download stopped.",
                    advice="Request fewer results per page.",
                )
            yield chunk


@dataclass(kw_only=True)
class Response(ResponseHead):
    """A complete response.

    `size`: bytes of the body, even if it was not kept; `clock_skew`: see `StreamingResponse`.
    """

    body: bytes = field(repr=False)
    size: int = 0
    clock_skew: float | None
    timing: Timing


BodyConsumer = Callable[[StreamingResponse], Awaitable[int]]
"""Consumes a body while it arrives, and returns its size in bytes."""


_QUOTED = 40
"""Characters after which an unreadable header is cut."""


def seconds_of(header: str) -> float | None:
    """Return the seconds from now in the header, a number or a date (then perhaps negative); None if neither."""
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - clocks.wall()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def describe_retry_after(header: str) -> str:
    """Return `AIRisk asks to wait 5 s.`, or the header itself if it is not understood; empty without one."""
    seconds = seconds_of(header)
    if seconds is not None:
        return f"AIRisk asks to wait {_long(max(seconds, 0.0))}."
    text = header.strip()
    return f"AIRisk says when to try again: {text if len(text) <= _QUOTED else text[:_QUOTED] + '…'}." if text else ""


def _long(seconds: float) -> str:
    return f"{-(-seconds // 1):.0f} s" if seconds < 120 else coarse_duration(seconds)
