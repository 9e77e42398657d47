"""Every fault of the catalog does what its name says, seen on the bare socket."""

import contextlib
import gzip
import zlib
from email.utils import parsedate_to_datetime

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import BOMB_BYTES, CATALOG, PEOPLE
from tests.kit.deployment.listener import HOST
from tests.kit_holds.visitor import connected, get, raw, receive

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
FIRST_BYTES = {
    "drips_answer": b"HTT",
    "drips_status_line": b"HTT",
    "drips_headers": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Drip-0: on\r\nX-Drip-1: on\r\n",
    "drips_body": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[  ",
    "endless_103": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 103 Early",
}
CHARSETS = {
    "charset_unknown": "klingon",
    "charset_not_text": "zlib",
    "charset_raising": "undefined",
    "charset_idna": "idna",
    "charset_with_nul": '"utf\\0-8"',
    "utf16_body": "utf-16",
}


def test_never_answers_but_takes_the_request() -> None:
    with BrokenServer("never_answers") as server, connected(server) as connection:
        connection.sendall(REQUEST)
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert (server.requests[0].method, server.requests[0].status) == ("GET", None)


def test_broken_responses() -> None:
    for name, answer in WHOLE_ANSWERS.items():
        with BrokenServer(name) as server:
            assert raw(server) == answer, name
    with BrokenServer("short_chunks") as server:
        assert raw(server).endswith(b"chunked\r\n\r\n2\r\n[]\r\n")
    with BrokenServer("two_lengths") as server:
        assert raw(server).count(b"Content-Length") == 2


def test_a_head_that_is_cut_or_garbled() -> None:
    with BrokenServer("cut_head") as server:
        head = raw(server)
        assert (len(head), head[:15], b"\r\n\r\n" in head) == (60, b"HTTP/1.1 200 OK", False)
    with BrokenServer("garbled_head") as server:
        assert (len(noise := raw(server)), noise[:12]) == (1012, b"HTTP/1.1 200")


def test_resets() -> None:
    for name in ("resets_before_answer", "resets_mid_body"):
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


def test_an_answered_connection_is_kept() -> None:
    for name, end in (("captive_portal", b"</html>"), ("no_content_with_body_and_more_to_come", b"[]")):
        with BrokenServer(name) as server, connected(server) as connection:
            for _ in range(2):
                connection.sendall(REQUEST)
                answer = b""
                while not answer.endswith(end):
                    more = connection.recv(1 << 16)
                    assert more
                    answer += more
            assert (len(server.requests), len(server.connections)) == (2, 1)


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


def test_too_much() -> None:
    megabyte = 1 << 20
    for name in ("endless_body", "endless_chunks", "promised_terabyte", "endless_headers", "huge_header"):
        with BrokenServer(name) as server:
            data = raw(server, megabyte)
            assert len(data) == megabyte
            assert (b"\r\n\r\n" in data) == (not name.endswith(("headers", "header")))


def test_odd_bodies() -> None:
    for name, body in BODIES.items():
        with BrokenServer(name) as server:
            answer = get(server, "/")
        assert (answer.status, answer.body[: len(body)]) == (200, body)
        assert answer.kind == ("text/html" if name == "captive_portal" else "application/json")


def test_odd_charsets() -> None:
    for name, charset in CHARSETS.items():
        with BrokenServer(name) as server:
            assert get(server, "/").headers["content-type"] == f"application/json; charset={charset}"


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


def test_redirects_lead_to_the_thief() -> None:
    for name in [name for name in CATALOG if name.startswith("redirects")]:
        with BrokenServer(name) as server:
            answer = get(server, "/api/x?y=1")
            host = HOST if name.endswith("port") else "localhost"
            assert answer.status == int(name.split("_")[1])
            assert answer.headers["location"] == f"http://{host}:{server.thief.port}/api/x?y=1"
            get(server.thief, "/api/x?y=1", "loot")
            assert server.thief.requests[0].header("authorization") == "Bearer loot"


def test_cookies_are_set() -> None:
    with BrokenServer("sets_cookies") as server:
        assert raw(server).count(b"\r\nSet-Cookie: ") == 3


def test_drips_are_only_as_far_as_they_were_read() -> None:
    for name, first in FIRST_BYTES.items():
        with BrokenServer(name) as server, connected(server) as connection:
            connection.sendall(REQUEST)
            assert receive(connection, len(first)) == first
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                # Ten seconds of a busy machine would fit into this, a whole answer would not.
                assert len(connection.recv(1 << 20)) < 60 * len(first)
