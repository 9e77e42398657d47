"""Describe network and TLS errors. Messages of h11 are never quoted, because they can hold tokens."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tui.errors import InvalidResponseError, NoResponseError, SettingsError
from tui.files import NotRegularFileError, read_bounded


@contextmanager
def translate_errors(host: str, *, proxy: str = "") -> Iterator[None]:
    """Convert errors of httpx and the layers below into NoResponseError or InvalidResponseError about that host.

    With a `proxy`, given as host and port, failed connections are reported for the proxy.
    """
    try:
        try:
            yield
        # Broken TLS after the handshake, and names that no resolver accepts, pass httpx unwrapped.
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise _failure(host, error, proxy) from None
    except NoResponseError as failure:
        failure.__context__ = None  # it quotes the response, and its frames have the token in their variables
        raise


def timeout_error(host: str, seconds: float) -> NoResponseError:
    """Return the error for a deadline that has passed."""
    return NoResponseError(f"{host} did not answer within {seconds:g} s.", advice=_CHECK_NETWORK)


_CHECK_NETWORK = "Check AIRISK_URL and the network, then try again."
_CHECK_PROXY = "Check AIRISK_PROXY and the network, then try again."
_TRY_AGAIN = "Try again; if it goes on, ask who runs the deployment."
_ASK_ABOUT_TLS = "It may want a certificate of ours, or another version of TLS: ask who runs the deployment."
_ASK_ABOUT_HTTP = "It may speak HTTP/2 only: ask who runs the deployment for HTTP/1.1 beside it."
_NO_COMMON_TLS = ("ALERT", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS", "NO_SHARED")
_TLS_FAULTS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is signed by an authority this machine does not know",
    20: "its certificate is signed by an authority this machine does not know",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}


def proxy_wants_sign_in(proxy: str) -> NoResponseError:
    """Return the error for a 407 from the proxy, given as host and port, or from an unconfigured proxy if empty."""
    if not proxy:
        return NoResponseError(
            "A proxy on the way wants a user name and a password (407).", advice="Name it in AIRISK_PROXY."
        )
    return NoResponseError(
        f"The proxy {proxy} wants a user name and a password (407).",
        advice=f"Write them into AIRISK_PROXY, if they are not wrong: http://NAME:PASSWORD@{proxy}.",
    )


def is_refused(error: BaseException) -> bool:
    """Return whether nothing accepts connections at that address."""
    return any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, then its causes or contexts: the errors that httpx and httpcore wrap."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _failure(host: str, error: Exception, proxy: str) -> NoResponseError:
    way = (" through the proxy", _CHECK_PROXY) if proxy else ("", _CHECK_NETWORK)
    through, advice = way
    if isinstance(error, httpx.TimeoutException):
        return NoResponseError(f"Cannot reach {host}{through}: no connection in time.", advice=advice)
    if isinstance(error, httpx.ConnectError):
        return _connect_failure(host, error, way)
    if isinstance(error, httpx.ProxyError):
        refusal = NoResponseError(f"The proxy {proxy} did not let us through to {host}.", advice="Check AIRISK_PROXY.")
        return proxy_wants_sign_in(proxy) if str(error).startswith("407") else refusal
    if isinstance(error, httpx.NetworkError | ssl.SSLError):
        return InvalidResponseError(f"The connection to {host} broke off: broken answer.", advice=_TRY_AGAIN)
    if isinstance(error, httpx.RemoteProtocolError):
        return InvalidResponseError(f"{host} sent a broken answer.", advice=_TRY_AGAIN)
    return NoResponseError(f"Cannot reach {host}{through}.", advice=advice)


def _connect_failure(host: str, error: BaseException, way: tuple[str, str]) -> NoResponseError:
    """Describe the error that httpx and httpcore wrap."""
    through, advice = way
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _TLS_FAULTS.get(cause.verify_code, "its certificate is not valid")
            return NoResponseError(
                f"{host} cannot be trusted: {fault}.",
                advice="If a private authority signs this deployment, name its certificate in AIRISK_CA_FILE.",
            )
        # Not its `reason`, which Python 3.11 does not know for every alert.
        said = str(cause).upper().replace(" ", "_") if isinstance(cause, ssl.SSLError) else ""
        if "ALERT_NO_APPLICATION_PROTOCOL" in said:
            return NoResponseError(f"{host} offers no HTTP/1.1.", advice=_ASK_ABOUT_HTTP)
        if any(sign in said for sign in _NO_COMMON_TLS):
            return NoResponseError(f"{host} speaks TLS, but not with us.", advice=_ASK_ABOUT_TLS)
        if isinstance(cause, ssl.SSLError):
            return NoResponseError(
                f"{host} does not speak TLS here.", advice="Check the port and https:// in AIRISK_URL."
            )
        if isinstance(cause, ConnectionRefusedError):
            return NoResponseError(f"Cannot reach {host}{through}: the connection was refused.", advice=advice)
    return NoResponseError(f"Cannot reach {host}{through}.", advice=advice)


_LARGEST_CA_FILE = 16 * 1024 * 1024
"""Bytes of certificates: all that browsers trust are a quarter of a megabyte."""


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a context that verifies, and ignores SSLKEYLOGFILE, which `create_default_context` obeys.

    Args:
        ca_file: the certificates to trust, in PEM; by default those of this machine.

    Raises:
        SettingsError: the file cannot be read, or holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            pem = read_bounded(ca_file, _LARGEST_CA_FILE).decode("ascii", errors="ignore")
            context.load_verify_locations(cadata=pem)
        except (OSError, ValueError) as error:
            why = f" ({error.strerror})" if isinstance(error, NotRegularFileError) else ""
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
