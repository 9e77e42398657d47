"""One accepted connection, with everything a fault may do to it."""

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from threading import Event
from typing import BinaryIO, Literal, Self, cast

from tests.kit.deployment.messages import BadRequestError, Received, Reply, read_body, read_head, text_reply

PortState = Literal["open", "closed", "full"]
LIFETIME_SECONDS = 60.0
TLS_HANDSHAKE = b"\x16"


class Peer:
    """The client's end as the server sees it.

    Every wait ends when the server stops, when the client goes (both as OSError), or after LIFETIME_SECONDS.
    `normal_reply` processes the request and makes the good answer; `replied` is called with each orderly answer.
    """

    def __init__(self, connection: socket.socket, stopping: Event) -> None:
        self._connection = connection
        self._connection.settimeout(LIFETIME_SECONDS)
        self._stream = cast("BinaryIO", connection.makefile("rb"))
        self._stopping = stopping
        self.number = 0
        self.is_reusable = True
        self.request = Received("", "", [], b"")
        self.thief_port = 0
        self.normal_reply: Callable[[], Reply] = lambda: Reply(404)
        self.replied: Callable[[Reply], object] = lambda _: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.hang_up()

    def shake_hands(self) -> None:
        """Begin TLS, where the connection is to have it."""
        if isinstance(self._connection, ssl.SSLSocket):
            try:
                self._connection.do_handshake()
            except ssl.SSLError:
                self._let_the_alert_arrive(self._connection)
                raise

    @staticmethod
    def _let_the_alert_arrive(connection: ssl.SSLSocket) -> None:
        # Closed with something unread, the connection would be reset, and the alert lost.
        socket.socket.shutdown(connection, socket.SHUT_WR)
        while socket.socket.recv(connection, 65536):
            pass

    def next_request(self) -> bool:
        """Read the next request into `request`; False where there is none."""
        try:
            self._refuse_tls()
            request = read_head(self._stream)
            if request is None:
                return False
            if (request.header("Expect") or "").lower() == "100-continue":
                self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.body = read_body(self._stream, request)
        except ValueError:
            self.send(text_reply("Bad request", 400).encoded())
            self.say_no_more()
            return False
        self.request = request
        self.number += 1
        self.is_reusable = False
        return True

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        if self._stopping.is_set():
            raise ConnectionAbortedError("the server is stopping")
        self._connection.sendall(data)

    def send_past_tls(self, data: bytes) -> None:
        """Send bytes that the TLS layer knows nothing of."""
        socket.socket.sendall(self._connection, data)

    def reply(self, reply: Reply) -> None:
        """Send an orderly answer and keep the connection, unless the client asked otherwise."""
        self.request.status = reply.status
        self.replied(reply)
        self.send(reply.encoded())
        self.is_reusable = (self.request.header("Connection") or "").lower() != "close"

    def answer_normally(self) -> None:
        """Do what would have been done without the fault."""
        self.reply(self.normal_reply())

    def pause(self, seconds: float) -> None:
        """Wait, but never longer than the server lives."""
        if self._stopping.wait(seconds):
            raise ConnectionAbortedError("the server is stopping")

    def ticks(self, seconds: float) -> Iterator[int]:
        """Count from 0, a pause between two numbers, for LIFETIME_SECONDS."""
        for number in range(int(LIFETIME_SECONDS / seconds)):
            yield number
            self.pause(seconds)

    def wait_until_gone(self) -> None:
        """Say nothing until the client gives up."""
        while self._connection.recv(65536):
            pass

    def say_no_more(self) -> None:
        """End the answer, and wait: closing with input unread would be a reset, which takes the answer with it."""
        socket.socket.shutdown(self._connection, socket.SHUT_WR)
        self.wait_until_gone()

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection, whatever was promised."""
        self.is_reusable = False
        self._stream.close()
        self._connection.close()

    def shut_down(self) -> None:
        """Wake a thread that waits on this connection; called by the stopping server."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def _refuse_tls(self) -> None:
        first = self._connection.recv(1, socket.MSG_PEEK) if self._is_plain_and_new else b""
        if first == TLS_HANDSHAKE:
            self._connection.recv(65536)
            raise BadRequestError("TLS on a plain port")

    @property
    def _is_plain_and_new(self) -> bool:
        return self.number == 0 and not isinstance(self._connection, ssl.SSLSocket)
