"""Line above the footer with the last message and advice: errors until the next one, others for some seconds."""

from __future__ import annotations

from typing import Literal

from textual.content import Content

from tui import clocks
from tui.text import _separator, clean
from tui.textual_ext.no_relayout import StableText

_LONGEST = 240
"""Columns after which a message is cut, so that the advice after it stays visible."""

_LASTS, _LOOKS = 5.0, 2
"""Seconds after which a message goes that is no error, for it would outlive what it is about; and how often that has to
be noticed, a second apart: while the program is blocked, no one can read it."""

_NOTHING = Content(" ")
"""A blank, so that the empty notice still takes one line."""

Severity = Literal["information", "warning", "error"]

MARKS: dict[Severity, str] = {"information": "✓", "warning": "!", "error": "✗"}


class Notice(StableText):
    """Message with a mark and a color; empty if there is none.

    Its line is always reserved, so that a message moves nothing else and needs no relayout.
    """

    def __init__(self) -> None:
        super().__init__(_NOTHING)
        self._message, self._look = Content(""), ""
        self._background: list[Content] = []
        self._ends_at = float("inf")
        self._looks = 0

    def on_mount(self) -> None:
        """Let messages go by the clock."""
        self.set_interval(1, self._let_go)

    def _let_go(self) -> None:
        self._looks += 1
        if clocks.steady() >= self._ends_at and self._looks > _LOOKS:
            self.clear()

    @property
    def is_shown(self) -> bool:
        """Whether a message is shown."""
        return self.content != _NOTHING

    def show_message(self, message: str, advice: str = "", severity: Severity = "information") -> None:
        """Show a message and what to do about it."""
        self._looks = 0
        self._ends_at = float("inf") if severity == "error" else clocks.steady() + _LASTS
        self._show(_words(message, advice, severity), f"-{severity}")
        self._background = []

    def show_background(self, message: str, advice: str = "", severity: Severity = "warning") -> None:
        """Show a message that no user action caused, after the current message and after the next one."""
        words = _words(message, advice, severity)
        if not any(words.is_same(each) for each in self._background):
            self._background.append(words)
        self._show(self._message, self._look if self._message else f"-{severity}")

    def clear(self, *, background: bool = False) -> None:
        """Clear the message. If `background`, also clear the messages that no user action caused."""
        if background:
            self._background = []
        self._ends_at = float("inf")
        if self.is_shown:
            self._show(Content(""), "-warning" if self._background else "")

    def _show(self, message: Content, look: str) -> None:
        self._message, self._look = message, look
        self.set_classes(look)
        self.update(Content("  ").join(each for each in (message, *self._background) if each) or _NOTHING)


def _words(message: str, advice: str, severity: Severity) -> Content:
    words = clean(message, limit=_LONGEST)
    return Content.assemble((f"{MARKS[severity]} {words}{_separator(words) if advice else ''}", "bold"), clean(advice))
