"""The line above the footer: what happened last, and what to do. It stays until something else happens."""

from __future__ import annotations

from typing import Literal

from textual.content import Content

from tui.text import _separator, clean
from tui.textual_ext.lean import StableText

_LONGEST = 240
"""Columns after which a message is cut, so that the advice behind it stays in sight."""

_NOTHING = Content(" ")
"""One line of it."""

Severity = Literal["information", "warning", "error"]

MARKS: dict[Severity, str] = {"information": "✓", "warning": "!", "error": "✗"}


class Notice(StableText):
    """Told in a mark, words and colour; empty while there is nothing to tell.

    Its line is kept for it, so that nothing else on the screen moves, or is laid out anew, because it speaks.
    """

    def __init__(self) -> None:
        super().__init__(_NOTHING)
        self._told = Content("")
        self._unasked: list[Content] = []

    @property
    def is_telling(self) -> bool:
        """Whether there are words."""
        return self.content != _NOTHING

    def tell(self, message: str, advice: str = "", severity: Severity = "information") -> None:
        """Show a message and what to do about it."""
        self._show(_words(message, advice, severity), f"-{severity}")
        self._unasked = []

    def tell_unasked(self, message: str, advice: str = "", severity: Severity = "warning") -> None:
        """Tell of what comes of nothing that the person just did: beside what is told now, and what is told next."""
        words = _words(message, advice, severity)
        if not any(words.is_same(each) for each in self._unasked):
            self._unasked.append(words)
        self._show(self._told, f"-{severity}")

    def clear(self, *, unasked: bool = False) -> None:
        """Have nothing to tell of what was done; of what was not asked for only where the person has read that."""
        if unasked:
            self._unasked = []
        if self.is_telling:
            self._show(Content(""), "-warning" if self._unasked else "")

    def _show(self, told: Content, look: str) -> None:
        self._told = told
        self.set_classes(look)
        self.update(Content("  ").join(each for each in (told, *self._unasked) if each) or _NOTHING)


def _words(message: str, advice: str, severity: Severity) -> Content:
    told = clean(message, limit=_LONGEST)
    return Content.assemble((f"{MARKS[severity]} {told}{_separator(told) if advice else ''}", "bold"), clean(advice))
