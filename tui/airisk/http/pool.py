"""A connection pool in which each connection is used by one request at a time.

httpcore keeps its connections in one list and checks each of them, with two system calls, several times per request.
With eight in parallel, that is a quarter of a request's time. Pools of one connection have no list to search.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import httpcore

MOST = 100
"""Connections at once."""

_KEPT = 20
"""Idle connections that stay open."""

_PATIENCE = 10.0
"""Seconds to wait for one of them to be free."""


class ConnectionPool(httpx.AsyncBaseTransport):
    """Transport that opens a connection per concurrent request, and reuses the most recently used one first.

    Args:
        make: makes a transport of one connection.
    """

    def __init__(self, make: Callable[[], httpx.AsyncHTTPTransport]) -> None:
        self._make = make
        self._free = asyncio.Semaphore(MOST)
        self._idle: list[httpx.AsyncHTTPTransport] = []
        self._all: set[httpx.AsyncHTTPTransport] = set()
        self._closing: set[asyncio.Future[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its connection is free again when the response is closed."""
        await self._one_more()
        transport = self._idle.pop() if self._idle else self._new()
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            self._give_back(transport, is_good=False)
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport always gives
        response.stream = _PooledStream(response.stream, partial(self._give_back, transport))
        return response

    async def aclose(self) -> None:
        """Drop all connections."""
        self._idle.clear()
        while self._all:
            await self._all.pop().aclose()
        await asyncio.gather(*self._closing)

    async def _one_more(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"All of {MOST} connections are in use.") from None

    def _new(self) -> httpx.AsyncHTTPTransport:
        made = self._make()
        self._all.add(made)
        return made

    def _give_back(self, transport: httpx.AsyncHTTPTransport, *, is_good: bool) -> None:
        """Return it to the pool, unless it may be in the middle of an exchange.

        Canceling twice interrupts httpcore's cleanup after the first time. The only slot of such a pool would then
        stay occupied forever.
        """
        self._free.release()
        if transport not in self._all:
            return  # all were dropped in the meantime
        if is_good and len(self._idle) < _KEPT:
            self._idle.append(transport)
            return
        self._all.discard(transport)
        # In its own task, which nothing cancels.
        closing = asyncio.ensure_future(transport.aclose())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)


class Handshake:
    """Closes the connection of an abandoned TLS handshake, which httpcore leaves to garbage collection.

    Args:
        hear: also called for every step.
    """

    def __init__(self, hear: Callable[[str, Mapping[str, Any]], Awaitable[None]]) -> None:
        self._hear = hear
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def hear(self, event: str, details: Mapping[str, Any]) -> None:
        """Follow the transport's steps; httpcore names the events."""
        await self._hear(event, details)
        if event == "connection.connect_tcp.complete":
            self._stream = details["return_value"]
        elif event == "connection.start_tls.failed" and self._stream:
            await self._stream.aclose()


class _PooledStream(httpx.AsyncByteStream):
    """The bytes of a response. Closing it returns its connection to the pool, once."""

    def __init__(self, stream: httpx.AsyncByteStream, give_back: Callable[..., None]) -> None:
        self._stream = stream
        self._give_back = give_back
        self._is_whole = False
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk
        self._is_whole = True

    async def aclose(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        is_good = False
        try:
            await self._stream.aclose()
            is_good = self._is_whole
        finally:
            self._give_back(is_good=is_good)
