"""What a request is on the wire: a port that keeps every byte it is sent."""

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

from tests.kit.patience import PATIENCE
from tui.airisk.http.client import HttpClient
from tui.airisk.http.request import Request
from tui.airisk.models import Draft
from tui.config.keyring import Secret
from tui.config.origin import Origin
from tui.config.settings import Settings

TOKEN = "the-token-of-the-test"


@dataclass(frozen=True)
class Heard:
    """One request, its headers in any order, the boundary of a form and the length that it makes left out."""

    line: bytes
    headers: Counter[tuple[bytes, bytes]]
    body: bytes


@dataclass
class Ear:
    """A port on loopback, and all that came over each of its connections."""

    port: int
    _heard: SimpleQueue[bytes] = field(default_factory=SimpleQueue)

    @property
    def origin(self) -> Origin:
        """Where it listens."""
        return Origin("http", "127.0.0.1", self.port)

    def note(self, came: bytes) -> None:
        """Remember a connection."""
        self._heard.put(came)

    def last(self) -> bytes:
        """All that came over the next connection; a second one fails the test."""
        came = self._heard.get(timeout=PATIENCE)
        assert self._heard.empty()
        return came


@contextmanager
def overhearing() -> Iterator[Ear]:
    """Listen while the context lasts; every connection is answered once, and read to its end."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        ear = Ear(listener.getsockname()[1])
        thread = threading.Thread(target=_listen, args=(listener, ear))
        thread.start()
        try:
            yield ear
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _listen(listener: socket.socket, ear: Ear) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(PATIENCE)
                ear.note(_everything(connection))


def _everything(connection: socket.socket) -> bytes:
    came = b""
    while not _is_whole(came) and (chunk := connection.recv(65536)):
        came += chunk
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    while chunk := connection.recv(65536):
        came += chunk
    return came


def _is_whole(came: bytes) -> bool:
    head, end, body = came.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def understood(came: bytes) -> Heard:
    """What came, taken apart; it is one request and nothing else."""
    head, end, body = came.partition(b"\r\n\r\n")
    assert end
    line, *lines = head.split(b"\r\n")
    headers = [(name, value.strip(b" \t")) for name, _, value in (each.partition(b":") for each in lines)]
    lengths = [int(value) for name, value in headers if name.lower() == b"content-length"]
    assert sum(lengths) == len(body)
    assert len(lengths) <= 1
    boundary = re.search(rb"multipart/form-data; boundary=([-\w]+)", head)
    if boundary:
        body = body.replace(boundary[1], b"BOUNDARY")
        headers = [
            (name, value.replace(boundary[1], b"BOUNDARY"))
            for name, value in headers
            if name.lower() != b"content-length"
        ]
    return Heard(line, Counter(headers), body)


async def send(draft: Draft, origin: Origin, *, has_token: bool) -> None:
    """Send it as the program does."""
    files = tuple((file.name, file.filename, file.content) for file in draft.files)
    bearer = Secret(TOKEN) if has_token else None
    client = HttpClient(Settings(origin, "client", timeout=PATIENCE))
    try:
        await client.send(Request(draft.method, draft.target, draft.headers, draft.body, files, bearer))
    finally:
        await client.close()
