"""Measure everything, or what is named, and print the table; all of it is kept in RESULTS.md."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks import act_as, answers, filling, filtering, growth, launching, lists, matrix
from benchmarks.measuring import HEADING, Row, not_run
from benchmarks.peers import NotThereError
from benchmarks.results import keep

ROUNDS = 5


MEASURES: dict[str, Callable[[int], Iterator[Row]]] = {
    "first_paint": launching.first_paint,
    "loading": launching.loading,
    "filling": filling.filling,
    "memory": launching.memory,
    "blocking": lists.blocking,
    "moving": lists.moving,
    "filtering": filtering.filtering,
    "sorting": lists.sorting,
    "acting": act_as.acting,
    "sending": act_as.sending,
    "large": answers.large,
    "searching": answers.searching,
    "matrix": matrix.asking,
    "headless": act_as.headless,
    "quitting": launching.quitting,
    "idle": launching.idle,
    "enduring": act_as.enduring,
    "growth": growth.growth,
}


def main() -> None:
    """Print each row as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    _say(HEADING)
    rows = []
    started = time.monotonic()
    for name in arguments.names or MEASURES:
        for row in _measured(name, arguments.rounds):
            rows.append(row)
            _say(str(row))
    _say(f"\n{time.monotonic() - started:.0f} s")
    keep(rows, is_whole=not arguments.names)


def _measured(name: str, rounds: int) -> Iterator[Row]:
    """The rows of one measure; what fails ends that one only, and is told."""
    try:
        yield from MEASURES[name](rounds)
    except (OSError, NotThereError, subprocess.SubprocessError) as error:
        yield not_run(name, "–", "–", " ".join(str(error).split())[:120])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
