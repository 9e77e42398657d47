"""A deliberately broken server."""

from tests.kit.deployment.behaviours import BEHAVIOURS
from tests.kit.deployment.breakable import EVERY_PATH, Behaviour, BreakableServer, Thief
from tests.kit.deployment.certificates import TLSKind
from tests.kit.deployment.messages import Received, Reply, json_reply

__all__ = ["BEHAVIOURS", "EVERY_PATH", "Behaviour", "BrokenServer", "Thief"]


class BrokenServer(BreakableServer):
    """Does the same wrong thing at every path; where it may answer normally, that is a small JSON value.

    `tls` puts the behaviour behind TLS; the behaviours about TLS bring their own.
    """

    def __init__(self, behaviour: Behaviour | str, *, tls: TLSKind | None = None) -> None:
        chosen = BEHAVIOURS[behaviour] if isinstance(behaviour, str) else behaviour
        super().__init__(tls=chosen.tls or tls, port_state=chosen.port_state)
        self._overrides[EVERY_PATH] = chosen

    def normal_reply(self, request: Received) -> Reply:
        """An empty list, or an empty object to what is not a GET."""
        return json_reply([] if request.method == "GET" else {})
