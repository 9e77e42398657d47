"""`airisk-tui`, made to fail in one place: its first argument names the place, $CANARY must not be seen."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, Never

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.widgets import Static

import tui.cli.users
from tui.airisk.auth import token_renewal
from tui.airisk.auth.oauth import SignInFlow, sign_in
from tui.airisk.http import client
from tui.airisk.http.pool import ConnectionPool
from tui.airisk.http.response import StreamingResponse
from tui.airisk.users.stream_parser import UserListParser
from tui.app.app import AIRiskApp
from tui.audit.log import AuditLog
from tui.cli import main as cli
from tui.screens.main.screen import MainScreen


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


def failing(*_: object, **__: object) -> Never:
    """Fail, whatever is at hand."""
    fail_here()


def failing_after(steps_taken: int) -> Callable[..., SignInFlow]:
    """Sign in, and fail with an answer at hand: with the code after one step, with the token after two."""

    def sign_in_and_fail(*arguments: Any) -> SignInFlow:
        steps = sign_in(*arguments)
        answer = yield next(steps)
        for _ in range(1, steps_taken):
            answer = yield steps.send(answer)
        fail_here()

    return sign_in_and_fail


SERVICES: dict[str, tuple[object, str, Callable[..., object]]] = {
    "InCode": (token_renewal, "sign_in", failing_after(1)),
    "InToken": (token_renewal, "sign_in", failing_after(2)),
    "InRequest": (client, "validate_request", failing),
    "InConnections": (ConnectionPool, "handle_async_request", failing),
    "InAnswer": (StreamingResponse, "__init__", failing),
    "InList": (UserListParser, "take", failing),
    "InTrail": (AuditLog, "write", failing),
}
"""What fails below the screens, with secrets at hand: by names that other modules use as well."""


handle = LinuxDriver.process_message


def fail_at_a_key(driver: LinuxDriver, message: Message) -> None:
    """Fail when something is typed, not when the terminal tells of itself."""
    if isinstance(message, events.Key):
        fail_here()
    handle(driver, message)


def main() -> int:
    place, *arguments = sys.argv[1:]
    if place in SCREENS:
        AIRiskApp.MAIN_SCREEN = SCREENS[place]
    if place in SERVICES:
        setattr(*SERVICES[place])
    if place == "InDriver":
        LinuxDriver.process_message = fail_at_a_key  # type: ignore[method-assign, assignment]
    if place == "InCommand":
        tui.cli.users.run = lambda *_: fail_here()
    if place == "InCommandLater":
        tui.cli.users.run = lambda *_: asyncio.run(fail_here_later())
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
