"""Limits of time and memory for a JSONPath query."""

from __future__ import annotations

import time

MOST = 100_000
"""Matches after which a query stops."""


class QueryError(Exception):
    """Failed query; the message says why and can be shown."""


class Bound:
    """Time limit of a query, which can also be canceled.

    Args:
        seconds: the limit.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self.is_canceled = False

    def check(self) -> None:
        """Raise QueryError if the query was canceled or takes too long."""
        if self.is_canceled or time.monotonic() > self._end:
            raise QueryError(f"stopped after {self._seconds:.0f} s")
