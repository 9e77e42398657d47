"""What is imported when: a command without a screen needs no Textual, the first screens no network."""

import subprocess
import sys

import pytest

LATE = {"httpx", "h11", "keyring", "secretstorage", "jeepney", "starlette", "uvicorn", "certifi", "dotenv"}

FIRST_SCREENS = """if True:
    import asyncio, sys
    from tui.config.settings import RawSettings
    from tui.config.keyring import Secret
    from tui.app.app import AIRiskApp
    from tui.screens.sign_in import SignInScreen
    async def story():
        async with AIRiskApp(RawSettings({}, Secret("")), has_keyring=False).run_test() as pilot:
            while not isinstance(pilot.app.screen, SignInScreen):
                await pilot.pause()
            print(*sys.modules, file=sys.__stdout__)
    asyncio.run(story())
"""


FIRST_PAINT = """if True:
    import sys, tui.cli.main, tui.app.app
    print(*(name for name in sys.modules if name.startswith("tui")))
    print(*(name for name in sys.argv[1:] if name in sys.modules))
"""

BUDGET = """
    tui tui.airisk tui.airisk.guard_rails tui.airisk.identity tui.airisk.users tui.airisk.users.ids
    tui.app tui.app.app tui.app.crash tui.app.deployment_switcher tui.app.input_queue
    tui.app.themes tui.background tui.cli tui.cli.main tui.clocks tui.config tui.decoding
    tui.config.env_file tui.config.keyring tui.config.origin tui.config.paths
    tui.config.preferences tui.config.settings tui.errors tui.files tui.format tui.garbage_collection tui.key_labels
    tui.panes tui.panes.placeholder tui.plain_names tui.screens tui.screens.splash tui.text
    tui.textual_ext tui.textual_ext.app tui.textual_ext.line_filter tui.textual_ext.screens
    tui.textual_ext.stylesheet tui.widgets tui.widgets.identity_bar
"""
_HEAVY = ("argparse", "json", "email", "textual.widgets._data_table", "textual.widgets._text_area")


def modules_after(program: str) -> set[str]:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return {module.partition(".")[0] for module in done.stdout.split()}


def test_the_first_screens_need_neither_network_nor_keyring():
    modules = modules_after(FIRST_SCREENS)
    assert "textual" in modules
    assert modules & LATE == set()


def test_the_first_paint_has_a_budget_of_modules():
    command = [sys.executable, "-c", FIRST_PAINT, *_HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    own, foreign = done.stdout.splitlines()
    assert set(own.split()) == set(BUDGET.split())
    assert foreign == ""


HEADLESS = ("tui.cli.users", "tui.cli.request", "tui.cli.doctor", "tui.cli.setup")


def test_a_command_without_a_screen_needs_no_textual():
    modules = modules_after(f"import sys, tui.cli.main, {', '.join(HEADLESS)}; print(*sys.modules)")
    assert modules & {"textual", "starlette", "uvicorn"} == set()


def test_the_command_line_alone_needs_next_to_nothing():
    modules = modules_after("import sys, tui.cli.main; tui.cli.main._parser(); print(*sys.modules)")
    assert modules & (LATE | {"textual"}) == set()


def test_the_history_needs_no_database_before_something_is_kept():
    modules = modules_after("import sys, tui.history.store; print(*sys.modules)")
    assert modules & {"sqlite3", "platformdirs", "httpx"} == set()


def test_text_is_cleaned_without_textual():
    modules = modules_after("import sys, tui.text; tui.text.clean_lines('\\x1b'); print(*sys.modules)")
    assert "textual" not in modules


def test_a_command_does_not_import_the_command_line_of_httpx():
    program = "import sys; from tui.cli import main; main.spare_imports(); import tui.cli.request; print(*sys.modules)"
    modules = modules_after(program)
    assert "httpx" in modules
    assert modules.isdisjoint({"click", "pygments", "textual"})


ON_WINDOWS = """if True:
    import asyncio, sys
    for name in ("fcntl", "termios", "resource", "pwd"):
        sys.modules[name] = None
    from tui.cli import main
    sys.platform = "win32"
    sys.exit(main.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("arguments", [(), ("demo",), ("users", "--format", "json")])
def test_on_windows_the_program_says_what_it_needs_before_it_does_anything(arguments):
    command = [sys.executable, "-c", ON_WINDOWS, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.stderr == "airisk-tui needs Linux or macOS; on Windows use WSL.\n"
    assert (done.returncode, done.stdout) == (2, "")
