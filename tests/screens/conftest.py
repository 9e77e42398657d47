"""Fixtures: a history with nothing in it, and a directory to be in."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit.clock import SteadyClock, moved_steadily
from tests.screens.history_stage import WatchedHistory


@pytest.fixture
def history_file(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "state" / "history.sqlite3"


@pytest.fixture
async def history(history_file: Path) -> AsyncIterator[WatchedHistory]:
    """A history in which nothing was remembered yet."""
    async with WatchedHistory(history_file) as history:
        yield history


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person has opened the program."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def steady_clock() -> Iterator[SteadyClock]:
    """A clock that the test puts forward: what the program counts in seconds is there at once."""
    with moved_steadily() as clock:
        yield clock
