"""HTTP transport. All network access goes through here: one origin, deadlines, size limits, no cookies, no redirects.

httpx's transport is driven directly, below its client: a client would follow the redirect that carries the code,
keep one cookie jar for all identities, and unpack a bomb before any cap could act.
"""

from __future__ import annotations

import asyncio
import io
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from tui import clocks
from tui.airisk.http.errors import is_refused, proxy_wants_sign_in, timeout_error, translate_errors
from tui.airisk.http.masking import SHORTEST_QUOTED, SentSecrets
from tui.airisk.http.pool import ConnectionPool, Handshake
from tui.airisk.http.request import (
    OWN_VALUES,
    Progress,
    Request,
    complete_headers,
    validate_request,
)
from tui.airisk.http.response import RESPONSE_CAP, BodyConsumer, RequestTimer, Response, StreamingResponse
from tui.airisk.http.tls import context_for, trusting_context
from tui.errors import InvalidResponseError

if TYPE_CHECKING:
    from tui.airisk.http.har import HarRecorder
    from tui.config.settings import Settings


class UploadStream(httpx.AsyncByteStream):
    """Body of a request. Each piece that is sent restarts the deadline and reports the progress.

    Args:
        request: the request, with its body.
        deadline: deadline of the whole exchange, which a large file over a slow line must not reach.
        seconds: time until the deadline, from each piece on.
        progress: called with the number of bytes sent, and the total.
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
            sent += len(chunk)  # A piece has been sent when the next one is requested.
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)
            if self._progress:
                self._progress(sent, self._size)


CONNECT_SECONDS = 10.0

_LOCAL = ("localhost", "::1", "127.0.0.1")
"""Addresses on which this machine may listen, regardless of its hosts file."""

_LEAVES = "http11.send_request_headers.started"
"""The transport's event right before the first byte of a request."""

_SAME_CLOCK = 2.0
"""Seconds within which two clocks agree: `Date` has whole seconds, and travels. Corrected by less, a token would
count as valid for up to a second after its expiry."""


