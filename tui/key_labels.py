"""Key bindings as the user has set them, and their names in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.keys import format_key
from textual.screen import Screen

_MOVING = re.compile(r"(app\.|screen\.)?(scroll|cursor|page|first|last|focus)(_|$)")


_WAYS = ("up", "down", "left", "right")
_TEXTUALS = {
    "Focus Next": "Go to the next field",
    "Focus Previous": "Go to the previous field",
    "Scroll Home": "Scroll to the start",
    "Scroll End": "Scroll to the end",
    **{f"Scroll {way.title()}": f"Scroll {way}" for way in _WAYS},
    **{f"Page {way.title()}": f"Scroll one page {way}" for way in _WAYS},
    **{f"Cursor {way}": f"Move the cursor {way}" for way in _WAYS},
    **{f"Cursor {way} select": f"Move the cursor {way} and select" for way in _WAYS},
    **{f"Cursor page {way}": f"Move the cursor one page {way}" for way in _WAYS},
    **{f"Cursor word {way}": f"Move the cursor one word {way}" for way in _WAYS},
    **{f"Cursor {way} word select": f"Move the cursor one word {way} and select" for way in _WAYS},
    **{f"Cursor line {end}": f"Go to the {end} of the line" for end in ("start", "end")},
    **{f"Cursor line {end} select": f"Select to the {end} of the line" for end in ("start", "end")},
}
"""Textual's descriptions of its own keys, and what they say in plain words."""


def active_bindings(screen: Screen[Any]) -> Iterator[ActiveBinding]:
    """Yield the keys that act on a screen now and have a tooltip, those of the focused pane first."""
    for active in screen.active_bindings.values():
        if words_of(active) and not active.binding.action.startswith("screen.copy"):
            yield active


def words_of(active: ActiveBinding) -> str:
    """Return what a key does, in words."""
    words = active.binding.description
    return active.tooltip or active.binding.tooltip or _TEXTUALS.get(words, words)


def only_moves(active: ActiveBinding) -> bool:
    """Return whether the key only moves a cursor or the focus."""
    return bool(_MOVING.match(active.binding.action))


@dataclass(frozen=True, slots=True)
class KeyScope:
    """A place with its active bindings, innermost first."""

    name: str
    bindings: tuple[Binding, ...]


own_keys: ContextVar[Mapping[str, str]] = ContextVar("own_keys", default=MappingProxyType({}))
"""The keys that the user has bound, by the ids of their bindings. The app sets it before anything is drawn."""


def format_keys(text: str) -> str:
    """Fill in keys: `{action|its default}` becomes the key that the user has bound to the action."""
    return _NAMED_KEY.sub(lambda found: key_label(found[1], found[2]), text)


def key_label(action: str, usual: str) -> str:
    """Return the name of an action's key for texts: the user's own key, else `usual`."""
    keys = own_keys.get().get(action)
    return key_in_words(keys.split(",")[0]) if keys else usual


_NAMED_KEY = re.compile(r"\{(\w+)\|([^{}|]+)\}")


def name_of_key(binding: Binding) -> str:
    """Return the name of a binding's key for texts, and for lists of keys."""
    return binding.key_display or key_in_words(binding.key)


def key_in_words(key: str) -> str:
    """Return a key's name for texts: `Ctrl+Y` for `ctrl+y`, `?` for `question_mark`."""
    *modifiers, last = key.split("+")
    shown = _SHOWN.get(last) or format_key(last)
    if modifiers or len(shown) > 1:
        shown = shown[:1].upper() + shown[1:]
    return "+".join([*(each.capitalize() for each in modifiers), shown])


_SHOWN = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


@runtime_checkable
class HoldsKeys(Protocol):
    """App that can hold keys, and knows how many it handled."""

    @property
    def keys_handled(self) -> int:
        """How many keys were handled so far."""
        ...

    @property
    def last_key_at(self) -> float:
        """When the last key was handled, by `time.monotonic`."""
        ...

    def hold_keys(self) -> AbstractContextManager[None]:
        """Hold keys until the context ends."""
        ...


def keys_wait(app: App[Any]) -> AbstractContextManager[None]:
    """Hold keys until the context ends: for short work that decides what they act on."""
    return app.hold_keys() if isinstance(app, HoldsKeys) else nullcontext()
