"""A deliberately broken server."""

from tests.kit.deployment.breakable import EVERY_PATH, BreakableServer
from tests.kit.deployment.faults import Fault, fault_of
from tests.kit.deployment.messages import Received, Reply, json_reply


class BrokenServer(BreakableServer):
    """Does the same wrong thing at every path; where it may answer normally, that is a small JSON value.

    `tls` puts the fault behind TLS; a fault of the certificate brings its own.
    """

    def __init__(self, fault: Fault | str, *, tls: bool = False) -> None:
        super().__init__(faults={EVERY_PATH: fault}, tls=tls or fault_of(fault).certificate is not None)

    def normal_reply(self, request: Received) -> Reply:
        """An empty list, or an empty object to what is not a GET."""
        return json_reply([] if request.method == "GET" else {})
