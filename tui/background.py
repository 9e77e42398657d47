"""Blocking calls on daemon threads, and long work in slices: neither delays the screen or quitting."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar, TypeVarTuple

T = TypeVar("T")

_SLICE = 0.006
"""Seconds of work between two pauses."""

_PAUSE, _LONGEST_PAUSE = 0.0005, 0.02
"""Seconds of a pause. It is longer while the event loop has other work: the many small steps that a key causes."""

_IDLE_TURN = 0.0002
"""Seconds of a turn of the event loop in which nothing else was done."""


async def run_in_slices(
    work: Generator[None, None, T], begun: Callable[[], object] | None = None, *, after_begun: float = 0.008
) -> T:
    """Run a generator that pauses often, and return its result.

    Args:
        work: the generator, which stays where it is if the wait is canceled.
        begun: called after the first slice, unless that was the last.
        after_begun: seconds of the pause after `begun`, so that its effects can be drawn.
    """
    while True:
        end = time.perf_counter() + _SLICE
        try:
            while time.perf_counter() < end:
                next(work)
        except StopIteration as done:
            found: T = done.value
            return found
        if begun:
            begun()
            begun = None
            await asyncio.sleep(after_begun)
        else:
            await _give_way()


async def _give_way() -> None:
    """Return when the event loop has nothing else to do, or after `_LONGEST_PAUSE`."""
    end = time.perf_counter() + _LONGEST_PAUSE
    await asyncio.sleep(_PAUSE)
    while (began := time.perf_counter()) < end:
        await asyncio.sleep(0)
        if time.perf_counter() - began < _IDLE_TURN:
            return


def run_now(work: Generator[None, None, T]) -> T:
    """Run it without pauses, and return its result."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: T = done.value
            return found


P = ParamSpec("P")
Arguments = TypeVarTuple("Arguments")


class DaemonExecutor(ThreadPoolExecutor):
    """A pool of daemon threads: as a loop's default executor, it never delays quitting.

    At most `max_workers` calls run at once, each on a thread that ends after `linger` idle seconds. Further calls are
    queued, so that calls that never return cannot exhaust the machine. `shutdown` cancels queued calls and abandons
    running ones.
    """

    def __init__(self, max_workers: int = 32, *, name: str = "background", linger: float = 0.0) -> None:
        super().__init__(max_workers)
        self._limit = max_workers
        self._name = name
        self._linger = linger
        self._guard = threading.Lock()
        self._more = threading.Condition(self._guard)
        self._idle = 0
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._running = 0
        self._is_closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` on a daemon thread, at once or when one is free.

        Raises:
            RuntimeError: after `shutdown`, or when the machine has no thread left.
        """
        future: Future[T] = Future()
        with self._guard:
            if self._is_closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if self._idle > len(self._waiting):
                self._more.notify()
            elif self._running < self._limit:
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
                self._running += 1
            self._waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def _work(self) -> None:
        while True:
            with self._guard:
                if not (self._waiting or self._has_more()):
                    self._running -= 1
                    return
                future, call = self._waiting.popleft()
            _settle(future, call)
            del future, call  # or the thread would keep the result alive while it waits for more work

    def _has_more(self) -> bool:
        """Return whether work arrived while the thread lingered."""
        if not self._linger or self._is_closed:
            return False
        self._idle += 1
        self._more.wait_for(lambda: self._waiting or self._is_closed, timeout=self._linger)
        self._idle -= 1
        return bool(self._waiting)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- the signature is concurrent.futures'
        """Take no more calls and cancel those that wait; return at once, whatever `wait` says."""
        with self._guard:
            self._is_closed = True
            self._more.notify_all()
            abandoned = [future for future, _ in self._waiting]
            self._waiting.clear()
        for future in abandoned:
            future.cancel()


def _settle(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 -- raised again where the result is awaited
        future.set_exception(error)
    else:
        future.set_result(result)


async def shielded(work: Awaitable[T]) -> T:
    """Await work that continues when the wait is canceled; its exception may then go unretrieved.

    With asyncio.shield alone, the loop would report an exception that was never retrieved, and the program would end.
    """
    going_on = asyncio.ensure_future(work)
    going_on.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(going_on)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine as asyncio.run does, but wait for no blocking call at its end.

    The loop resolves names in a thread, and an unresponsive resolver may take minutes.
    """
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(DaemonExecutor())
        return runner.run(work)


_THREADS = DaemonExecutor()


async def run_in_thread(
    function: Callable[[*Arguments], T],
    *arguments: *Arguments,
    deadline: float | None = None,
    executor: DaemonExecutor = _THREADS,
) -> T:
    """Await `function(*arguments)` on a daemon thread; canceled or late, the thread is abandoned.

    Raises:
        TimeoutError: `deadline` seconds have passed.
    """
    context = contextvars.copy_context()
    async with asyncio.timeout(deadline):
        submitted = executor.submit(lambda: context.run(function, *arguments))
        return await asyncio.wrap_future(submitted)
