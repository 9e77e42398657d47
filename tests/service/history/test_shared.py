"""Several programs at once, some of them killed: nothing that was said to be written is lost."""

import asyncio
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from tests.kit.patience import ENOUGH
from tests.kit.remembering import AIRISK, another_program, begin, errors_of, exchange, paths, without_entries
from tui.errors import HistoryError, HistoryResetError
from tui.history import database
from tui.history import store as histories
from tui.history.database import HistoryFile
from tui.history.entry import write_row
from tui.history.store import History

pytestmark = pytest.mark.fault("many things at once")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where the history will be; whoever waits there for another program has time."""
    monkeypatch.setattr(database, "BUSY_SECONDS", ENOUGH)
    monkeypatch.setattr(histories, "_SECONDS", 2 * ENOUGH)
    return tmp_path / "state" / "history.sqlite3"


async def test_killed_while_writing_all_that_was_said_to_be_written_is_there(path):
    told = set()
    for turn in range(8):
        told |= {f"/api/turn-{turn}/{number}" for number in written_before_killed(path, f"turn-{turn}", 5 + 7 * turn)}
        async with History(path) as history:
            found = await paths(history)
            assert told <= set(found)
            assert len(set(found)) == len(found)
            await history.add(exchange(f"/api/after/{turn}"), AIRISK)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def written_before_killed(path, name, count):
    """Kill a program that has said of `count` exchanges that they are on the disk."""
    with subprocess.Popen(another_program(path, 10_000, name), stdout=subprocess.PIPE) as program:
        assert program.stdout
        written = [int(program.stdout.readline()) for _ in range(count)]
        program.send_signal(signal.SIGKILL)
    return written


async def test_several_programs_that_begin_at_once_lose_nothing(path):
    names = ["one", "two", "three"]
    programs = [begin(*another_program(path, 60, name)) for name in names]
    async with History(path) as history:
        for number in range(60):
            await history.add(exchange(f"/api/mine/{number}"), AIRISK)
        assert [errors_of(program) for program in programs] == [b""] * 3
        found = await paths(history)
    assert sorted(found) == sorted(f"/api/{name}/{number}" for name in (*names, "mine") for number in range(60))


async def test_a_bound_holds_for_all_programs_together(path):
    async with History(path, most=10) as history:
        for number in range(8):
            await history.add(exchange(f"/api/mine/{number}"), AIRISK)
        assert errors_of(begin(*another_program(path, 7, most=10))) == b""
        assert await history.count("", AIRISK) == 10
        assert (await paths(history))[-1] == "/api/mine/5"


async def test_two_programs_that_find_it_broken_put_aside_one_file(path):
    path.parent.mkdir()
    path.write_bytes(b"broken" * 1000)
    async with History(path) as one, History(path) as two:
        ends = await asyncio.gather(
            *(history.add(exchange(), AIRISK) for history in (one, two)), return_exceptions=True
        )
        assert any(isinstance(end, HistoryResetError) for end in ends)
        assert await paths(one) == await paths(two) == ["/api/Chat/ListAgents"] * 2
    assert len(list(path.parent.glob("*.broken-*Z"))) == 1


def test_a_file_that_another_program_put_aside_meanwhile_is_left_where_it_is(path):
    row = write_row(exchange(), AIRISK, keep_bodies=False)
    with closing(HistoryFile(path, most=10)) as ours, closing(HistoryFile(path, most=10)) as theirs:
        ours.add(row, AIRISK)
        ours.close()
        path.write_bytes(without_entries(path.read_bytes()))
        asked = []

        def count_while_they_begin_anew(connection):
            asked.append(connection)
            if len(asked) == 1:
                with pytest.raises(HistoryResetError):
                    theirs.add(row, AIRISK)
            return connection.execute("SELECT count(*) FROM exchanges").fetchone()

        assert ours._run(count_while_they_begin_anew) == (1,)
    assert len(list(path.parent.glob("*.broken-*Z"))) == 1


async def test_a_log_that_another_program_has_open_goes_with_the_file_it_belongs_to(path):
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
    path.write_bytes(without_entries(path.read_bytes()))
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE theirs (x)")
        async with History(path) as history:
            with pytest.raises(HistoryResetError):
                await history.add(exchange("/api/after"), AIRISK)
            assert await paths(history) == ["/api/after"]
        assert len(list(path.parent.glob("*.broken-*-wal"))) == 1
        theirs.execute("INSERT INTO theirs VALUES (1)")
    async with History(path) as history:
        assert await paths(history) == ["/api/after"]


async def test_another_program_that_never_ends_writing_is_reported(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    async with History(path) as history:
        await history.add(exchange(), AIRISK)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(HistoryError, match="locked by another process"):
                await history.add(exchange(), AIRISK)
        await history.add(exchange(), AIRISK)
        assert await history.count("", AIRISK) == 2
