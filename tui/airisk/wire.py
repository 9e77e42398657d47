"""The only door to the network: one origin, deadlines, byte caps, no cookies, no redirects, no environment.

httpx's transport is driven directly, below its client: a client would follow the redirect that carries the code,
keep one cookie jar for all identities, and unpack a bomb before any cap could act.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

# httpx would import its own command line (click, pygments: 20 ms) wherever click is installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

from tui.airisk.breakdowns import Disconnected, in_words  # noqa: E402
from tui.airisk.errors import BrokenAnswer, Refused  # noqa: E402
from tui.airisk.models import METHODS, SAFE_METHODS, Files, Head, Headers  # noqa: E402
from tui.airisk.tls import tls_context  # noqa: E402

if TYPE_CHECKING:
    from tui.airisk.settings import Settings
    from tui.airisk.vault import Secret

ANSWER_CAP = 16 * 1024 * 1024
"""Bytes of an answer that are read before it is refused."""

LIST_CAP = 256 * 1024 * 1024
"""The same for the list of users: 1,000,000 of them with mail addresses and groups are about 200 MB."""

CONNECT_SECONDS = 10.0
OWN_HEADERS = frozenset(
    {"authorization", "connection", "content-length", "cookie", "host", "te", "transfer-encoding", "upgrade"}
    | {"accept-encoding", "expect", "proxy-authorization", "proxy-connection", "trailer", "keep-alive"}
)
"""Header names that only the program may set, in lower case."""

_TARGET = re.compile(r"/(?!/)[!$-;=?-\[\]_a-z~]*")
_DOT_SEGMENT = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|\?|$)", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out, before the origin and the program's own headers are put to it.

    `target` is a percent-encoded path with its query, beginning with one slash.
    """

    method: str
    target: str = field(repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    files: Files = field(default=(), repr=False)
    bearer: Secret | None = None

    @property
    def is_safe(self) -> bool:
        """Whether sending it twice does what sending it once does (RFC 9110, 9.2.1)."""
        return self.method in SAFE_METHODS


@dataclass(kw_only=True)
class Incoming(Head):
    """An answer whose head has arrived, and whose body is still coming.

    `skew` is the server's clock (`Date`) minus ours in seconds, or None where it did not say.
    """

    chunks: AsyncIterator[bytes] = field(repr=False)
    skew: float | None


@dataclass(kw_only=True)
class Answer(Head):
    """What came back, whole. `seconds` is from sending to the last byte; `skew` see `Incoming`."""

    body: bytes = field(repr=False)
    seconds: float
    skew: float | None


class Wire:
    """Sends requests to one origin, and to nothing else.

    Args:
        settings: the origin, the CA file, the proxy and the time-out (seconds for a whole exchange).
    """

    def __init__(self, settings: Settings) -> None:
        self._origin = settings.origin
        self._seconds = settings.timeout
        self._transport = httpx.AsyncHTTPTransport(
            verify=tls_context(settings)
            if settings.origin.scheme == "https"
            else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            proxy=httpx.Proxy(settings.proxy) if settings.proxy else None,
            trust_env=False,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60),
        )

    async def close(self) -> None:
        """Drop all connections."""
        await self._transport.aclose()

    async def ask(self, request: Request, *, cap: int = ANSWER_CAP) -> Answer:
        """Send a request and read its whole answer.

        A safe request whose kept connection turned out to be closed is sent once more, unnoticed.

        Raises:
            Refused: the request is not one this program sends.
            NoAnswer: nothing within the time-out, or the body is longer than `cap` bytes.
        """
        try:
            return await self._ask(request, cap)
        except Disconnected:
            if not request.is_safe:
                raise
        return await self._ask(request, cap)

    async def _ask(self, request: Request, cap: int) -> Answer:
        started = time.perf_counter()
        async with self.open(request, is_endless=False) as incoming:
            body = await _collect(incoming, cap)
        seconds = time.perf_counter() - started
        return Answer(
            status=incoming.status,
            reason=incoming.reason,
            headers=incoming.headers,
            body=body,
            seconds=seconds,
            skew=incoming.skew,
        )

    @asynccontextmanager
    async def open(self, request: Request, *, is_endless: bool = True) -> AsyncIterator[Incoming]:
        """Send a request; the body is then read from `Incoming.chunks`.

        Everything up to leaving the context must be done within the time-out; where `is_endless`, an event stream may
        take as long as it likes, as long as it does not fall silent for longer than that.

        Raises:
            Refused: the request is not one this program sends.
            NoAnswer: nothing came, or not in time.
            BrokenAnswer: what came is not a readable HTTP answer.
        """
        outgoing = self._outgoing(request)
        async with in_words(self._origin.name, self._seconds), asyncio.timeout(self._seconds) as deadline:
            response = await self._transport.handle_async_request(outgoing)
            try:
                incoming = _incoming(response)
                if is_endless and incoming.content_type == "text/event-stream":
                    deadline.reschedule(None)
                    incoming.chunks = _never_silent(incoming.chunks, self._seconds)
                yield incoming
            finally:
                await response.aclose()

    def _outgoing(self, request: Request) -> httpx.Request:
        _refuse_unsendable(request)
        origin = self._origin
        head = [
            (b"Accept", b"application/json"),
            (b"Accept-Encoding", b"identity"),
            (b"User-Agent", b"airisk-tui"),
        ]
        given = [(name.encode("ascii"), value.encode("latin-1")) for name, value in request.headers]
        replaced = {name.lower() for name, _ in given}
        head = [(name, value) for name, value in head if name.lower() not in replaced] + given
        if request.bearer:
            head.append((b"Authorization", b"Bearer " + request.bearer.reveal().encode("ascii")))
        patience = min(CONNECT_SECONDS, self._seconds)
        limits = {"connect": patience, "read": None, "write": None, "pool": patience}
        url = httpx.URL(
            scheme=origin.scheme, host=origin.host, port=origin.port, raw_path=request.target.encode("ascii")
        )
        content = {"files": [(name, (filename, data)) for name, filename, data in request.files]}
        body = content if request.files else {"content": request.body}
        return httpx.Request(request.method, url, headers=head, extensions={"timeout": limits}, **body)


