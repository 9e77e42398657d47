"""Certificates made on the spot: one that is right, and the usual wrong ones."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CertificateKind = Literal[
    "private_ca", "mutual", "self_signed", "unknown_authority", "expired", "not_yet_valid", "wrong_host", "plain_http"
]
"""What a server shows: the first two are right, the last is none at all. `mutual` wants one of the client too."""

LOOPBACK = (x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1")))
ELSEWHERE = (x509.DNSName("elsewhere.example"),)


class Authority:
    """A private certificate authority; `ca_file` is what a client has to trust, and lives as long as `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key, self._name = ec.generate_private_key(ec.SECP256R1()), named("Test Authority")
        self.ca_file = folder / "ca.pem"
        authority = authority_certificate(self._name, self._key)
        self.ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def context(self, kind: CertificateKind) -> ssl.SSLContext | None:
        """Return the TLS context of a server whose certificate is wrong in this one way; None where it has none."""
        if kind == "plain_http":
            return None
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, issuer_key = self._name, self._key
        if kind == "self_signed":
            issuer, issuer_key = named("127.0.0.1"), key
        elif kind == "unknown_authority":
            issuer, issuer_key = named("Unknown Authority"), ec.generate_private_key(ec.SECP256R1())
        context = server_context(leaf_certificate(kind, key, issuer, issuer_key), key, self._folder / f"{kind}.pem")
        if kind == "mutual":
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca_file)
        return context

    def client_certificate(self, *, is_known: bool = True) -> Path:
        """Return the file of a certificate and its key for a client; one of an unknown authority if not `is_known`."""
        key, file = ec.generate_private_key(ec.SECP256R1()), self._folder / f"client-{is_known}.pem"
        issuer_key = self._key if is_known else ec.generate_private_key(ec.SECP256R1())
        write_pem(leaf_certificate("private_ca", key, self._name, issuer_key), key, file)
        return file


def named(common_name: str) -> x509.Name:
    """An X.509 name of one part."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def authority_certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A CA's own certificate, strict enough for Python 3.13's X.509 checks."""
    now = datetime.now(UTC)
    return (
        blank(name, name, key.public_key())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def leaf_certificate(
    kind: CertificateKind,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """The server's certificate, wrong in the one way `kind` says."""
    now = datetime.now(UTC)
    start = now + timedelta(hours=1) if kind == "not_yet_valid" else now - timedelta(days=20)
    end = now - timedelta(days=1) if kind == "expired" else now + timedelta(days=1)
    hosts = ELSEWHERE if kind == "wrong_host" else LOOPBACK
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        blank(named("127.0.0.1"), issuer, key.public_key())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(issuer_id, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def blank(subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    """What every certificate here has in common."""
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    return builder.public_key(public_key).serial_number(x509.random_serial_number())


def signing_only() -> x509.KeyUsage:
    """The key usage of a certificate authority."""
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def server_context(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, file: Path) -> ssl.SSLContext:
    """A server's context that shows `certificate`; `file` is where OpenSSL reads both from."""
    write_pem(certificate, key, file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def write_pem(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, file: Path) -> None:
    """Write a certificate and its key, for their owner only."""
    file.touch(mode=0o600)
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
