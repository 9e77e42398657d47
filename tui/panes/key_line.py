"""The last line of a screen: which keys act just now."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len as width
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_FIRST = ("app.help", "stop_acting")
"""Whatever else there is: the way to help, which tells all keys, and the way back to one's own identity."""


class KeyLine(Footer):
    """A footer that shows as many keys as fit, each of them whole, and the way to help at the right."""

    DEFAULT_CSS = """
    KeyLine FooterKey.-help { dock: right; background: $panel; padding-left: 1; margin-right: 0; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._room = 0

    def compose(self) -> ComposeResult:
        """The keys of the footer that fit."""
        self._room = self.app.size.width
        yield from _fitting(list(super().compose()), self._room)

    async def on_resize(self) -> None:
        """In another width other keys fit."""
        if self.app.size.width != self._room:
            await self.recompose()


def _fitting(keys: Sequence[Widget], room: int) -> list[Widget]:
    room -= 1
    shown = set()
    for each in sorted(keys, key=lambda key: not _comes_first(key)):  # in their order otherwise
        if isinstance(each, FooterKey):
            room -= width(each.key_display) + width(each.description) + 2
            if room < 0:
                break
            each.set_class(each.action == _FIRST[0], "-help")
        shown.add(each)
    return [each for each in keys if each in shown]


def _comes_first(key: Widget) -> bool:
    return isinstance(key, FooterKey) and key.action in _FIRST
