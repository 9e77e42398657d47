"""Calls that never return: the screen stays alive, and quitting is not delayed."""

import asyncio
import gc
import threading
from functools import partial

import pytest

from tests.kit.patience import PATIENCE, comes_true
from tui.background import DaemonExecutor, run_in_thread, shielded


@pytest.fixture
def gate():
    """An event for calls to hang on; it is set at the end, so that no thread outlives its test."""
    gate = threading.Event()
    yield gate
    gate.set()


async def test_a_call_runs_on_a_daemon_thread_and_its_result_comes_back():
    def where(*words: str) -> tuple[bool, str]:
        return threading.current_thread().daemon, " ".join(words)

    assert await run_in_thread(where, "here", "and", "now") == (True, "here and now")


async def test_an_exception_is_raised_where_the_call_is_awaited():
    with pytest.raises(ZeroDivisionError):
        await run_in_thread(divmod, 1, 0)


async def test_the_loop_goes_on_while_a_call_hangs_and_the_deadline_ends_the_wait(gate):
    waiting = asyncio.ensure_future(run_in_thread(gate.wait, PATIENCE, deadline=0.2))
    await asyncio.sleep(0)
    assert not waiting.done()
    with pytest.raises(TimeoutError):
        await waiting


@pytest.mark.parametrize("end", [str, partial(divmod, 1, 0)], ids=["a result", "a failure"])
async def test_canceling_abandons_the_thread_and_its_late_end_disturbs_nobody(gate, monkeypatch, end):
    disturbed = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: disturbed.append(context))
    monkeypatch.setattr(threading, "excepthook", disturbed.append)
    has_started, executor = threading.Event(), DaemonExecutor(1)

    def hang() -> object:
        has_started.set()
        gate.wait()
        return end()

    task = asyncio.create_task(run_in_thread(hang, executor=executor))
    await run_in_thread(has_started.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()
    # There is one thread only: what comes after has its turn once the late end is over.
    async with asyncio.timeout(PATIENCE):
        assert await run_in_thread(int, executor=executor) == 0
    gc.collect()
    assert disturbed == []


async def test_no_more_calls_run_at_once_than_allowed_and_the_others_wait_their_turn(gate):
    def threads() -> int:
        return sum(thread.name == "one of two" for thread in threading.enumerate())

    executor = DaemonExecutor(2, name="one of two")
    hanging = [executor.submit(gate.wait) for _ in range(2)]
    late = [executor.submit(threads) for _ in range(3)]
    assert threads() == 2
    assert not any(call.done() for call in late)
    gate.set()
    await asyncio.gather(*map(asyncio.wrap_future, hanging))
    assert max([await asyncio.wrap_future(call) for call in late]) <= 2


async def test_a_call_canceled_before_its_turn_never_runs(gate):
    executor = DaemonExecutor(1)
    hanging = executor.submit(gate.wait)
    has_run = threading.Event()
    unwanted = executor.submit(has_run.set)
    last = executor.submit(int)
    assert unwanted.cancel()
    gate.set()
    assert await asyncio.wrap_future(last) == 0
    assert hanging.result()
    assert not has_run.is_set()


async def test_after_shutdown_nothing_is_taken_and_what_waited_is_canceled(gate):
    executor = DaemonExecutor(1)
    executor.submit(gate.wait)
    waiting = executor.submit(int)
    executor.shutdown(wait=True)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(int)


async def test_a_thread_that_lingers_takes_what_comes_meanwhile():
    executor = DaemonExecutor(max_workers=1, name="lingers", linger=PATIENCE)
    threads = [await asyncio.wrap_future(executor.submit(threading.get_ident)) for _ in range(20)]
    assert len(set(threads)) == 1
    executor.shutdown()
    with pytest.raises(RuntimeError):
        executor.submit(threading.get_ident)


async def test_what_fails_when_nobody_waits_for_it_any_more_is_nobody_s_fault():
    lost = list[dict[str, object]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
    may_fail = asyncio.Event()

    async def fail():
        await may_fail.wait()
        raise OSError("No space left on device")

    waiting = asyncio.create_task(shielded(fail()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_fail.set()
    await comes_true(lambda: len(asyncio.all_tasks()) == 1, "the end of what goes on")
    gc.collect()
    assert lost == []


async def test_what_fails_while_it_is_waited_for_is_heard_of():
    async def fail():
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await shielded(fail())
