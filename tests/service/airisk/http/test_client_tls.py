"""A deployment that cannot prove who it is: named, and not spoken to."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.deployment.broken import BrokenServer
from tests.kit.deployment.certificates import Authority
from tests.kit.deployment.faults import Fault, sends_at_connection
from tests.kit.deployment.peer import Peer
from tests.service.airisk.asking import answer_of, failure_of
from tui.airisk.http.tls import context_for, trusting_context
from tui.config.origin import Origin
from tui.config.settings import Settings
from tui.errors import InvalidResponseError, SettingsError

FAULTS = {
    "tls_self_signed": "Cannot trust {host}: its certificate is self-signed",
    "tls_expired": "Cannot trust {host}: its certificate has expired",
    "tls_wrong_host": "Cannot trust {host}: its certificate is for another address",
    "tls_plain_http": "{host} does not use TLS on this port",
}


@pytest.mark.parametrize(("name", "words"), FAULTS.items())
async def test_each_fault_is_named_with_the_host_and_nothing_is_sent(name: str, words: str) -> None:
    with BrokenServer(name) as server:
        failure = await failure_of(server, ca_file=server.ca_file)
        assert failure.message == f"{words.format(host=f'127.0.0.1:{server.port}')}."
        assert ("AIRISK_CA_FILE" in failure.advice) == ("certificate" in words)
        assert server.requests == []


async def test_a_deployment_that_speaks_http_2_only_is_reported_as_that() -> None:
    no_application_protocol = sends_at_connection(bytes.fromhex("15030300020278"))
    with BrokenServer(no_application_protocol, tls=True) as server:
        failure = await failure_of(server, ca_file=server.ca_file)
        assert failure.message == f"127.0.0.1:{server.port} does not support HTTP/1.1."
        assert "HTTP/2" in failure.advice


async def test_a_private_authority_is_trusted_only_when_its_file_is_named() -> None:
    with BrokenServer("tls_private_ca") as server:
        unknown = await failure_of(server)
        assert "signed by an unknown authority" in unknown.message
        assert (await answer_of(server, ca_file=server.ca_file)).status == 200


async def test_a_client_certificate_is_presented_where_one_is_configured(tmp_path: Path) -> None:
    with BrokenServer("tls_mutual") as server:
        both = server.client_certificate()
        key = tmp_path / "key.pem"
        key.write_text(both.read_text())
        for given in (None, key):
            response = await answer_of(server, ca_file=server.ca_file, client_cert=both, client_key=given)
            assert response.status == 200


async def test_a_missing_or_rejected_client_certificate_is_named() -> None:
    with BrokenServer("tls_mutual") as server:
        missing = await failure_of(server, ca_file=server.ca_file)
        assert missing.message == f"127.0.0.1:{server.port} requires a client certificate."
        assert "AIRISK_CLIENT_CERT" in missing.advice
        unknown = server.client_certificate(is_known=False)
        rejected = await failure_of(server, ca_file=server.ca_file, client_cert=unknown)
        assert rejected.message == f"127.0.0.1:{server.port} rejected the client certificate."
        assert server.requests == []


def test_a_client_certificate_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    good, other = authority.client_certificate(), authority.client_certificate(is_known=False)
    certificate = tmp_path / "certificate.pem"
    certificate.write_text(good.read_text().partition("-----BEGIN PRIVATE")[0])
    encrypted = tmp_path / "encrypted.pem"
    encrypted.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
    settings = Settings(Origin("https", "127.0.0.1", 1), "client")
    for given, words in {
        (certificate, None): "cannot be used with the key",
        (certificate, other): "does not match the certificate",
        (certificate, encrypted): "is protected by a password",
        (good, tmp_path / "none.pem"): "AIRISK_CLIENT_KEY is not a readable PEM file",
        (tmp_path, None): "AIRISK_CLIENT_CERT is not a readable PEM file",
    }.items():
        with pytest.raises(SettingsError, match=words) as refused:
            context_for(replace(settings, client_cert=given[0], client_key=given[1]))
        assert refused.value.advice


async def test_tls_that_breaks_after_its_handshake_is_a_broken_response() -> None:
    def speak_plainly(peer: Peer) -> None:
        # Past the TLS layer: the records that were agreed on end here.
        socket.socket.send(peer._connection, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        peer.wait_until_gone()

    with BrokenServer(Fault(speak_plainly), tls=True) as server:
        assert isinstance(await failure_of(server, ca_file=server.ca_file), InvalidResponseError)


async def test_http_where_tls_is_spoken_is_a_broken_response() -> None:
    with BrokenServer("tls_private_ca") as server:
        failure = await failure_of(server, origin=Origin("http", "127.0.0.1", server.port))
        assert isinstance(failure, InvalidResponseError)


@pytest.mark.parametrize("content", [None, b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_holds_no_certificate_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="AIRISK_CA_FILE is not a readable PEM file") as refused:
        trusting_context(file)
    assert refused.value.advice
