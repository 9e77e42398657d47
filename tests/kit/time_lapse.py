"""A loop in which waiting takes no time: its clock jumps to the next thing that is due."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
Answering = Callable[[httpx.Request], Awaitable[httpx.Response]]


class TimeLapse(selectors.SelectSelector):
    """What a loop waits in. Stands in for the module `time`, too: `now` is the only time there is."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let the time pass that the loop would wait for."""
        assert timeout is not None, "everything waits, and nothing is due"
        self.now += timeout
        return []

    def time(self) -> float:
        """Return the only time there is; the loop's own clock does the same."""
        return self.now

    perf_counter = monotonic = time


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, lapse: TimeLapse) -> None:
        self._lapse = lapse
        super().__init__(lapse)

    def time(self) -> float:
        return self._lapse.now


def in_no_time(story: Callable[[TimeLapse], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a loop of its own that never waits."""
    lapse = TimeLapse()
    with asyncio.Runner(loop_factory=lambda: _Loop(lapse)) as runner:
        return runner.run(story(lapse))


class Transport(httpx.AsyncBaseTransport):
    """A network that is a function: it may let time pass, read what comes out, and tell what it does."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the function does."""
        return await self._answer(request)


class Body(httpx.AsyncByteStream):
    """The chunks of an answer, each after so many seconds."""

    def __init__(self, *chunks: tuple[float, bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self):
        for seconds, chunk in self._chunks:
            await asyncio.sleep(seconds)
            yield chunk


def answers(*chunks: tuple[float, bytes], after: float = 0.0, **head: Any) -> Transport:
    """A network that answers after so many seconds; each chunk comes so many after the one before."""

    async def answer(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(after)
        return httpx.Response(200, stream=Body(*chunks), **head)

    return Transport(answer)
