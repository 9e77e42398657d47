"""A steady clock that a test puts forward: what the program counts in seconds is there at once."""

import time

import pytest


class MovedClock:
    """The steady clock, and how many seconds the test has put it forward."""

    def __init__(self) -> None:
        self._now, self._ahead = time.monotonic, 0.0

    def monotonic(self) -> float:
        """Instead of `time.monotonic`."""
        return self._now() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let so many seconds be over."""
        self._ahead += seconds


@pytest.fixture
def steady_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """The clock that program, event loop and test look at."""
    clock = MovedClock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock
