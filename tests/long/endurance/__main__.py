"""Two hours' work in a few minutes, then days that end too soon: `make endure` prints what the program holds meanwhile.

The exit code is 1 where it grew, or where a day that ended too soon left anything in disorder.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from statistics import mean

from tests.long.endurance.chaos import ENDINGS, chaos
from tests.long.endurance.day import Counts, a_day

DEEDS = 1440  # a person does something every five seconds
STAGES = 12
ROUNDS = 100
GROWTH = {"memory": 3.0, "objects": 30.0, "widgets": 40, "files": 2, "threads": 2, "tasks": 12}
"""What a third of a day may take more than the one before it; some of everything is there only for a while."""


def main() -> int:
    """Work through the day, and end many others; the seed may be given."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
    _tell(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        grown = _grown(_day(Path(folder), seed))
    _tell(f"grown: {', '.join(grown) or 'nothing'}\n")
    with tempfile.TemporaryDirectory() as folder:
        failed = _chaos(Path(folder), seed)
    return 1 if grown or failed else 0


def _day(root: Path, seed: int) -> list[Counts]:
    started, stages = time.monotonic(), list[Counts]()
    _tell(f"{'done':>6}{'minutes':>9}{'MiB':>8}{'k objects':>11}{'widgets':>9}{'files':>7}{'threads':>9}{'tasks':>7}")
    with a_day(root, seed) as day:
        for _ in range(STAGES):
            day.work(DEEDS // STAGES)
            counts = day.rest()
            stages.append(counts)
            minutes = (time.monotonic() - started) / 60
            told = f"{counts.memory:8.1f}{counts.objects:11.1f}{counts.widgets:9}"
            _tell(f"{day.done:6}{minutes:9.1f}{told}{counts.files:7}{counts.threads:9}{counts.tasks:7}")
    return stages


def _grown(stages: Sequence[Counts]) -> list[str]:
    """What the last third of the day has more of than the second, on the average."""
    third = len(stages) // 3
    before, after = (
        {name: mean(asdict(each)[name] for each in stages[start : start + third]) for name in GROWTH}
        for start in (third, 2 * third)
    )
    more = {name: after[name] - before[name] for name in GROWTH}
    _tell("more in the last third: " + ", ".join(f"{name} {value:+.1f}" for name, value in more.items()))
    return [name for name, value in more.items() if value > GROWTH[name]]


def _chaos(root: Path, seed: int) -> int:
    """End one day after another; how many left something in disorder."""
    endings = Random(seed).choices(list(ENDINGS), k=ROUNDS)
    passed = Counter[str]()
    with chaos(root, seed) as days:
        for number, ending in enumerate(endings):
            faults = days.round(ending)
            passed[ending] += not faults
            if faults:
                _tell(f"round {number}, {ending}: {'; '.join(faults)}")
    _tell(f"{'ended by':12}{'tried':>7}{'passed':>8}")
    for ending in ENDINGS:
        _tell(f"{ending:12}{endings.count(ending):7}{passed[ending]:8}")
    _tell(f"acts that a kill left open and the next start closed: {days.closed}")
    return ROUNDS - passed.total()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
