"""Keys typed faster than they are handled wait their turn, so that each acts where the one before it has led.

Textual hands every key to the widget that has the focus when the key arrives. Of `/hop⏎⏎` in one burst (a quick
typist, a slow line, a script) the letters would miss the filter that `/` opens, and the last Enter would choose
from a list that is not narrowed yet: another person than the one who was typed. Clicks and pastes wait in the same
queue: what was typed before a click must not end in the field that is clicked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

_ROUNDS = 4
"""Messages that a key may set off, each by the one before it, until all is as it leads to (`Left`, `Chosen`, …)."""

_PATIENCE = 0.1
"""Seconds after which it is looked whether the widget that a key went to is still there."""

_ACTING = (events.Key, events.MouseDown, events.MouseUp, events.Paste)
"""What has to be handled before the next is taken; moving the mouse and scrolling only keep their place."""


class _Followed(Message):
    """Goes the way of a key, behind it: from the widget in focus up to the app."""

    def __init__(self, turn: int, rounds: int) -> None:
        super().__init__()
        self.turn = turn
        self.rounds = rounds


class TypeAheadApp(App[None]):
    """An app that takes one key after the other; only the one that quits waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._turn = 0
        self._carrier: Widget | None = None
        self._patience: Timer | None = None
        self._hurry: Callable[[], object] | None = None

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
        return self._patience is not None or self._hurry is not None

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
        elif self.is_handling_input:
            self._waiting.append(event)
            if self._hurry:
                self._hurry()
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
        while self._waiting and self.is_running and not self.is_handling_input:
            await self._take(self._waiting.popleft())
