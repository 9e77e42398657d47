"""A dialog in which a text is read that has no room where it stands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui.panes.identity import IdentityBar
from tui.text import clean
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.key_bar import KeyBar


class ReadScreen(ModalScreen[None]):
    """Shows lines of text.

    Args:
        title: what they are.
        lines: the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close", id="leave_reading", tooltip="Go back", key_display="Esc"),
    ]

    def __init__(self, title: str, lines: list[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Bar and text."""
        yield IdentityBar()
        with Vertical(classes="dialog reading") as dialog:
            dialog.border_title = Content(clean(self._title, limit=60))
            yield TextView(id="reading")
        yield KeyBar()

    def on_mount(self) -> None:
        """From the first line."""
        document = self.query_one(TextView)
        document.show(self._lines, is_json=False)
        document.focus()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
