"""How fast a matrix asks: so many at once, so many a second, and less where AIRisk asks for patience."""

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
    """Lets requests pass, one `turn` each.

    After a 429 or 503 all wait as long as AIRisk asks, and then go slower than they were; what was too much is found
    again step by step. An endpoint that answers nothing but a 503 which does not say when to try again is down, and
    nobody waits for it twice.

    Args:
        concurrency: turns under way at once.
        rate: turns a second; 0 for any number.
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
        self._begun: deque[float] = deque(maxlen=1000)
        self._given_up = ""
        self._answering: set[str] = set()
        self._down: set[str] = set()

    @property
    def is_paused(self) -> bool:
        """Whether nothing passes for now."""
        return not self._open.is_set()

    @property
    def rate(self) -> float:
        """Turns a second just now; 0 for any number."""
        return self._rate

    @property
    def retry_after(self) -> float:
        """Seconds for which AIRisk asked to wait, and which are not over."""
        return max(0.0, self._held_until - time.monotonic())

    def pause(self) -> None:
        """Let nothing pass; what is under way comes to its end."""
        self._open.clear()

    def go_on(self) -> None:
        """Let turns pass again."""
        self._open.set()

    @asynccontextmanager
    async def turn(self, cost: int = 1) -> AsyncIterator[None]:
        """Wait until it is one's turn, and have it while the context lasts; `cost` is how many requests that is.

        Raises:
            ThrottleExceededError: AIRisk does not want to be asked for longer than anybody would wait.
        """
        async with self._free:
            await self._due(cost)
            yield

    async def _due(self, cost: int) -> None:
        while True:
            await self._open.wait()
            if self._given_up:
                raise ThrottleExceededError(self._given_up, advice="Go on with --resume later.")
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
            # Whoever was asleep while AIRisk asked to wait, or the person to pause, waits with the others.
            if self._held_until <= time.monotonic() and self._open.is_set():
                self._recover()
                return

    def is_too_much(self, endpoint: str, status: int, retry_after: str) -> bool:
        """Whether an answer says that AIRisk has too much to do, and is to be waited for."""
        if status not in BUSY:
            self._answering.add(endpoint)
            return False
        return endpoint not in self._down or not is_unsaid(status, retry_after)

    def give_up(self, endpoint: str) -> None:
        """It was waited for in vain: where others answer and it never did, it is down, and asking was not too fast."""
        if self._answering and endpoint not in self._answering:
            self._down.add(endpoint)
            self._rate, self._next = self._most, 0.0

    def pause_for(self, seconds: float) -> None:
        """AIRisk answered that it is too much: wait, then ask more slowly; beyond `LONGEST_WAIT` ask no more."""
        if seconds > LONGEST_WAIT:
            self._given_up = f"Not asked: AIRisk wants to be left alone for {min(seconds, 10**9):.0f} s."
            return
        now = time.monotonic()
        self._held_until = max(self._held_until, now + seconds)
        if now - self._changed < _EASE_SECONDS and self._changed:
            return  # answers to what was already under way say the same again
        lately = sum(1 for moment in self._begun if moment > now - 1.0)
        slower = max(_SLOWEST, _EASED * (lately or 1))
        self._rate = min(self._rate * _EASED, slower) if self._rate else slower
        self._rate = max(self._rate, _SLOWEST)
        self._changed = now
        self._next = self._held_until

    def _note(self, moment: float, cost: int) -> None:
        self._begun.extend([moment] * cost)

    def _recover(self) -> None:
        now = time.monotonic()
        if self._changed and self._rate != self._most and now - self._changed > _RECOVER_SECONDS:
            faster = self._rate * _RECOVERED
            self._rate = min(faster, self._most) if self._most else faster
            self._changed = now
