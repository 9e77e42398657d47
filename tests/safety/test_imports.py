"""What is imported when: a command without a screen needs no Textual, the first screens no network."""

import subprocess
import sys

import pytest

LATE = {"httpx", "h11", "keyring", "secretstorage", "jeepney", "starlette", "uvicorn", "certifi", "dotenv"}

FIRST_SCREENS = """if True:
    import asyncio, sys
    from tui.airisk.settings import Told
    from tui.airisk.vault import Secret
    from tui.app import AIRiskApp
    from tui.screens.sign_in import SignInScreen
    async def story():
        async with AIRiskApp(Told({}, Secret("")), has_keyring=False).run_test() as pilot:
            while not isinstance(pilot.app.screen, SignInScreen):
                await pilot.pause()
            print(*sys.modules, file=sys.__stdout__)
    asyncio.run(story())
"""


def modules_after(program: str) -> set[str]:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return {module.partition(".")[0] for module in done.stdout.split()}


def test_the_first_screens_need_neither_network_nor_keyring():
    modules = modules_after(FIRST_SCREENS)
    assert "textual" in modules
    assert modules & LATE == set()


HEADLESS = ("users", "request", "doctor", "keeping")


@pytest.mark.parametrize("name", HEADLESS)
def test_a_command_without_a_screen_needs_no_textual(name):
    modules = modules_after(f"import sys, tui.cli, tui.headless.{name}; print(*sys.modules)")
    assert modules & {"textual", "starlette", "uvicorn"} == set()


def test_the_command_line_alone_needs_next_to_nothing():
    modules = modules_after("import sys, tui.cli; tui.cli._parser(); print(*sys.modules)")
    assert modules & (LATE | {"textual"}) == set()
