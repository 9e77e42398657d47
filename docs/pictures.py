"""Take the README's pictures from the running program: `make pictures`."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from docs.bars import readable_anywhere, take_bars
from tui.airisk.settings import Told
from tui.airisk.vault import Secret
from tui.app import AIRiskApp
from tui.panes.users import UsersPane
from tui.sandbox import ChildSandbox, Options, start_child

HERE = Path(__file__).parent
STEPS = 500
"""Turns of the event loop after which something that should have come is taken for missing."""


async def take(sandbox: ChildSandbox) -> None:
    """Become a user, ask for the agents, and take a picture."""
    values = {
        "AIRISK_URL": sandbox.url,
        "AIRISK_LABEL": "sandbox",
        "CLIENT_ID": sandbox.options.client_id,
        "USER_ID": sandbox.options.user_id,
    }
    app = AIRiskApp(Told(values, Secret(sandbox.options.client_secret)), has_keyring=False)
    async with app.run_test(size=(120, 36)) as pilot:
        await _until(pilot, lambda: app.screen.query_one(UsersPane).user_under_cursor is not None)
        await pilot.press("slash", *"ha", "enter", "enter")
        await _until(pilot, lambda: app.standing.identity.is_user)
        await pilot.press("2", "enter", "f5")
        await _until(pilot, lambda: "200 OK" in str(app.screen.query_one("#answer-words").render()))
        save(app, "main")


def save(app: AIRiskApp, name: str) -> None:
    """Write what is on the screen as docs/NAME.svg."""
    svg = readable_anywhere(app.export_screenshot(title="airisk-tui demo"))
    (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")


async def _until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    for _ in range(STEPS):
        await pilot.pause(0.01)
        if is_so():
            return
    raise TimeoutError


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as state, start_child(Options()) as child:
        os.environ["XDG_STATE_HOME"] = state  # a picture is nothing for the person's audit trail
        asyncio.run(take(child))
        asyncio.run(take_bars())
