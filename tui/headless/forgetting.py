"""What is remembered of how a deployment was used, removed."""

from __future__ import annotations

import asyncio

from tui.access.kept import forget_runs
from tui.airisk.settings import Settings
from tui.journal.history import History, history_path
from tui.memory import Memory


def forget_use(settings: Settings) -> int:
    """Remove what was asked of this deployment and how, and return how many requests of the history that were.

    Raises:
        NotRemembered: something is left.
        HistoryError: the history cannot be used.
    """
    Memory(str(settings.origin)).forget()
    forget_runs(str(settings.origin))
    return asyncio.run(_forget_history(settings)) if history_path().exists() else 0


async def _forget_history(settings: Settings) -> int:
    async with History(history_path()) as history:
        return await history.clear(str(settings.origin))
