"""The first frame, and the early start: get the token and the users while the main screen is loaded."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from tui.background import run_in_thread
from tui.config.settings import RawSettings
from tui.errors import AIRiskError
from tui.panes.placeholder import NO_USERS_YET, USERS_TITLE, PanePlaceholder
from tui.textual_ext.screens import QuietStartScreen
from tui.widgets.identity_bar import IdentityBar, IdentityStatus, show_status

if TYPE_CHECKING:
    from tui.airisk.models import UserList
    from tui.panes.users import UsersPane
    from tui.screens.connect import ConnectedSession


T = TypeVar("T")


_PATIENCE = 0.8
"""Seconds after which the main screen is shown, even if users are still arriving."""


class EarlyStart:
    """Connects, signs in and lists the users, for the main screen to take over.

    Args:
        settings: the raw settings, complete.

    Attributes:
        connected: the session, once it is open.
        so_far: the users who have arrived.
        on_users: called with the users whenever more have arrived.
        on_wait: called with the seconds for which AIRisk asks to wait.
        status: contents of the identity bar until then.
        user_id: the user to preselect.
    """

    def __init__(self, settings: RawSettings) -> None:
        self.connected: ConnectedSession | None = None
        self.so_far: UserList | None = None
        self.on_users: Callable[[UserList], None] | None = None
        self.on_wait: Callable[[float], None] | None = None
        self._on_warning: Callable[[AIRiskError], None] | None = None
        self._warnings: list[AIRiskError] = []
        self._settings = settings
        checked = settings.settings()
        self.user_id = checked.user_id
        self.status = IdentityStatus(state="connecting", host=checked.origin.name, label=checked.label)
        self._connecting = _task(self._connect())
        self._signing_in = _task(self._sign_in())
        self._listing = _task(self._list())

    @staticmethod
    def is_possible(settings: RawSettings) -> bool:
        """Return whether no prompt or keyring access is needed, and the users will be listed."""
        return bool(settings.secret) and not settings.missing and not settings.settings().single_user

    async def has_begun(self) -> None:
        """Return when the first request can be sent, or after `_PATIENCE`: the audit trail may be locked."""
        await asyncio.wait([self._connecting], timeout=_PATIENCE)

    async def connection(self) -> ConnectedSession:
        """Return the session; raise AIRiskError if it could not be opened."""
        return await _end_of(self._connecting)

    async def signed_in(self) -> None:
        """Return once the generic token is available; raise AIRiskError if there is none."""
        await _end_of(self._signing_in)

    async def users(self) -> UserList:
        """Return the users; raise AIRiskError if they could not be listed."""
        return await _end_of(self._listing)

    async def is_over(self) -> None:
        """Return once the users are listed, or cannot be."""
        with contextlib.suppress(AIRiskError):
            await asyncio.shield(self._listing)

    async def close(self) -> None:
        """Cancel all work, and close the connection."""
        for task in (self._listing, self._signing_in, self._connecting):
            task.cancel()
        with contextlib.suppress(AIRiskError, asyncio.CancelledError):
            await (await self._connecting).close()

    async def _connect(self) -> ConnectedSession:
        from tui.screens.connect import open_connection  # noqa: PLC0415 - not for the first paint

        self.connected = await open_connection(self._settings, None, self._warn)
        return self.connected

    async def _sign_in(self) -> None:
        await (await _end_of(self._connecting)).session.sign_in(on_wait=self._wait)

    async def _list(self) -> UserList:
        await _end_of(self._signing_in)
        return await (await _end_of(self._connecting)).session.users(self._grow, self._wait)

    def _wait(self, seconds: float) -> None:
        if self.on_wait:
            self.on_wait(seconds)

    def _grow(self, listing: UserList) -> None:
        self.so_far = listing
        if self.on_users:
            self.on_users(listing)

    def show_warnings(self, on_warning: Callable[[AIRiskError], None]) -> None:
        """Pass on past and future warnings of the audit trail."""
        self._on_warning = on_warning
        for warning in self._warnings:
            on_warning(warning)

    def _warn(self, error: AIRiskError) -> None:
        self._warnings.append(error)
        if self._on_warning:
            self._on_warning(error)


def _task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Create a task whose exception may go unretrieved, because another task reports it."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


async def _end_of(task: asyncio.Task[T]) -> T:
    """Return the task's result to any number of waiters: asyncio gives the traceback only to the first."""
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not task.cancelled() and (error := task.exception()):
        raise error
    return task.result()


TAKING_TURNS = 100
"""Columns of the terminal below which one pane is shown at a time."""

BREAKPOINTS = [(0, "-narrow"), (TAKING_TURNS, "-middle"), (170, "-wide")]


def breakpoint_class(width: int) -> str:
    """Return the class that Textual would add for that width, but only after a first layout without it."""
    return [name for least, name in BREAKPOINTS if width >= least][-1]


class SplashScreen(QuietStartScreen[None]):
    """Splash screen that paints at once, because it imports little. It looks like the main screen, which replaces it.

    Args:
        settings: the raw settings.
        go_on: called once to show the main screen, with the early start if one was possible.
        leave: ends the previous deployment before this one starts.
    """

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(
        self,
        settings: RawSettings,
        go_on: Callable[[EarlyStart | None], object],
        leave: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._go_on = go_on
        self._leave = leave
        self._is_hurried = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Compose the identity bar and frames, as in the main screen."""
        self.set_classes(breakpoint_class(self.app.size.width))
        yield IdentityBar()
        with Container(id="panes", classes="-show-users"):
            with Container(id="choosing"):
                yield PanePlaceholder(USERS_TITLE, NO_USERS_YET, id="users-frame")
                yield PanePlaceholder("2 Explorer", id="explorer")
            with Container(id="exchange"):
                yield PanePlaceholder("3 Request", id="request")
                yield PanePlaceholder("4 Response", id="response")
        yield Static(id="footer")

    def on_mount(self) -> None:
        """Start once the first frame is on the screen."""
        self.call_after_refresh(self._begin)

    def hurry(self) -> None:
        """Show the main screen now, because a key was pressed."""
        self._is_hurried.set()

    @work(group="begin")
    async def _begin(self) -> None:
        if self.app.return_code is not None:
            return  # The program was left before its first frame.
        if self._leave:
            self.query_one("#users-frame", PanePlaceholder).border_subtitle = "Closing…"
            await self._leave()
        if not EarlyStart.is_possible(self._settings):
            self._go_on(None)
            return
        early_start = EarlyStart(self._settings)
        show_status(self.app, early_start.status)
        try:
            await early_start.has_begun()  # first, because the pane is imported while AIRisk is waited for
            early_start.on_users = (await self._show_users(early_start.user_id)).show_so_far
            await self._until_time_to_go_on(early_start)
        except asyncio.CancelledError:
            await early_start.close()
            raise
        self._go_on(early_start)

    async def _show_users(self, preselected: str) -> UsersPane:
        """Show the users' pane, for whose import the first frame does not wait."""
        pane = (await run_in_thread(import_module, "tui.panes.users")).UsersPane
        users: UsersPane = pane("Signing in…", preselected)
        frame = self.query_one("#users-frame")
        with self.app.batch_update():
            frame.display = False
            await self.query_one("#choosing").mount(users, before=frame)
        users.query("#users-table").focus()  # There is no pane if the program is ending.
        return users

    async def _until_time_to_go_on(self, early_start: EarlyStart) -> None:
        ends = [asyncio.create_task(early_start.is_over()), asyncio.create_task(self._is_hurried.wait())]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()
