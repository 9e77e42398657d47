"""What a network can do instead of answering, in words for the person; never quoted: h11's messages hold tokens."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tui.airisk.errors import BrokenAnswer, NoAnswer


class Disconnected(BrokenAnswer):
    """The connection was gone before any answer: a safe request may be sent again."""


@asynccontextmanager
async def in_words(host: str, seconds: float) -> AsyncIterator[None]:
    """Turn whatever httpx raises into NoAnswer or BrokenAnswer, about that host and that time-out in seconds."""
    try:
        yield
    except TimeoutError:
        raise NoAnswer(f"{host} did not answer within {seconds:g} s.", advice=_CHECK_NETWORK) from None
    except httpx.TimeoutException:
        raise NoAnswer(f"Cannot reach {host}: no connection in time.", advice=_CHECK_NETWORK) from None
    except httpx.ConnectError as error:
        raise _connect_failure(host, error) from None
    except httpx.ProxyError:
        raise NoAnswer(f"The proxy did not let us through to {host}.", advice="Check AIRISK_PROXY.") from None
    except (httpx.ReadError, httpx.WriteError, httpx.CloseError):
        raise Disconnected(f"The connection to {host} broke off: broken answer.", advice=_TRY_AGAIN) from None
    except httpx.RemoteProtocolError as error:
        kind = Disconnected if "without sending" in str(error) else BrokenAnswer
        raise kind(f"{host} sent a broken answer.", advice=_TRY_AGAIN) from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NoAnswer(f"Cannot reach {host}.", advice=_CHECK_NETWORK) from None


_CHECK_NETWORK = "Check AIRISK_URL and the network, then try again."
_TRY_AGAIN = "Try again; if it goes on, ask who runs the deployment."
_TLS_FAULTS = {
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate is signed by an authority this machine does not know",
    20: "its certificate is signed by an authority this machine does not know",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}


def _connect_failure(host: str, error: BaseException) -> NoAnswer:
    """Name the fault that lies under httpx's and httpcore's wrapping."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _TLS_FAULTS.get(cause.verify_code, "its certificate is not valid")
            return NoAnswer(
                f"{host} cannot be trusted: {fault}.",
                advice="If a private authority signs this deployment, name its certificate in AIRISK_CA_FILE.",
            )
        if isinstance(cause, ssl.SSLError):
            return NoAnswer(f"{host} does not speak TLS here.", advice="Check the port and https:// in AIRISK_URL.")
        if isinstance(cause, ConnectionRefusedError):
            return NoAnswer(f"Cannot reach {host}: the connection was refused.", advice=_CHECK_NETWORK)
        cause = cause.__cause__ or cause.__context__
    return NoAnswer(f"Cannot reach {host}.", advice=_CHECK_NETWORK)
