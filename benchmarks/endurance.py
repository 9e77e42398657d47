"""1,000 switches, sends and filters, or as many as there is time for; prints how many, and the MiB they left behind."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from benchmarks.server import SECRET
from tui.airisk.models import Draft
from tui.app.app import AIRiskApp
from tui.config.keyring import Secret
from tui.config.settings import RawSettings
from tui.screens.main.screen import MainScreen

_ROUNDS = 334
_WARM = 100
_PATIENCE = 120.0
"""Seconds after which it is enough."""


async def _endure(url: str) -> tuple[int, float]:
    told = RawSettings({"AIRISK_URL": url, "CLIENT_ID": "bench"}, Secret(SECRET))
    app = AIRiskApp(told, has_keyring=False)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.input_queue.is_busy:
            await pilot.pause(0.05)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        await _repeat(screen, pilot, _WARM)
        await pilot.pause(1)
        before = _memory()
        rounds = await _repeat(screen, pilot, _ROUNDS)
        await pilot.pause(1)
        return 3 * rounds, _memory() - before


async def _repeat(screen: MainScreen, pilot: Pilot[None], rounds: int) -> int:
    """Do each of it once a round, and wait until all is painted; how many rounds there was time for."""
    end = time.monotonic() + _PATIENCE
    people = screen.panes.users.find("a", most=20)
    line = screen.panes.users.query_one(Input)
    for number in range(rounds):
        session = screen.state.session
        assert session
        user = people[number % len(people)]
        await screen.identity.switch_identity(session, user)
        await screen.requests.send(Draft("GET", "/api/Chat/ListAgents"), session.active)
        line.value = user.name[: number % 5]
        await pilot.pause()
        if time.monotonic() > end:
            return number + 1
    return rounds


def _memory() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


number, gained = asyncio.run(_endure(sys.argv[1]))
sys.stdout.write(f"{number} {gained:.2f}\n")
