"""A clock that is put forward, so that no test waits for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


class Clock:
    """The wall clock, and how many seconds the story has put it forward."""

    def __init__(self) -> None:
        self._now, self.ahead = time.time, 0.0

    def time(self) -> float:
        """Instead of `time.time`."""
        return self._now() + self.ahead


@contextmanager
def clock_of_the_story() -> Iterator[Clock]:
    """A clock that everybody looks at meanwhile."""
    clock = Clock()
    with patch("time.time", clock.time):
        yield clock


class SteadyClock:
    """The steady clock, and how many seconds a test has put it forward."""

    def __init__(self) -> None:
        self._now, self._ahead = time.monotonic, 0.0

    def monotonic(self) -> float:
        """Instead of `time.monotonic`."""
        return self._now() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let so many seconds be over."""
        self._ahead += seconds


@contextmanager
def moved_steadily() -> Iterator[SteadyClock]:
    """A steady clock that program, event loop and test look at meanwhile."""
    clock = SteadyClock()
    with patch("time.monotonic", clock.monotonic):
        yield clock
