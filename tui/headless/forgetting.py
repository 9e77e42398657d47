"""What is remembered of how a deployment was used, removed part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tui.access.run_file import forget_runs
from tui.config.paths import history_file
from tui.config.settings import Settings
from tui.config.workspace import WorkspaceStore
from tui.errors import AIRiskError, RequestRejectedError
from tui.history.store import History

Part = Callable[[Settings], str]
"""Removes something and says so; nothing is said where nothing was. Raises AIRiskError where something is left."""


def forget_use(settings: Settings) -> None:
    """Remove all parts, as far as they can be."""
    for part in PARTS:
        with suppress(AIRiskError):
            part(settings)


def _runs(settings: Settings) -> str:
    runs = forget_runs(str(settings.origin))
    return f"Removed {runs} {'run' if runs == 1 else 'runs'} of a matrix at {settings.origin.name}." if runs else ""


def _habits(settings: Settings) -> str:
    is_removed = WorkspaceStore(str(settings.origin)).forget()
    return f"Removed how the endpoints of {settings.origin.name} were used." if is_removed else ""


def _history(settings: Settings) -> str:
    asked = asyncio.run(_forget_history(settings)) if history_file().exists() else 0
    requests = "1 request" if asked == 1 else f"{asked} requests"
    return f"Removed {requests} from the history of {settings.origin.name}." if asked else ""


async def _forget_history(settings: Settings) -> int:
    async with History(history_file()) as history:
        return await history.clear(str(settings.origin))


def _in_words(part: Part) -> Part:
    """The same, where the system itself refuses as well."""

    def told(settings: Settings) -> str:
        try:
            return part(settings)
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            words = f"Something is left: {error.strerror or error}{where}."
            raise RequestRejectedError(words, advice="See whether it is yours to remove.") from None

    return told


PARTS: tuple[Part, ...] = tuple(map(_in_words, (_runs, _habits, _history)))
