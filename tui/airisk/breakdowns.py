"""What a network can do instead of answering, in words for the person; never quoted: h11's messages hold tokens."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tui.airisk.errors import BrokenAnswer, NoAnswer


@contextmanager
def in_words(host: str, *, has_proxy: bool = False) -> Iterator[None]:
    """Turn whatever httpx and what lies below it raise into NoAnswer or BrokenAnswer, about that host.

    Where there `has_proxy`, it is the proxy to which there is no connection.
    """
    try:
        try:
            yield
        # TLS that breaks after its handshake, and names that no resolver takes, come through httpx as they are.
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise _failure(host, error, _VIA_PROXY if has_proxy else _DIRECTLY) from None
    except NoAnswer as failure:
        failure.__context__ = None  # it quotes the answer, and its frames have the token in their variables
        raise


def too_late(host: str, seconds: float) -> NoAnswer:
    """The deadline has passed."""
    return NoAnswer(f"{host} did not answer within {seconds:g} s.", advice=_CHECK_NETWORK)


_CHECK_NETWORK = "Check AIRISK_URL and the network, then try again."
_DIRECTLY = ("", _CHECK_NETWORK)
_VIA_PROXY = (" through the proxy", "Check AIRISK_PROXY and the network, then try again.")
_TRY_AGAIN = "Try again; if it goes on, ask who runs the deployment."
_ASK_ABOUT_TLS = "It may want a certificate of ours, or another version of TLS: ask who runs the deployment."
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


def _failure(host: str, error: Exception, way: tuple[str, str]) -> NoAnswer:
    through, advice = way
    if isinstance(error, httpx.TimeoutException):
        return NoAnswer(f"Cannot reach {host}{through}: no connection in time.", advice=advice)
    if isinstance(error, httpx.ConnectError):
        return _connect_failure(host, error, way)
    if isinstance(error, httpx.ProxyError):
        return NoAnswer(f"The proxy did not let us through to {host}.", advice="Check AIRISK_PROXY.")
    if isinstance(error, httpx.NetworkError | ssl.SSLError):
        return BrokenAnswer(f"The connection to {host} broke off: broken answer.", advice=_TRY_AGAIN)
    if isinstance(error, httpx.RemoteProtocolError):
        return BrokenAnswer(f"{host} sent a broken answer.", advice=_TRY_AGAIN)
    return NoAnswer(f"Cannot reach {host}{through}.", advice=advice)


def _connect_failure(host: str, error: BaseException, way: tuple[str, str]) -> NoAnswer:
    """Name the fault that lies under httpx's and httpcore's wrapping."""
    through, advice = way
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _TLS_FAULTS.get(cause.verify_code, "its certificate is not valid")
            return NoAnswer(
                f"{host} cannot be trusted: {fault}.",
                advice="If a private authority signs this deployment, name its certificate in AIRISK_CA_FILE.",
            )
        if isinstance(cause, ssl.SSLError) and any(sign in (cause.reason or "") for sign in _NO_COMMON_TLS):
            return NoAnswer(f"{host} speaks TLS, but not with us.", advice=_ASK_ABOUT_TLS)
        if isinstance(cause, ssl.SSLError):
            return NoAnswer(f"{host} does not speak TLS here.", advice="Check the port and https:// in AIRISK_URL.")
        if isinstance(cause, ConnectionRefusedError):
            return NoAnswer(f"Cannot reach {host}{through}: the connection was refused.", advice=advice)
        cause = cause.__cause__ or cause.__context__
    return NoAnswer(f"Cannot reach {host}{through}.", advice=advice)
