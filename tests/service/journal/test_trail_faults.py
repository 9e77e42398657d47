"""Writing while programs are killed, disks are full, and others hold the trail."""

import asyncio
import fcntl
from contextlib import ExitStack

import pytest

from tests.kit.shell import another_program
from tests.kit.trails import (
    an_entry,
    entries_in,
    write_as_nobody,
    write_on_a_full_disk,
    write_some,
)
from tests.service.journal.killing import kill_writers
from tui.journal import head
from tui.journal.entries import seal
from tui.journal.errors import AuditError
from tui.journal.files import Files
from tui.journal.showing import Search
from tui.journal.trail import Trail
from tui.journal.verify import Verdict, verify

pytestmark = pytest.mark.fault("terminal and process")


def test_killed_at_any_moment_the_trail_is_whole_and_nothing_said_to_be_written_is_missing(tmp_path):
    kill_writers(tmp_path, trails=2)


def test_several_programs_write_one_chain(path):
    with ExitStack() as stack:
        heard = [stack.enter_context(another_program(write_some, path, name, 25))[1] for name in ("a", "b", "c", "d")]
        assert [connection.recv_bytes() for connection in heard] == [b"."] * 4
    assert verify(path).fault is None
    names = [entry.name for entry in Search().entries(path)]
    assert sorted(names) == sorted(f"{name} {index}" for name in "abcd" for index in range(25))
    assert [name for name in names if name.startswith("a")] == [f"a {index}" for index in range(25)]


async def test_the_beginning_of_a_line_is_no_fault_and_the_next_to_write_sets_it_aside(path):
    trail = Trail(path)
    await trail.append(an_entry("whole"))
    torn = seal(an_entry("torn"), 2, entries_in(path)[0].hash)[1][:-20]
    with path.open("ab") as file:
        file.write(torn)
    assert verify(path) == Verdict(entries=1, has_torn_line=True)
    await trail.append(an_entry("next"))
    assert [entry.name for entry in entries_in(path)] == ["whole", "next"]
    assert path.with_suffix(".torn").read_bytes() == torn + b"\n"
    assert verify(path).entries == 2


async def test_killed_between_entry_and_head_the_next_to_write_goes_on_behind_it(path):
    trail = Trail(path, file_size=1)
    await trail.append(an_entry("one"))
    stale = path.with_suffix(".head").read_bytes()
    await trail.append(an_entry("two"))
    path.with_suffix(".head").write_bytes(stale)
    assert verify(path).entries == 2
    await trail.append(an_entry("three"))
    assert verify(path).fault is None
    assert [entry.sequence for entry in Search().entries(path)] == [1, 2, 3]


@pytest.mark.parametrize("is_named", [True, False])
async def test_killed_while_a_full_file_gets_its_number_the_chain_goes_on(path, is_named):
    trail = Trail(path)
    await trail.append(an_entry("one"))
    if is_named:
        path.rename(Files(path).numbered(1))
    assert verify(path).entries == 1
    await trail.append(an_entry("two"))
    assert verify(path).fault is None
    assert len(Files(path).finished()) == is_named


async def test_killed_before_there_ever_was_a_head_the_chain_goes_on(path):
    trail = Trail(path)
    await trail.append(an_entry("one"))
    path.with_suffix(".head").write_bytes(b"")
    assert verify(path).fault is None
    await trail.append(an_entry("two"))
    assert verify(path).entries == 2


def test_a_full_disk_is_told_and_leaves_only_whole_entries(path):
    with another_program(write_on_a_full_disk, path, 5_000) as (_, heard):
        written, words = heard.recv()
    assert "File too large" in words
    assert str(path.parent) in words
    assert written > 5
    assert verify(path) == Verdict(entries=written)
    assert path.read_bytes().endswith(b"\n")
    Trail(path).write(an_entry("there is room again"))
    assert verify(path).entries == written + 1


def test_a_home_that_cannot_be_written_is_told(path):
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o500)
    with another_program(write_as_nobody, path) as (_, heard):
        assert heard.recv()[0] == 0
    assert not list(path.parent.iterdir())


async def test_a_place_that_is_no_directory_is_told(path):
    path.parent.parent.mkdir()
    path.parent.touch()
    with pytest.raises(AuditError, match="The audit trail cannot be written: "):
        await Trail(path).append(an_entry())


async def test_a_suspended_program_that_holds_the_lock_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(head, "_LOCK_SECONDS", 0.1)
    trail = Trail(path)
    await trail.append(an_entry("one"))
    with path.with_suffix(".head").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AuditError, match="holds the audit trail"):
            await trail.append(an_entry("two"))
        with pytest.raises(AuditError, match="holds the audit trail"):
            verify(path)
    await trail.append(an_entry("three"))
    assert [entry.name for entry in entries_in(path)] == ["one", "three"]


async def test_a_wait_that_is_cancelled_does_not_keep_the_entry_from_being_written(path):
    trail = Trail(path)
    await trail.append(an_entry("one"))
    with path.with_suffix(".head").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = [asyncio.create_task(trail.append(an_entry(name))) for name in ("two", "three")]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
    await trail.append(an_entry("four"))
    assert [entry.name for entry in entries_in(path)] == ["one", "two", "three", "four"]
