"""AIRiskApp: the frame around the screens."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on, work
from textual._styles_cache import StylesCache
from textual.app import SystemCommand
from textual.await_remove import AwaitRemove
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.geometry import Offset
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget
from textual.worker import WorkerFailed

from tui.app import crash
from tui.app.deployment_switcher import DeploymentSwitcher
from tui.app.themes import DARK, LIGHT, OPENING_STYLES
from tui.background import DaemonExecutor, run_in_thread
from tui.config import preferences
from tui.config.settings import RawSettings
from tui.errors import AIRiskError
from tui.textual_ext.line_filter import line_filter

_ENDED_BY = {"SIGINT": 130, "SIGQUIT": 131, "SIGTERM": 143, "SIGHUP": crash.HUNG_UP}


_IN_LINE = {
    "word_left": ("cursor_left_word", "cursor_word_left"),
    "word_right": ("cursor_right_word", "cursor_word_right"),
    "delete_word": ("delete_right_word", "delete_word_right"),
}
"""How Textual's Input and TextArea call the same."""


def _provider(name: str) -> type[Provider]:
    """Of the command palette, imported when it is opened."""
    provider: type[Provider] = getattr(import_module("tui.app.command_palette"), name)
    return provider


# Textual means this to be a method of the class. As one of each instance its lru_cache keeps what the last 1,024 of
# the widgets that were taken away had drawn: some 40 MB.
StylesCache.get_inner_outer = classmethod(StylesCache.get_inner_outer)  # type: ignore[arg-type, assignment]


