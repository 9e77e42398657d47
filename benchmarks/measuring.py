"""Two things done by turns, and the ratio of their medians: the machine's mood falls on both alike."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, beside what, and whether the target is met."""

    what: str
    peer: str
    limit: str
    ours: str
    ratio: str
    target: str
    is_met: bool | None

    def __str__(self) -> str:
        verdict = {True: "met", False: "**missed**", None: "not run"}[self.is_met]
        cells = (self.what, self.peer, self.limit, self.ours, self.ratio, self.target, verdict)
        return f"| {' | '.join(cells)} |"


HEADING = "| what | beside | peer or limit | ours | ratio | target | |\n|---|---|---|---|---|---|---|"

Action = Callable[[], float]


def beside(what: str, peer: str, peer_seconds: float, our_seconds: float, most: float) -> Row:
    """Ours may take at most so many times as long."""
    ratio = our_seconds / peer_seconds
    target = f"≤ {most:.3g} ×" if most >= 0.1 else f"≤ 1/{round(1 / most)}"
    shown = f"{ratio:.2f} ×" if ratio >= 0.02 else f"1/{round(1 / ratio)}"
    return Row(what, peer, _time(peer_seconds), _time(our_seconds), shown, target, ratio <= most)


def more_than(what: str, peer: str, peer_seconds: float, our_seconds: float, most: float) -> Row:
    """Ours may take at most so many seconds longer."""
    longer = our_seconds - peer_seconds
    return Row(
        what, peer, _time(peer_seconds), _time(our_seconds), f"+ {_time(longer)}", f"+ ≤ {_time(most)}", longer <= most
    )


def within(what: str, seconds: float, most: float, peer: str = "the limit") -> Row:
    """Ours may take at most so many seconds."""
    return Row(what, peer, _time(most), _time(seconds), f"{seconds / most:.2f} ×", f"≤ {_time(most)}", seconds <= most)


def amount_beside(what: str, peer: str, theirs: float, ours: float, *, most: float, unit: str) -> Row:
    """Ours may be at most so many times as much."""
    ratio = ours / theirs
    shown = f"{ratio:.2f} ×"
    return Row(what, peer, f"{theirs:.3g} {unit}", f"{ours:.3g} {unit}", shown, f"≤ {most:.3g} ×", ratio <= most)


def at_most(what: str, amount: float, most: float, unit: str) -> Row:
    """Ours may be at most so much."""
    return Row(
        what,
        "the limit",
        f"{most:g} {unit}",
        f"{amount:.3g} {unit}",
        f"{amount / most:.2f} ×" if most else "–",
        f"≤ {most:g} {unit}",
        amount <= most,
    )


def not_run(what: str, peer: str, target: str, why: str) -> Row:
    """What could not be measured, and why."""
    return Row(what, peer, "–", why, "–", target, None)


def by_turns(first: Action, second: Action, rounds: int) -> tuple[float, float]:
    """The medians of the seconds that each returns, after one round that does not count."""
    one, other = all_by_turns((first, second), rounds)
    return one, other


def all_by_turns(actions: Sequence[Action], rounds: int) -> list[float]:
    """The medians of the seconds that each returns, all done once in every round; the first does not count."""
    seconds = [[action() for action in actions] for _ in range(rounds + 1)]
    return [statistics.median(each) for each in zip(*seconds[1:], strict=True)]


def slow_pairs(peer: Action, ours: Action) -> tuple[float, float]:
    """The medians of two pairs, for a peer so slow that its first round counts, too."""
    pairs = [(peer(), ours()) for _ in range(2)]
    theirs, mine = zip(*pairs, strict=True)
    return statistics.median(theirs), statistics.median(mine)


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def _time(seconds: float) -> str:
    if abs(seconds) >= 10:
        return f"{seconds:.0f} s"
    return f"{seconds * 1000:,.0f} ms" if abs(seconds) >= 0.1 else f"{seconds * 1000:.1f} ms"
