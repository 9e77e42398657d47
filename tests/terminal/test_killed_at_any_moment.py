"""The program is killed while it works, again and again: what it kept can be read, is whole, and holds no secret."""

from pathlib import Path

import pytest

from tests.terminal.killing import kill

pytestmark = pytest.mark.fault("terminal and process")


async def test_kills_under_load_leave_a_whole_trail_and_a_history_that_opens(tmp_path: Path) -> None:
    await kill(tmp_path, times=20)
