"""The Textual application."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import command, events, on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.driver import Driver
from textual.filter import LineFilter
from textual.geometry import Offset
from textual.screen import Screen
from textual.theme import ThemeProvider

from tui import garbage_collection
from tui.app import crash
from tui.app.deployment_switcher import DeploymentSwitcher
from tui.app.input_queue import InputQueue, KeySettled
from tui.app.themes import DARK, LIGHT, OPENING_STYLES
from tui.background import DaemonExecutor, run_in_thread
from tui.config import preferences
from tui.config.paths import keys_file
from tui.config.settings import RawSettings
from tui.errors import AIRiskError
from tui.key_labels import KeyScope, format_keys, own_keys
from tui.textual_ext.app import Frame
from tui.textual_ext.line_filter import line_filter
from tui.widgets.identity_bar import IdentityBarApp, IdentityStatus

if TYPE_CHECKING:
    from tui.app.keymap import Keymap
    from tui.screens.main.screen import MainScreen

_ENDED_BY = {"SIGINT": 130, "SIGQUIT": 131, "SIGTERM": 143, "SIGHUP": crash.HUNG_UP}


_IN_LINE = {
    "word_left": ("cursor_left_word", "cursor_word_left"),
    "word_right": ("cursor_right_word", "cursor_word_right"),
    "delete_word": ("delete_right_word", "delete_word_right"),
}
"""Action names in Textual's Input and TextArea, respectively."""


def _commands() -> type[Provider]:
    from tui.app.command_palette import Commands  # noqa: PLC0415 - when the palette is opened

    return Commands


