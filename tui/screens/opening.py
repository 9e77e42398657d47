"""The first paint: bar and frames; then a table that is filled while the main screen is being made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from tui.background import run_in_thread
from tui.config.settings import RawSettings
from tui.panes.identity import IdentityBar, Standing, StandingApp
from tui.panes.placeholder import NO_USERS_YET, USERS_TITLE, PanePlaceholder
from tui.textual_ext.screens import FocusKeepingScreen

if TYPE_CHECKING:
    from tui.panes.users import UsersPane
    from tui.screens.beginning import Beginning

TAKING_TURNS = 100
"""Columns of the terminal below which one pane is shown at a time."""

BREAKPOINTS = [(0, "-narrow"), (TAKING_TURNS, "-middle"), (170, "-wide")]

_PATIENCE = 0.8
"""Seconds after which the main screen is shown, however many users are still coming."""

GoOn = Callable[["Beginning | None"], object]


def breakpoint_class(width: int) -> str:
    """The class that Textual gives a screen of that width, but only once it was laid out without."""
    return [name for least, name in BREAKPOINTS if width >= least][-1]


class OpeningScreen(FocusKeepingScreen[None]):
    """Needs little to be imported, so that it is seen at once; looks as the main screen, which takes its place.

    Args:
        told: the settings as they were given.
        go_on: is called once with what was begun, if anything was, to show the main screen.
        leave: ends what was there before, before anything is begun.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, told: RawSettings, go_on: GoOn, leave: Callable[[], Awaitable[None]] | None = None) -> None:
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
                yield PanePlaceholder(USERS_TITLE, NO_USERS_YET, id="users-frame")
                yield PanePlaceholder("2 Explorer", id="explorer")
            with Container(id="asking"):
                yield PanePlaceholder("3 Request", id="request")
                yield PanePlaceholder("4 Answer", id="answer")
        yield Static(id="footer")

    def on_mount(self) -> None:
        """Begin once the first frame is on the screen."""
        self.call_after_refresh(self._begin)

    def hurry(self) -> None:
        """Show the main screen now: somebody has pressed a key."""
        self._is_hurried.set()

    @work(group="begin")
    async def _begin(self) -> None:
        from tui.screens.beginning import Beginning  # noqa: PLC0415 - only now

        if self._leave:
            self.query_one("#users-frame", PanePlaceholder).border_subtitle = "Leaving …"
            await self._leave()
        if not Beginning.is_possible(self._told):
            self._go_on(None)
            return
        beginning = Beginning(self._told)
        settings = self._told.settings()
        cast("StandingApp", self.app).standing = Standing(
            state="connecting", host=settings.origin.name, label=settings.label
        )
        try:
            beginning.shows = (await self._show_users()).show_so_far
            await self._until_time_to_go_on(beginning)
        except asyncio.CancelledError:
            await beginning.close()
            raise
        self._go_on(beginning)

    async def _show_users(self) -> UsersPane:
        """Put the pane in its place: the first frame would have waited for it as long as for everything else."""
        users: UsersPane = (await run_in_thread(import_module, "tui.panes.users")).UsersPane("Signing in …")
        frame = self.query_one("#users-frame")
        with self.app.batch_update():
            frame.display = False
            await self.query_one("#choosing").mount(users, before=frame)
        users.query("#users-table").focus()  # Where the program is left just now, there is none.
        return users

    async def _until_time_to_go_on(self, beginning: Beginning) -> None:
        ends = [asyncio.create_task(beginning.is_over()), asyncio.create_task(self._is_hurried.wait())]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()
