"""The same as tests/terminal tries twenty times: so often that every kind of moment is met."""

from pathlib import Path

import pytest

from tests.terminal.killing import USUALLY, kill

KILLS = 50


@pytest.mark.parametrize("seed", range(4))
async def test_200_kills_under_load_leave_a_whole_trail_and_a_history_that_opens(tmp_path: Path, seed: int) -> None:
    seen = await kill(tmp_path, times=KILLS, seed=seed)
    assert seen.open_acts > KILLS / 8
    assert seen.changes > KILLS
    assert seen.entries > USUALLY * KILLS
    assert seen.remembered > KILLS
    assert seen.tokens > KILLS
