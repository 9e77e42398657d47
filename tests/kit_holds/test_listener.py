"""Servers that stop, or are broken and mended, in the middle of what they do."""

import contextlib
import gc
import socket
import threading

import pytest

from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.faults import CATALOG
from tests.kit.deployment.foreign import AUTHORIZE_PATH, ForeignAIRisk
from tests.kit_holds.visitor import connected, get, receive

REQUEST = b"GET /api/ListUsers HTTP/1.1\r\nHost: x\r\n\r\n"
KINDS = (
    "refuses",
    "black_hole",
    "never_answers",
    "drips_body",
    "endless_body",
    "resets_mid_body",
    "tls_private_ca",
    "tls_never_shakes_hands",
)
"""A fault for each state of the port, and for each kind of thing that a conversation can be about when it ends."""


def threads_of(server: BrokenServer | ForeignAIRisk) -> list[str]:
    ports = (server.port, server.thief.port)
    return [thread.name for thread in threading.enumerate() if thread.name.endswith(tuple(f"on {p}" for p in ports))]


def is_over(connection: socket.socket) -> bool:
    """Whether the server has ended it, or reset it."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_left_behind_even_mid_answer(name: str) -> None:
    port_state = CATALOG[name].port_state
    with BrokenServer(name) as server:
        assert len(threads_of(server)) == (2 if port_state == "open" else 1)
        if port_state == "open":
            with connected(server) as connection:
                connection.sendall(REQUEST)
                connection.settimeout(0.05)
                with contextlib.suppress(OSError):
                    connection.recv(1)
    assert threads_of(server) == []
    gc.collect()  # a socket left open would warn here


def test_stops_while_clients_neither_read_nor_speak_nor_finish() -> None:
    with (
        BrokenServer("endless_body") as server,
        connected(server),
        connected(server) as slow,
        connected(server) as deaf,
    ):
        slow.sendall(REQUEST[:20])
        deaf.sendall(REQUEST)
        deaf.recv(1)  # served last, so the other two are being served, too
        server.__exit__()
        assert threads_of(server) == []
        assert is_over(slow)


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


def test_a_port_is_closed_and_filled_and_opened_again() -> None:
    with ForeignAIRisk() as server:
        for name, error in (("refuses", ConnectionRefusedError), ("black_hole", TimeoutError)):
            with connected(server) as before:
                server.breaks(EVERY_PATH, name)
                assert is_over(before)
            with pytest.raises(error):
                connected(server, timeout=0.3)
            server.mends()
            assert get(server, "/").status == 404
    assert threads_of(server) == []


def test_what_is_of_a_whole_server_is_of_every_path_until_it_is_mended() -> None:
    with pytest.raises(ValueError, match="whole server"):
        ForeignAIRisk(faults={AUTHORIZE_PATH: "refuses"})
    with ForeignAIRisk() as server:
        with pytest.raises(ValueError, match="whole server"):
            server.breaks(EVERY_PATH, "refuses", times=1)
        with pytest.raises(ValueError, match="without TLS"):
            server.breaks(EVERY_PATH, "tls_expired")
