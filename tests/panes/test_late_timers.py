"""A call that is late is made late."""

import asyncio

from textual.app import App

from tests.kit.patience import PATIENCE
from tui.textual_ext import late_timers

OVER_AT_ONCE = 1e-9
"""Seconds: over before the timer looks at its clock for the second time."""


async def test_a_single_call_is_made_though_its_time_was_over_before_its_timer_ran() -> None:
    late_timers.install()
    app = App[None]()
    async with app.run_test():
        called = asyncio.Event()
        app.set_timer(OVER_AT_ONCE, called.set)
        await asyncio.wait_for(called.wait(), PATIENCE)
