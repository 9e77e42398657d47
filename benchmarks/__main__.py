"""Measure everything, or what is named, and print the table; all of it is kept in RESULTS.md."""

from __future__ import annotations

import argparse
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from benchmarks import act_as, answers, filling, filtering, following, growth, launching, lists, matrix, slow_line
from benchmarks.lists import MILLION
from benchmarks.material import users_file
from benchmarks.measuring import HEADING, Row, not_run
from benchmarks.peers import HERE, PEERS, NotThereError, installed
from benchmarks.results import keep

ROUNDS = 5
MOST_SECONDS = 700.0
"""Of all measures together; what is left then is not run."""

USUAL_LIMIT = 45.0
"""Seconds that one measure may take."""

MEASURES: dict[str, tuple[Callable[[int], Iterator[Row]], float]] = {
    "first_paint": (launching.first_paint, 90),
    "picker": (launching.picker, USUAL_LIMIT),
    "loading": (launching.loading, 90),
    "filling": (filling.filling, 60),
    "memory": (launching.memory, USUAL_LIMIT),
    "blocking": (lists.blocking, USUAL_LIMIT),
    "moving": (lists.moving, 60),
    "following": (following.following, USUAL_LIMIT),
    "filtering": (filtering.filtering, 120),
    "sorting": (lists.sorting, USUAL_LIMIT),
    "acting": (act_as.acting, USUAL_LIMIT),
    "sending": (act_as.sending, USUAL_LIMIT),
    "large": (answers.large, 90),
    "searching": (answers.searching, USUAL_LIMIT),
    "matrix": (matrix.asking, 150),
    "slow_line": (slow_line.on_slow_line, 60),
    "headless": (act_as.headless, USUAL_LIMIT),
    "quitting": (launching.quitting, USUAL_LIMIT),
    "idle": (launching.idle, USUAL_LIMIT),
    "enduring": (act_as.enduring, 90),
    "growth": (growth.growth, 120),
}
"""Each with the seconds after which it is given up."""


class OutOfTimeError(Exception):
    """A measure took too long."""


def main() -> None:
    """Print each row as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, _give_up)
    _prepare()
    _say(HEADING)
    rows = []
    end = time.monotonic() + MOST_SECONDS
    for name in arguments.names or MEASURES:
        started = time.monotonic()
        for row in _measured(name, arguments.rounds, end - started):
            rows.append(row)
            _say(str(row))
        sys.stderr.write(f"{name}: {time.monotonic() - started:.0f} s\n")
    keep(rows, is_whole=not arguments.names)


def _prepare() -> None:
    """Install the peers and make the lists, once, so that no measure waits for it. What fails says so in its row."""
    for name in PEERS:
        with contextlib.suppress(NotThereError):
            installed(name)
    for number in (MILLION // 10, MILLION):
        users_file(number)


def _measured(name: str, rounds: int, left: float) -> Iterator[Row]:
    """The rows of one measure. A failure ends that one only, and has a row that says what it was."""
    measure, limit = MEASURES[name]
    limit = min(limit, left)
    if limit <= 0:
        yield not_run(name, "–", "–", f"no time was left of {MOST_SECONDS:.0f} s")
        return
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield from measure(rounds)
    except OutOfTimeError as error:
        yield not_run(name, "–", "–", f"not done in {limit:.0f} s: {error}")
    except (OSError, NotThereError, subprocess.SubprocessError) as error:
        yield not_run(name, "–", "–", " ".join(str(error).split())[:120])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(_number: int, frame: FrameType | None) -> None:
    """End the measure, and report the functions of the benchmarks in which it is."""
    names = []
    while frame:
        if Path(frame.f_code.co_filename).parent == HERE:
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    raise OutOfTimeError(" → ".join(name for name in reversed(names) if name not in _OWN))


_OWN = {"<module>", "main", "_measured"}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
