"""`airisk-tui`, made to fail in one place: its first argument names the place, $CANARY must not be seen."""

import asyncio
import os
import sys
import threading
from typing import Never

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import Static

import tui.headless.users
from tui import cli
from tui.airisk import oauth
from tui.airisk.connections import Connections
from tui.airisk.listing import ListReader
from tui.airisk.wire import Wire
from tui.journal.recorder import Recorder
from tui.screens import main as main_screen
from tui.screens.main import MainScreen


class CanaryError(Exception):
    """Has the canary in its message and in its attributes."""


def fail_here() -> Never:
    """Fail with the canary in a local variable, a message and a cause."""
    header = f"Bearer {os.environ['CANARY']}"
    raise CanaryError(header) from ValueError(f"Illegal header value {header!r}")


async def fail_here_later() -> Never:
    """Fail in a coroutine."""
    await asyncio.sleep(0)
    fail_here()


class InCompose(MainScreen):
    def compose(self):
        yield from super().compose()
        fail_here()


class InHandler(MainScreen):
    """Fails when a key is pressed."""

    def on_key(self, _: events.Key) -> None:
        fail_here()


class InWorker(MainScreen):
    def on_mount(self) -> None:
        self.run_worker(fail_here_later(), group="send")


class InTask(MainScreen):
    """A task that nobody waits for."""

    def on_mount(self) -> None:
        asyncio.create_task(fail_here_later())  # noqa: RUF006 - that nobody keeps it is the point


class InThread(MainScreen):
    def on_mount(self) -> None:
        threading.Thread(target=fail_here).start()


class InRender(MainScreen):
    def on_mount(self) -> None:
        self.mount(Unrenderable())


class Unrenderable(Static):
    def render(self) -> Never:
        fail_here()


class InUnmount(MainScreen):
    """Fails while it is closed."""

    async def on_unmount(self) -> None:
        fail_here()


class InTimer(MainScreen):
    def on_mount(self) -> None:
        self.set_timer(0.01, fail_here)


class InDriver(MainScreen):
    """Fails when something is typed."""


SCREENS = {
    kind.__name__: kind
    for kind in (
        InCompose,
        InHandler,
        InWorker,
        InTask,
        InThread,
        InRender,
        InUnmount,
        InDriver,
        InTimer,
    )
}

SERVICES: dict[str, tuple[object, str]] = {
    "InCode": (oauth, "_code"),
    "InToken": (oauth, "_token"),
    "InRequest": (Wire, "_outgoing"),
    "InConnections": (Connections, "handle_async_request"),
    "InAnswer": (Wire, "_incoming"),
    "InList": (ListReader, "take"),
    "InTrail": (Recorder, "_entry"),
}
"""What fails below the screens, with secrets at hand."""


def main() -> int:
    place, *arguments = sys.argv[1:]
    if place in SCREENS:
        main_screen.MainScreen = SCREENS[place]  # type: ignore[misc]
    if place in SERVICES:
        setattr(*SERVICES[place], lambda *_, **__: fail_here())
    if place == "InDriver":
        LinuxDriver.process_message = lambda *_: fail_here()  # type: ignore[method-assign]
    if place == "InCommand":
        tui.headless.users.run = lambda *_: fail_here()
    if place == "InCommandLater":
        tui.headless.users.run = lambda *_: asyncio.run(fail_here_later())
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
