"""Screens that open unasked: after waiting for AIRisk, while the user may be typing elsewhere.

What is typed for another place must not answer them: a `y` in a filter would send a request. So such a screen waits
until the keys rest. One that the last key has asked for opens at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.app import App

from tui.key_labels import HoldsKeys

T = TypeVar("T")

REST = 1.0
"""Seconds without a key after which the user is taken not to be typing."""

_LOOK = 0.05
"""Seconds between two looks at the keys."""


@dataclass(slots=True)
class _Cause:
    """The key that work is done for, by how many were handled before."""

    keys: int
    is_over: bool = False


_cause: ContextVar[_Cause | None] = ContextVar("cause", default=None)


def caused(app: App[Any], work: Callable[[], Coroutine[Any, Any, T]]) -> Callable[[], Coroutine[Any, Any, T]]:
    """Return work that is done for the last key; if other work starts it, for the key of that."""
    outer = _cause.get()
    keys = outer.keys if outer and not outer.is_over else _keys_handled(app)

    async def run() -> T:
        cause = _Cause(keys)
        _cause.set(cause)
        try:
            return await work()
        finally:
            cause.is_over = True  # What was created meanwhile has inherited it.

    return run


async def until_keys_rest(app: App[Any]) -> None:
    """Return once a screen may open: at once if the last key has caused it, else when the keys rest."""
    cause = _cause.get()
    if cause is None or cause.is_over or not isinstance(app, HoldsKeys) or app.keys_handled == cause.keys:
        return
    while time.monotonic() - app.last_key_at < REST:  # noqa: ASYNC110 - nothing tells that no key comes
        await asyncio.sleep(_LOOK)


def answered(app: App[Any]) -> None:
    """Go on for the key that has answered a screen."""
    if cause := _cause.get():
        cause.keys = _keys_handled(app)


def _keys_handled(app: App[Any]) -> int:
    return app.keys_handled if isinstance(app, HoldsKeys) else 0