class AIRiskApp(DeploymentSwitcher):
    """Theme, keymap and crash guard; everything else is the screens'.

    Args:
        told: the settings as they were given.
        has_keyring: whether the OS keyring may be asked for the secret.
        environment: where it is looked for what guards the person in every deployment.
    """

    TITLE = "airisk-tui"
    CSS_PATH = OPENING_STYLES
    COMMANDS: ClassVar[set[Any]] = {partial(_provider, "Commands")}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", id="quit", show=False, priority=True, tooltip="Leave the program"),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            id="suspend",
            show=False,
            tooltip="Go back to the shell, and come back with fg; in a text: undo",
        ),
        Binding("ctrl+l", "redraw", "Redraw", id="redraw", show=False, tooltip="Draw everything again"),
        # What else shells do in a line, Textual's fields do by themselves.
        Binding(
            "alt+b", "in_line('word_left')", "Word left", id="word_left", show=False, tooltip="In a text: a word left"
        ),
        Binding(
            "alt+f",
            "in_line('word_right')",
            "Word right",
            id="word_right",
            show=False,
            tooltip="In a text: a word right",
        ),
        Binding(
            "alt+d",
            "in_line('delete_word')",
            "Delete word",
            id="delete_word",
            show=False,
            tooltip="In a text: delete to the end of the word",
        ),
    ]

    def __init__(self, told: RawSettings, *, has_keyring: bool, environment: Mapping[str, str] | None = None) -> None:
        self._known_themes: dict[str, Theme | None] = {}
        super().__init__(told, has_keyring=has_keyring, environment=environment)
        self._few_colors = _few_colors(self.console.color_system)
        self._on_failed_thread_before = threading.excepthook
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self._known_themes.clear()
        remembered = preferences.theme()
        self.theme = remembered if remembered in self.available_themes else DARK.name
        self._colours = self.get_css_variables()
        self.stylesheet.set_variables(self._colours)  # It was made in the colours of Textual's own theme.

    def get_driver_class(self) -> type[Driver]:
        """One that outlives whatever is typed."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from tui.textual_ext.driver import RobustDriver  # noqa: PLC0415 - it needs termios, which Windows has not

        return RobustDriver

    def on_load(self) -> None:
        """Take over what asyncio and the terminal would do when something ends or fails."""
        loop = asyncio.get_running_loop()
        # A look-up of a host that hangs must not keep the program from ending.
        loop.set_default_executor(DaemonExecutor())
        loop.set_exception_handler(self._on_lost_exception)
        threading.excepthook = partial(self._on_failed_thread, loop)
        for name, code in _ENDED_BY.items():
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                # Not on Windows, and not off the main thread, as in a test.
                loop.add_signal_handler(getattr(signal, name), partial(self.exit, return_code=code))

    def on_ready(self) -> None:
        """Look for garbage from the first paint on, but never again among what was imported for it."""
        self.call_after_refresh(_collect_from_now_on)
        self.watch(self, "theme", self._choose_theme, init=False)
        self._remove_copies()

    @work(group="remove_copies")
    async def _remove_copies(self) -> None:
        """Remove what other programs were to read when this one was killed."""
        with contextlib.suppress(ImportError):  # Windows has no fcntl
            from tui.screens.copies import remove_leftovers  # noqa: PLC0415 - not for the first paint

            await run_in_thread(remove_leftovers)

    @property
    def cursor_position(self) -> Offset:
        """Where each frame leaves the terminal's cursor, which braille displays and magnifiers follow: where one is."""
        focused = self.screen.focused if self._screen_stack else None
        place: Offset | None = getattr(focused, "cursor_screen_offset", None)
        return self._cursor_position if place is None else place

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._cursor_position = place

    @on(Driver.SignalResume)
    def action_redraw(self) -> None:
        """Draw everything again: a terminal that others have used shows what they wrote, or nothing."""
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
        from tui.screens.acting import ActingScreen  # noqa: PLC0415 - not for the first paint

        if isinstance(main := self.screen_stack[0], ActingScreen):
            main.tell(message, advice, "warning")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy, and say nothing."""
        self.run_worker(self.copy(text), group="clipboard", exclusive=True)

    async def copy(self, text: str) -> bool:
        """Copy by the terminal and by a program of the system; return whether it is known to have worked."""
        from tui.clipboard import copy_by_program  # noqa: PLC0415 - when something is copied

        super().copy_to_clipboard(text)
        return await copy_by_program(text, os.environ)

    def action_suspend_process(self) -> None:
        """Stop this job, all of it as a terminal would, where a shell waits for that and can continue it."""
        if sys.platform == "win32" or os.getpgrp() == os.getsid(0):  # as in `xterm -e airisk-tui`
            from tui.bindings import format_keys  # noqa: PLC0415 - not for the first paint

            self._warn("Not suspended: no shell waits here.", format_keys("{quit|Ctrl+Q} quits."))
        else:
            os.killpg(0, signal.SIGTSTP)

    @on(events.DescendantFocus)
    def _keep_cursor_still(self, event: events.DescendantFocus) -> None:
        """No cursor blinks: what flickers at the edge of sight keeps people from reading."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    async def on_unmount(self) -> None:
        """Give the threads' failures back."""
        threading.excepthook = self._on_failed_thread_before

    async def _shutdown(self) -> None:
        self.workers.cancel_all()
        await super()._shutdown()

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        # Textual takes the panes of a screen away before it: a worker that still went on would look for them.
        for worker in self.workers:
            if not worker.is_finished and set(nodes).intersection(worker.node.ancestors_with_self):
                worker.cancel()
        return super()._prune(*nodes, parent=parent)

    def get_key_display(self, binding: Binding) -> str:
        """The name of a key as it stands on keyboards."""
        shown = super().get_key_display(binding)
        return shown.capitalize() if shown == "esc" or (shown[:1] == "f" and shown[1:].isdecimal()) else shown

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - Textual's signature
        """Read every style anew, unless the colours are those it was read in: Textual asks for it at each start."""
        colours = self.get_css_variables()
        if colours != self._colours:
            self._colours = colours
            super().refresh_css(animate)

    def get_theme(self, theme_name: str) -> Theme | None:
        """As Textual's, which puts all themes together anew for every line that is drawn."""
        if theme_name not in self._known_themes:
            self._known_themes[theme_name] = super().get_theme(theme_name)
        return self._known_themes[theme_name]

    def action_in_line(self, what: str) -> None:
        """Do it in the field or the text that is typed into."""
        actions = (getattr(self.focused, f"action_{name}", None) for name in _IN_LINE[what])
        next(action for action in actions if action)()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of a line act only where there is one."""
        if action == "in_line":
            return any(hasattr(self.focused, f"action_{name}") for name in _IN_LINE[str(parameters[0])])
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        """Show what the keys do and what the words mean."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415 - when it is asked for

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands, without the screenshot: it would be written to disk."""
        return (command for command in super().get_system_commands(screen) if command.title in {"Theme", "Quit"})

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, the one for few colors, and last the one that lets no control character through."""
        return [*super().get_line_filters(), *self._few_colors, line_filter()]

    # A crash says where, never with which values. Textual's own report shows local variables, tokens among them.

    def _handle_exception(self, error: Exception) -> None:
        if self._return_code == crash.HUNG_UP:  # the window was closed: without a terminal Textual's driver must fail
            return
        # Textual hands over a failed worker in an exception that was never raised, and so has no place.
        fault = error.error if isinstance(error, WorkerFailed) else error
        if self._exit and isinstance(fault, NoMatches):  # left while panes are still made, or already taken away
            return
        self._return_code = crash.EXIT_CODE
        if self._exception is None:  # what fails after the first is its consequence
            self._exit_renderables.append(Text(crash.describe(fault)))
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._handle_exception(self._exception or RuntimeError())

    def _on_lost_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._handle_exception(error)

    def _on_failed_thread(self, loop: asyncio.AbstractEventLoop, failed: threading.ExceptHookArgs) -> None:
        if isinstance(error := failed.exc_value, Exception):
            loop.call_soon_threadsafe(self._handle_exception, error)


def _few_colors(system: str | None) -> list[LineFilter]:
    if system not in {"standard", "256"}:
        return []
    from tui.textual_ext.colors import color_filter  # noqa: PLC0415 - only where it is needed

    return [color_filter(system)]


def _collect_from_now_on() -> None:
    gc.freeze()
    gc.enable()
