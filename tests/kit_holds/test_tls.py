"""What a client that trusts only the right CA makes of each kind of TLS."""

import ssl

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit_holds.visitor import over_tls

FAULTS = {
    "tls_self_signed": "self-signed certificate",
    "tls_expired": "certificate has expired",
    "tls_wrong_host": "IP address mismatch",
    "tls_plain_http": r"\[SSL",
}


@pytest.mark.parametrize("name", FAULTS)
def test_tls_faults(name: str) -> None:
    with BrokenServer(name) as server:
        assert server.url.startswith("https://")
        with pytest.raises(ssl.SSLError, match=FAULTS[name]):
            over_tls(server)
        assert server.requests == []


def test_tls_that_is_right() -> None:
    with BrokenServer("tls_private_ca") as server:
        assert over_tls(server) == b"HTTP/1.1 200 OK"
    with BrokenServer("captive_portal", tls=True) as server:
        assert over_tls(server) == b"HTTP/1.1 200 OK"
    with ForeignAIRisk(tls=True) as server:
        assert over_tls(server) == b"HTTP/1.1 404 No"
        assert server.url.startswith("https://")
