"""The last line of a screen: which keys act just now."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey


class KeyLine(Footer):
    """A footer whose key for help stays in sight at the right, however many others there are: help tells them all."""

    DEFAULT_CSS = """
    KeyLine FooterKey.-help { dock: right; background: $panel; padding-left: 1; margin-right: 0; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)

    def compose(self) -> ComposeResult:
        """The keys of the footer."""
        for each in super().compose():
            if isinstance(each, FooterKey) and each.action == "app.help":
                each.add_class("-help")
            yield each
