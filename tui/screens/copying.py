"""Copy a text, and say what was copied."""

from __future__ import annotations

from typing import Any

from textual.app import App

from tui.clipboard import copy
from tui.format import size
from tui.text import clean

_SHOWN = 60
"""Columns of the copied text that the message shows."""


async def copy_and_describe(app: App[Any], text: str) -> tuple[str, str]:
    """Copy a text. Return the message for the user, and advice."""
    much = size(len(text.encode(errors="replace")))
    shown = f"{clean(text, limit=_SHOWN)} ({much})" if len(text) > _SHOWN else clean(text, limit=_SHOWN)
    if await copy(app, text):
        return f"Copied: {shown}.", ""
    return f"Sent to the terminal’s clipboard: {shown}.", "Some terminals ignore it."
