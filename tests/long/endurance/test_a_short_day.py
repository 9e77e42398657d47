"""Fifty things are done while the network is at its worst, and days end too soon: nothing is left behind."""

from pathlib import Path

import pytest

from tests.long.endurance.chaos import ENDINGS, chaos
from tests.long.endurance.day import a_day

pytestmark = pytest.mark.fault("endurance")

SEED = 20261125


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with a_day(tmp_path, seed=1) as day:
        day.work(15)
        before = day.rest()
        day.work(35)
        after = day.rest()
    assert after.files <= before.files + 4, (before, after)
    assert after.threads <= before.threads + 4, (before, after)
    assert after.tasks <= before.tasks + 12, (before, after)  # the footer has as many as it shows keys


def test_a_day_may_end_at_any_moment(tmp_path: Path) -> None:
    with chaos(tmp_path, SEED) as days:
        faults = [f"{ending}: {fault}" for ending in ENDINGS for fault in days.round(ending)]
    assert faults == [], f"seed {SEED}"
