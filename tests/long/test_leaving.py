"""The program is left while more and more is under way."""

import asyncio

from tests.kit.deployment.foreign import ForeignAIRisk
from tests.kit.pilot import listed


async def test_one_may_leave_at_any_moment() -> None:
    with ForeignAIRisk() as server:
        for turns in range(0, 160, 20):
            async with listed(server) as person:
                for key in ("ctrl+r", "j", "enter"):
                    person.app.simulate_key(key)
                for _ in range(turns):  # of the event loop: each time a little more is under way
                    await asyncio.sleep(0)
                person.app.exit(return_code=143)
            assert person.app.return_code == 143, turns
