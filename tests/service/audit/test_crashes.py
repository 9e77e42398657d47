"""Acts that a killed program left open: the next to start closes them, and only them."""

from contextlib import ExitStack

from tests.kit.shell import another_program
from tests.kit.trails import (
    ADA,
    GRACE,
    SETTINGS,
    act_for_ever,
    entries_in,
)
from tui.audit.log import AuditLog
from tui.audit.process_locks import close_crashed_runs
from tui.audit.recorder import AuditRecorder
from tui.audit.verify import verify


async def test_killed_while_acting_the_next_start_finds_it(path):
    with another_program(act_for_ever, path) as (program, heard):
        heard.recv_bytes()
        program.kill()
        program.join()
        (start,) = entries_in(path)
        async with AuditRecorder(AuditLog(path), SETTINGS) as recorder:
            (stop,) = recorder.found
    assert entries_in(path) == [start, stop]
    assert (stop.event, stop.why) == ("stop", "crash found at next start")
    assert (stop.identity, stop.name, stop.subject_check, stop.reason) == (
        "u-127",
        "Grace Hopper",
        "confirmed",
        "TICKET-7",
    )
    assert stop.process == start.process
    assert close_crashed_runs(AuditLog(path)) == ()
    assert verify(path).entries == 2


async def test_of_several_programs_only_those_that_are_gone_are_closed(path):
    ours = await AuditRecorder(AuditLog(path), SETTINGS).open()
    await ours.acting_started(ADA)
    with another_program(act_for_ever, path) as one, another_program(act_for_ever, path) as other:
        for _, heard in (one, other):
            heard.recv_bytes()
        assert close_crashed_runs(AuditLog(path)) == ()
        one[0].kill()
        one[0].join()
        (stop,) = close_crashed_runs(AuditLog(path))
        assert stop.process.startswith(f"{one[0].pid}-")
        other[0].kill()
        other[0].join()
        (stop,) = close_crashed_runs(AuditLog(path))
        assert stop.process.startswith(f"{other[0].pid}-")
    assert close_crashed_runs(AuditLog(path)) == ()
    await ours.close()


async def test_killed_between_the_stop_and_the_end_of_the_run_nothing_is_found(path):
    recorder = await AuditRecorder(AuditLog(path), SETTINGS).open()
    await recorder.acting_started(GRACE)
    await recorder.acting_stopped()
    (lock,) = path.with_name("runs").iterdir()
    await recorder.close()
    lock.touch()
    assert close_crashed_runs(AuditLog(path)) == ()
    assert not lock.exists()


def test_ten_programs_that_start_at_once_find_one_crash_once(path):
    with another_program(act_for_ever, path) as (program, heard):
        heard.recv_bytes()
        program.kill()
        program.join()
    with ExitStack() as stack:
        for _, said in [stack.enter_context(another_program(act_for_ever, path)) for _ in range(10)]:
            said.recv_bytes()
        assert [entry.event for entry in entries_in(path)].count("stop") == 1
    assert verify(path).entries == 12
