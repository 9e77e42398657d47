"""How long a test waits for what has to come, in one place: it is never what the test judges."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

PATIENCE = float(os.environ.get("PATIENCE", "30"))
"""Seconds. Only what hangs needs them, however busy the machine; `PATIENCE=5` makes a failing test short."""

ENOUGH = 20.0
"""Seconds that the program gives, as its own time-out, to what has to come."""

PAUSE = 0.02
"""Seconds between two looks."""

Saying = Callable[[], str]


def until(
    is_so: Callable[[], bool], wanted: str, *, seen: Saying = str, meanwhile: Callable[[float], object] = time.sleep
) -> None:
    """Return when it is so.

    Args:
        is_so: asked again and again.
        wanted: what is waited for, in words.
        seen: what there is instead, for the failure.
        meanwhile: what is done between two looks, for at most that many seconds.

    Raises:
        AssertionError: patience has an end.
    """
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s for {wanted}\n{seen()}"
        meanwhile(PAUSE)


async def comes_true(
    is_so: Callable[[], bool],
    wanted: str,
    *,
    seen: Saying = str,
    meanwhile: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """The same in an event loop, which goes on between two looks."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s for {wanted}\n{seen()}"
        await meanwhile(PAUSE)
