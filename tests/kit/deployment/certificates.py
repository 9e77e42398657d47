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

TLSKind = Literal[
    "private_ca", "self_signed", "unknown_authority", "expired", "not_yet_valid", "wrong_host", "plain_http"
]

LOOPBACK = (x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1")))
ELSEWHERE = (x509.DNSName("elsewhere.example"),)


def write_certificates(kind: TLSKind, folder: Path) -> tuple[ssl.SSLContext, Path | None]:
    """Make the server's TLS context, and the CA file with which `kind` is the only thing wrong.

    A self-signed certificate has no such file, nor has one of an unknown authority. The files live as long as `folder`.
    """
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = named("Test Authority")
    authority = authority_certificate(authority_name, authority_key)
    if kind == "self_signed":
        leaf = leaf_certificate(kind, key, named("127.0.0.1"), key)
    else:
        leaf = leaf_certificate(kind, key, authority_name, authority_key)
    ca_file = None if kind in {"self_signed", "unknown_authority"} else folder / "ca.pem"
    if ca_file is not None:
        ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return server_context(leaf, key, folder / "server.pem"), ca_file


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
    kind: TLSKind,
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
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
