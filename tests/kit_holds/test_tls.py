"""What a client that trusts only the server's own authority makes of each kind of TLS."""

import ssl

import pytest

from tests.kit.deployment.breakable import EVERY_PATH
from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit_holds.visitor import connected, over_tls

FAULTS = {
    "tls_self_signed": "self-signed certificate",
    "tls_unknown_authority": "unable to get local issuer",
    "tls_expired": "certificate has expired",
    "tls_not_yet_valid": "certificate is not yet valid",
    "tls_wrong_host": "IP address mismatch",
    "tls_plain_http": r"\[SSL",
    "tls_other_protocol": r"\[SSL",
    "tls_alert": "handshake failure",
}


def test_a_running_server_is_broken_in_each_way_and_mended() -> None:
    with ForeignAIRisk(tls=True) as server:
        for name, words in FAULTS.items():
            server.breaks(EVERY_PATH, name)
            with pytest.raises(ssl.SSLError, match=words):
                over_tls(server)
            assert server.requests == [], name
            server.mends()
            assert over_tls(server) == b"HTTP/1.1 404 No"
            server.requests.clear()


def test_a_server_that_never_shakes_hands() -> None:
    with BrokenServer("tls_never_shakes_hands", tls=True) as server, connected(server, timeout=0.3) as connection:
        with pytest.raises(TimeoutError):
            ssl.create_default_context().wrap_socket(connection, server_hostname="localhost")
        assert server.requests == []


def test_a_response_past_the_tls_layer() -> None:
    with BrokenServer("tls_ends_within_answer", tls=True) as server:
        with pytest.raises(ssl.SSLError):
            over_tls(server)
        assert len(server.requests) == 1


def test_tls_that_is_right() -> None:
    with BrokenServer("tls_private_ca") as server:
        assert over_tls(server) == b"HTTP/1.1 200 OK"
    with BrokenServer("captive_portal", tls=True) as server:
        assert over_tls(server) == b"HTTP/1.1 200 OK"
        assert server.url.startswith("https://")
