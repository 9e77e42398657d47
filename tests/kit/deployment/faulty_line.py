"""A line over TLS to a deployment, which can be broken and mended while the program is using it."""

import contextlib
import select
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self

from tests.kit.deployment.certificates import Authority, CertificateKind
from tests.kit.deployment.listener import HOST, JOIN_SECONDS, LoopbackServer, _fill_queue
from tests.kit.deployment.peer import PortState
from tests.kit.patience import PATIENCE

_BACKLOG = 64


class BreaksOffError(Exception):
    """The line ends here."""


class Line:
    """One connection, from the program (`near`) to the deployment (`far`); `carried` bytes of answers came so far."""

    def __init__(self, near: socket.socket, far: socket.socket, is_over: Event) -> None:
        self.near = near
        self.carried = 0
        self._far = far
        self._is_over = is_over

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the line lasts."""
        if self._is_over.wait(seconds):
            raise BreaksOffError

    def converse(self, carry: "Carry") -> None:
        """Carry questions and answers until one side has had enough."""
        while not self._is_over.is_set():
            is_read = isinstance(self.near, ssl.SSLSocket) and self.near.pending()
            for source in [self.near] if is_read else select.select([self.near, self._far], [], [], PATIENCE)[0]:
                data = source.recv(65_536)
                if not data:
                    return
                if source is self.near:
                    self._far.sendall(data)
                else:
                    carry(self, data)
                    self.carried += len(data)


Carry = Callable[[Line, bytes], None]
"""Does with the next bytes of an answer what this line does with them."""


def soundly(line: Line, data: bytes) -> None:
    """Carry them as they are."""
    line.near.sendall(data)


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line: its port, its certificate ("plain_http": it has none), or what becomes of the bytes.

    `greeting` is what it says instead of shaking hands; a line that `is_deaf` takes what comes, and does nothing.
    """

    port: PortState = "open"
    certificate: CertificateKind = "private_ca"
    carry: Carry = soundly
    greeting: bytes = b""
    is_deaf: bool = False


class FaultyLine:
    """Leads to a server, from `url`, for as long as its context lasts.

    With `ca_file` the named fault of a certificate is the only thing wrong with it.
    """

    def __init__(self, server: LoopbackServer) -> None:
        self._server = server
        self._resources = ExitStack()
        self._while_full = ExitStack()
        self._fault = LineFault()
        self._is_over = Event()
        self._threads: list[Thread] = []
        self._sockets: list[socket.socket] = []
        self.port = 0

    def __enter__(self) -> Self:
        folder = Path(self._resources.enter_context(TemporaryDirectory()))
        self._authority = Authority(folder)
        self.ca_file = self._authority.ca_file
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self._resources.close()

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"https://{HOST}:{self.port}"

    def breaks(self, fault: LineFault) -> None:
        """End all connections; those to come have this fault."""
        self._close()
        self._fault = fault
        self._open()

    def mends(self) -> None:
        """As it should be again."""
        self.breaks(LineFault())

    break_down = breaks  # temporary: the old name
    mend = mends  # temporary: the old name

    def _open(self) -> None:
        self._is_over.clear()
        if self._fault.port == "closed":
            return
        backlog = 0 if self._fault.port == "full" else _BACKLOG
        listener = socket.create_server((HOST, self.port), backlog=backlog)
        self._sockets.append(listener)
        self.port = listener.getsockname()[1]
        if self._fault.port == "full":
            _fill_queue(self.port, self._while_full)
        else:
            self._begin(self._accept, listener)

    def _close(self) -> None:
        self._is_over.set()
        for each in self._sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
            each.close()
        self._while_full.close()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        self._sockets, self._threads = [], []

    def _begin(self, work: Callable[[socket.socket], None], connection: socket.socket) -> None:
        self._threads.append(Thread(target=work, args=(connection,)))
        self._threads[-1].start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                context = self._authority.context(self._fault.certificate) if self._shakes_hands else None
                if context:
                    near = context.wrap_socket(near, server_side=True, do_handshake_on_connect=False)
                self._sockets.append(near)
                self._begin(self._lead, near)

    def _lead(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError, BreaksOffError):
            near.settimeout(PATIENCE)
            if self._fault.greeting:
                near.sendall(self._fault.greeting)
            if self._fault.is_deaf or self._is_over.is_set():
                self._is_over.wait(PATIENCE)
            elif not self._fault.greeting:
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        if isinstance(near, ssl.SSLSocket):
            near.do_handshake()
        with socket.create_connection((HOST, self._server.port), timeout=PATIENCE) as far:
            Line(near, far, self._is_over).converse(self._fault.carry)

    @property
    def _shakes_hands(self) -> bool:
        return not (self._fault.greeting or self._fault.is_deaf)
