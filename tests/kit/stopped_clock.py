"""A clock that stands still, for the program and for the servers that it talks to."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from tui import clocks

MOMENT = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)


def moment() -> float:
    """The same in seconds since 1970: what a server looks at."""
    return MOMENT.timestamp()


class _Stopped:
    """What `tui.clocks` finds instead of the module `time`."""

    def __init__(self, step: float) -> None:
        self._step = step
        self._looks: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()

    def time(self) -> float:
        return moment()

    def monotonic(self) -> float:
        return 1_000.0

    def perf_counter(self) -> float:
        task = asyncio.current_task()
        assert task
        self._looks[task] = self._looks.get(task, 0) + 1
        return self._looks[task] * self._step


@contextmanager
def stopped_clocks(*, step: float = 0.0) -> Iterator[None]:
    """Let the program see no time pass, meanwhile; with a `step`, that much whenever a task measures a short span."""
    with patch.object(clocks, "time", _Stopped(step)):
        yield
