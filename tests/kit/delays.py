"""A plugin of pytest that delays messages and threads at random, so that whatever order is possible soon happens.

    SEED=7 make test ARGS="-p tests.kit.delays tests/panes tests/screens"

A message keeps its place in the queue of its widget. Only what runs beside it overtakes it: timers, other widgets,
answers. What fails with delays and not without them depends on an order that nothing guarantees.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

from tui.background import DaemonExecutor

MESSAGES, LONGEST_OF_MESSAGE = 0.05, 0.03
"""The share of messages that are delayed, and by how many seconds at most."""

THREADS, LONGEST_OF_THREAD = 0.3, 0.08
"""The same for calls on a thread."""


def pytest_configure(config: pytest.Config) -> None:
    """Delay from now on."""
    seed = int(os.environ.get("SEED") or time.time())
    chance = random.Random(seed)
    config.stash[_SEED] = seed
    handle, submit = MessagePump._dispatch_message, DaemonExecutor.submit

    async def handle_late(pump: MessagePump, message: Message) -> None:
        if chance.random() < MESSAGES:
            await asyncio.sleep(chance.uniform(0, LONGEST_OF_MESSAGE))
        await handle(pump, message)

    def submit_late(executor: DaemonExecutor, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        seconds = chance.uniform(0, LONGEST_OF_THREAD) if chance.random() < THREADS else 0.0

        def call_late(*args: Any, **kwargs: Any) -> Any:
            time.sleep(seconds)
            return call(*args, **kwargs)

        return submit(executor, call_late, *args, **kwargs)

    MessagePump._dispatch_message = handle_late  # type: ignore[method-assign, assignment]
    DaemonExecutor.submit = submit_late  # type: ignore[method-assign]


def pytest_report_header(config: pytest.Config) -> str:
    """Name the seed."""
    return f"delays: SEED={config.stash[_SEED]}"


_SEED = pytest.StashKey[int]()
