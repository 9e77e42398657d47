"""TLS as this program speaks it: verified, with a client certificate where a gateway requires one."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tui.errors import SettingsError
from tui.files import NotRegularFileError, read_bounded

if TYPE_CHECKING:
    from tui.config.settings import Settings

_LARGEST_PEM = 16 * 1024 * 1024
"""Bytes of a PEM file: all certificates that browsers trust are a quarter of a megabyte."""


def context_for(settings: Settings) -> ssl.SSLContext:
    """Return the context for connections to the deployment.

    Raises:
        SettingsError: a certificate or a key is unreadable, or the two do not belong together.
    """
    context = trusting_context(settings.ca_file)
    if settings.client_cert:
        _present_certificate(context, settings.client_cert, settings.client_key or settings.client_cert)
    return context


def trusting_context(ca_file: Path | None = None, *, also_usual: bool = False) -> ssl.SSLContext:
    """Return a context that verifies, and ignores SSLKEYLOGFILE, which `create_default_context` obeys.

    Args:
        ca_file: the certificates to trust, in PEM; by default those of this machine.
        also_usual: trust those of this machine in addition to the file.

    Raises:
        SettingsError: the file cannot be read, or holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        pem = _read_pem(ca_file, "AIRISK_CA_FILE")
        try:
            context.load_verify_locations(cadata=pem)
        except (ssl.SSLError, ValueError):
            _refuse_pem(ca_file, "AIRISK_CA_FILE")
    if also_usual or not ca_file:
        context.load_default_certs()
        if not context.cert_store_stats()["x509_ca"]:
            import certifi  # noqa: PLC0415 - only where the system brings no certificates of its own

            context.load_verify_locations(certifi.where())
    return context


def _present_certificate(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    _read_pem(certificate, "AIRISK_CLIENT_CERT")
    if "ENCRYPTED" in _read_pem(key, "AIRISK_CLIENT_KEY"):
        raise SettingsError(
            f"The client key {key} is protected by a password.",
            advice="Decrypt it into a file that only you can read: openssl pkey -in KEY -out DECRYPTED.",
        )
    try:
        # Without a password of its own, OpenSSL would ask for one on the terminal.
        context.load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise SettingsError(
                f"The client key {key} does not match the certificate {certificate}.",
                advice="Check AIRISK_CLIENT_CERT and AIRISK_CLIENT_KEY.",
            ) from None
        raise SettingsError(
            f"The client certificate {certificate} cannot be used with the key {key}.",
            advice="AIRISK_CLIENT_CERT needs a certificate, AIRISK_CLIENT_KEY a private key, both in PEM.",
        ) from None


def _read_pem(file: Path, setting: str) -> str:
    try:
        return read_bounded(file, _LARGEST_PEM).decode("ascii", errors="ignore")
    except OSError as error:
        why = f" ({error.strerror})" if isinstance(error, NotRegularFileError) else ""
        _refuse_pem(file, setting, why)


def _refuse_pem(file: Path, setting: str, why: str = "") -> NoReturn:
    begins = "PRIVATE KEY" if setting == "AIRISK_CLIENT_KEY" else "CERTIFICATE"
    raise SettingsError(
        f"{setting} is not a readable PEM file: {file}{why}.",
        advice=f"It must begin with -----BEGIN {begins}-----. Ask the deployment's operator for it.",
    ) from None
