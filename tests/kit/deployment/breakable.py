"""A server whose paths can be broken one by one, and the thief that redirects lead to."""

from collections.abc import Mapping
from contextlib import ExitStack

from tests.kit.deployment.faults import Fault, at_first, fault_of
from tests.kit.deployment.listener import LoopbackServer
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.peer import Peer

EVERY_PATH = "*"


class Thief(LoopbackServer):
    """Another host: takes whatever it is sent, and thanks."""

    def answer(self, peer: Peer) -> None:
        peer.reply(json_reply({}))


class BreakableServer(LoopbackServer):
    """Answers by `normal_reply`, except where it is broken; `thief` is where hostile redirects point."""

    def __init__(
        self,
        *,
        faults: Mapping[str, Fault | str] | None = None,
        tls: bool = False,
    ) -> None:
        super().__init__(tls=tls)
        self.thief = Thief()
        self._faults: dict[str, Fault] = {}
        for path, fault in (faults or {}).items():
            self.breaks(path, fault)

    def breaks(self, path: str, fault: Fault | str, *, times: int | None = None) -> None:
        """Have this fault at a path, or at EVERY_PATH: from the next request on, or for the next `times` of them.

        A fault of the whole server is at EVERY_PATH, until it is mended; it ends all connections at once.
        """
        chosen = fault_of(fault)
        if chosen.is_of_whole_server and (path != EVERY_PATH or times is not None):
            raise ValueError("this fault is of the whole server: break EVERY_PATH until it is mended")
        if chosen.certificate is not None and not self._has_tls:
            raise ValueError("a server without TLS shows no certificate")
        self._put(path, chosen if times is None else at_first(times, chosen))

    def mends(self, path: str | None = None) -> None:
        """Have a path well again, or all that was broken."""
        for each in [*self._faults] if path is None else [path]:
            self._put(each, None)

    def _put(self, path: str, fault: Fault | None) -> None:
        before = self._faults.pop(path, None)
        if fault is not None:
            self._faults[path] = fault
        if any(each is not None and each.is_of_whole_server for each in (before, fault)):
            now = fault or Fault()
            certificate = "plain_http" if now.is_at_connection else now.certificate or "private_ca"
            self._reopen(now.port_state, certificate)

    def welcome(self, peer: Peer) -> None:
        """Greet a new connection, well or badly."""
        fault = self._faults.get(EVERY_PATH)
        if fault is not None and fault.is_at_connection:
            fault.act(peer)
            peer.hang_up()
        else:
            peer.shake_hands()

    def answer(self, peer: Peer) -> None:
        """Answer `peer.request`, well or badly."""
        request = peer.request
        peer.thief_port = self.thief.port
        peer.normal_reply = lambda: self.normal_reply(request)
        fault = self._faults.get(request.path) or self._faults.get(EVERY_PATH)
        (fault.act if fault else Peer.answer_normally)(peer)

    def normal_reply(self, request: Received) -> Reply:
        """The good answer."""
        raise NotImplementedError

    def _start(self, resources: ExitStack) -> None:
        resources.enter_context(self.thief)
        super()._start(resources)
