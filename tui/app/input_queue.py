"""Queue keys so that each is handled in the state that the previous one produced.

Textual passes every key to the widget that has the focus when the key arrives. If `/hop⏎⏎` arrives in one burst (a
quick typist, a slow line, a script), the letters would miss the filter that `/` opens. The last Enter would choose
from the unfiltered list: a different user from the one typed. Clicks and pastes wait in the same queue, so that text
typed before a click does not end in the clicked field.

Keys also wait for whatever decides how they act: a screen's first frame, its identity, a directory's files.
"""

from __future__ import annotations

import time
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
"""Rounds of messages that a key may cause, each caused by the previous one (`Submitted`, `Chosen`, …)."""

_PATIENCE = 0.1
"""Seconds between two checks that the widget of a key still exists."""

_LONGEST = 1.0
"""Seconds that keys are held for anything but a screen's first frame, unless Esc is pressed: work that hangs must not
block them."""

_ACTING = (events.Key, events.MouseDown, events.MouseUp, events.Paste)
"""Events that must be handled before the next one. Mouse moves and scrolling only keep their order."""


class KeySettled(Message):
    """Follows a key's path, from the focused widget up to the app."""

    def __init__(self, turn: int, rounds: int) -> None:
        super().__init__()
        self.turn = turn
        self.rounds = rounds


class InputQueue:
    """Passes one key at a time to the app. Only the key that quits is never held.

    Args:
        app: whose input it is.
        handle: handles an event at once.
        is_name_drawn: whether the last frame shows the current identity.

    Attributes:
        keys_handled: how many keys the app was given.
        last_key_at: when the last one was, by `time.monotonic`.
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
        self.keys_handled = 0
        self.last_key_at = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether typed input is still being handled."""
        return self._patience is not None or self._hurry is not None or bool(self._holds)

    def pause(self, hurry: Callable[[], object]) -> None:
        """Hold all input until `resume`. `hurry` is called when there is some."""
        self._hurry = hurry

    async def resume(self) -> None:
        """Handle the input typed since `pause`."""
        self._hurry = None
        await self._take_next()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold keys until the context ends, or for `_LONGEST`."""
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
        """Handle the held input, unless something else still holds it."""
        if timer := self._holds.pop(hold, None):
            timer.stop()
            if not self.is_busy:
                self._app.call_later(self._take_next)

    def _give_up(self, hold: object) -> None:
        if hold is self._until_shown:
            if self._displayed is not self._app.screen:  # A key must not act on a screen that nobody has seen.
                self._holds[hold] = self._app.set_timer(_LONGEST, lambda: self._give_up(hold))
                return
            self._until_shown, self._is_impatient = None, True
        self._release(hold)

    @property
    def _is_shown(self) -> bool:
        """Whether the last frame shows the current screen and identity."""
        return self._displayed is self._app.screen and self._is_name_drawn()

    def frame_drawn(self) -> None:
        """Release the keys that wait for this frame."""
        self._displayed, self._is_impatient = self._app.screen, False
        if self._until_shown and self._is_shown:
            hold, self._until_shown = self._until_shown, None
            self._release(hold)

    def _waits_for_frame(self) -> bool:
        if self._is_shown or (self._is_impatient and self._displayed is self._app.screen):
            return False
        self._until_shown = self._until_shown or self._hold()
        return True

    async def take(self, event: events.Event) -> None:
        """Handle an event. A key waits while the previous one is being handled."""
        if isinstance(event, events.Key) and event.key.startswith("alt+"):
            event.character = None  # Alt with a letter is a key. A field would insert the letter.
        if not isinstance(event, events.InputEvent | events.Paste):
            await self._handle(event)
        elif not self._app.is_running:
            return  # The screens are being removed. Textual would fail to find one.
        elif event.is_forwarded or self._quits(event):
            await self._handle(event)
        elif self._waiting or self.is_busy or self._waits_for_frame():
            self._waiting.append(event)  # Behind those that are released, but not handled yet.
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
        if isinstance(event, events.Key):
            self.keys_handled += 1
            self.last_key_at = time.monotonic()
        self._patience = self._app.set_interval(_PATIENCE, self._look_after)
        self._carrier = self._app.focused or self._app.screen
        await self._handle(event)
        self._carrier.post_message(KeySettled(self._turn, _ROUNDS))

    def follow(self, event: KeySettled) -> None:
        """Post the marker again, after the messages that the key caused, or take the next key."""
        if event.turn != self._turn or not self._app.is_running:
            return
        if event.rounds:
            self._carrier = self._app.focused or self._app.screen
            self._carrier.post_message(KeySettled(event.turn, event.rounds - 1))
        else:
            # Textual moves the focus in a callback of the app, which may still be queued here.
            self._app.call_later(self._take_next)

    async def _look_after(self) -> None:
        """Continue if the key's widget was removed, because its marker cannot return."""
        if self._app.is_running and (self._carrier is None or not self._carrier.is_attached):
            await self._take_next()

    async def _take_next(self) -> None:
        self._turn += 1
        if self._patience:
            self._patience.stop()
            self._patience = None
        while self._waiting and self._app.is_running and not (self.is_busy or self._waits_for_frame()):
            await self._act(self._waiting.popleft())
