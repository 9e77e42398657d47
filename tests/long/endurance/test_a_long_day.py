"""Two hours' work in a few minutes, then days that end too soon: nothing grows, and nothing is left in disorder."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from statistics import mean

import pytest

from tests.long.endurance.chaos import ENDINGS, chaos
from tests.long.endurance.day import Counts, a_day

pytestmark = pytest.mark.fault("endurance")

DEEDS = 1440  # a person does something every five seconds
STAGES = 12
ROUNDS = 100
GROWTH = {"memory": 3.0, "objects": 30.0, "widgets": 40, "files": 2, "threads": 2, "tasks": 12}
"""What a third of a day may take more than the one before it; some of everything is there only for a while."""

_LOG = logging.getLogger(__name__)


def test_nothing_grows(tmp_path: Path, seed: int) -> None:
    stages = list[Counts]()
    started = time.monotonic()
    _LOG.info("  done  minutes     MiB  k objects  widgets  files  threads  tasks")
    with a_day(tmp_path, seed) as day:
        for _ in range(STAGES):
            day.work(DEEDS // STAGES)
            counts = day.rest()
            stages.append(counts)
            held = f"{counts.memory:8.1f}{counts.objects:11.1f}{counts.widgets:9}"
            held += f"{counts.files:7}{counts.threads:9}{counts.tasks:7}"
            _LOG.info("%6d%9.1f%s", day.done, (time.monotonic() - started) / 60, held)
    more = _more_in_the_last_third(stages)
    _LOG.info("more in the last third: %s", ", ".join(f"{name} {value:+.1f}" for name, value in more.items()))
    assert {name: value for name, value in more.items() if value > GROWTH[name]} == {}


def test_a_day_may_end_at_any_moment(tmp_path: Path, seed: int) -> None:
    endings = Random(seed).choices(list(ENDINGS), k=ROUNDS)
    with chaos(tmp_path, seed) as days:
        faults = [
            f"round {number}, {ending}: {fault}"
            for number, ending in enumerate(endings)
            for fault in days.round(ending)
        ]
        _LOG.info("ended by %s", Counter(endings))
        _LOG.info("acts that a kill left open and the next start closed: %d", days.closed)
    assert faults == []


def _more_in_the_last_third(stages: Sequence[Counts]) -> dict[str, float]:
    """Return what the last third of the day has more of than the second, on the average."""
    third = len(stages) // 3
    before, after = (
        {name: mean(asdict(each)[name] for each in stages[start : start + third]) for name in GROWTH}
        for start in (third, 2 * third)
    )
    return {name: after[name] - before[name] for name in GROWTH}
