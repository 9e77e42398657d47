"""A server whose paths can be broken one by one, and the thief that redirects lead to."""

from collections.abc import Mapping
from contextlib import ExitStack

from tests.kit.deployment.behaviours import Behaviour as Behaviour  # noqa: PLC0414 (temporary: the old home)
from tests.kit.deployment.certificates import TLSKind
from tests.kit.deployment.faults import Fault, at_first, fault_of
from tests.kit.deployment.listener import LoopbackServer
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.peer import Peer, PortState

EVERY_PATH = "*"


class Thief(LoopbackServer):
    """Another host: takes whatever it is sent, and thanks."""

    def answer(self, peer: Peer) -> None:
        peer.reply(json_reply({}))


class BreakableServer(LoopbackServer):
    """Answers by `normal_reply`, except at the paths that are broken; `thief` is where hostile redirects point."""

    def __init__(
        self,
        *,
        faults: Mapping[str, Fault | str] | None = None,
        tls: TLSKind | None = None,
        port_state: PortState = "open",
        overrides: Mapping[str, Fault | str] | None = None,  # temporary: the old name of `faults`
    ) -> None:
        super().__init__(tls=tls, port_state=port_state)
        self.thief = Thief()
        self._faults: dict[str, Fault] = {}
        for path, fault in (faults or overrides or {}).items():
            self.breaks(path, fault)

    def breaks(self, path: str, fault: Fault | str, *, times: int | None = None) -> None:
        """Have this fault at a path, or at EVERY_PATH: from the next request on, or for the next `times` of them."""
        if fault_of(fault).is_of_whole_server:
            raise ValueError("this fault is of a whole server: use BrokenServer")
        times = fault_of(fault).times if times is None else times  # temporary
        self._faults[path] = fault_of(fault) if times is None else at_first(times, fault)

    def mends(self, path: str | None = None) -> None:
        """Have a path well again, or all that was broken."""
        if path is None:
            self._faults.clear()
        else:
            self._faults.pop(path, None)

    override = breaks  # temporary: the old name
    restore = mends  # temporary: the old name

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
