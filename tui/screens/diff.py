"""Compare two responses: whether they are the same, and what differs."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.airisk.models import Exchange
from tui.airisk.responses.diff import Change, Kind, compare
from tui.airisk.responses.volatile_fields import VolatileFields
from tui.background import run_in_thread
from tui.panes.comparison import ComparisonPane
from tui.screens.common_bindings import COMMANDS, HELP, STOP_ACTING
from tui.screens.dialogs import TextDialog
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.table.virtual_table import VirtualTable


class CompareScreen(Screen[None]):
    """Shows the differences between two responses.

    Args:
        before: the reference response.
        after: the response to compare with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="back", tooltip="Go back"),
        STOP_ACTING,
        HELP,
        COMMANDS,
    ]

    def __init__(self, before: Exchange, after: Exchange) -> None:
        super().__init__()
        self._before = before
        self._after = after
        self._pane = ComparisonPane()

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the differences and the footer."""
        yield IdentityBar()
        yield self._pane
        yield KeyBar()

    def on_mount(self) -> None:
        """Compare the responses."""
        self._compare()

    @work(group="compare", exclusive=True)
    async def _compare(self) -> None:
        found = await run_in_thread(compare, self._before, self._after, VolatileFields.of())
        self._pane.show(found)

    @on(VirtualTable.RowChosen)
    def _open(self, event: VirtualTable.RowChosen) -> None:
        event.stop()
        if change := self._pane.change_under_cursor:
            self.app.push_screen(TextDialog(change.place, _both(change, self._pane.names)))

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def _both(change: Change, names: tuple[str, str]) -> list[str]:
    """Return both values at full length, each below the name of its side."""
    lines = []
    if change.kind is not Kind.ADDED:
        lines += [names[0], *_readable(change.before), ""]
    if change.kind is not Kind.REMOVED:
        lines += [names[1], *_readable(change.after)]
    return lines


def _readable(value: Any) -> list[str]:
    text = value if isinstance(value, str) else msgspec.json.format(msgspec.json.encode(value)).decode()
    return text.splitlines() or [""]
