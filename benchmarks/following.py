"""The card beside 100,000 users, which shows the user under the cursor: after one key, and after one held down."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.launching import listed
from benchmarks.lists import MANY
from benchmarks.material import users
from benchmarks.measuring import Row, within

_DOWN, _REDRAW = "\x1b[B", "\x0c"
_HELD, _PER_SECOND = 60, 30
"""Keys, as a keyboard repeats them."""


def following(rounds: int) -> Iterator[Row]:
    """From the key to the mail address of the user, which stands in the card only."""
    found = users(MANY)
    single, held = [], []
    place = 0
    with listed(MANY) as (_, program):
        program.is_drawn = True
        program.type(_REDRAW)
        program.wait_to_see(_mail(found[0].email))
        for _ in range(rounds * 3):
            place += 1
            program.quiet(0.1)
            at = program.type(_DOWN)
            single.append(program.wait_to_see(_mail(found[place].email)) - at)
        for _ in range(rounds):
            place += _HELD
            for _ in range(_HELD - 1):
                program.type(_DOWN)
                program.watch(1 / _PER_SECOND)
            at = program.type(_DOWN)
            held.append(program.wait_to_see(_mail(found[place].email)) - at)
    yield within(f"cursor key → card of the user painted, {MANY:,} users", statistics.median(single), 0.1)
    yield within("the same after the last of 60 keys, 30 a second", statistics.median(held), 0.1)


def _mail(address: str | None) -> str:
    return f"· {address}"
