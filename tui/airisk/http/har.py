"""Record requests as a HAR file (HTTP Archive 1.2) that can be given to others: no secret, name or id is in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import msgspec

import tui
from tui import clocks
from tui.airisk.http.pseudonyms import Pseudonyms
from tui.airisk.lenient_json import InvalidJSONError, read_json

_LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of a body that are recorded; a longer one only by its length."""

_PLAIN_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-ranges", "age", "allow", "cache-control", "connection", "content-encoding"}
    | {"content-length", "content-type", "date", "expires", "keep-alive", "pragma", "retry-after", "server"}
    | {"transfer-encoding", "upgrade", "user-agent", "vary", "via", "x-content-type-options", "x-frame-options"}
)
"""Headers whose values identify no user or deployment."""

_CHALLENGE = re.compile(r'(?:^|,\s*)([A-Za-z]+)(?=\s|$)|\b(error)="([a-z_]{1,40})"')


@dataclass(slots=True)
class _Exchange:
    started: datetime
    milliseconds: float
    request: httpx.Request
    sent: bytes
    response: httpx.Response | None = None
    body: bytearray | None = field(default_factory=bytearray)
    failure: str = ""


class HarRecorder:
    """Records what passes through transports."""

    def __init__(self) -> None:
        self._exchanges: list[_Exchange] = []

    def observe(self, transport: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """Return a transport that does the same, and is recorded."""
        return _RecordingTransport(transport, self._exchanges)

    @property
    def count(self) -> int:
        """Recorded requests."""
        return len(self._exchanges)

    def document(self) -> bytes:
        """Return the HAR file, its values replaced by pseudonyms."""
        pseudonyms = Pseudonyms(each.request.url.path for each in self._exchanges)
        entries = [_entry(each, pseudonyms) for each in self._exchanges]
        creator = {"name": "airisk-tui", "version": tui.__version__}
        log = {"version": "1.2", "creator": creator, "entries": entries}
        return msgspec.json.format(msgspec.json.encode({"log": log}), indent=2) + b"\n"


class _RecordingTransport(httpx.AsyncBaseTransport):
    def __init__(self, transport: httpx.AsyncBaseTransport, exchanges: list[_Exchange]) -> None:
        self._transport = transport
        self._exchanges = exchanges

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        started = clocks.precise()
        exchange = _Exchange(clocks.now(), 0.0, request, await request.aread())
        self._exchanges.append(exchange)
        try:
            response = await self._transport.handle_async_request(request)
        except Exception as error:
            exchange.failure = type(error).__name__
            raise
        finally:
            exchange.milliseconds = (clocks.precise() - started) * 1000
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what an async transport always gives
        exchange.response = response
        response.stream = _RecordedStream(response.stream, exchange)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class _RecordedStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, exchange: _Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        exchange = self._exchange
        async for chunk in self._stream:
            if exchange.body is not None:
                exchange.body += chunk
                if len(exchange.body) > _LARGEST_BODY:
                    exchange.body = None
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _entry(exchange: _Exchange, pseudonyms: Pseudonyms) -> dict[str, Any]:
    request = exchange.request
    took = round(exchange.milliseconds, 1)
    kind = request.headers.get("content-type", "")
    sent = {"postData": {"mimeType": kind, "text": _text(exchange.sent, kind, pseudonyms)}} if exchange.sent else {}
    return {
        "startedDateTime": clocks.timestamp(exchange.started),
        "time": took,
        "request": {
            "method": request.method,
            "url": pseudonyms.url(str(request.url)),
            **_head(request.headers, pseudonyms),
            "queryString": _pairs(pseudonyms.parameters(request.url.query.decode("ascii", "replace"))),
            "bodySize": len(exchange.sent),
            **sent,
        },
        "response": _response(exchange, pseudonyms),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    }


def _response(exchange: _Exchange, pseudonyms: Pseudonyms) -> dict[str, Any]:
    response, body = exchange.response, exchange.body
    headers = response.headers if response else httpx.Headers()
    kind = headers.get("content-type", "")
    text = "<too long to be recorded>" if body is None else _text(bytes(body), kind, pseudonyms)
    return {
        "status": response.status_code if response else 0,
        "statusText": pseudonyms.text(response.reason_phrase) if response else "",
        **_head(headers, pseudonyms),
        "content": {"size": -1 if body is None else len(body), "mimeType": kind, "text": text},
        "redirectURL": pseudonyms.url(headers.get("location", "")),
        "bodySize": -1,
        "comment": f"no response: {exchange.failure}" if exchange.failure else "",
    }


def _head(headers: httpx.Headers, pseudonyms: Pseudonyms) -> dict[str, Any]:
    shown = [(name, _header(name, value, pseudonyms)) for name, value in headers.multi_items()]
    return {"httpVersion": "HTTP/1.1", "cookies": [], "headers": _pairs(shown), "headersSize": -1}


def _header(name: str, value: str, pseudonyms: Pseudonyms) -> str:
    if name in _PLAIN_HEADERS:
        return value
    if name == "location":
        return pseudonyms.url(value)
    if name == "www-authenticate":
        return ", ".join(scheme or f'{error}="{code}"' for scheme, error, code in _CHALLENGE.findall(value))
    if name == "authorization":
        scheme, _, token = value.partition(" ")
        return f"{scheme} {pseudonyms.text(token, 'secret')}"
    return pseudonyms.parameter(name, value)


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _text(body: bytes, kind: str, pseudonyms: Pseudonyms) -> str:
    """Return a body as text, its values replaced: JSON as JSON, a form as a form, anything else as its length."""
    if not body:
        return ""
    if "x-www-form-urlencoded" in kind:
        parameters = pseudonyms.parameters(body.decode("ascii", "replace"))
        return "&".join(f"{pseudonyms.field(name)}={value}" for name, value in parameters)
    try:
        return msgspec.json.encode(pseudonyms.json(read_json(body))).decode()
    except InvalidJSONError:
        return f"<{len(body)} bytes that are not JSON>"
