"""How long a test waits for what has to come, in one place: it is never what the test judges."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator

PATIENCE = float(os.environ.get("PATIENCE", "30"))
"""Seconds. Only what hangs needs them, however busy the machine; `PATIENCE=5` makes a failing test short."""

ENOUGH = 20.0
"""Seconds that the program gives, as its own time-out, to what has to come."""

LOOKS_AT = 0.5
"""Seconds that a person takes to read a question. The program takes no answer that comes much sooner."""

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
"""Seconds between two looks: each pause is twice as long as the one before, for a look costs as much as a frame."""

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
    for pause in _pauses():
        if is_so():
            return
        assert pause, f"waited {PATIENCE:g} s for {wanted}\n{seen()}"
        meanwhile(pause)


async def comes_true(
    is_so: Callable[[], bool],
    wanted: str,
    *,
    seen: Saying = str,
    meanwhile: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """The same in an event loop, which goes on between two looks."""
    for pause in _pauses():
        if is_so():
            return
        assert pause, f"waited {PATIENCE:g} s for {wanted}\n{seen()}"
        await meanwhile(pause)


def _pauses() -> Iterator[float]:
    """Yield the pause before the next look; zero when patience has come to its end."""
    end = time.monotonic() + PATIENCE
    pause = FIRST_PAUSE
    while time.monotonic() < end:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)
    yield 0.0
