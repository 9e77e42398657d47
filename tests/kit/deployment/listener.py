"""A loopback server on background threads that leaves nothing behind."""

import contextlib
import selectors
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self

from tests.kit.deployment.certificates import Authority, CertificateKind
from tests.kit.deployment.messages import Received
from tests.kit.deployment.peer import Peer, PortState

HOST = "127.0.0.1"
JOIN_SECONDS = 10.0


class LoopbackServer:
    """Has a port of 127.0.0.1 to itself for as long as its context lasts.

    With `tls` it shows a certificate of its own authority, which a client trusts by `ca_file`. `requests` holds all
    that came, oldest first, and `connections` what they came over.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self.requests: list[Received] = []
        self.connections: list[Peer] = []
        self.ca_file: Path | None = None
        self.port = 0
        self._has_tls = tls
        self._authority: Authority | None = None
        self._port_state: PortState = "open"
        self._certificate: CertificateKind = "private_ca"
        self._resources = ExitStack()
        self._while_open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as resources:
            self._start(resources)
            self._resources = resources.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._resources.close()

    def client_certificate(self, *, is_known: bool = True) -> Path:
        """Return the file of a certificate and key that this server takes from a client, or refuses."""
        assert self._authority
        return self._authority.client_certificate(is_known=is_known)

    @property
    def url(self) -> str:
        """The origin, without a slash at the end."""
        return f"{'https' if self._has_tls else 'http'}://{HOST}:{self.port}"

    def welcome(self, peer: Peer) -> None:
        """Greet a new connection."""
        peer.shake_hands()

    def answer(self, peer: Peer) -> None:
        """Answer `peer.request`."""
        raise NotImplementedError

    def _start(self, resources: ExitStack) -> None:
        if self._has_tls:
            self._authority = Authority(Path(resources.enter_context(TemporaryDirectory())))
            self.ca_file = self._authority.ca_file
        # Bound, and never listening: the port refuses who comes while it is closed, and is given to nobody else.
        self.port = _bound(0, resources).getsockname()[1]
        resources.callback(self._close)
        self._open()

    def _reopen(self, port_state: PortState, certificate: CertificateKind) -> None:
        """End all connections; those to come find the port in this state, and this certificate."""
        self._port_state, self._certificate = port_state, certificate
        if self.port:
            self._close()
            self._open()

    def _close(self) -> None:
        self._while_open.close()

    def _open(self) -> None:
        with ExitStack() as resources:
            if self._port_state != "closed":
                listener = _bound(self.port, resources)
                if self._port_state == "full":
                    listener.listen(0)
                    _fill_queue(self.port, resources)
                else:
                    context = self._authority.context(self._certificate) if self._authority else None
                    _Acceptor(listener, resources, context, self._converse)
            self._while_open = resources.pop_all()

    def _converse(self, peer: Peer) -> None:
        self.connections.append(peer)
        # An OSError here is the client that went away, or the server that is stopping: an end, not a fault.
        with peer, contextlib.suppress(OSError):
            self.welcome(peer)
            while peer.is_reusable and peer.next_request():
                self.requests.append(peer.request)
                self.answer(peer)


class _Acceptor:
    """Has a thread for each connection to a port, until the resources are closed."""

    def __init__(
        self,
        listener: socket.socket,
        resources: ExitStack,
        context: ssl.SSLContext | None,
        converse: Callable[[Peer], None],
    ) -> None:
        self._listener = listener
        self._context = context
        self._converse = converse
        self._port = listener.getsockname()[1]
        self._stopping = Event()
        self._conversations: list[tuple[Thread, Peer]] = []
        listener.listen(128)
        self._alarm, bell = (resources.enter_context(each) for each in socket.socketpair())
        thread = Thread(target=self._accept, name=f"accepts on {self._port}")
        resources.callback(self._stop, thread, bell)
        thread.start()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._alarm, selectors.EVENT_READ)
            while not self._stopping.is_set():
                if any(key.fileobj is self._listener for key, _ in selector.select()):
                    with contextlib.suppress(OSError):
                        self._welcome(self._listener.accept()[0])

    def _welcome(self, connection: socket.socket) -> None:
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        peer = Peer(connection, self._stopping)
        thread = Thread(target=self._converse, args=(peer,), name=f"converses on {self._port}")
        self._conversations.append((thread, peer))
        thread.start()

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


def _bound(port: int, resources: ExitStack) -> socket.socket:
    bound = resources.enter_context(socket.socket())
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    return bound


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that nobody else is given meanwhile, and that refuses whoever comes unless one listens on it here."""
    with ExitStack() as resources:
        yield _bound(0, resources).getsockname()[1]


def _fill_queue(port: int, resources: ExitStack) -> None:
    """Take every place in a listener's queue, so that the next SYN is dropped (seen on Linux)."""
    for _ in range(4):
        waiting = resources.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex((HOST, port))
