"""A server whose paths can be broken one by one, and the thief that redirects lead to."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

from tests.kit.deployment.certificates import TLSKind
from tests.kit.deployment.listener import LoopbackServer, PortState
from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.peer import Peer

EVERY_PATH = "*"


@dataclass(frozen=True)
class Behaviour:
    """One way not to behave.

    `act` deals with a request that was read. It holds for the first `times` requests of a server (None: for
    all); later ones are answered normally. `port_state` and `tls` are of the whole server, so a behaviour that
    has them cannot be given to a single path.
    """

    act: Callable[[Peer], None]
    times: int | None = None
    port_state: PortState = "open"
    tls: TLSKind | None = None

    @property
    def is_of_whole_server(self) -> bool:
        """Whether it begins before a request can be read."""
        return self.port_state != "open" or self.tls is not None


class Thief(LoopbackServer):
    """Another host: takes whatever it is sent, and thanks."""

    def answer(self, peer: Peer) -> None:
        peer.reply(json_reply({}))


class BreakableServer(LoopbackServer):
    """Answers by `normal_reply`, except at the overridden paths; `thief` is where hostile redirects point."""

    def __init__(
        self,
        *,
        overrides: Mapping[str, Behaviour] | None = None,
        tls: TLSKind | None = None,
        port_state: PortState = "open",
    ) -> None:
        super().__init__(tls=tls, port_state=port_state)
        self.thief = Thief()
        self._overrides: dict[str, Behaviour] = {}
        self._times: Counter[tuple[str, Behaviour]] = Counter()
        self._lock = Lock()
        for path, behaviour in (overrides or {}).items():
            self.override(path, behaviour)

    def override(self, path: str, behaviour: Behaviour) -> None:
        """Break a path (or EVERY_PATH), from the next request on."""
        if behaviour.is_of_whole_server:
            raise ValueError("this behaviour is of a whole server: use BrokenServer")
        self._overrides[path] = behaviour

    def restore(self, path: str) -> None:
        """Mend a path."""
        self._overrides.pop(path, None)

    def answer(self, peer: Peer) -> None:
        """Answer `peer.request`, well or badly."""
        request = peer.request
        peer.thief_port = self.thief.port
        peer.answer_normally = lambda: peer.reply(self.normal_reply(request))
        behaviour = self._behaviour(request.path)
        if behaviour is None:
            peer.answer_normally()
        else:
            behaviour.act(peer)

    def normal_reply(self, request: Received) -> Reply:
        """The good answer."""
        raise NotImplementedError

    def _behaviour(self, path: str) -> Behaviour | None:
        with self._lock:
            for pattern in (path, EVERY_PATH):
                behaviour = self._overrides.get(pattern)
                if behaviour is not None and self._is_due(pattern, behaviour):
                    return behaviour
        return None

    def _is_due(self, pattern: str, behaviour: Behaviour) -> bool:
        self._times[pattern, behaviour] += 1
        return behaviour.times is None or self._times[pattern, behaviour] <= behaviour.times

    def _start(self, resources: ExitStack) -> None:
        resources.enter_context(self.thief)
        super()._start(resources)
