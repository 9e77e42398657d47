"""The world that every test finds, and the folder as its tier."""

import gc
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.kit.machine import left_out

pytest_plugins = ["tests.kit.shell", "tests.kit.keyring", "tests.kit.trails"]

HERE = Path(__file__).parent
TIERS = {each.name for each in HERE.iterdir() if each.is_dir() and each.name not in {"kit", "__pycache__"}}
"""The folders: each is a marker, and `pytest -m service` selects by it."""

PINNED = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC"}
UNSET = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "LANGUAGE"}

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "here"))

# What a shell starts behind `&` ignores it, and so would every program under test.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Make a marker of each folder."""
    for tier in sorted(TIERS):
        config.addinivalue_line("markers", f"{tier}: the tests below tests/{tier}")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test by its folder; let each report tell the kind of its fault."""
    item.add_marker(item.path.relative_to(HERE).parts[0])
    if marker := item.get_closest_marker("fault"):
        item.user_properties.append(("fault", marker.args[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell in the last line what was left out, and what to install."""
    skipped = terminalreporter.stats.get("skipped", [])
    if line := left_out([report.longrepr[2] for report in skipped]):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(autouse=True)
def pinned_world(tmp_path: Path) -> Iterator[None]:
    """Give each test a home of its own, a terminal with all colors, and one language and time zone."""
    with pytest.MonkeyPatch.context() as world:
        for name in list(os.environ):
            if name.startswith(("XDG_", "LC_")) or name in UNSET:
                world.delenv(name)
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            world.setenv(name, str(tmp_path))
        for name, value in PINNED.items():
            world.setenv(name, value)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def nothing_stays_frozen() -> Iterator[None]:
    """The program lives in a process of its own, and so may keep from garbage collection what lives as long as it."""
    yield
    gc.unfreeze()
