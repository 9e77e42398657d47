"""Timers of asyncio that let go of the screen that started them when they are canceled."""

import asyncio

_cancel = asyncio.TimerHandle.cancel


def install() -> None:
    """Make every canceled timer drop its context, which refers to the screen that started it.

    The event loop keeps a canceled timer until it would have been due: for a request's deadline, 30 seconds.
    """
    asyncio.TimerHandle.cancel = _cancel_and_release  # type: ignore[assignment, method-assign]


def _cancel_and_release(timer: asyncio.TimerHandle) -> None:
    _cancel(timer)
    timer._context = None  # type: ignore[attr-defined] # noqa: SLF001
