"""Writing while programs are killed, disks are full, and others hold the trail."""

import asyncio
import fcntl
import os
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
from tests.service.audit.killing import kill_writers
from tui.audit import storage
from tui.audit.entry import sign
from tui.audit.log import AuditLog
from tui.audit.process_locks import close_crashed_runs
from tui.audit.reader import EntryFilter
from tui.audit.storage import AuditFiles
from tui.audit.verify import VerifyResult, verify
from tui.errors import AuditError

pytestmark = pytest.mark.fault("terminal and process")


def test_killed_at_any_moment_the_trail_is_whole_and_nothing_said_to_be_written_is_missing(tmp_path):
    kill_writers(tmp_path, trails=2)


def test_several_programs_write_one_chain(path):
    with ExitStack() as stack:
        heard = [stack.enter_context(another_program(write_some, path, name, 25))[1] for name in ("a", "b", "c", "d")]
        assert [connection.recv_bytes() for connection in heard] == [b"."] * 4
    assert verify(path).error is None
    names = [entry.name for entry in EntryFilter().entries(path)]
    assert sorted(names) == sorted(f"{name} {index}" for name in "abcd" for index in range(25))
    assert [name for name in names if name.startswith("a")] == [f"a {index}" for index in range(25)]


async def test_the_beginning_of_a_line_is_no_fault_and_the_next_to_write_sets_it_aside(path):
    trail = AuditLog(path)
    await trail.append(an_entry("whole"))
    torn = sign(an_entry("torn"), 2, entries_in(path)[0].hash)[1][:-20]
    with path.open("ab") as file:
        file.write(torn)
    assert verify(path) == VerifyResult(entries=1, has_torn_line=True)
    await trail.append(an_entry("next"))
    assert [entry.name for entry in entries_in(path)] == ["whole", "next"]
    assert path.with_suffix(".torn").read_bytes() == torn + b"\n"
    assert verify(path).entries == 2


async def test_killed_between_entry_and_head_the_next_to_write_goes_on_behind_it(path):
    trail = AuditLog(path, file_size=1)
    await trail.append(an_entry("one"))
    stale = path.with_suffix(".head").read_bytes()
    await trail.append(an_entry("two"))
    path.with_suffix(".head").write_bytes(stale)
    assert verify(path).entries == 2
    await trail.append(an_entry("three"))
    assert verify(path).error is None
    assert [entry.sequence for entry in EntryFilter().entries(path)] == [1, 2, 3]


@pytest.mark.parametrize("is_named", [True, False])
async def test_killed_while_a_full_file_gets_its_number_the_chain_goes_on(path, is_named):
    trail = AuditLog(path)
    await trail.append(an_entry("one"))
    if is_named:
        path.rename(AuditFiles(path).numbered(1))
    assert verify(path).entries == 1
    await trail.append(an_entry("two"))
    assert verify(path).error is None
    assert len(AuditFiles(path).finished()) == is_named


async def test_killed_before_there_ever_was_a_head_the_chain_goes_on(path):
    trail = AuditLog(path)
    await trail.append(an_entry("one"))
    path.with_suffix(".head").write_bytes(b"")
    assert verify(path).error is None
    await trail.append(an_entry("two"))
    assert verify(path).entries == 2


def test_a_full_disk_is_reported_and_leaves_only_whole_entries(path):
    with another_program(write_on_a_full_disk, path, 5_000) as (_, heard):
        written, words = heard.recv()
    assert "File too large" in words
    assert str(path.parent) in words
    assert written > 5
    assert verify(path) == VerifyResult(entries=written)
    assert path.read_bytes().endswith(b"\n")
    AuditLog(path).write(an_entry("there is room again"))
    assert verify(path).entries == written + 1


def test_a_home_that_cannot_be_written_is_reported(path):
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o500)
    with another_program(write_as_nobody, path) as (_, heard):
        assert heard.recv()[0] == 0
    assert not list(path.parent.iterdir())


async def test_a_place_that_is_no_directory_is_reported(path):
    path.parent.parent.mkdir()
    path.parent.touch()
    with pytest.raises(AuditError, match="The audit trail cannot be written: "):
        await AuditLog(path).append(an_entry())


