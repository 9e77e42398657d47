"""The line above the footer: what happened last, and what to do. It stays until something else happens."""

from __future__ import annotations

from typing import Literal

from textual.content import Content

from tui.panes.words import Words
from tui.text import clean

_LONGEST = 240
"""Columns after which a message is cut, so that the advice behind it stays in sight."""

_NOTHING = Content(" ")
"""One line of it."""

_MARKS = {"information": "✓", "warning": "!", "error": "✗"}


class Notice(Words):
    """Told in a mark, words and colour; empty while there is nothing to tell.

    Its line is kept for it, so that nothing else on the screen moves, or is laid out anew, because it speaks.
    """

    def __init__(self) -> None:
        super().__init__(_NOTHING)

    @property
    def is_telling(self) -> bool:
        """Whether there are words."""
        return self.content != _NOTHING

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "information"
    ) -> None:
        """Show a message and what to do about it."""
        self._show(
            Content.assemble((f"{_MARKS[severity]} {clean(message, limit=_LONGEST)}", "bold"), " ", clean(advice)),
            f"-{severity}",
        )

    def clear(self) -> None:
        """Have nothing to tell."""
        if self.is_telling:
            self._show(_NOTHING, "")

    def _show(self, words: Content, look: str) -> None:
        self.set_classes(look)
        self.update(words)
