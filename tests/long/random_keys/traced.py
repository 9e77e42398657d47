"""`airisk-tui` whose requests say, in a header, which key each comes from, and what was drawn when it was handled."""

import asyncio
import os
import sys
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from tests.kit.pty import END_OF_FRAME
from tui.airisk.http.client import HttpClient
from tui.app.app import AIRiskApp
from tui.app.input_queue import InputQueue
from tui.cli.main import main

HEADER = "X-Trace"
BUSY_FILE = "TRACED_BUSY_FILE"
BUSY, IDLE = b"1", b"0"
_FRAME = END_OF_FRAME.decode()
_LASTING = {"_process_messages", "_run_timer"}
"""Tasks that outlive a key: what they do is done for the key just handled, and only else for the one they began with:
a matrix begins once its screen is there."""


@dataclass(frozen=True)
class Cause:
    """A key that was handled: when it was read, how many frames were written when it was handled, and what it is."""

    read: float
    frame: int
    key: str


class Tracer:
    """Counts frames, and gives each task the key that it was started for.

    Args:
        busy_file: holds `BUSY` while keys wait or are handled.
    """

    def __init__(self, busy_file: Path) -> None:
        self.frames = 0
        self._busy_file = os.open(busy_file, os.O_WRONLY | os.O_CREAT, 0o600)
        self._current: Cause | None = None
        self._answered = WeakKeyDictionary[Screen[Any], Cause | None]()
        self._cause = ContextVar[Cause | None]("cause", default=None)
        self._began = ContextVar[Cause | None]("began", default=None)

    def task(
        self, loop: asyncio.AbstractEventLoop, work: Any, context: Context | None = None, **options: Any
    ) -> asyncio.Task[Any]:
        """Make a task that knows its key."""
        context = context or copy_context()
        cause = context.get(self._cause) or self._current
        if getattr(work, "__name__", "") in _LASTING:
            context.run(self._began.set, cause)
            context.run(self._cause.set, None)
        else:
            context.run(self._cause.set, cause or context.get(self._began))
        return asyncio.Task(work, loop=loop, context=context, **options)

    def tells(self, *, is_busy: bool) -> None:
        """Tell whoever types whether keys still wait."""
        os.pwrite(self._busy_file, BUSY if is_busy else IDLE, 0)

    def handles(self, event: events.Event) -> None:
        """Note that an event is handled now."""
        if isinstance(event, events.Key):
            key = event.character if event.is_printable and event.character else event.key
            self._current = Cause(event.time, self.frames, key)
        elif isinstance(event, events.Paste):
            self._current = Cause(event.time, self.frames, "paste")

    def has_handled(self) -> None:
        """Note that what the last key did is done, or goes on in tasks of its own."""
        self._current = None

    def answers(self, dialog: Screen[Any]) -> None:
        """Note which key answers a dialog."""
        self._answered[dialog] = self._cause.get() or self._current

    def takes_answer(self, dialog: Screen[Any]) -> None:
        """Go on for the key that answered a dialog."""
        self._cause.set(self._answered.get(dialog))

    @property
    def header(self) -> str:
        """What a request that leaves now says of itself."""
        cause = self._cause.get()
        return f"{cause.read} {cause.frame} {self.frames} {cause.key!a}" if cause else ""


def trace(tracer: Tracer) -> None:
    """Let the program tell the tracer what it does."""
    act, take_next, write = InputQueue._act, InputQueue._take_next, LinuxDriver.write
    outgoing, on_load = HttpClient._outgoing, AIRiskApp.on_load
    push_screen_wait, dismiss = App.push_screen_wait, Screen.dismiss

    async def noted_act(self: InputQueue, event: events.Event) -> None:
        tracer.tells(is_busy=True)
        tracer.handles(event)
        await act(self, event)

    async def noted_end(self: InputQueue) -> None:
        tracer.has_handled()
        await take_next(self)
        tracer.tells(is_busy=self.is_busy or bool(self._waiting))

    def marked(self: HttpClient, *arguments: Any, **options: Any) -> httpx.Request:
        request = outgoing(self, *arguments, **options)
        request.headers[HEADER] = tracer.header
        return request

    def counted(self: LinuxDriver, data: str) -> None:
        tracer.frames += data.count(_FRAME)
        write(self, data)

    def loaded(self: AIRiskApp) -> None:
        on_load(self)
        asyncio.get_running_loop().set_task_factory(tracer.task)

    def dismissed(self: Screen[Any], result: Any = None) -> AwaitComplete:
        tracer.answers(self)
        return dismiss(self, result)

    async def answered(self: App[Any], screen: Screen[Any], **options: Any) -> Any:
        answer = await push_screen_wait(self, screen, **options)
        tracer.takes_answer(screen)
        return answer

    InputQueue._act = noted_act  # type: ignore[method-assign]
    InputQueue._take_next = noted_end  # type: ignore[method-assign]
    Screen.dismiss = dismissed  # type: ignore[method-assign]
    HttpClient._outgoing = marked  # type: ignore[method-assign]
    LinuxDriver.write = counted  # type: ignore[method-assign]
    AIRiskApp.on_load = loaded  # type: ignore[method-assign]
    App.push_screen_wait = answered  # type: ignore[assignment]


if __name__ == "__main__":
    trace(Tracer(Path(os.environ[BUSY_FILE])))
    sys.exit(main())
