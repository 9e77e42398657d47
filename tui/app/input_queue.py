"""Keys typed faster than they are handled wait their turn, so that each acts where the one before it has led.

Textual hands every key to the widget that has the focus when the key arrives. Of `/hop⏎⏎` in one burst (a quick
typist, a slow line, a script) the letters would miss the filter that `/` opens, and the last Enter would choose
from a list that is not narrowed yet: another person than the one who was typed. Clicks and pastes wait in the same
queue: what was typed before a click must not end in the field that is clicked.

Keys also wait for what decides how they act: the first frame of a screen, whose name it is, the files of a directory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

_ROUNDS = 4
"""Messages that a key may set off, each by the one before it, until all is as it leads to (`Left`, `Chosen`, …)."""

_PATIENCE = 0.1
"""Seconds after which it is looked whether the widget that a key went to is still there."""

_LONGEST = 1.0
"""Seconds that keys wait for anything else, unless Esc comes: what hangs must not hold them up."""

_ACTING = (events.Key, events.MouseDown, events.MouseUp, events.Paste)
"""What has to be handled before the next is taken; moving the mouse and scrolling only keep their place."""


class _Followed(Message):
    """Goes the way of a key, behind it: from the widget in focus up to the app."""

    def __init__(self, turn: int, rounds: int) -> None:
        super().__init__()
        self.turn = turn
        self.rounds = rounds


class InputQueue(App[None]):
    """An app that takes one key after the other; only the one that quits waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._turn = 0
        self._carrier: Widget | None = None
        self._patience: Timer | None = None
        self._hurry: Callable[[], object] | None = None
        self._holds: dict[object, Timer] = {}
        self._until_shown: object | None = None
        self._displayed: Screen[Any] | None = None
        self._is_impatient = False

    def hold(self) -> object:
        """Let keys wait until this hold is released, or for `_LONGEST`."""
        hold = object()
        self._holds[hold] = self.set_timer(_LONGEST, lambda: self._give_up(hold))
        return hold

    def release(self, hold: object) -> None:
        """Handle what was typed meanwhile, unless something else is waited for."""
        if timer := self._holds.pop(hold, None):
            timer.stop()
            if not self.is_handling_input:
                self.call_later(self._take_next)

    def _give_up(self, hold: object) -> None:
        if hold is self._until_shown:
            self._until_shown, self._is_impatient = None, True
        self.release(hold)

    @property
    def is_shown(self) -> bool:
        """Whether the last frame shows what keys act on."""
        return self._displayed is self.screen

    def post_display_hook(self) -> None:
        """A frame was drawn."""
        super().post_display_hook()
        self._displayed, self._is_impatient = self.screen, False
        if self._until_shown and self.is_shown:
            hold, self._until_shown = self._until_shown, None
            self.release(hold)

    def _waits_for_frame(self) -> bool:
        if self.is_shown or self._is_impatient:
            return False
        self._until_shown = self._until_shown or self.hold()
        return True

    def hold_input(self, hurry: Callable[[], object]) -> None:
        """Let whatever is typed wait until `release_input`; `hurry` is called when something does."""
        self._hurry = hurry

    async def release_input(self) -> None:
        """Handle what was typed meanwhile."""
        self._hurry = None
        await self._take_next()

    @property
    def is_handling_input(self) -> bool:
        """Whether what was typed has not all been handled yet."""
        return self._patience is not None or self._hurry is not None or bool(self._holds)

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait while the one before it is still being handled."""
        if isinstance(event, events.Key) and event.key.startswith("alt+"):
            event.character = None  # Alt with a letter is a key: a field would take it for the letter.
        if not isinstance(event, events.InputEvent | events.Paste):
            await super().on_event(event)
        elif not self.is_running:
            return  # The screens are going, or gone: Textual would look for one, and fail.
        elif event.is_forwarded or self._quits(event):
            await super().on_event(event)
        elif self.is_handling_input or self._waits_for_frame():
            self._waiting.append(event)
            if self._hurry:
                self._hurry()
            if isinstance(event, events.Key) and event.key == "escape":
                for hold in self._holds.keys() - {self._until_shown}:
                    self.release(hold)
        else:
            await self._take(event)

    def _quits(self, event: events.Event) -> bool:
        if not (self.is_handling_input and isinstance(event, events.Key)):
            return False
        active = self.active_bindings.get(event.key)
        return active is not None and active.binding.action == "quit"

    async def _take(self, event: events.Event) -> None:
        if not isinstance(event, _ACTING):
            await super().on_event(event)
            return
        self._turn += 1
        self._patience = self.set_interval(_PATIENCE, self._look_after)
        self._carrier = self.focused or self.screen
        await super().on_event(event)
        self._carrier.post_message(_Followed(self._turn, _ROUNDS))

    @on(_Followed)
    def _follow(self, event: _Followed) -> None:
        event.stop()
        if event.turn != self._turn or not self.is_running:
            return
        if event.rounds:
            self._carrier = self.focused or self.screen
            self._carrier.post_message(_Followed(event.turn, event.rounds - 1))
        else:
            # Textual moves the focus in a callback of the app, which may still be waiting here.
            self.call_later(self._take_next)

    async def _look_after(self) -> None:
        """What was removed brings nothing back; what is busy will."""
        if self.is_running and (self._carrier is None or not self._carrier.is_attached):
            await self._take_next()

    async def _take_next(self) -> None:
        self._turn += 1
        if self._patience:
            self._patience.stop()
            self._patience = None
        while self._waiting and self.is_running and not (self.is_handling_input or self._waits_for_frame()):
            await self._take(self._waiting.popleft())
