"""The line above the footer: what happened last, and what to do. It stays until something else happens."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.widgets import Static

from tui.text import clean

_LONGEST = 240
"""Columns after which a message is cut, so that the advice behind it stays in sight."""

_MARKS = {"information": "✓", "warning": "!", "error": "✗"}


class Notice(Static):
    """Told in a mark, words and colour; hidden while there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False

    def tell(
        self, message: str, advice: str = "", severity: Literal["information", "warning", "error"] = "information"
    ) -> None:
        """Show a message and what to do about it."""
        self.remove_class("-information", "-warning", "-error")
        self.add_class(f"-{severity}")
        self.update(
            Content.assemble((f"{_MARKS[severity]} {clean(message, limit=_LONGEST)}", "bold"), " ", clean(advice))
        )
        self.display = True

    def clear(self) -> None:
        """Have nothing to tell."""
        self.display = False
