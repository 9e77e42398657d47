"""Where the time of an exchange goes: heard from the transport while it works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui import clocks
from tui.airisk.models import Timing

_CONNECTING = ("connection.connect_tcp.started", "connection.start_tls.started")
_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Stopwatch:
    """Begins when it is made, and is read when the last byte is there."""

    def __init__(self) -> None:
        self._started = clocks.precise()
        self._connecting = 0.0
        self._connected = 0.0
        self._first_byte = 0.0

    async def hear(self, event: str, _: Mapping[str, Any]) -> None:
        """Take note of what the transport does; httpcore names the events."""
        if event in _CONNECTING and not self._connecting:
            self._connecting = clocks.precise()
        elif event in _CONNECTED:
            self._connected = clocks.precise()

    def has_begun(self) -> None:
        """The head of the answer is there."""
        self._first_byte = clocks.precise()

    def read(self) -> Timing:
        """All of it up to now, in seconds."""
        now = clocks.precise()
        return Timing(
            connect=max(0.0, self._connected - self._connecting),
            first_byte=(self._first_byte or now) - self._started,
            total=now - self._started,
        )
