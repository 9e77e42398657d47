"""How each cost grows from a thousand users to a million, drawn as growth.svg."""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from benchmarks.launching import listed
from benchmarks.material import users, users_file
from benchmarks.measuring import Row
from benchmarks.peers import HERE
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.query import QuerySpec, UserQuery
from tui.airisk.users.stream_parser import UserListParser
from tui.background import run_now

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_COLOURS = ("#2450b8", "#b3261e", "#1a7a4b", "#8a5a00", "#5b43b8")
_WIDTH, _HEIGHT, _LEFT, _TOP = 760, 460, 70, 30
_FONT = 'font-family="sans-serif" font-size="13"'
_LOW, _HIGH = -4, 1
"""Powers of ten, in seconds."""


def growth(rounds: int) -> Iterator[Row]:
    """Measure, draw and print; there is no target."""
    costs: dict[str, list[float]] = {}
    for number in _SIZES:
        for name, seconds in _measured(number, rounds).items():
            costs.setdefault(name, []).append(seconds)
    (HERE / "growth.svg").write_text(_drawn(costs))
    sys.stdout.write(_table(costs))
    return iter(())


def _measured(number: int, rounds: int) -> dict[str, float]:
    body = users_file(number).read_bytes()
    found = users(number)
    few = min(rounds, 3)

    def read() -> None:
        reader = UserListParser()
        for start in range(0, len(body), 65536):
            reader.take(body[start : start + 65536])
        reader.end()

    def find(wanted: QuerySpec) -> Callable[[], object]:
        return lambda: run_now(UserQuery(index_of(found)).positions(wanted))

    with listed(number) as (_, program):
        keys = [program.first_paint_after(key) for key in ("\x1b[B", "\x1b[B", "\x1b[A") * 10]
    return {
        "read the list": _median(read, few),
        "sort by name": _median(find(QuerySpec(column=1)), few),
        "filter, many match": _median(find(QuerySpec("vendor")), few),
        "filter, few match": _median(find(QuerySpec("hopper")), few),
        "cursor key → painted": statistics.median(keys),
    }


def _median(action: Callable[[], object], rounds: int) -> float:
    """Seconds of the processor: other programs make no difference to them."""
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        action()
        seconds.append(time.process_time() - started)
    return statistics.median(seconds)


def _table(costs: Mapping[str, Sequence[float]]) -> str:
    heading = " | ".join(f"{number:,} users" for number in _SIZES)
    lines = [f"| | {heading} |", f"|---{'|---:' * len(_SIZES)}|"]
    for name, seconds in costs.items():
        lines.append(f"| {name} | {' | '.join(f'{each * 1000:,.1f} ms' for each in seconds)} |")
    return "\n".join([*lines, ""])


def _drawn(costs: Mapping[str, Sequence[float]]) -> str:
    """Both axes are logarithmic: what grows as the number of users does is a line of the grid's own slope."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 210} {_HEIGHT + 90}" {_FONT}>',
        f'<rect width="{_WIDTH + 210}" height="{_HEIGHT + 90}" fill="white"/>',
    ]
    for power in range(_LOW, _HIGH + 1):
        y = _y(10.0**power)
        words = f"{10**power:g} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
        parts += [
            f'<line x1="{_LEFT}" y1="{y:.0f}" x2="{_WIDTH}" y2="{y:.0f}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{words}</text>',
        ]
    for number in _SIZES:
        x = _x(number)
        parts += [
            f'<line x1="{x:.0f}" y1="{_TOP}" x2="{x:.0f}" y2="{_TOP + _HEIGHT}" stroke="#ddd"/>',
            f'<text x="{x:.0f}" y="{_TOP + _HEIGHT + 22}" text-anchor="middle">{number:,} users</text>',
        ]
    lowest = _apart([_y(seconds[-1]) for seconds in costs.values()])
    for (name, seconds), colour, label in zip(costs.items(), _COLOURS, lowest, strict=False):
        points = " ".join(f"{_x(number):.1f},{_y(each):.1f}" for number, each in zip(_SIZES, seconds, strict=True))
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{_WIDTH + 8}" y="{label + 4:.0f}" fill="{colour}">{name}: {seconds[-1] * 1000:,.0f} ms</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _apart(places: Sequence[float]) -> list[float]:
    """The same places, moved so that words there do not overlap."""
    moved = list(places)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + 18)
    return moved


def _x(number: float) -> float:
    return _LEFT + 20 + (math.log10(number) - 3) / 3 * (_WIDTH - _LEFT - 40)


def _y(seconds: float) -> float:
    return _TOP + _HEIGHT * (_HIGH - math.log10(seconds)) / (_HIGH - _LOW)