class HttpClient:
    """HTTP client for one origin.

    Args:
        settings: the origin, the CA file, the proxy and the time-out (seconds for a whole exchange).
        recorder: records what is sent and received.

    Attributes:
        sent: secrets that were sent, which are masked in responses, except to requests that fetch a secret.
    """

    def __init__(self, settings: Settings, recorder: HarRecorder | None = None) -> None:
        self._headers = settings.headers
        self.sent = SentSecrets(always=[value for _, value in settings.headers])
        self._origin = settings.origin
        self._seconds = settings.timeout
        self._proxy_name = _name_of(settings.proxy)
        self._translate_errors = partial(translate_errors, settings.origin.name, proxy=self._proxy_name)
        is_local = settings.origin.host == "localhost" and not settings.proxy
        self._hosts: tuple[str, ...] = _LOCAL if is_local else (settings.origin.host,)
        is_secure = settings.origin.scheme == "https"
        verify = context_for(settings) if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        proxy = _proxy(settings.proxy)
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60)
        pool = ConnectionPool(
            lambda: httpx.AsyncHTTPTransport(verify=verify, proxy=proxy, trust_env=False, limits=limits)
        )
        self._transport: httpx.AsyncBaseTransport = recorder.observe(pool) if recorder else pool

    async def close(self) -> None:
        """Drop all connections."""
        await self._transport.aclose()

    async def preview(self, request: Request) -> tuple[list[str], bytes]:
        """Return the request line with the headers, and the body, as they would be sent. Secrets are masked.

        Raises:
            RequestRejectedError: the request is not one this program sends.
        """
        async with asyncio.timeout(None) as deadline:
            outgoing = self._outgoing(request, RequestTimer(), deadline, self._origin.host)
            assert isinstance(outgoing.stream, httpx.AsyncByteStream)  # noqa: S101 - as httpx makes it
            body = b"".join([chunk async for chunk in outgoing.stream])
        first = b"%s %s HTTP/1.1" % (request.method.encode("ascii"), outgoing.url.raw_path)
        lines = [first, *(b"%s: %s" % header for header in outgoing.headers.raw)]
        masked = partial(self.sent.masked, shortest=SHORTEST_QUOTED)
        return [masked(line).decode("latin-1") for line in lines], masked(body)

    async def send(self, request: Request, *, cap: int = RESPONSE_CAP, take: BodyConsumer | None = None) -> Response:
        """Send a request and read its whole response. `take`, if given, consumes a 200 and returns its size.

        Raises:
            RequestRejectedError: the request is not one this program sends.
            NoResponseError: nothing within the time-out, or the body is longer than `cap` bytes.
        """
        async with self.open(request, is_endless=take is not None) as incoming:
            is_taken = take is not None and incoming.status == 200
            body = b"" if is_taken else await incoming.whole(cap)
            size = await take(incoming) if take and is_taken else len(body)
        return Response(
            status=incoming.status,
            reason=incoming.reason,
            headers=incoming.headers,
            body=body,
            size=size,
            clock_skew=incoming.clock_skew,
            timing=incoming.timer.read(),
        )

    @asynccontextmanager
    async def open(self, request: Request, *, is_endless: bool = True) -> AsyncIterator[StreamingResponse]:
        """Send a request; the body is then read from `StreamingResponse.chunks`.

        Everything up to leaving the context must complete within the time-out, counted from the last piece of a sent
        file. If `is_endless`, only the time spent waiting for AIRisk counts, not the processing of chunks. An event
        stream may take any time, unless it is silent for longer than the time-out.

        Raises:
            RequestRejectedError: the request is not one this program sends.
            NoResponseError: no response arrived in time.
            InvalidResponseError: the response is not valid HTTP.
        """
        deadline, timer = asyncio.timeout(self._seconds), RequestTimer()
        try:
            async with deadline:
                response = await self._send_with_retry(request, timer, deadline)
                try:
                    incoming = self._incoming(response, timer)
                    if not request.fetches_secret:
                        incoming = self.sent.masked_head(incoming)
                        incoming.chunks = self.sent.masked_chunks(incoming.chunks)
                    if is_endless:
                        deadline.reschedule(None)
                        is_stream = incoming.content_type == "text/event-stream"
                        incoming.chunks = self._in_time(incoming.chunks, is_per_chunk=is_stream)
                    yield incoming
                finally:
                    await response.aclose()
        except TimeoutError:
            if not deadline.expired():
                raise
            raise timeout_error(self._origin.name, self._seconds) from None

    async def _send_with_retry(
        self, request: Request, timer: RequestTimer, deadline: asyncio.Timeout
    ) -> httpx.Response:
        """Return the response's status and headers.

        A safe request without a response is resent once, because a kept-alive connection may have been closed.
        """
        with self._translate_errors():
            try:
                return await self._send_to_first_host(request, timer, deadline)
            except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
                if not request.is_safe or isinstance(error, httpx.ConnectError):
                    raise
        if request.sent_again:
            await request.sent_again()
        with self._translate_errors():
            return await self._send_to_first_host(request, timer, deadline)

    async def _send_to_first_host(
        self, request: Request, timer: RequestTimer, deadline: asyncio.Timeout
    ) -> httpx.Response:
        """Send to the first address that accepts a connection and prefer it next time.

        Return the response, its body unread.
        """
        *others, last = self._hosts
        for host in others:
            try:
                response = await self._transport.handle_async_request(self._outgoing(request, timer, deadline, host))
            except httpx.ConnectError as error:
                if not is_refused(error):
                    raise
            else:
                self._prefer(host)
                return response
        response = await self._transport.handle_async_request(self._outgoing(request, timer, deadline, last))
        self._prefer(last)
        return response

    def _prefer(self, host: str) -> None:
        self._hosts = (host, *(each for each in self._hosts if each != host))

    def _outgoing(self, request: Request, timer: RequestTimer, deadline: asyncio.Timeout, host: str) -> httpx.Request:
        validate_request(request)
        self.sent.add(request.bearer, *request.secrets)
        origin = self._origin
        defaults = (*OWN_VALUES, *((name, value.reveal()) for name, value in self._headers))
        headers = complete_headers(request.headers, defaults)
        head = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
        if request.bearer:
            head.append((b"Authorization", b"Bearer " + request.bearer.reveal().encode("ascii")))
        patience = min(CONNECT_SECONDS, self._seconds)
        limits = {"connect": patience, "read": None, "write": None, "pool": patience}
        extensions: dict[str, Any] = {"timeout": limits, "trace": _trace(request, timer)}
        if host != origin.host:
            head.append((b"Host", origin.name.encode("ascii")))
            extensions["sni_hostname"] = origin.host
        url = httpx.URL(scheme=origin.scheme, host=host, port=origin.port, raw_path=request.target.encode("ascii"))
        content = {"files": [(name, (filename, io.BytesIO(data))) for name, filename, data in request.files]}
        body = content if request.files else {"content": request.body}
        outgoing = httpx.Request(request.method, url, headers=head, extensions=extensions, **body)
        if request.files or request.progress:
            outgoing.stream = UploadStream(outgoing, deadline, self._seconds, request.progress)
        return outgoing

    def _incoming(self, response: httpx.Response, timer: RequestTimer) -> StreamingResponse:
        timer.mark_first_byte()
        if response.status_code == 407:
            raise proxy_wants_sign_in(self._proxy_name)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            raise InvalidResponseError(
                "Unexpected compressed response; it was not decompressed.",
                advice="A proxy may have compressed it. Ask its operator to turn that off.",
            )
        return StreamingResponse(
            status=response.status_code,
            reason=bytes(response.extensions.get("reason_phrase", b"")).decode("latin-1"),
            headers=tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw),
            chunks=self._chunks(response),
            clock_skew=_clock_skew(response),
            timer=timer,
        )

    async def _chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport always gives
        with self._translate_errors():
            async for chunk in stream:
                yield chunk

    async def _in_time(self, chunks: AsyncIterator[bytes], *, is_per_chunk: bool) -> AsyncIterator[bytes]:
        """Yield the chunks within the time-out: of all of them together, or of each."""
        left = self._seconds
        while True:
            started = time.perf_counter()
            try:
                async with asyncio.timeout(left):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                raise timeout_error(self._origin.name, self._seconds) from None
            if chunk is None:
                return
            if not is_per_chunk:
                left -= time.perf_counter() - started
            yield chunk


def _trace(request: Request, timer: RequestTimer) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """Return a trace callback that follows the transport's steps and records when the request is sent."""
    handshake = Handshake(timer.hear)

    async def hear(event: str, details: Mapping[str, Any]) -> None:
        # A proxy is first sent a CONNECT request of its own.
        if request.leaves and event == _LEAVES and details["request"].method != b"CONNECT":
            request.leaves()
        await handshake.hear(event, details)

    return hear


def _proxy(url: str) -> httpx.Proxy | None:
    """Return the proxy. TLS to it is verified with the machine's own certificates, not with the deployment's."""
    if not url:
        return None
    return httpx.Proxy(url, ssl_context=trusting_context() if url.lower().startswith("https:") else None)


def _name_of(url: str) -> str:
    """Return a proxy's host and port, without its user name and password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _clock_skew(response: httpx.Response) -> float | None:
    try:
        clock_skew = parsedate_to_datetime(response.headers.get("date", "")).timestamp() - clocks.wall()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return clock_skew if abs(clock_skew) >= _SAME_CLOCK else 0.0