def _refuse_unsendable(request: Request) -> None:
    """Refuse by name whatever could leave the origin, or smuggle a header or another request."""
    if request.method not in METHODS:
        raise Refused("This method is not one of " + ", ".join(METHODS) + ".")
    if not _TARGET.fullmatch(request.target):
        raise Refused("The path must begin with one / and hold no space, backslash, # or control character.")
    if _DOT_SEGMENT.search(request.target.partition("?")[0]):
        raise Refused("The path must not contain . or .. as a step.")
    for name, value in request.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise Refused("A header's name holds a character that HTTP does not allow.")
        if name.lower() in OWN_HEADERS:
            raise Refused(f"The header {name} is the program's own to set.")
        if not _HEADER_VALUE.fullmatch(value):
            raise Refused(f"The header {name} holds a character that HTTP does not allow.")
    if request.bearer and not re.fullmatch(r"[\x21-\x7e]+", request.bearer.reveal()):
        raise Refused("The token holds a character that HTTP does not allow.")


def _incoming(response: httpx.Response) -> Incoming:
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw)
    reason = bytes(response.extensions.get("reason_phrase", b"")).decode("latin-1")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise BrokenAnswer(
            "AIRisk sent a compressed answer though none was asked for; it was not unpacked.",
            advice="A proxy between here and AIRisk may do this: ask for it to be switched off.",
        )
    return Incoming(
        status=response.status_code,
        reason=reason,
        headers=headers,
        chunks=_chunks(response),
        skew=_skew(response),
    )


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport always gives
    async for chunk in stream:
        yield chunk


async def _never_silent(chunks: AsyncIterator[bytes], seconds: float) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(seconds):
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        yield chunk


async def _collect(incoming: Incoming, cap: int) -> bytes:
    announced = incoming.header("content-length")
    chunks: list[bytes] = []
    length = int(announced) if announced.isdecimal() else 0
    received = 0
    if length <= cap:
        async for chunk in incoming.chunks:
            received += len(chunk)
            if received > cap:
                break
            chunks.append(chunk)
        else:
            return b"".join(chunks)
    raise BrokenAnswer(
        f"The answer is larger than {cap // 1_000_000} MB; it was not read.", advice="Ask for less at once."
    )


def _skew(response: httpx.Response) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp() - time.time()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
