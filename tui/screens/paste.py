"""A dialog into which a command is pasted, over as many lines as it has."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static, TextArea

from tui.panes.identity import IdentityBar
from tui.widgets.key_bar import KeyBar

_QUESTION = "Paste a curl command for this deployment; its own token and cookies are left out:"


class PasteScreen(ModalScreen[str | None]):
    """Returns what was pasted, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_paste", tooltip="Paste nothing"),
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "take",
            "Make a request of it",
            key_display="F5",
            id="take_paste",
            tooltip="Make a request of what was pasted",
        ),
    ]

    def compose(self) -> ComposeResult:
        """Bar, question, text."""
        yield IdentityBar()
        with Vertical(classes="dialog paste") as dialog:
            dialog.border_title = "Paste a curl command"
            yield Static(Content(_QUESTION))
            yield TextArea(id="pasted", tab_behavior="focus", compact=True, show_line_numbers=False)
            yield Button("Make a request of it", id="take", variant="primary", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Ready to be pasted into."""
        self.query_one(TextArea).focus()

    @on(Button.Pressed)
    def _press(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Take it."""
        if text := self.query_one(TextArea).text.strip():
            self.dismiss(text)

    def action_leave(self) -> None:
        """Paste nothing."""
        self.dismiss(None)
