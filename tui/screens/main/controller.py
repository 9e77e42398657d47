"""Base class of the main screen's controllers."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple, ParamSpec, TypeVar

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from tui.errors import AIRiskError, ClientSecretRejectedError
from tui.key_labels import format_keys
from tui.screens.dialogs import result_of
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState
from tui.screens.unasked import caused
from tui.widgets.notice import Severity
from tui.widgets.spinner import MOVES_FROM

P = ParamSpec("P")
T = TypeVar("T")


class SecretRequired(Message):
    """AIRisk no longer accepts the client secret, so the user must be prompted for it.

    Args:
        error: AIRisk's error.
    """

    def __init__(self, error: ClientSecretRejectedError) -> None:
        super().__init__()
        self.error = error


class Work(NamedTuple):
    """Work that Esc cancels, and the time of `time.monotonic` at which it began."""

    worker: Worker[Any]
    began: float


class Controller:
    """A part of what the main screen does: it starts work there, and changes the state.

    Args:
        screen: where workers run and dialogs open.
        state: state of the screen.
        panes: panes that show the state.
    """

    def __init__(self, screen: Screen[None], state: MainState, panes: PaneLayout) -> None:
        self._screen = screen
        self._state = state
        self._panes = panes
        self._cancelable: dict[str, Work] = {}

    # Work

    def start(
        self, name: str, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> Worker[T]:
        """Start work that Esc cancels. Running work of the same name is canceled at once."""
        worker = self.start_lasting(name, work, *args, **kwargs)
        self._cancelable[name] = Work(worker, time.monotonic())
        return worker

    def start_lasting(
        self, name: str, work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> Worker[T]:
        """Start work that Esc does not cancel: it is short, or must complete."""
        wanted = caused(self._screen.app, partial(work, *args, **kwargs))
        return self._screen.run_worker(wanted, group=name, exclusive=True)

    def is_running(self, name: str) -> bool:
        """Return whether work of that name is running and is not canceled."""
        work = self._cancelable.get(name)
        return work is not None and not (work.worker.is_finished or work.worker.is_cancelled)

    @property
    def is_noticeably_busy(self) -> bool:
        """Whether work that Esc cancels has been running for long enough to show that it does."""
        return any(
            not work.worker.is_finished and time.monotonic() - work.began >= MOVES_FROM
            for work in self._cancelable.values()
        )

    def cancel(self) -> bool:
        """Cancel all work that Esc may cancel; return whether there was any."""
        running = [work.worker for work in self._cancelable.values() if not work.worker.is_finished]
        for worker in running:
            worker.cancel()
        return bool(running)

    async def open_dialog(self, dialog: Screen[T]) -> T | None:
        """Open a dialog and return the user's choice, or None if they leave it."""
        return await result_of(self._screen.app, dialog)

    # Messages

    def notify(self, message: str, advice: str = "", severity: Severity = "error") -> None:
        """Show what happened, and what to do, above the footer."""
        self._panes.notice.show_message(message, advice, severity)

    def notify_background(self, message: str, advice: str = "", severity: Severity = "warning") -> None:
        """Show a message that no key press caused, without replacing another one."""
        self._panes.notice.show_background(message, advice, severity)

    def notify_error(self, error: AIRiskError) -> None:
        """Show an error. For a rejected secret, prompt again, but never interrupt an act."""
        if not isinstance(error, ClientSecretRejectedError):
            self.notify(error.message, error.advice)
        elif self._state.active.is_user:
            advice = format_keys(
                "Press {stop_acting|x} to stop acting, then {refresh_users|Ctrl+R} to enter the secret again."
            )
            self.notify(error.message, advice)
        else:
            self._state.phase = "signed out"
            self._state.publish()
            self._screen.post_message(SecretRequired(error))
