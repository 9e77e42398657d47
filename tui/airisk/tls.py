"""How a deployment proves that it is the one."""

from __future__ import annotations

import ssl

from tui.airisk.errors import SettingsError
from tui.airisk.settings import Settings


def tls_context(settings: Settings) -> ssl.SSLContext:
    """A context that verifies, and that does not read SSLKEYLOGFILE as `create_default_context` does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_file:
        try:
            context.load_verify_locations(settings.ca_file)
        except (OSError, ssl.SSLError):
            raise SettingsError(f"AIRISK_CA_FILE is not a readable PEM file: {settings.ca_file}.") from None
    else:
        context.load_default_certs()
        if not context.cert_store_stats()["x509_ca"]:
            import certifi  # noqa: PLC0415 - only where the system brings no certificates of its own

            context.load_verify_locations(certifi.where())
    return context
