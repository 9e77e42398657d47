"""The world that every test finds, and the folder as its tier."""

import faulthandler
import gc
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.kit.machine import left_out
from tests.kit.memory import collect_and_freeze

pytest_plugins = ["tests.kit.shell", "tests.kit.keyring", "tests.kit.trails"]

HERE = Path(__file__).parent
TIERS = {each.name for each in HERE.iterdir() if each.is_dir() and each.name not in {"kit", "__pycache__"}}
"""The folders: each is a marker, and `pytest -m service` selects by it."""

PINNED = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC"}
UNSET = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "LANGUAGE", "DISPLAY", "WAYLAND_DISPLAY"}

SECONDS_OF_LONG = 3600
"""Limit for each test below tests/long; `timeout` in pyproject.toml is the limit for all others."""
LONGEST_NAME = 40
"""Characters of what a case is named after."""
GRACE = 30
"""Seconds after its limit in which a test has to end. Then the process ends."""

_STDERR = pytest.StashKey[int]()

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
    config.stash[_STDERR] = os.dup(2)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the copy of stderr."""
    os.close(config.stash[_STDERR])


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case by the beginning of its text where that is long: each worker tells the names of all tests."""
    return ascii(val[:LONGEST_NAME]) if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test by its folder and by its need of a keyring; let each report tell the kind of its fault."""
    tier = item.path.relative_to(HERE).parts[0]
    item.add_marker(tier)
    if tier == "long":
        item.add_marker(pytest.mark.timeout(SECONDS_OF_LONG))
    if "real_keyring" in getattr(item, "fixturenames", ()):
        item.add_marker("keyring")
    if marker := item.get_closest_marker("fault"):
        item.user_properties.append(("fault", marker.args[0]))


def pytest_collection_finish() -> None:
    """Keep from garbage collection what lives as long as all tests. Collecting it took a tenth of their time."""
    collect_and_freeze()
    gc.set_threshold(10_000, 20, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start one worker more than there are processors, for whichever waits: a third of the time is waiting."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End the process with the stacks of all threads where the limit did not end the test.

    The limit raises an exception in the main thread, which does not see it while it runs C code, and may swallow it.
    """
    marker = item.get_closest_marker("timeout")
    limit = float(marker.args[0] if marker else item.config.getini("timeout"))
    faulthandler.dump_traceback_later(limit + GRACE, exit=True, file=item.config.stash[_STDERR])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Name in the very last line show skipped or incomplete, and what to install."""
    yield
    reporter: pytest.TerminalReporter | None = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if reporter and (line := left_out([report.longrepr[2] for report in skipped])):
        reporter.write_line(line, yellow=True)


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
