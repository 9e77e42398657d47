"""Long work in slices of a few milliseconds, between which everything else goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")

_SLICE = 0.006
"""Seconds of work between two pauses."""

_PAUSE = 0.0005
"""Seconds of a pause: what was set off by a key is done in many small steps, which all should find their turn."""


async def in_slices(
    work: Generator[None, None, T], begun: Callable[[], object] | None = None, *, after_begun: float = 0.008
) -> T:
    """What `work` returns, which pauses often by itself.

    Args:
        work: cancelled, it is left where it is.
        begun: is called after the first slice, if that was not the last.
        after_begun: seconds of the pause behind it, for what it did to be drawn.
    """
    while True:
        end = time.perf_counter() + _SLICE
        try:
            while time.perf_counter() < end:
                next(work)
        except StopIteration as done:
            found: T = done.value
            return found
        if begun:
            begun()
            begun = None
            await asyncio.sleep(after_begun)
        else:
            await asyncio.sleep(_PAUSE)


def at_once(work: Generator[None, None, T]) -> T:
    """The same without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: T = done.value
            return found
