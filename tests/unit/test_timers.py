"""Timers of the event loop: those that were canceled keep nothing alive."""

import asyncio
import contextvars
import gc
import weakref

from tui.textual_ext import timers

LONG = 3600.0


class Screen:
    """Something that a timer belongs to."""


started_by: contextvars.ContextVar[Screen] = contextvars.ContextVar("started_by")


async def test_a_canceled_timer_keeps_nothing_of_what_started_it() -> None:
    timers.install()
    loop = asyncio.get_running_loop()
    screen = Screen()
    context = contextvars.copy_context()
    context.run(started_by.set, screen)
    timer = loop.call_later(LONG, print, context=context)
    left = weakref.ref(screen)
    del screen, context
    timer.cancel()
    gc.collect()
    assert left() is None
