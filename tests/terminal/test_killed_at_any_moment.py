"""The program is killed while it works, again and again: what it kept can be read, is whole, and holds no secret."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.kit.canaries import files_with
from tests.kit.conversing import settings_for
from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.shell import another_program
from tests.kit.working import history_path, trail_path, work_for_ever
from tui.journal.history import History
from tui.journal.runs import close_crashed
from tui.journal.trail import Trail
from tui.journal.verify import verify

pytestmark = pytest.mark.fault("terminal and process")

KILLS = 200
USUALLY = 3  # answers that it has by then
LONGEST = 0.02  # seconds that it is left to work then


async def test_200_kills_under_load_leave_a_whole_trail_and_a_history_that_opens(tmp_path: Path) -> None:
    chance = Random(20261124)
    found_open = remembered = 0
    with ForeignAIRisk() as server:
        settings = settings_for(server, timeout=30.0)
        for seed in range(KILLS):
            with another_program(work_for_ever, tmp_path, settings, server.client_secret, seed) as (program, heard):
                for _ in range(1 + chance.randrange(2 * USUALLY)):
                    heard.recv_bytes()
                await asyncio.sleep(chance.uniform(0, LONGEST))  # the moment is what is tried, and not waited for
                program.kill()
                program.join()
            verdict = verify(trail_path(tmp_path))
            assert verdict.fault is None, f"after kill {seed}: {verdict}"
            found_open += len(close_crashed(Trail(trail_path(tmp_path))))
            async with History(history_path(tmp_path)) as history:
                remembered = await history.count("", str(settings.origin))
        tokens = server.tokens
    final = verify(trail_path(tmp_path))
    assert final.fault is None
    assert final.entries > USUALLY * KILLS
    assert found_open > KILLS / 8
    assert remembered > KILLS
    assert len(tokens) > KILLS
    assert files_with({server.client_secret, *Random(1).sample(sorted(tokens), 20)}, tmp_path) == []
