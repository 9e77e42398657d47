"""Copy each entry to a central collector, with syslog as in RFC 5424.

The standard library's SysLogHandler writes the older format (RFC 3164), without a time or a host, does not frame
messages on TCP, and blocks. Here a message is sent as a datagram (RFC 5426, or a local socket), or with its length
before it over TCP (RFC 6587, 3.4.1) or TLS (RFC 5425). A separate thread sends; undelivered messages are counted.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from tui.audit.entry import AuditEntry, line_of
from tui.background import DaemonExecutor
from tui.config.origin import split_address, wrong

USUAL_PORT, USUAL_TLS_PORT = 514, 6514
_NAME = "AIRISK_SYSLOG"
_EXAMPLE = "Example: unix:/dev/log, udp://logs.example:514, tcp://logs.example:514 or tls://logs.example:6514."

_KINDS: dict[str, Literal["udp", "tcp", "tls"]] = {"udp": "udp", "tcp": "tcp", "tls": "tls"}

_AUTHPRIV = 10  # RFC 5424, 6.2.1: private messages on security and authorization
_SEVERITIES = {"refusal": 4, "start": 5, "allow": 5, "stop": 5, "intent": 5, "request": 6}

_MOST_WAITING = 1_000
_SECONDS = 5.0
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class SyslogAddress:
    """The collector's address: a local socket's path, or a host and a port."""

    kind: Literal["unix", "udp", "tcp", "tls"]
    host: str
    port: int = 0

    def __str__(self) -> str:
        return f"unix:{self.host}" if self.kind == "unix" else f"{self.kind}://{self.host}:{self.port}"

    @classmethod
    def read(cls, text: str) -> SyslogAddress:
        """Parse AIRISK_SYSLOG.

        Raises:
            SettingsError: the text is not a valid address.
        """
        if text.startswith("unix:"):
            path = text.removeprefix("unix:")
            if not path.startswith("/") or not path.isprintable():
                raise wrong(_NAME, "must name a local socket", _EXAMPLE)
            return cls("unix", re.sub("^//+", "/", path))
        parts = split_address(text, _NAME, example=_EXAMPLE)
        kind = _KINDS.get(parts.scheme)
        if kind is None:
            raise wrong(_NAME, "must begin with unix:, udp://, tcp:// or tls://", _EXAMPLE)
        if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
            raise wrong(_NAME, "must contain only a host and a port", _EXAMPLE)
        return cls(kind, parts.hostname or "", parts.port or (USUAL_TLS_PORT if kind == "tls" else USUAL_PORT))

    @property
    def is_stream(self) -> bool:
        """Whether messages go over a connection, each with its length before it."""
        return self.kind in {"tcp", "tls"}

    def connect(self, trusted: ssl.SSLContext | None = None) -> socket.socket:
        """Return a socket that is connected to the collector; datagrams may still be lost.

        Args:
            trusted: verifies the certificate of a collector with TLS.

        Raises:
            OSError: the collector cannot be reached, or its certificate is invalid.
        """
        if self.is_stream:
            connection = socket.create_connection((self.host, self.port), timeout=_SECONDS)
            return _secured(connection, self.host, trusted) if self.kind == "tls" else connection
        if self.kind == "unix":
            return _connected(socket.AF_UNIX, self.host)
        family, _, _, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
        return _connected(family, address)


class Syslog:
    """Sends copies of entries; never blocks, never fails. `lost` is the number of undeliverable ones.

    Datagrams, and data in a TCP connection that breaks, may be lost unnoticed. The trail is authoritative.

    Args:
        collector: the address to send to.
        on_lost: called once, from any thread, when the first copy is lost, with the reason in words.
        trusted: verifies the certificate of a collector with TLS.
    """

    def __init__(
        self,
        collector: SyslogAddress,
        on_lost: Callable[[str], None] = lambda _: None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self.lost = 0
        self._trusted = trusted
        self._why = "it does not keep up"
        self._on_lost = on_lost
        self._collector = collector
        self._socket: socket.socket | None = None
        self._thread = DaemonExecutor(max_workers=1, name="syslog")
        self._guard = threading.Lock()
        self._waiting = 0

    def copy(self, entry: AuditEntry) -> None:
        """Queue a copy; if the queue is full because the collector is slow, the copy is lost."""
        with self._guard:
            if self._waiting >= _MOST_WAITING:
                self._lose()
                return
            self._waiting += 1
        self._thread.submit(self._deliver, message(entry))

    async def delivered(self, seconds: float = _PATIENCE) -> None:
        """Wait until all earlier copies were sent or lost, for at most that many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.wrap_future(self._thread.submit(lambda: None))

    def close(self, seconds: float = 1.0) -> None:
        """Close the connection after the queued copies; blocks for at most that many seconds."""
        wait([self._thread.submit(self._hang_up)], timeout=seconds)

    def _deliver(self, text: bytes) -> None:
        is_delivered = self._try(text) or self._try(text)  # the second time on a new connection
        with self._guard:
            self._waiting -= 1
            if not is_delivered:
                self._lose()

    def _lose(self) -> None:
        self.lost += 1
        if self.lost == 1:
            self._on_lost(self._why)

    def _try(self, text: bytes) -> bool:
        try:
            if self._socket is None or self._is_hung_up(self._socket):
                self._hang_up()
                self._socket = self._collector.connect(self._trusted)
            self._socket.sendall(b"%d %b" % (len(text), text) if self._collector.is_stream else text)
        except OSError as error:
            self._why = _words(error)
            self._hang_up()
            return False
        return True

    def _is_hung_up(self, connection: socket.socket) -> bool:
        """Return whether the collector closed a connection: data sent on it would be lost without an error."""
        if not self._collector.is_stream:
            return False
        connection.settimeout(0)
        try:
            return connection.recv(1) == b""  # a collector sends nothing that is to be read
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            connection.settimeout(_SECONDS)

    def _hang_up(self) -> None:
        if self._socket:
            if isinstance(self._socket, ssl.SSLSocket):
                with suppress(OSError, ValueError):  # RFC 5425, 4.4: say so; the response is not waited for
                    self._socket.settimeout(0)
                    self._socket.unwrap()
            self._socket.close()
            self._socket = None


def message(entry: AuditEntry) -> bytes:
    """Return an entry as an RFC 5424 message whose text is the line of the trail."""
    priority = _AUTHPRIV * 8 + _SEVERITIES[entry.event]
    process_id = entry.process.partition("-")[0]
    fields = [entry.time, _token(entry.os_host, 255), "airisk-tui", _token(process_id, 128), entry.event, "-"]
    return f"<{priority}>1 {' '.join(fields)} ".encode("ascii") + line_of(entry).rstrip()


def _secured(connection: socket.socket, host: str, trusted: ssl.SSLContext | None) -> socket.socket:
    if trusted is None:
        connection.close()
        raise OSError("no certificate is trusted")
    try:
        return trusted.wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise


def _words(error: OSError) -> str:
    """Return an error in words; of an invalid certificate, why it is."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is invalid: {error.verify_message.removesuffix('.')}"
    return (error.strerror or str(error) or type(error).__name__).lower()


def _connected(family: socket.AddressFamily, address: Any) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_DGRAM)
    try:
        connection.settimeout(_SECONDS)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def _token(text: str, length: int) -> str:
    """Return a header field: printable ASCII without spaces, or a dash if nothing is left."""
    return re.sub("[^!-~]", "", text)[:length] or "-"
