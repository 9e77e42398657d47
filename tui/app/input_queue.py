"""Keys typed faster than they are handled wait their turn, so that each acts where the one before it has led.

Textual hands every key to the widget that has the focus when the key arrives. Of `/hop⏎⏎` in one burst (a quick
typist, a slow line, a script) the letters would miss the filter that `/` opens, and the last Enter would choose
from a list that is not narrowed yet: another person than the one who was typed. Clicks and pastes wait in the same
queue: what was typed before a click must not end in the field that is clicked.

Keys also wait for what decides how they act: the first frame of a screen, whose name it is, the files of a directory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

_ROUNDS = 4
"""Messages that a key may set off, each by the one before it, until all is done (`Submitted`, `Chosen`, …)."""

_PATIENCE = 0.1
"""Seconds after which it is looked whether the widget that a key went to is still there."""

_LONGEST = 1.0
"""Seconds that keys wait for anything else, unless Esc comes: what hangs must not hold them up."""

_ACTING = (events.Key, events.MouseDown, events.MouseUp, events.Paste)
"""What has to be handled before the next is taken; moving the mouse and scrolling only keep their place."""


class KeySettled(Message):
    """Goes the way of a key, behind it: from the widget in focus up to the app."""

    def __init__(self, turn: int, rounds: int) -> None:
        super().__init__()
        self.turn = turn
        self.rounds = rounds


class InputQueue:
    """Hands the app one key after the other; only the one that quits waits for nothing.

    Args:
        app: whose input it is.
        handle: handles an event at once.
        is_name_drawn: whether the last frame shows whose name it is.
    """

    def __init__(
        self, app: App[Any], handle: Callable[[events.Event], Awaitable[None]], is_name_drawn: Callable[[], bool]
    ) -> None:
        self._app = app
        self._handle = handle
        self._is_name_drawn = is_name_drawn
        self._waiting: deque[events.Event] = deque()
        self._turn = 0
        self._carrier: Widget | None = None
        self._patience: Timer | None = None
        self._hurry: Callable[[], object] | None = None
        self._holds: dict[object, Timer] = {}
        self._until_shown: object | None = None
        self._displayed: Screen[Any] | None = None
        self._is_impatient = False

    @property
    def is_busy(self) -> bool:
        """Whether what was typed has not all been handled yet."""
        return self._patience is not None or self._hurry is not None or bool(self._holds)

    def pause(self, hurry: Callable[[], object]) -> None:
        """Let whatever is typed wait until `resume`; `hurry` is called when something does."""
        self._hurry = hurry

    async def resume(self) -> None:
        """Handle what was typed meanwhile."""
        self._hurry = None
        await self._take_next()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let keys wait for what is done meanwhile, or for `_LONGEST`."""
        hold = self._hold()
        try:
            yield
        finally:
            self._release(hold)

    def _hold(self) -> object:
        hold = object()
        self._holds[hold] = self._app.set_timer(_LONGEST, lambda: self._give_up(hold))
        return hold

    def _release(self, hold: object) -> None:
        """Handle what was typed meanwhile, unless something else is waited for."""
        if timer := self._holds.pop(hold, None):
            timer.stop()
            if not self.is_busy:
                self._app.call_later(self._take_next)

    def _give_up(self, hold: object) -> None:
        if hold is self._until_shown:
            self._until_shown, self._is_impatient = None, True
        self._release(hold)

    @property
    def _is_shown(self) -> bool:
        """Whether the last frame shows what keys act on, and in whose name."""
        return self._displayed is self._app.screen and self._is_name_drawn()

    def frame_drawn(self) -> None:
        """Release the keys that wait for this frame."""
        self._displayed, self._is_impatient = self._app.screen, False
        if self._until_shown and self._is_shown:
            hold, self._until_shown = self._until_shown, None
            self._release(hold)

    def _waits_for_frame(self) -> bool:
        if self._is_shown or self._is_impatient:
            return False
        self._until_shown = self._until_shown or self._hold()
        return True

    async def take(self, event: events.Event) -> None:
        """Handle an event; let a key wait while the one before it is still being handled."""
        if isinstance(event, events.Key) and event.key.startswith("alt+"):
            event.character = None  # Alt with a letter is a key: a field would take it for the letter.
        if not isinstance(event, events.InputEvent | events.Paste):
            await self._handle(event)
        elif not self._app.is_running:
            return  # The screens are going, or gone: Textual would look for one, and fail.
        elif event.is_forwarded or self._quits(event):
            await self._handle(event)
        elif self.is_busy or self._waits_for_frame():
            self._waiting.append(event)
            if self._hurry:
                self._hurry()
            if isinstance(event, events.Key) and event.key == "escape":
                for hold in self._holds.keys() - {self._until_shown}:
                    self._release(hold)
        else:
            await self._act(event)

    def _quits(self, event: events.Event) -> bool:
        if not (self.is_busy and isinstance(event, events.Key)):
            return False
        active = self._app.active_bindings.get(event.key)
        return active is not None and active.binding.action == "quit"

    async def _act(self, event: events.Event) -> None:
        if not isinstance(event, _ACTING):
            await self._handle(event)
            return
        self._turn += 1
        self._patience = self._app.set_interval(_PATIENCE, self._look_after)
        self._carrier = self._app.focused or self._app.screen
        await self._handle(event)
        self._carrier.post_message(KeySettled(self._turn, _ROUNDS))

    def follow(self, event: KeySettled) -> None:
        """Send it once more, behind what the key has set off, or take the next key."""
        if event.turn != self._turn or not self._app.is_running:
            return
        if event.rounds:
            self._carrier = self._app.focused or self._app.screen
            self._carrier.post_message(KeySettled(event.turn, event.rounds - 1))
        else:
            # Textual moves the focus in a callback of the app, which may still be waiting here.
            self._app.call_later(self._take_next)

    async def _look_after(self) -> None:
        """Go on where the widget of the key was removed, which brings nothing back; what is busy will."""
        if self._app.is_running and (self._carrier is None or not self._carrier.is_attached):
            await self._take_next()

    async def _take_next(self) -> None:
        self._turn += 1
        if self._patience:
            self._patience.stop()
            self._patience = None
        while self._waiting and self._app.is_running and not (self.is_busy or self._waits_for_frame()):
            await self._act(self._waiting.popleft())
