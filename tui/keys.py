"""What the bindings of a screen say of themselves: for help and for the palette."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from textual.binding import ActiveBinding
from textual.screen import Screen

_MOVING = re.compile(r"(app\.|screen\.)?(scroll|cursor|page|first|last|focus)(_|$)")


def active_bindings(screen: Screen[Any]) -> Iterator[ActiveBinding]:
    """The keys that act on a screen just now and have something to say, those of the pane in focus first."""
    for active in screen.active_bindings.values():
        if words_of(active) and not active.binding.action.startswith("screen.copy"):
            yield active


def words_of(active: ActiveBinding) -> str:
    """What a key does."""
    return active.tooltip or active.binding.tooltip or active.binding.description


def only_moves(active: ActiveBinding) -> bool:
    """Whether the key moves a cursor or the focus, and changes nothing."""
    return bool(_MOVING.match(active.binding.action))
