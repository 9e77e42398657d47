"""Two things done by turns, and the ratio of their medians: the machine's mood falls on both alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; times are medians in seconds."""

    what: str
    peer: str
    peer_seconds: float
    ours_seconds: float
    target: float

    @property
    def ratio(self) -> float:
        """Ours to the peer's."""
        return self.ours_seconds / self.peer_seconds

    def __str__(self) -> str:
        verdict = "met" if self.ratio <= self.target else "missed"
        peer, ours = f"{self.peer_seconds * 1000:.1f} ms", f"{self.ours_seconds * 1000:.1f} ms"
        return f"| {self.what} | {self.peer} | {peer} | {ours} | {self.ratio:.2f} × | ≤ {self.target:g} × | {verdict} |"


HEADING = "| what | beside | peer | ours | ratio | target | |\n|---|---|---|---|---|---|---|"


def by_turns(first: Callable[[], float], second: Callable[[], float], rounds: int) -> tuple[float, float]:
    """The medians of the seconds that each returns, after one round that does not count."""
    first()
    second()
    seconds = [(first(), second()) for _ in range(rounds)]
    return statistics.median(one for one, _ in seconds), statistics.median(other for _, other in seconds)
