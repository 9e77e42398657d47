"""A body on its way out, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from tui.airisk.outgoing import Progress


class Watched(httpx.AsyncByteStream):
    """The body of a request; whenever a piece has gone out, the deadline begins anew and the progress is told.

    Args:
        request: with its body.
        deadline: of the whole exchange: a large file over a slow line is no silence.
        seconds: until that deadline, from each piece on.
        progress: told how many bytes have gone out, and how many there are.
    """

    def __init__(
        self, request: httpx.Request, deadline: asyncio.Timeout, seconds: float, progress: Progress | None
    ) -> None:
        self._stream = request.stream
        self._size = int(request.headers.get("content-length", 0))
        self._deadline = deadline
        self._seconds = seconds
        self._progress = progress

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        assert isinstance(self._stream, httpx.AsyncByteStream)  # noqa: S101 - as httpx makes it of what it is given here
        async for chunk in self._stream:
            yield chunk
            sent += len(chunk)  # What was asked for again has gone out.
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)
            if self._progress:
                self._progress(sent, self._size)
