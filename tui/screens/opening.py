"""The first paint: bar, frames, and a table that is filled while the main screen is being made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from tui.airisk.settings import Told
from tui.panes.identity import IdentityBar
from tui.panes.users import UsersPane

if TYPE_CHECKING:
    from tui.screens.beginning import Beginning

TAKING_TURNS = 100
"""Columns of the terminal below which one pane is shown at a time."""

BREAKPOINTS = [(0, "-narrow"), (TAKING_TURNS, "-middle"), (170, "-wide")]

_PATIENCE = 0.8
"""Seconds after which the main screen is shown, however many users are still coming."""

GoOn = Callable[["Beginning | None"], object]


class Frame(Static):
    """The place of a pane that is still being made."""

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.border_title = title


def breakpoint_class(width: int) -> str:
    """The class that Textual gives a screen of that width, but only once it was laid out without."""
    return [name for least, name in BREAKPOINTS if width >= least][-1]


class OpeningScreen(Screen[None]):
    """Needs little to be imported, so that it is seen at once; looks as the main screen, which takes its place.

    Args:
        told: the settings as they were given.
        go_on: is called once with what was begun, if anything was, to show the main screen.
        leave: ends what was there before, before anything is begun.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, told: Told, go_on: GoOn, leave: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__()
        self._told = told
        self._go_on = go_on
        self._leave = leave
        self._is_hurried = asyncio.Event()

    def compose(self) -> ComposeResult:
        """As in the main screen."""
        self.set_classes(breakpoint_class(self.app.size.width))
        yield IdentityBar()
        with Container(id="panes", classes="-show-users"):
            with Container(id="choosing"):
                yield UsersPane()
                yield Frame("2 Explorer", id="explorer")
            with Container(id="asking"):
                yield Frame("3 Request", id="request")
                yield Frame("4 Answer", id="answer")
        yield Static(id="footer")

    def on_mount(self) -> None:
        """Begin once the first frame is on the screen."""
        self.query_one(UsersPane).focus_list()
        self.call_after_refresh(self._begin)

    def _compositor_refresh(self) -> None:
        # Textual would draw the whole frame once for nothing, while the app is still starting, and show the next one.
        if not self.app._batch_count:  # noqa: SLF001
            super()._compositor_refresh()

    def hurry(self) -> None:
        """Show the main screen now: somebody has pressed a key."""
        self._is_hurried.set()

    @work(group="begin")
    async def _begin(self) -> None:
        from tui.screens.beginning import Beginning  # noqa: PLC0415 - only now

        users = self.query_one(UsersPane)
        if self._leave:
            users.show_waiting("Leaving …")
            await self._leave()
        if not Beginning.is_possible(self._told):
            self._go_on(None)
            return
        users.show_waiting("Signing in …")
        beginning = Beginning(self._told)
        beginning.shows = users.show_so_far
        try:
            await self._until_time_to_go_on(beginning)
        except asyncio.CancelledError:
            await beginning.close()
            raise
        self._go_on(beginning)

    async def _until_time_to_go_on(self, beginning: Beginning) -> None:
        ends = [asyncio.create_task(beginning.is_over()), asyncio.create_task(self._is_hurried.wait())]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()
