"""Disks fill up and files break: the history opens all the same, or says what the matter is."""

import asyncio
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.kit.patience import PATIENCE
from tests.kit.remembering import AIRISK, ELSEWHERE, begin, bytes_on_disk, exchange, paths
from tui.errors import HistoryError, HistoryResetError
from tui.history.database import STEPS, upgrade
from tui.history.store import History

pytestmark = pytest.mark.fault("terminal and process")


@pytest.fixture
def path(tmp_path):
    """Where the history will be."""
    return tmp_path / "state" / "history.sqlite3"


BROKEN = {
    "not SQLite at all": lambda _: b"<html>Sign in to the hotel's network</html>" * 400,
    "its beginning overwritten": lambda whole: b"\0" * 64 + whole[64:],
    "its middle overwritten": lambda whole: whole[:2048] + b"\xff" * (len(whole) - 2048),
    "its end cut off": lambda whole: whole[: len(whole) // 2],
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
async def test_a_broken_file_is_put_aside_and_reported_once(path, breaking):
    async with History(path) as history:
        for number in range(30):
            await history.add(exchange(f"/api/{number}"), AIRISK)
    broken = breaking(path.read_bytes())
    path.write_bytes(broken)
    async with History(path) as history:
        with pytest.raises(HistoryResetError, match="new one was started") as told:
            await history.add(exchange("/api/after"), AIRISK)
        await history.add(exchange("/api/later"), AIRISK)
        assert await paths(history) == ["/api/later", "/api/after"]
    [aside] = path.parent.glob("history.sqlite3.broken-*")
    assert aside.read_bytes() == broken
    assert str(aside) in told.value.advice


async def test_a_file_that_is_removed_under_the_program_is_made_again(path):
    async with History(path) as history:
        await history.add(exchange("/api/before"), AIRISK)
        for file in path.parent.iterdir():
            file.unlink()
        await history.add(exchange("/api/after"), AIRISK)
        assert await paths(history) == ["/api/after"]


async def test_a_newer_file_is_left_as_it_is(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    async with History(path) as history:
        for call in history.add(exchange(), AIRISK), history.count("", AIRISK), history.clear(AIRISK):
            with pytest.raises(HistoryError, match="newer airisk-tui") as told:
                await call
            assert "Update" in told.value.advice
    assert path.read_bytes() == before


async def test_an_older_file_is_taken_through_the_steps_it_lacks(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
    later = (*STEPS, ("ALTER TABLE exchanges ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, later)
        assert connection.execute("SELECT path, note FROM exchanges").fetchall() == [("/api/Chat/ListAgents", "none")]
        assert connection.execute("PRAGMA user_version").fetchone() == (len(later),)


async def test_an_upgrade_that_fails_changes_nothing(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            upgrade(connection, (*STEPS, ("ALTER TABLE exchanges ADD COLUMN note TEXT", "NONSENSE")))
        assert "note" not in connection.execute("SELECT sql FROM sqlite_master").fetchone()[0]
    async with History(path) as history:
        assert await history.count("", AIRISK) == 1


async def test_an_entry_that_another_program_wrote_is_named(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("UPDATE exchanges SET query = 'not JSON'")
        with pytest.raises(HistoryError, match="Entry 1"):
            await history.search("", AIRISK, limit=1)


async def test_an_entry_that_is_gone_cannot_be_had(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
        [past] = await history.search("", AIRISK, limit=1)
        await history.clear(AIRISK)
        with pytest.raises(HistoryError, match="no longer in the history"):
            await history.draft(past)


async def test_whoever_stops_waiting_has_it_written_all_the_same(path):
    async with History(path) as history:
        adding = [asyncio.create_task(history.add(exchange(f"/api/{number}"), AIRISK)) for number in range(20)]
        await asyncio.sleep(0)
        for each in adding:
            each.cancel()
        await asyncio.gather(*adding, return_exceptions=True)
        assert all(each.cancelled() for each in adding)
        assert await history.count("", AIRISK) == 20


async def test_a_home_that_is_a_file_is_reported(path):
    path.parent.touch()
    async with History(path) as history:
        with pytest.raises(HistoryError, match="cannot be used") as told:
            await history.add(exchange(), AIRISK)
    assert str(path) in told.value.advice


_ASKING = """
import asyncio, os, sys
from pathlib import Path
import tui.history.database
from tests.kit.remembering import AIRISK, exchange
from tui.history.store import History, HistoryError

async def main():
    async with History(Path(sys.argv[1])) as history:
        for _ in range(int(sys.argv[2])):
            try:
                await history.add(exchange("/api/" + "x" * 7000), AIRISK)
            except HistoryError as error:
                print(error.message, error.advice)
                break

if sys.argv[3] == "as nobody" and os.getuid() == 0:
    os.setuid(65534)
asyncio.run(main())
"""


def test_a_read_only_home_is_reported(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o555)
    for directory in (home.parent, home.parent.parent):
        directory.chmod(directory.stat().st_mode | 0o011)
    command = [sys.executable, "-c", _ASKING, str(home / "state" / "history.sqlite3"), "1", "as nobody"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.split(":")[0]) == ("", "The history cannot be used")
    assert "permission denied" in done.stdout


def _with_a_small_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


async def test_a_full_disk_is_reported_and_what_was_written_stays(path):
    command = [sys.executable, "-c", _ASKING, str(path), "200", "as oneself"]
    words, errors = begin(*command, preexec_fn=_with_a_small_disk).communicate(timeout=PATIENCE)
    assert errors == b""
    assert b"disk" in words
    assert not list(path.parent.glob("*.broken-*"))
    async with History(path) as history:
        await history.add(exchange("/api/after"), AIRISK)
        assert await history.count("", AIRISK) > 5
        assert await history.count("", ELSEWHERE) == 0
    assert b"/api/after" in bytes_on_disk(path)
