"""A deliberately broken server."""

from tests.kit.deployment.behaviours import BEHAVIOURS as BEHAVIOURS  # noqa: PLC0414 (temporary: the old home)
from tests.kit.deployment.breakable import EVERY_PATH, BreakableServer
from tests.kit.deployment.certificates import TLSKind
from tests.kit.deployment.faults import Fault, fault_of
from tests.kit.deployment.messages import Received, Reply, json_reply


class BrokenServer(BreakableServer):
    """Does the same wrong thing at every path; where it may answer normally, that is a small JSON value.

    `tls` puts the fault behind TLS; the faults about TLS bring their own.
    """

    def __init__(self, fault: Fault | str, *, tls: TLSKind | None = None) -> None:
        chosen = fault_of(fault)
        super().__init__(tls=chosen.tls or tls, port_state=chosen.port_state)
        self._faults[EVERY_PATH] = chosen

    def normal_reply(self, request: Received) -> Reply:
        """An empty list, or an empty object to what is not a GET."""
        return json_reply([] if request.method == "GET" else {})
