"""A list of many users: moving in it and sorting it, each key from typing to paint."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.launching import listed
from benchmarks.material import CACHE, users, users_file
from benchmarks.measuring import Row, beside, p95, within
from benchmarks.peers import HERE, PYTHON
from benchmarks.server import served
from benchmarks.terminal import Painted, painted
from tui.airisk.models import User
from tui.airisk.users.lazy_list import index_of
from tui.airisk.users.query import in_order
from tui.background import run_now

MANY, MILLION = 100_000, 1_000_000
_DOWN, _UP, _PAGE_DOWN = "\x1b[B", "\x1b[A", "\x1b[6~"
_TURNS = 20
_PAGES = 20
"""Pages of a thousand rows that are new: a stock table draws those again more quickly that it has drawn before."""
_NAME = 1
"""The column of the index in which the name is."""


def moving(rounds: int) -> Iterator[Row]:
    """Cursor and page keys at a million rows, beside a thousand, and beside a stock DataTable."""
    with ExitStack() as stack:
        million, thousand = (stack.enter_context(listed(number))[1] for number in (MILLION, 1000))
        small, large = _by_turns((thousand, million), (_DOWN, _DOWN, _UP), rounds * _TURNS)
        theirs: list[float] = []
        pages: list[float] = []
        for _ in range(rounds):
            with painted([PYTHON, HERE / "stock.py"]) as stock:
                stock.wait_for("row 0")
                stock.quiet(0.5)
                by_them, by_us = _by_turns((stock, million), (_PAGE_DOWN,), _PAGES)
                theirs += by_them
                pages += by_us
    median = statistics.median
    yield beside("cursor key → painted at 1,000,000 rows", "the same at 1,000", median(small), median(large), 1.2)
    yield within("cursor key → painted at 1,000,000 rows, p95", p95(large), 0.008)
    yield beside("page key → painted at 1,000,000 rows", "stock DataTable at 1,000", median(theirs), median(pages), 0.2)
    yield within("page key → painted at 1,000,000 rows, p95", p95(pages), 0.016)


def _by_turns(programs: Sequence[Painted], keys: Sequence[str], times: int) -> list[list[float]]:
    seconds: list[list[float]] = [[] for _ in programs]
    for number in range(times):
        for program, taken in zip(programs, seconds, strict=True):
            taken.append(program.first_paint_after(keys[number % len(keys)]))
    return seconds


def sorting(rounds: int) -> Iterator[Row]:
    """By the name, until the first by name is seen, beside Python's `sorted` on the same keys."""
    found = users(MANY)
    index = index_of(found)
    beside_first = _beside_first(found)
    keys = [key for number in range(index.block_count) for key in index.column(number, _NAME)]
    python, ours = [], []
    with listed(MANY) as (_, program):
        for _ in range(rounds):
            _go_to_id(program)
            ours.append(program.seconds_to("t", beside_first))
            started = time.perf_counter()
            sorted(keys)
            python.append(time.perf_counter() - started)
    median = statistics.median
    yield beside("sort 100,000 rows by a column", "`sorted()` on the same keys", median(python), median(ours), 1.3)


def _beside_first(found: Sequence[User]) -> str:
    """The id of the user who, by name, comes behind the one under the cursor: the first of the list."""
    order = run_now(in_order(index_of(found), _NAME))
    return found[order[order.index(0) + 1]].id


def _go_to_id(program: Painted) -> None:
    """Sort by the next column, until that is the first."""
    while True:
        program.quiet(0.3)
        program.type("t")
        try:
            program.wait_for("ID ▲", patience=0.5)
        except TimeoutError:
            continue
        return


def blocking(rounds: int) -> Iterator[Row]:
    """The longest time the event loop is held up while a million users are loaded, sorted and filtered."""
    del rounds
    found = users(MILLION)
    index = index_of(found)
    matches = len(index.matching("hopper"))
    phases = (
        ("loading", "\x12", f"─ {MILLION:,} users"),
        ("sorting", "tt", _beside_first(found)),
        ("filtering", "/hopper", f"{matches:,} of {MILLION:,}"),
    )
    told = CACHE / "blocks.txt"
    del found, index
    with ExitStack() as stack:
        server = stack.enter_context(served(users_file(MILLION)))
        environment = server.settings | {"BENCH_BLOCKS": str(told)}
        program = stack.enter_context(painted([PYTHON, HERE / "probed.py"], environment))
        program.wait_for(f"─ {MILLION:,} users")
        program.quiet(1)
        for doing, keys, words in phases:
            _longest_block(program, told)
            program.seconds_to(keys, words)
            yield within(f"longest block of the loop while {doing} 1,000,000", _longest_block(program, told), 0.020)


def _longest_block(program: Painted, told: Path) -> float:
    """Seconds since it was asked last."""
    told.unlink(missing_ok=True)
    program.process.send_signal(signal.SIGUSR1)
    while not told.exists() or not (seconds := told.read_text()):
        time.sleep(0.01)
    return float(seconds)
