"""Entries that are given while the disk is busy go to disk together, in their order, or not at all."""

import asyncio
import os
import threading
from types import SimpleNamespace

import pytest

from tests.kit.trails import an_entry, entries_in
from tui.audit import storage
from tui.audit.log import AuditLog
from tui.audit.verify import verify
from tui.errors import AuditError

pytestmark = pytest.mark.fault("many things at once")

MANY = 200


async def test_many_entries_at_once_wait_for_the_disk_only_a_few_times(path, monkeypatch):
    trail = AuditLog(path)
    await trail.append(an_entry("first"))
    synced: list[int] = []

    def counted(descriptor: int) -> None:
        synced.append(descriptor)
        os.fsync(descriptor)

    for module in (storage, storage):
        monkeypatch.setattr(module, "os", SimpleNamespace(**vars(os) | {"fsync": counted}))
    busy = threading.Event()
    trail.submit(busy.wait)
    writing = [asyncio.create_task(trail.append(an_entry(str(index)))) for index in range(MANY)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in writing)
    busy.set()
    written = [(await task)[0] for task in writing]
    assert entries_in(path)[1:] == written
    assert [entry.name for entry in written] == [str(index) for index in range(MANY)]
    assert 0 < len(synced) < 5
    assert verify(path).entries == MANY + 1


async def test_what_is_given_after_a_call_is_written_after_it(path):
    trail = AuditLog(path)
    busy = threading.Event()
    trail.submit(busy.wait)
    before = asyncio.create_task(trail.append(an_entry("before")))
    await asyncio.sleep(0)
    call = asyncio.create_task(trail.in_turn(lambda: trail.write(an_entry("call"))))
    await asyncio.sleep(0)
    after = asyncio.create_task(trail.append(an_entry("after")))
    await asyncio.sleep(0)
    busy.set()
    await asyncio.gather(before, call, after)
    assert [entry.name for entry in entries_in(path)] == ["before", "call", "after"]


async def test_everybody_hears_that_the_disk_refused_and_can_try_again(path):
    path.parent.mkdir(parents=True)
    path.symlink_to("/nowhere/else")
    trail = AuditLog(path)
    refused = await asyncio.gather(*(trail.append(an_entry()) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in refused] == [AuditError] * 5
    path.unlink()
    await trail.append(an_entry("again"))
    assert [entry.name for entry in entries_in(path)] == ["again"]


async def test_one_who_no_longer_waits_takes_nobody_elses_entry_along(path):
    trail = AuditLog(path)
    busy = threading.Event()
    trail.submit(busy.wait)
    tasks = [asyncio.create_task(trail.append(an_entry(name))) for name in ("gone", "stays")]
    await asyncio.sleep(0)
    tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    busy.set()
    await tasks[1]
    assert [entry.name for entry in entries_in(path)] == ["gone", "stays"]
