"""Faults that take their time, and servers that stop in the middle of them."""

import contextlib
import gc
import socket
import threading

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import CATALOG
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.deployment.listener import HOST, LoopbackServer
from tests.kit_holds.visitor import receive

REQUEST = b"GET /api/ListUsers HTTP/1.1\r\nHost: x\r\n\r\n"
FIRST_BYTES = {
    "drips_status_line": b"HTT",
    "drips_headers": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Drip-0: on\r\nX-Drip-1: on\r\n",
    "drips_body": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[  ",
    "endless_103": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 103 Early",
}


def connected(server: LoopbackServer) -> socket.socket:
    return socket.create_connection((HOST, server.port), timeout=10)


def threads_of(server: BrokenServer | ForeignAIRisk) -> list[str]:
    ports = (server.port, server.thief.port)
    return [thread.name for thread in threading.enumerate() if thread.name.endswith(tuple(f"on {p}" for p in ports))]


@pytest.mark.parametrize("name", FIRST_BYTES)
def test_drips_are_only_as_far_as_they_were_read(name: str) -> None:
    with BrokenServer(name) as server, connected(server) as connection:
        connection.sendall(REQUEST)
        assert receive(connection, len(FIRST_BYTES[name])) == FIRST_BYTES[name]
        connection.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            # Ten seconds of a busy machine would fit into this, a whole answer would not.
            assert len(connection.recv(1 << 20)) < 60 * len(FIRST_BYTES[name])


@pytest.mark.parametrize("name", CATALOG)
def test_nothing_is_left_behind_even_mid_answer(name: str) -> None:
    with BrokenServer(name) as server:
        assert len(threads_of(server)) == (2 if CATALOG[name].port_state == "open" else 1)
        if CATALOG[name].port_state == "open":
            with connected(server) as connection:
                connection.sendall(REQUEST)
                connection.settimeout(0.05)
                with contextlib.suppress(OSError):
                    connection.recv(1)
    assert threads_of(server) == []
    gc.collect()  # a socket left open would warn here


def test_stops_while_clients_neither_read_nor_speak_nor_finish() -> None:
    with BrokenServer("endless_body") as server:
        with connected(server), connected(server) as slow, connected(server) as deaf:
            slow.sendall(REQUEST[:20])
            deaf.sendall(REQUEST)
            deaf.recv(1)  # served last, so the other two are being served, too
            server.__exit__()
            assert threads_of(server) == []
        with pytest.raises(ConnectionRefusedError):
            connected(server)


def test_a_server_stops_when_its_test_fails() -> None:
    with pytest.raises(ZeroDivisionError), ForeignAIRisk() as server:
        raise ZeroDivisionError
    assert threads_of(server) == []


def test_what_is_not_http_is_turned_away() -> None:
    for words in (b"hello\r\n", b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"):
        with ForeignAIRisk() as server, connected(server) as connection:
            connection.sendall(words)
            assert receive(connection, 1 << 16).startswith(b"HTTP/1.1 400 Bad Request")
            assert server.requests == []


def test_bodies_in_chunks_and_after_continue() -> None:
    head = b"POST /x HTTP/1.1\r\nConnection: close\r\n"
    sent = {
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n": b"HTTP/1.1 404",
        b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde": b"HTTP/1.1 100",
    }
    for rest, start in sent.items():
        with ForeignAIRisk() as server, connected(server) as connection:
            connection.sendall(head + rest)
            assert receive(connection, 1 << 16).startswith(start)
            assert server.requests[0].body == b"abcde"
