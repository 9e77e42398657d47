"""Fifty things are done while the network is at its worst: nothing is left behind, and the program lives."""

from pathlib import Path

import pytest

from tests.endurance.day import a_day

pytestmark = pytest.mark.fault("endurance")


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with a_day(tmp_path, seed=1) as day:
        day.work(15)
        before = day.rest()
        day.work(35)
        after = day.rest()
    assert after.files <= before.files + 4, (before, after)
    assert after.threads <= before.threads + 4, (before, after)
    assert after.tasks <= before.tasks + 12, (before, after)  # the footer has as many as it shows keys
