"""Describe network and TLS errors. Messages of h11 are never quoted, because they can hold tokens."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tui.errors import InvalidResponseError, NoResponseError


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
            raise (_client_certificate_failure(host, error) or _failure(host, error, proxy)) from None
    except NoResponseError as failure:
        failure.__context__ = None  # it quotes the response, and its frames have the token in their variables
        raise


def timeout_error(host: str, seconds: float) -> NoResponseError:
    """Return the error for a deadline that has passed."""
    return NoResponseError(f"{host} did not respond within {seconds:g} s.", advice=_CHECK_NETWORK)


_CHECK_NETWORK = "Check AIRISK_URL and the network, then try again."
_CHECK_PROXY = "Check AIRISK_PROXY and the network, then try again."
_TRY_AGAIN = "Try again. If it keeps happening, contact the deployment's operator."
_ASK_ABOUT_TLS = "It may require another version of TLS. Contact the deployment's operator."
_ASK_ABOUT_HTTP = "It may support HTTP/2 only. Ask the deployment's operator to enable HTTP/1.1."
_CLOSED = ("Server disconnected", "peer closed connection")
"""How httpcore and h11 begin the error about a connection that ends before or within a response."""

_NO_COMMON_TLS = ("ALERT", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS", "NO_SHARED")
_CERTIFICATE_ERRORS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is signed by an unknown authority",
    20: "its certificate is signed by an unknown authority",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}


def proxy_wants_sign_in(proxy: str) -> NoResponseError:
    """Return the error for a 407 from the proxy, given as host and port, or from an unconfigured proxy if empty."""
    if not proxy:
        return NoResponseError(
            "A proxy requires a user name and a password (407).",
            advice="Set AIRISK_PROXY to http://NAME:PASSWORD@ and its address.",
        )
    return NoResponseError(
        f"The proxy {proxy} requires a user name and a password (407).",
        advice=f"Check the ones in AIRISK_PROXY: http://NAME:PASSWORD@{proxy}.",
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
        return NoResponseError(f"Cannot reach {host}{through}: the connection timed out.", advice=advice)
    if isinstance(error, httpx.ConnectError):
        return _connect_failure(host, error, way)
    if isinstance(error, httpx.ProxyError):
        refusal = NoResponseError(f"The proxy {proxy} refused the connection to {host}.", advice="Check AIRISK_PROXY.")
        return proxy_wants_sign_in(proxy) if str(error).startswith("407") else refusal
    if isinstance(error, httpx.NetworkError | ssl.SSLError) or str(error).startswith(_CLOSED):
        return InvalidResponseError(
            f"The connection to {host} was closed before the response was complete.", advice=_TRY_AGAIN
        )
    if isinstance(error, httpx.RemoteProtocolError):
        return InvalidResponseError(f"{host} sent an invalid HTTP response.", advice=_TRY_AGAIN)
    return NoResponseError(f"Cannot reach {host}{through}.", advice=advice)


def _client_certificate_failure(host: str, error: BaseException) -> NoResponseError | None:
    """Describe an alert about the client's certificate. In TLS 1.3 it comes after the handshake, with the response."""
    said = " ".join(_tls_words(cause) for cause in _causes(error))
    if "ALERT_CERTIFICATE_REQUIRED" in said:
        return NoResponseError(
            f"{host} requires a client certificate.", advice="Set AIRISK_CLIENT_CERT and AIRISK_CLIENT_KEY."
        )
    if re.search("ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN))", said):
        return NoResponseError(
            f"{host} rejected the client certificate.",
            advice="Check AIRISK_CLIENT_CERT: it may be expired, revoked, or of another authority.",
        )
    return None


def _tls_words(error: BaseException) -> str:
    """Return what OpenSSL says. Python 3.11 does not know the `reason` of every alert."""
    return str(error).upper().replace(" ", "_") if isinstance(error, ssl.SSLError) else ""


def _connect_failure(host: str, error: BaseException, way: tuple[str, str]) -> NoResponseError:
    """Describe the error that httpx and httpcore wrap."""
    through, advice = way
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = _CERTIFICATE_ERRORS.get(cause.verify_code, "its certificate is not valid")
            return NoResponseError(
                f"Cannot trust {host}: {why}.",
                advice="If the deployment uses a private CA, set AIRISK_CA_FILE to its certificate.",
            )
        said = _tls_words(cause)
        if "ALERT_NO_APPLICATION_PROTOCOL" in said:
            return NoResponseError(f"{host} does not support HTTP/1.1.", advice=_ASK_ABOUT_HTTP)
        if any(sign in said for sign in _NO_COMMON_TLS):
            return NoResponseError(f"TLS handshake with {host} failed.", advice=_ASK_ABOUT_TLS)
        if isinstance(cause, ssl.SSLError):
            return NoResponseError(
                f"{host} does not use TLS on this port.", advice="Check the port and https:// in AIRISK_URL."
            )
        if isinstance(cause, ConnectionRefusedError):
            return NoResponseError(f"Cannot reach {host}{through}: the connection was refused.", advice=advice)
    return NoResponseError(f"Cannot reach {host}{through}.", advice=advice)
