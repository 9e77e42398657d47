"""What crosses the wire: a request as received, a reply as sent."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import parse_qsl

MAX_LINE_BYTES = 1 << 20
MAX_HEADERS = 1000


class BadRequestError(ValueError):
    """What arrived is not an HTTP/1 request."""


@dataclass(repr=False)
class Received:
    """One request, exactly as it came.

    `identity` is the one its bearer token was issued for (None: no token, or one not ours);
    `status` is what was answered (None: nothing orderly). The repr holds neither query, headers nor body,
    so that a failing assertion cannot show a secret.
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    identity: str | None = None
    status: int | None = None

    def __repr__(self) -> str:
        return f"<Received {self.method} {self.path} as {self.identity} -> {self.status}>"

    @property
    def path(self) -> str:
        """The target without its query, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        """The decoded parameters of the target, in order."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    def values(self, name: str) -> list[str]:
        """Every value of a header, its name in any case."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next(iter(self.values(name)), None)


@dataclass(frozen=True)
class Reply:
    """An orderly answer; Content-Length and the reason phrase are added on the way out."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> "Reply":
        """The same answer with more headers."""
        return Reply(self.status, self.body, (*self.headers, *headers))

    def encoded(self) -> bytes:
        """The bytes of the whole answer."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


def json_reply(value: object, status: int = 200) -> Reply:
    """A JSON answer in UTF-8, escaped to ASCII only where a lone surrogate leaves no other way."""
    try:
        body = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        body = json.dumps(value).encode()
    return Reply(status, body, (("Content-Type", "application/json; charset=utf-8"),))


def text_reply(text: str, status: int, kind: str = "text/plain") -> Reply:
    """A textual answer in UTF-8."""
    return Reply(status, text.encode(), (("Content-Type", f"{kind}; charset=utf-8"),))


def read_head(stream: BinaryIO) -> Received | None:
    """Read a request line and its headers; None where the connection ended instead."""
    line = stream.readline(MAX_LINE_BYTES)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequestError("not a request line")
    headers: list[tuple[str, str]] = []
    while (line := stream.readline(MAX_LINE_BYTES)) not in {b"\r\n", b"\n"}:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(headers) == MAX_HEADERS:
            raise BadRequestError("not a header")
        headers.append((name, value.strip()))
    return Received(parts[0], parts[1], headers, b"")


def read_body(stream: BinaryIO, request: Received) -> bytes:
    """Read the body the headers announce, by length or in chunks."""
    if (request.header("Transfer-Encoding") or "").lower() == "chunked":
        return b"".join(_chunks(stream))
    try:
        length = int(request.header("Content-Length") or "0")
    except ValueError:
        raise BadRequestError("not a length") from None
    return _exactly(stream, length)


def _chunks(stream: BinaryIO) -> Iterable[bytes]:
    while size := int(stream.readline(MAX_LINE_BYTES).partition(b";")[0], 16):
        yield _exactly(stream, size)
        stream.readline(MAX_LINE_BYTES)
    while stream.readline(MAX_LINE_BYTES).strip():
        pass


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise ConnectionResetError("the request ended early")
    return data


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unheard Of"
