"""How long to wait for an overloaded AIRisk: one policy for screens, commands and matrices.

It responds 429, or 503, which is the default of nginx and ASP.NET. A 503 without `Retry-After` may also mean that
something is down, so that it is retried fewer times.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.airisk.http.response import seconds_of
from tui.errors import ServiceBusyError

T = TypeVar("T")

BUSY = frozenset({429, 503})

LONGEST_WAIT = 60.0
"""Seconds that AIRisk may ask to wait; a longer wait is an error."""

_LONGEST_IN_ALL = 120.0
"""Total seconds that the user or a command waits at one step."""

_MOST_ATTEMPTS = 10
_FEWER_ATTEMPTS = 4

OnWait = Callable[[float], None]
"""Called every second with the seconds left to wait, and with 0 before the next attempt."""


def wait_of(retry_after: str, attempt: int) -> float:
    """Return the seconds to wait: from Retry-After (seconds or a date), else longer with each attempt.

    Args:
        retry_after: the header's value, or nothing.
        attempt: number of the attempt, from 1.
    """
    seconds = seconds_of(retry_after)
    return float(2 ** min(attempt - 1, 5)) if seconds is None else max(seconds, 1.0)


def most_attempts(status: int, retry_after: str) -> int:
    """Return the maximum number of attempts for a request with such a response."""
    return _FEWER_ATTEMPTS if is_unsaid(status, retry_after) else _MOST_ATTEMPTS


def is_unsaid(status: int, retry_after: str) -> bool:
    """Return whether it is a 503 without Retry-After, which may mean that AIRisk is down."""
    return status == 503 and seconds_of(retry_after) is None


class Waiting:
    """Waits for an overloaded AIRisk in one step, within bounds.

    Args:
        on_wait: called with the remaining seconds; without it there is no waiting.
    """

    def __init__(self, on_wait: OnWait | None) -> None:
        self._on_wait = on_wait
        self._attempt = 0
        self._left = _LONGEST_IN_ALL

    async def is_waited_out(self, status: int, retry_after: str) -> bool:
        """Wait as long as AIRisk asks, and return True; return False if that is too long, too often, or not wanted."""
        self._attempt += 1
        seconds = wait_of(retry_after, self._attempt)
        is_too_long = seconds > min(LONGEST_WAIT, self._left)
        if (
            not self._on_wait
            or status not in BUSY
            or is_too_long
            or self._attempt >= most_attempts(status, retry_after)
        ):
            return False
        self._left -= seconds
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._on_wait(left)
            await asyncio.sleep(min(left, 1.0))
        self._on_wait(0.0)
        return True


async def patiently(send: Callable[[], Awaitable[T]], on_wait: OnWait | None) -> T:
    """Repeat a request while AIRisk is overloaded, within the bounds of `Waiting`.

    Raises:
        ServiceBusyError: it stays overloaded.
    """
    waiting = Waiting(on_wait)
    while True:
        try:
            return await send()
        except ServiceBusyError as busy:
            if not await waiting.is_waited_out(busy.status, busy.retry_after):
                raise


def clock_of(seconds: float) -> str:
    """Return the remaining time as a countdown: ``0:07``."""
    left = math.ceil(seconds)
    return f"{left // 60}:{left % 60:02}"
