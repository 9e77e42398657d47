"""A narrow line to a deployment: what goes out over it stands still after so many bytes, until it may go on.

Not a fault of the server: it is about how much of a request has left the program, and a server that reads slowly would
have a whole buffer of it already.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.kit.deployment.listener import HOST, LoopbackServer

_SECONDS = 30.0


@dataclass
class NarrowLine:
    """Where it begins; `passed` is what went through it on the connection that had most, `rate` its bytes a second."""

    url: str
    room: int
    rate: float = 0.0
    goes_on: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    passed: int = 0

    def carry(self, source: socket.socket, target: socket.socket) -> None:
        """Pass on what the program sends, as far as there is room."""
        sent = 0
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                sent += len(data)
                self.passed = max(self.passed, sent)
                if sent > self.room and not self.goes_on.wait(_SECONDS):
                    return
                if self.rate:
                    self.is_over.wait(len(data) / self.rate)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def converse(self, near: socket.socket, port: int) -> None:
        """One connection, both ways."""
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        with near, socket.create_connection((HOST, port), timeout=_SECONDS) as far:
            outwards = threading.Thread(target=self.carry, args=(near, far))
            outwards.start()
            with contextlib.suppress(OSError):
                while data := far.recv(65_536):
                    near.sendall(data)
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)
            outwards.join(_SECONDS)


@contextmanager
def narrow_line(server: LoopbackServer, *, room: int = 1 << 40, rate: float = 0.0) -> Iterator[NarrowLine]:
    """A line to that server, for as long as the context lasts; over each connection so many bytes go out at once."""
    with socket.create_server((HOST, 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        line = NarrowLine(f"http://{HOST}:{listener.getsockname()[1]}", room, rate)
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listener, line, server.port, threads))
        accepting.start()
        try:
            yield line
        finally:
            line.goes_on.set()
            line.is_over.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(_SECONDS)
            for each in threads:
                each.join(_SECONDS)


def _accept(listener: socket.socket, line: NarrowLine, port: int, threads: list[threading.Thread]) -> None:
    with contextlib.suppress(OSError):
        while True:
            near, _ = listener.accept()
            thread = threading.Thread(target=line.converse, args=(near, port))
            threads.append(thread)
            thread.start()
