"""What comes back: an answer whose body is still coming, and one that is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from tui.airisk.errors import BrokenAnswer
from tui.airisk.models import Head, Timing
from tui.airisk.stopwatch import Stopwatch

ANSWER_CAP = 16 * 1024 * 1024
"""Bytes of an answer that are read before it is refused."""

LIST_CAP = 256 * 1024 * 1024
"""The same for the list of users: 1,000,000 of them with mail addresses and groups are about 200 MB."""


@dataclass(kw_only=True)
class Incoming(Head):
    """An answer whose head has arrived, and whose body is still coming.

    `skew` is the server's clock (`Date`) minus ours in seconds, or None where it did not say.
    """

    chunks: AsyncIterator[bytes] = field(repr=False)
    skew: float | None
    stopwatch: Stopwatch = field(repr=False)

    async def whole(self, cap: int = ANSWER_CAP) -> bytes:
        """Read the whole body.

        Raises:
            NoAnswer: it does not come.
            BrokenAnswer: it is longer than `cap` bytes.
        """
        # One growing buffer: a list of as many small pieces takes a quarter more.
        body = bytearray()
        async for chunk in self.pieces(cap):
            body += chunk
        return bytes(body)

    async def pieces(self, cap: int = ANSWER_CAP) -> AsyncIterator[bytes]:
        """Read the body piece by piece; raises as `whole`."""
        announced = self.header("content-length")
        length = int(announced) if announced.isdecimal() else 0
        size = 0
        async for chunk in self.chunks:
            size += len(chunk)
            # What is announced counts only once something comes: HEAD and 304 announce, and send nothing.
            if max(size, length) > cap:
                raise BrokenAnswer(
                    f"The answer is larger than {cap // 1_000_000} MB; it was not read.", advice="Ask for less at once."
                )
            yield chunk


@dataclass(kw_only=True)
class Answer(Head):
    """What came back, whole. `size` is that of the body in bytes, also if it was taken; `skew` see `Incoming`."""

    body: bytes = field(repr=False)
    size: int = 0
    skew: float | None
    timing: Timing


Take = Callable[[Incoming], Awaitable[int]]
"""What is done with a body while it comes; it tells how many bytes it had."""
