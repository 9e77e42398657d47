"""Filling a table with 100,000 rows, beside a stock DataTable and textual-fastdatatable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.material import CACHE
from benchmarks.measuring import Row, all_by_turns, beside, not_run, slow_pairs
from benchmarks.peers import HERE, PYTHON, NotThereError, installed
from benchmarks.terminal import painted


def filling(rounds: int) -> Iterator[Row]:
    """From the call to the first row on the screen."""
    what = "fill 100,000 rows"
    ours = lambda: _filled(PYTHON, "ours")  # noqa: E731
    stock, mine = slow_pairs(lambda: _filled(PYTHON, "stock"), ours)
    yield beside(what, "stock DataTable", stock, mine, 1 / 100)
    try:
        python = installed("fastdatatable") / "python"
    except NotThereError as error:
        yield not_run(what, "textual-fastdatatable", "≤ 1/5", str(error))
    else:
        peer, mine = all_by_turns([lambda: _filled(python, "fast"), ours], min(rounds, 5))
        yield beside(what, "textual-fastdatatable", peer, mine, 1 / 5)


def _filled(python: Path, kind: str) -> float:
    told = CACHE / "filled.txt"
    told.unlink(missing_ok=True)
    environment = {"BENCH_TOLD": str(told), "PYTHONPATH": str(HERE.parent) if kind != "fast" else ""}
    with painted([python, HERE / "fill.py", kind], environment) as program:
        program.ended()
    return float(told.read_text())
