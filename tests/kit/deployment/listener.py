"""A loopback server on background threads that leaves nothing behind."""

import contextlib
import selectors
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self

from tests.kit.deployment.certificates import TLSKind, write_certificates
from tests.kit.deployment.messages import Received
from tests.kit.deployment.peer import Peer, PortState

HOST = "127.0.0.1"
JOIN_SECONDS = 10.0


class LoopbackServer:
    """Listens on a free port of 127.0.0.1 for as long as its context lasts.

    `tls` names the certificate to show (None: plain HTTP); `port_state` is "open", "closed" (refuses) or
    "full" (connections neither succeed nor fail). `requests` holds all that came, oldest first; `ca_file` is
    what a client must trust, where there is such a file.
    """

    def __init__(self, *, tls: TLSKind | None = None, port_state: PortState = "open") -> None:
        self.requests: list[Received] = []
        self.ca_file: Path | None = None
        self.port = 0
        self._tls = tls
        self._port_state = port_state
        self._context: ssl.SSLContext | None = None
        self._stopping = Event()
        self._conversations: list[tuple[Thread, Peer]] = []
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as resources:
            self._start(resources)
            self._resources = resources.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._resources.close()

    @property
    def url(self) -> str:
        """The origin, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    def answer(self, peer: Peer) -> None:
        """Answer `peer.request`."""
        raise NotImplementedError

    def _start(self, resources: ExitStack) -> None:
        if self._tls is not None and self._tls != "plain_http":
            folder = Path(resources.enter_context(TemporaryDirectory()))
            self._context, self.ca_file = write_certificates(self._tls, folder)
        listener = resources.enter_context(socket.socket())
        listener.bind((HOST, 0))
        self.port = listener.getsockname()[1]
        if self._port_state == "open":
            self._listen(listener, resources)
        elif self._port_state == "full":
            listener.listen(0)
            fill_queue(self.port, resources)

    def _listen(self, listener: socket.socket, resources: ExitStack) -> None:
        listener.listen(128)
        alarm, bell = socket.socketpair()
        resources.enter_context(alarm)
        resources.enter_context(bell)
        thread = Thread(target=self._accept, args=(listener, alarm), name=f"accepts on {self.port}")
        resources.callback(self._stop, thread, bell)
        thread.start()

    def _accept(self, listener: socket.socket, alarm: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(alarm, selectors.EVENT_READ)
            while not self._stopping.is_set():
                if any(key.fileobj is listener for key, _ in selector.select()):
                    with contextlib.suppress(OSError):
                        self._welcome(listener.accept()[0])

    def _welcome(self, connection: socket.socket) -> None:
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        peer = Peer(connection, self._stopping)
        thread = Thread(target=self._converse, args=(peer,), name=f"converses on {self.port}")
        self._conversations.append((thread, peer))
        thread.start()

    def _converse(self, peer: Peer) -> None:
        # An OSError here is the client that went away, or the server that is stopping: an end, not a fault.
        with peer, contextlib.suppress(OSError):
            peer.greet()
            while peer.is_reusable and peer.next_request():
                self.requests.append(peer.request)
                self.answer(peer)

    def _stop(self, acceptor: Thread, bell: socket.socket) -> None:
        self._stopping.set()
        bell.send(b"!")
        acceptor.join(JOIN_SECONDS)
        for _, peer in self._conversations:
            peer.shut_down()
        threads = [acceptor, *(thread for thread, _ in self._conversations)]
        for thread in threads:
            thread.join(JOIN_SECONDS)
        if alive := [thread.name for thread in threads if thread.is_alive()]:
            raise RuntimeError(f"threads left behind: {alive}")


def fill_queue(port: int, resources: ExitStack) -> None:
    """Take every place in a listener's queue, so that the next SYN is dropped (seen on Linux)."""
    for _ in range(4):
        waiting = resources.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex((HOST, port))