async def test_a_suspended_program_that_holds_the_lock_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(storage, "_LOCK_SECONDS", 0.1)
    trail = AuditLog(path)
    await trail.append(an_entry("one"))
    with path.with_suffix(".head").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AuditError, match="audit trail is locked by another process"):
            await trail.append(an_entry("two"))
        with pytest.raises(AuditError, match="audit trail is locked by another process"):
            verify(path)
    await trail.append(an_entry("three"))
    assert [entry.name for entry in entries_in(path)] == ["one", "three"]


async def test_a_wait_that_is_canceled_does_not_keep_the_entry_from_being_written(path):
    trail = AuditLog(path)
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


@pytest.mark.parametrize("file_size", [8_000_000, 900, 1], ids=["one file", "two entries a file", "one entry a file"])
def test_a_head_that_was_put_back_is_caught_up_with_through_all_files(path, file_size):
    trail = AuditLog(path, file_size=file_size)
    heads = []
    for number in range(6):
        trail.write(an_entry(str(number)))
        heads.append(path.with_suffix(".head").read_bytes())
    for head_before in heads:
        path.with_suffix(".head").write_bytes(head_before)
        trail.write(an_entry("later"))
        assert verify(path).error is None
    assert [entry.sequence for entry in EntryFilter().entries(path)] == list(range(1, 13))


def of_another_trail(path, head, lines):
    other = path.with_name("other") / "audit.jsonl"
    AuditLog(other).write(an_entry("x"), an_entry("y"))
    head.write_bytes(other.with_suffix(".head").read_bytes())


MISFITS = {
    "a head of another trail": of_another_trail,
    "a trail that was cut": lambda path, _, lines: path.write_bytes(b"".join(lines[:-1])),
    "a line that was replaced": lambda path, _, lines: path.write_bytes(b"".join([*lines[:-1], lines[0]])),
    "a line that was put behind": lambda path, _, lines: path.write_bytes(b"".join([*lines, lines[0]])),
    "no head": lambda _, head, __: head.unlink(),
    "noise for a head": lambda _, head, __: head.write_bytes(b"noise"),
    "no trail": lambda path, _, __: path.unlink(),
}


@pytest.mark.parametrize("spoil", MISFITS.values(), ids=MISFITS)
def test_a_trail_that_does_not_fit_its_head_is_closed_off_and_reported_at_once(path, spoil):
    told: list[AuditError] = []
    AuditLog(path).write(*(an_entry(str(number)) for number in range(4)))
    spoil(path, path.with_suffix(".head"), path.read_bytes().splitlines(keepends=True))
    before = path.read_bytes() if path.exists() else b""
    trail = AuditLog(path, on_broken=told.append)
    trail.write(an_entry("later"))
    (error,) = told
    assert "does not match its audit.head" in error.message
    assert "audit verify" in error.advice
    assert verify(path).error
    assert [file.read_bytes() for _, file in AuditFiles(path).finished()] == [before] * bool(before)
    trail.write(an_entry("and later"))
    AuditLog(path, on_broken=told.append).write(an_entry("still later"))
    assert told == [error]
    assert [entry.name for entry in entries_in(path)] == ["later", "and later", "still later"]


ODD = {"a pipe": os.mkfifo, "a directory": os.mkdir, "a device": lambda path: path.symlink_to("/dev/zero")}


@pytest.mark.parametrize("name", ["audit.jsonl", "audit.head"])
@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_is_no_file_in_its_place_is_reported_and_not_waited_for(path, make, name):
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path.with_name(name))
    with pytest.raises(AuditError, match="cannot be written"):
        AuditLog(path).write(an_entry())
    with pytest.raises(AuditError, match="cannot be read"):
        verify(path)


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_is_no_file_beside_it_is_left_alone(path, make):
    AuditLog(path).write(an_entry())
    make(AuditFiles(path).numbered(7))
    make(path.with_name("audit.torn.jsonl"))
    AuditFiles(path).runs.mkdir(exist_ok=True)
    make(AuditFiles(path).runs / "1-other")
    trail = AuditLog(path)
    assert close_crashed_runs(trail) == ()
    trail.write(an_entry())
    assert verify(path) == VerifyResult(entries=2)
