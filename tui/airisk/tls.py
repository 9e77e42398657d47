"""How a deployment proves that it is the one."""

from __future__ import annotations

import ssl
from pathlib import Path

from tui.airisk.errors import SettingsError
from tui.files import NotRegular, read_bounded

_LARGEST = 16 * 1024 * 1024
"""Bytes of certificates: all that browsers trust are a quarter of a megabyte."""


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A context that verifies, and that does not read SSLKEYLOGFILE as `create_default_context` does.

    Args:
        ca_file: the certificates to trust, in PEM; None stands for those of this machine.

    Raises:
        SettingsError: the file cannot be read, or holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            pem = read_bounded(ca_file, _LARGEST).decode("ascii", errors="ignore")
            context.load_verify_locations(cadata=pem)
        except (OSError, ValueError) as error:
            why = f" ({error.strerror})" if isinstance(error, NotRegular) else ""
            raise SettingsError(
                f"AIRISK_CA_FILE is not a readable PEM file: {ca_file}{why}.",
                advice="It begins with -----BEGIN CERTIFICATE-----; ask who runs the deployment for it.",
            ) from None
    else:
        context.load_default_certs()
        if not context.cert_store_stats()["x509_ca"]:
            import certifi  # noqa: PLC0415 - only where the system brings no certificates of its own

            context.load_verify_locations(certifi.where())
    return context
