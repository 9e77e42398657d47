"""What a JSONPath query may take of time and memory."""

from __future__ import annotations

import time

MOST = 100_000
"""Matches after which a query stops."""


class QueryError(Exception):
    """The expression gives nothing; the text says why, fit to be shown."""


class Bound:
    """How long a query may go on.

    Args:
        seconds: that long, unless it is cancelled before.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self.is_cancelled = False

    def check(self) -> None:
        """Raise QueryError if it has gone on for too long."""
        if self.is_cancelled or time.monotonic() > self._end:
            raise QueryError(f"given up after {self._seconds:.0f} s")
