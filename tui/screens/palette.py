"""The command palette as a dialog: over the dimmed screen, between the identity bar and its own keys."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import ProviderSource

from tui.textual_ext.palette import CommandPalette
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.key_bar import KeyBar


class PaletteScreen(CommandPalette):
    """Palette of commands, or of something else.

    Args:
        title: title of the frame.
        providers: what is found; None for the commands of the app and of the screen below.
        placeholder: text of the empty line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # The line would take both keys first, and has no labels for them.
        Binding(
            "enter",
            "command_list('select')",
            "Run",
            id="run_command",
            priority=True,
            tooltip="Run the command under the cursor",
        ),
        Binding(
            "down",
            "cursor_down",
            "Choose",
            key_display="↑↓",
            id="choose_command",
            priority=True,
            tooltip="Go to the next command",
        ),
        Binding("escape", "escape", "Cancel", id="close_palette", tooltip="Close without running a command"),
    ]

    def __init__(
        self,
        title: str = "Commands",
        providers: ProviderSource | None = None,
        placeholder: str = "Search for commands…",
    ) -> None:
        super().__init__(providers, placeholder=placeholder)
        self._frame_title = title

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the palette and the footer."""
        yield IdentityBar()
        yield from super().compose()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the title on the frame."""
        self.query_one("#--input").border_title = self._frame_title
