"""Limit the concurrency and rate of a matrix, and slow down when AIRisk is busy."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tui.airisk.http.backoff import BUSY, LONGEST_WAIT, is_unsaid
from tui.errors import ThrottleExceededError

_SLOWEST = 0.2
_EASED, _RECOVERED = 0.7, 1.1
_EASE_SECONDS = 1.0
_RECOVER_SECONDS = 5.0


class Throttle:
    """Rate limiter: each request waits for its `turn`.

    After a 429 or 503 all requests wait as long as AIRisk asks, then continue at a lower rate that recovers step by
    step. An endpoint that only responds 503 without a time to retry is down; it does not cause a second wait.

    Args:
        concurrency: the number of concurrent turns.
        rate: turns per second; 0 for no limit.
    """

    def __init__(self, concurrency: int, rate: float) -> None:
        self._free = asyncio.Semaphore(concurrency)
        self._open = asyncio.Event()
        self._open.set()
        self._most = rate
        self._rate = rate
        self._next = 0.0
        self._held_until = 0.0
        self._changed = 0.0
        self._started: deque[float] = deque(maxlen=1000)
        self._given_up = ""
        self._responding: set[str] = set()
        self._down: set[str] = set()

    @property
    def is_paused(self) -> bool:
        """Whether no turn starts at present."""
        return not self._open.is_set()

    @property
    def rate(self) -> float:
        """Current turns per second; 0 for no limit."""
        return self._rate

    @property
    def retry_after(self) -> float:
        """Remaining seconds that AIRisk asked to wait."""
        return max(0.0, self._held_until - time.monotonic())

    def pause(self) -> None:
        """Start no more turns; those in progress complete."""
        self._open.clear()

    def go_on(self) -> None:
        """Start turns again."""
        self._open.set()

    @asynccontextmanager
    async def turn(self, cost: int = 1) -> AsyncIterator[None]:
        """Wait for a turn and hold it while the context lasts; `cost` is its number of requests.

        Raises:
            ThrottleExceededError: AIRisk asked for a wait of more than `LONGEST_WAIT`.
        """
        async with self._free:
            await self._due(cost)
            yield

    async def _due(self, cost: int) -> None:
        while True:
            await self._open.wait()
            if self._given_up:
                raise ThrottleExceededError(self._given_up, advice="Resume the run later (--resume).")
            now = time.monotonic()
            if self._held_until > now:
                await asyncio.sleep(self._held_until - now)
                continue
            if not self._rate:
                self._note(now, cost)
                return
            due = max(self._next, now)
            self._next = due + cost / self._rate
            if due > now:
                await asyncio.sleep(due - now)
            self._note(due, cost)
            # AIRisk may have asked to wait, or the user to pause, during the sleep: then wait again.
            if self._held_until <= time.monotonic() and self._open.is_set():
                self._recover()
                return

    def is_too_much(self, endpoint: str, status: int, retry_after: str) -> bool:
        """Return whether a response says that AIRisk is busy, so that requests have to wait."""
        if status not in BUSY:
            self._responding.add(endpoint)
            return False
        return endpoint not in self._down or not is_unsaid(status, retry_after)

    def give_up(self, endpoint: str) -> None:
        """Mark an endpoint as down if it was always busy while others responded, and restore the full rate."""
        if self._responding and endpoint not in self._responding:
            self._down.add(endpoint)
            self._rate, self._next = self._most, 0.0

    def pause_for(self, seconds: float) -> None:
        """Make all turns wait, then continue at a lower rate; beyond `LONGEST_WAIT`, start no more turns."""
        if seconds > LONGEST_WAIT:
            self._given_up = f"Skipped: AIRisk asked to wait {min(seconds, 10**9):.0f} s before the next request."
            return
        now = time.monotonic()
        self._held_until = max(self._held_until, now + seconds)
        if now - self._changed < _EASE_SECONDS and self._changed:
            return  # responses to requests already in flight repeat the same
        lately = sum(1 for moment in self._started if moment > now - 1.0)
        slower = max(_SLOWEST, _EASED * (lately or 1))
        self._rate = min(self._rate * _EASED, slower) if self._rate else slower
        self._rate = max(self._rate, _SLOWEST)
        self._changed = now
        self._next = self._held_until

    def _note(self, moment: float, cost: int) -> None:
        self._started.extend([moment] * cost)

    def _recover(self) -> None:
        now = time.monotonic()
        if self._changed and self._rate != self._most and now - self._changed > _RECOVER_SECONDS:
            faster = self._rate * _RECOVERED
            self._rate = min(faster, self._most) if self._most else faster
            self._changed = now
