"""Every fault of the broken server does what its name says, seen on the bare socket."""

import gzip
import socket
import zlib
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import BOMB_BYTES, CATALOG, PEOPLE
from tests.kit.deployment.listener import HOST
from tests.kit_holds.visitor import get, raw, receive

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
WHOLE_ANSWERS = {
    "closes_before_answer": b"",
    "short_body": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[]",
    "garbage_status_line": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "escape_in_reason": b"HTTP/1.1 404 \x1b]52;c;aGk=\x07\r\nContent-Length: 0\r\n\r\n",
    "c1_in_reason": b"HTTP/1.1 404 \x9d52;c;aGk=\x9c\r\nContent-Length: 0\r\n\r\n",
}
BODIES = {
    "captive_portal": b"<!DOCTYPE html>",
    "utf16_body": b"\xff\xfe[\x00",
    "bom_body": b"\xef\xbb\xbf[",
    "invalid_utf8": b'[{"id": "u-1", "name": "Zo\xff',
    "lone_surrogate": b'[{"id": "u-1", "name": "\\ud800"',
    "deep_nest": b"[[[[",
    "truncated_json": b'[{"id": "u-1", "na',
}
CHARSETS = {
    "charset_unknown": "klingon",
    "charset_not_text": "zlib",
    "charset_raising": "undefined",
    "charset_idna": "idna",
    "charset_with_nul": '"utf\\0-8"',
    "utf16_body": "utf-16",
}


def connected(server: BrokenServer) -> socket.socket:
    return socket.create_connection((HOST, server.port), timeout=10)


def test_refuses() -> None:
    with BrokenServer("refuses") as server, pytest.raises(ConnectionRefusedError):
        connected(server)


def test_black_hole_neither_accepts_nor_refuses() -> None:
    with BrokenServer("black_hole") as server, pytest.raises(TimeoutError):
        socket.create_connection((HOST, server.port), timeout=0.3)


def test_never_answers_but_takes_the_request() -> None:
    with BrokenServer("never_answers") as server, connected(server) as connection:
        connection.sendall(REQUEST)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert (server.requests[0].method, server.requests[0].status) == ("GET", None)


@pytest.mark.parametrize("name", WHOLE_ANSWERS)
def test_broken_answers(name: str) -> None:
    with BrokenServer(name) as server:
        assert raw(server) == WHOLE_ANSWERS[name]


def test_broken_framing() -> None:
    with BrokenServer("short_chunks") as server:
        assert raw(server).endswith(b"chunked\r\n\r\n2\r\n[]\r\n")
    with BrokenServer("two_lengths") as server:
        assert raw(server).count(b"Content-Length") == 2


@pytest.mark.parametrize("name", ["resets_before_answer", "resets_mid_body"])
def test_resets(name: str) -> None:
    with BrokenServer(name) as server, pytest.raises(ConnectionResetError):
        raw(server)


def test_connections_dropped_between_requests() -> None:
    with BrokenServer("drops_after_answer") as server:
        assert raw(server).endswith(b"\r\n\r\n[]")
    with BrokenServer("drops_second_request") as server, connected(server) as connection:
        connection.sendall(REQUEST)
        assert receive(connection, 15) == b"HTTP/1.1 200 OK"
        connection.sendall(REQUEST)
        assert receive(connection, 1 << 16).endswith(b"[]")
        assert [request.status for request in server.requests] == [200, None]


@pytest.mark.parametrize(
    ("name", "end"), [("captive_portal", b"</html>"), ("no_content_with_body_and_more_to_come", b"[]")]
)
def test_an_answered_connection_is_kept(name: str, end: bytes) -> None:
    with BrokenServer(name) as server, connected(server) as connection:
        for _ in range(2):
            connection.sendall(REQUEST)
            answer = b""
            while not answer.endswith(end):
                more = connection.recv(1 << 16)
                assert more
                answer += more
        assert len(server.requests) == 2


@pytest.mark.parametrize(("name", "encoding"), [("gzip_unasked", "gzip"), ("gzip_bomb", "gzip, gzip")])
def test_compressed_though_not_asked_for(name: str, encoding: str) -> None:
    with BrokenServer(name) as server:
        answer = get(server, "/")
    assert answer.headers["content-encoding"] == encoding
    assert len(answer.body) < 2000
    unpacked = gzip.decompress(answer.body)
    if name == "gzip_bomb":
        inflater, size = zlib.decompressobj(31), 0
        while part := inflater.decompress(unpacked, 1 << 20):
            unpacked, size = inflater.unconsumed_tail, size + len(part)
        assert size == BOMB_BYTES
    else:
        assert unpacked == PEOPLE.encode()


def test_truncated_gzip() -> None:
    with BrokenServer("gzip_truncated") as server, pytest.raises(EOFError):
        gzip.decompress(get(server, "/").body)


@pytest.mark.parametrize(
    "name", ["endless_body", "endless_chunks", "promised_terabyte", "endless_headers", "huge_header"]
)
def test_too_much(name: str) -> None:
    megabyte = 1 << 20
    with BrokenServer(name) as server:
        data = raw(server, megabyte)
        assert len(data) == megabyte
        assert (b"\r\n\r\n" in data) == (not name.endswith(("headers", "header")))


@pytest.mark.parametrize("name", BODIES)
def test_odd_bodies(name: str) -> None:
    with BrokenServer(name) as server:
        answer = get(server, "/")
    assert (answer.status, answer.body[: len(BODIES[name])]) == (200, BODIES[name])
    assert answer.kind == ("text/html" if name == "captive_portal" else "application/json")


@pytest.mark.parametrize("name", CHARSETS)
def test_odd_charsets(name: str) -> None:
    with BrokenServer(name) as server:
        assert get(server, "/").headers["content-type"] == f"application/json; charset={CHARSETS[name]}"


def test_odd_statuses() -> None:
    with BrokenServer("status_999") as server:
        assert get(server, "/").status == 999
        assert server.requests[0].status == 999
    with BrokenServer("no_content_with_body") as server:
        expected = b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n[]"
        assert raw(server, len(expected)) == expected


def test_retry_after() -> None:
    values = {"seconds": "5", "negative": "-1", "huge": "1000000000", "garbage": "when it suits you", "nothing": None}
    for status in (429, 503):
        for name, value in values.items():
            with BrokenServer(f"{status}_{name}") as server:
                answer = get(server, "/")
                assert (answer.status, answer.headers.get("retry-after")) == (status, value)
        with BrokenServer(f"{status}_date") as server:
            assert parsedate_to_datetime(get(server, "/").headers["retry-after"]).year > 2000


@pytest.mark.parametrize("name", [name for name in CATALOG if name.startswith("redirects")])
def test_redirects_lead_to_the_thief(name: str) -> None:
    with BrokenServer(name) as server:
        answer = get(server, "/api/x?y=1")
        location = urlsplit(answer.headers["location"])
        assert answer.status == int(name.split("_")[1])
        assert location.hostname == (HOST if name.endswith("port") else "localhost")
        assert location.port == server.thief.port
        get(server.thief, "/api/x?y=1", "loot")
        assert server.thief.requests[0].header("authorization") == "Bearer loot"


def test_cookies_are_set() -> None:
    with BrokenServer("sets_cookies") as server:
        assert raw(server).count(b"\r\nSet-Cookie: ") == 3