class AIRiskApp(IdentityBarApp):
    """Application: theme, keys, input queue and crash report. Screens do everything else.

    Args:
        raw_settings: the raw settings.
        has_keyring: whether the secret may be read from the OS keyring.
        environment: environment variables that hold the guard rails of every deployment.
    """

    TITLE = "airisk-tui"
    CSS_PATH = OPENING_STYLES
    COMMANDS = {_commands}  # noqa: RUF012 - as App declares it
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+o",
            "choose_deployment",
            "Deployments",
            id="choose_deployment",
            show=False,
            priority=True,
            tooltip="Switch deployment (signs out of this one)",
        ),
        Binding("ctrl+q", "quit", "Quit", id="quit", priority=True, tooltip="Quit"),
        # In place of Textual's own, to which nobody could give another key.
        Binding(
            "ctrl+p",
            "command_palette",
            "Commands",
            id="palette",
            show=False,
            priority=True,
            tooltip="Find users, endpoints and commands; also from a text field",
        ),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            id="suspend",
            show=False,
            tooltip="Go to the shell (fg returns); in a text field: undo",
        ),
        Binding("ctrl+l", "redraw", "Redraw", id="redraw", show=False, tooltip="Redraw the screen"),
        # Textual's fields already have the other editing keys of shells.
        Binding(
            "alt+b",
            "in_line('word_left')",
            "Word left",
            id="word_left",
            show=False,
            tooltip="In a text field: go one word left",
        ),
        Binding(
            "alt+f",
            "in_line('word_right')",
            "Word right",
            id="word_right",
            show=False,
            tooltip="In a text field: go one word right",
        ),
        Binding(
            "alt+d",
            "in_line('delete_word')",
            "Delete word",
            id="delete_word",
            show=False,
            tooltip="In a text field: delete to the end of the word",
        ),
    ]

    MAIN_SCREEN: ClassVar[type[MainScreen] | None] = None
    """Opened instead of `MainScreen`, with the same arguments."""

    def __init__(
        self, raw_settings: RawSettings, *, has_keyring: bool, environment: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.input_queue = InputQueue(self, super().on_event, lambda: self.is_identity_drawn)
        self.deployments = DeploymentSwitcher(
            self,
            self.input_queue,
            self._read_keys,
            raw_settings=raw_settings,
            has_keyring=has_keyring,
            environment=environment or {},
            main_screen=self.MAIN_SCREEN,
        )
        self._own_keys: dict[str, str] = {}
        self._has_read_keys = False
        self._left_with: int | None = None
        self._has_crashed = False
        self._few_colors = _few_colors(self.console.color_system)
        self._on_failed_thread_before = threading.excepthook
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        remembered = preferences.theme()
        self.theme = remembered if remembered in self.available_themes else DARK.name

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to paint first."""
        return self.deployments.opening()

    def get_driver_class(self) -> type[Driver]:
        """Return a driver that survives invalid input bytes."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from tui.textual_ext.driver import RobustDriver  # noqa: PLC0415 - it needs termios, which Windows has not

        return RobustDriver

    def on_load(self) -> None:
        """Install the program's own executor, and its handlers of exceptions and signals."""
        own_keys.set(self._own_keys)  # for all tasks that this app starts
        loop = asyncio.get_running_loop()
        # A DNS lookup that hangs must not delay quitting.
        loop.set_default_executor(DaemonExecutor())
        loop.set_exception_handler(self._on_lost_exception)
        threading.excepthook = partial(self._on_failed_thread, loop)
        for name, code in _ENDED_BY.items():
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                # Unavailable on Windows and outside the main thread, as in a test.
                loop.add_signal_handler(getattr(signal, name), partial(self.exit, return_code=code))

    def on_ready(self) -> None:
        """Enable garbage collection after the first paint. Freeze what start-up allocated."""
        self.call_after_refresh(garbage_collection.resume)
        self.watch(self, "theme", self._choose_theme, init=False)
        self._tidy()

    @work(group="tidy")
    async def _tidy(self) -> None:
        """Mend timers, remove the copies for other programs that a killed run left, and release unused memory."""
        from tui.textual_ext import late_timers, timers  # noqa: PLC0415 - not for the first paint

        timers.install()
        late_timers.install()
        with contextlib.suppress(ImportError):  # Windows has no fcntl
            from tui.heap import return_large_blocks  # noqa: PLC0415 - not for the first paint
            from tui.screens.private_copies import remove_leftovers  # noqa: PLC0415 - not for the first paint

            await run_in_thread(remove_leftovers)
            return_large_blocks()

    @property
    def cursor_position(self) -> Offset:
        """The terminal's cursor, which braille displays and magnifiers follow: at the text cursor, if there is one."""
        stack = self.screen_stack
        focused = stack[-1].focused if stack else None
        place: Offset | None = getattr(focused, "cursor_screen_offset", None)
        return self._cursor_position if place is None else place

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._cursor_position = place

    @on(Driver.SignalResume)
    def action_redraw(self) -> None:
        """Redraw everything, in case another program has written to the terminal."""
        self.refresh(layout=True)

    def _choose_theme(self) -> None:
        self._remember_theme()

    @work(group="remember_theme", exclusive=True)
    async def _remember_theme(self) -> None:
        try:
            await run_in_thread(preferences.keep_theme, self.theme)
        except AIRiskError as error:
            self._warn(error.message, error.advice)

    def _warn(self, message: str, advice: str) -> None:
        if main := self.deployments.main:
            main.show_message(message, advice, "warning")

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Handle one key at a time."""
        await self.input_queue.take(event)

    @on(KeySettled)
    def _follow(self, event: KeySettled) -> None:
        event.stop()
        self.input_queue.follow(event)

    def frame_written(self, frame: Frame) -> None:
        """Release the keys that wait for this frame."""
        super().frame_written(frame)
        self.input_queue.frame_drawn()

    def hold_keys(self) -> AbstractContextManager[None]:
        """Hold keys until the context ends."""
        return self.input_queue.hold()

    @property
    def keys_handled(self) -> int:
        """How many keys were handled so far."""
        return self.input_queue.keys_handled

    @property
    def last_key_at(self) -> float:
        """When the last key was handled, by `time.monotonic`."""
        return self.input_queue.last_key_at

    async def _read_keys(self) -> tuple[str, ...]:
        """Apply the user's key bindings, once. Return the invalid ones, as text. Keys typed during that time wait."""
        if self._has_read_keys or not keys_file().exists():
            return ()
        self._has_read_keys = True
        try:
            read = await run_in_thread(_read_keymap, type(self))
        except AIRiskError as error:
            return (error.message,)
        self._own_keys.update(read.keys)
        self.set_keymap(self._own_keys)
        return read.faults

    @work(group="choose_deployment")
    async def action_choose_deployment(self) -> None:
        """Choose another deployment, and open it."""
        await self.deployments.choose()

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open: Textual gives each the same id, and fails if two exist."""
        if not isinstance(self.screen, command.CommandPalette):
            from tui.screens.palette import PaletteScreen  # noqa: PLC0415 - when it is opened

            finds_more = self.screen is self.deployments.main
            words = "commands, users and endpoints" if finds_more else "commands"
            self.push_screen(PaletteScreen(placeholder=f"Search for {words}…"))

    def search_themes(self) -> None:
        """Open the palette of themes."""
        from tui.screens.palette import PaletteScreen  # noqa: PLC0415 - when it is opened

        self.push_screen(PaletteScreen("Themes", [ThemeProvider], "Search for themes…"))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy without a notice."""
        self._copy(text)

    @work(group="clipboard", exclusive=True)
    async def _copy(self, text: str) -> None:
        from tui.clipboard import copy  # noqa: PLC0415 - when something is copied

        await copy(self, text)

    def action_suspend_process(self) -> None:
        """Suspend the whole job, as the terminal would, if a shell is there to continue it."""
        if sys.platform == "win32" or os.getpgrp() == os.getsid(0):  # as in `xterm -e airisk-tui`
            self._warn("Cannot suspend: no shell is waiting.", format_keys("Press {quit|Ctrl+Q} to quit."))
        else:
            os.killpg(0, signal.SIGTSTP)

    @on(events.DescendantFocus)
    def _keep_cursor_still(self, event: events.DescendantFocus) -> None:
        """Stop the cursor from blinking: flicker at the edge of sight distracts from reading."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    async def on_unmount(self) -> None:
        """Restore the exception hook of threads, and close the deployment."""
        threading.excepthook = self._on_failed_thread_before
        await self.deployments.close()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Cancel all work, and leave."""
        self._left_with = return_code
        self.workers.cancel_all()
        super().exit(result, return_code, message)

    @property
    def return_code(self) -> int | None:
        """The exit code of the program."""
        if self._has_crashed:
            return crash.EXIT_CODE
        return super().return_code if self._left_with is None else self._left_with

    def get_key_display(self, binding: Binding) -> str:
        """Return a key's name as printed on keyboards."""
        shown = super().get_key_display(binding)
        return (
            shown.capitalize() if shown in {"esc", "space"} or (shown[:1] == "f" and shown[1:].isdecimal()) else shown
        )

    def action_in_line(self, what: str) -> None:
        """Run the action in the focused field or text area."""
        actions = (getattr(self.focused, f"action_{name}", None) for name in _IN_LINE[what])
        next(action for action in actions if action)()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the editing keys unless a text is focused, and stopping unless acting as a user."""
        if action == "in_line":
            return any(hasattr(self.focused, f"action_{name}") for name in _IN_LINE[str(parameters[0])])
        if action == "stop_acting":
            return self.identity_status.identity.is_user
        return super().check_action(action, parameters)

    def action_stop_acting(self) -> None:
        """Stop acting, on whichever screen."""
        if main := self.deployments.main:
            main.stop_acting()

    def watch_identity_status(self, before: IdentityStatus, status: IdentityStatus) -> None:
        """Update every bar, and the footer, which offers to stop only while acting."""
        super().watch_identity_status(before, status)
        if before.identity != status.identity:
            self.screen.refresh_bindings()

    def action_help_quit(self) -> None:
        """Show which key quits, where the screen shows its messages."""
        from tui.widgets.notice import Notice  # noqa: PLC0415 - not for the first paint

        if notices := self.screen.query(Notice):
            notices.first().show_message(format_keys("Press {quit|Ctrl+Q} to quit."))
        else:
            super().action_help_quit()

    def action_help(self) -> None:
        """Show what the keys do and what the words mean."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415 - imported on demand

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen, partial(_key_scopes, type(self))))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield Textual's commands to change the theme and to quit; a screenshot would be written to disk."""
        yield SystemCommand("Theme", f"Choose the colors, now {self.theme}", self.action_change_theme)
        yield from (each for each in super().get_system_commands(screen) if each.title == "Quit")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, then the one for few colors, then the one that removes control characters."""
        return [*super().get_line_filters(), *self._few_colors, line_filter()]

    # A crash report lists locations, never values.

    def is_of_leaving(self, fault: BaseException) -> bool:
        """Return whether this error occurs only because the program ends."""
        if self._left_with == crash.HUNG_UP:  # The window was closed. Textual's driver must fail without a terminal.
            return True
        # Panes are still being created, or already removed.
        is_leaving = self._left_with is not None or not self.is_running
        return is_leaving and isinstance(fault, NoMatches | NoScreen)

    def report_crash(self, fault: BaseException) -> None:
        """End the program, and report where it failed. Later errors are consequences of the first."""
        if not self._has_crashed:
            self._has_crashed = True
            self.panic(Text(crash.describe(fault)))

    def _on_lost_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self.fail(error)

    def _on_failed_thread(self, loop: asyncio.AbstractEventLoop, failed: threading.ExceptHookArgs) -> None:
        if isinstance(error := failed.exc_value, Exception):
            loop.call_soon_threadsafe(self.fail, error)


def _read_keymap(app: type[AIRiskApp]) -> Keymap:
    from tui.app.keymap import read_keymap  # noqa: PLC0415 - only where there is such a file

    return read_keymap(app)


def _key_scopes(app: type[AIRiskApp]) -> list[KeyScope]:
    from tui.screens.key_scopes import key_scopes  # noqa: PLC0415 - only for those who read the help

    return [*key_scopes(app)]


def _few_colors(system: str | None) -> list[LineFilter]:
    if system not in {"standard", "256"}:
        return []
    from tui.textual_ext.colors import color_filter  # noqa: PLC0415 - only where it is needed

    return [color_filter(system)]
