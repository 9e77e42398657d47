"""Placeholder for a pane that is still being built; looks like the empty pane."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

USERS_TITLE, USERS_FILTER = "1 Users", "{filter|/} filter by name, ID, email or role"
NO_USERS_YET = Content.assemble(USERS_FILTER.replace("{filter|/}", "/"), "\n\n   ", ("…", "bold"))


class PanePlaceholder(Static):
    """A border with the pane's title and the text that the empty pane shows."""

    def __init__(self, title: str, words: Content | str = "", *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(words, id=id, markup=False)
        self.border_title = title
