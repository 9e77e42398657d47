"""A disk that does not come, for a program in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

from tests.kit.pilot import AtApp
from tui.background import run_in_thread

CALLS = 100
"""More than there are threads for calls that block."""


@asynccontextmanager
async def slow_disk() -> AsyncIterator[None]:
    """Let whatever is asked of the disk wait until the end: each thread that could ask is held up."""
    comes = Event()
    calls = [asyncio.ensure_future(run_in_thread(comes.wait)) for _ in range(CALLS)]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        comes.set()
        await asyncio.gather(*calls)


async def turns(person: AtApp[Any], number: int = 50) -> None:
    """Let the program handle what it does not keep waiting: more turns than any key needs."""
    for _ in range(number):
        await person.pilot.pause(0)
