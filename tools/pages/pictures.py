"""Take the README's pictures from the running program: `make pictures`."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from textual.pilot import Pilot
from textual.widgets import Input

from tools.pages.bars import readable_anywhere, take_bars
from tui.access.policy import read_policy
from tui.airisk.settings import Told
from tui.airisk.vault import Secret
from tui.app import AIRiskApp
from tui.panes.turning import Turning
from tui.panes.users import UsersPane
from tui.sandbox import ChildSandbox, Options, start_child
from tui.screens.matrix import MatrixScreen

DOCS = Path(__file__).parents[2] / "docs"
POLICY = """\
version: 1
default: allow
rules:
  - deny: "*"
    identities: [anonymous]
  - deny: GET /api/Chat/*
    identities: [generic]
  - deny: GET /api/Users/ListUsers
    roles: [Auditor]
"""
STEPS = 2_000
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
        await _until(pilot, lambda: _is_listed(app))
        await pilot.press("slash", *"ha", "enter", "enter")
        await _until(pilot, lambda: app.standing.identity.is_user)
        await pilot.press("2", "enter", "f5")
        await _until(pilot, lambda: "200 OK" in str(app.screen.query_one("#answer-words").render()))
        save(app, "main")


async def take_matrix(sandbox: ChildSandbox, policy: Path) -> None:
    """Ask everybody for all that is safe, hold it against a policy, and take a picture."""
    values = {"AIRISK_URL": sandbox.url, "AIRISK_LABEL": "sandbox", "CLIENT_ID": sandbox.options.client_id}
    app = AIRiskApp(Told(values, Secret(sandbox.options.client_secret)), has_keyring=False)
    async with app.run_test(size=(120, 36)) as pilot:
        await _until(pilot, lambda: _is_listed(app))
        await pilot.press("m")
        await _until(pilot, lambda: bool(app.screen.query("#rate")))
        app.screen.query_one("#whom", Turning).action_turn(1)
        app.screen.query_one("#rate", Input).value = "0"
        await pilot.press("enter")
        await _until(pilot, lambda: isinstance(app.screen, MatrixScreen) and app.screen.board.cell_count > 0)
        screen = cast("MatrixScreen", app.screen)
        await _until(pilot, lambda: screen.running_now is None)
        screen.weigh(replace(screen.scales, policy=read_policy(policy)), policy=str(policy))
        await _until(pilot, lambda: "not as expected" in str(screen.query_one("#matrix-words").render()))
        await pilot.press(*["down"] * 3)
        save(app, "matrix")


def save(app: AIRiskApp, name: str) -> None:
    """Write what is on the screen as docs/NAME.svg."""
    svg = readable_anywhere(app.export_screenshot(title="airisk-tui demo"))
    (DOCS / f"{name}.svg").write_text(svg, encoding="utf-8")


def _is_listed(app: AIRiskApp) -> bool:
    return any(str(pane.border_subtitle).endswith("users") for pane in app.screen.query(UsersPane))


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
        policy = Path(state, "policy.yaml")
        policy.write_text(POLICY)
        asyncio.run(take_matrix(child, policy))
        asyncio.run(take_bars())
