"""From one deployment to another: everything of the one has ended before anything of the other begins."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from tui.app.input_queue import InputQueue
from tui.app.themes import STYLES
from tui.background import run_in_thread
from tui.config.paths import keys_file
from tui.config.settings import TYPED, RawSettings
from tui.errors import AIRiskError
from tui.panes.identity import Standing, StandingApp
from tui.screens.opening import OpeningScreen

if TYPE_CHECKING:
    from tui.config.keyring import Secret
    from tui.screens.beginning import Beginning


_END_OF_LINE = "ctrl+e"


class SignedIn(Protocol):
    """A screen with a session."""

    @property
    def signed_in_with(self) -> RawSettings | None:
        """What AIRisk has accepted; None as long as it has accepted nothing."""
        ...


def _client(told: RawSettings) -> tuple[str, str]:
    """To whom a secret may be told, and whose it is."""
    return told.values.get("AIRISK_URL", ""), told.values.get("CLIENT_ID", "")


def _is_at_end(field: Widget | None) -> bool:
    return bool(getattr(field, "cursor_at_end", True))


class DeploymentSwitcher(InputQueue, StandingApp):
    """Opens a deployment, and others after it.

    Args:
        told: the settings as they were given.
        has_keyring: whether the OS keyring may be asked for the secret.
        environment: where it is looked for what guards the person in every deployment.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+e",
            "choose_deployment",
            "Deployments",
            id="choose_deployment",
            show=False,
            priority=True,
            tooltip="Open another deployment; everything of this one ends",
        ),
    ]

    MAIN_SCREEN: ClassVar[Callable[..., Screen[None]] | None] = None
    """Opened instead of `MainScreen`, with the same arguments."""

    def __init__(self, told: RawSettings, *, has_keyring: bool, environment: Mapping[str, str] | None) -> None:
        super().__init__()
        self._environment = environment or {}
        self._started_with, self._has_keyring_at_start = told, has_keyring
        self._told, self._has_keyring = told, has_keyring
        self._typed: dict[tuple[str, str], Secret] = {}
        self._begun: Beginning | None = None
        self._moves = 0
        self._has_read_keys = False

    @property
    def is_shown(self) -> bool:
        """Whether the last frame shows what keys act on, and in whose name."""
        return super().is_shown and self.is_identity_drawn

    def get_default_screen(self) -> Screen[None]:
        """What is painted first; the main screen takes its place."""
        opening = OpeningScreen(self._told, lambda begun: self._open_main(opening, begun))
        self.hold_input(opening.hurry)
        return opening

    @work(group="open_main")
    async def _open_main(self, opening: OpeningScreen, beginning: Beginning | None) -> None:
        self._begun = beginning
        main_screen = self.MAIN_SCREEN or (await run_in_thread(import_module, "tui.screens.main")).MainScreen
        self._know_every_style()
        faults = await self._read_keys()  # before any words that name a key
        self.add_mode("main", partial(main_screen, self._told, has_keyring=self._has_keyring, beginning=beginning))
        await self.switch_mode("main")
        if faults:
            from tui.screens.dialogs import TextDialog  # noqa: PLC0415 - when there is something to tell

            self.push_screen(
                TextDialog(f"{keys_file().name}: what cannot be followed; those keys stay as usual", [*faults])
            )
        await self.release_input()
        gc.freeze()  # To look for garbage among all that was made for the main screen would hold keys up for 30 ms.
        opening.remove_children()  # Not waited for: cancelled, that would cancel what is being removed.

    async def on_unmount(self) -> None:
        """End what was begun, where the program was left before there was a main screen to do so."""
        if self._begun:
            await self._begun.close()

    def _know_every_style(self) -> None:
        for styles in STYLES:
            self.stylesheet.add_source(Path(styles).read_text(encoding="utf-8"), (str(styles), ""))

    async def _read_keys(self) -> tuple[str, ...]:
        """Bind keys as the person wants them, once; return what of that cannot be. What is typed meanwhile waits."""
        if self._has_read_keys or not keys_file().exists():
            return ()
        self._has_read_keys = True
        keymap = await run_in_thread(import_module, "tui.app.keymap")
        try:
            read = await run_in_thread(keymap.read_keymap, type(self))
        except AIRiskError as error:
            return (error.message,)
        self.set_keymap(read.keys)
        faults: tuple[str, ...] = read.faults
        return faults

    def action_command_palette(self) -> None:
        """Open the palette, once the one before is gone: Textual would have two of one name, and fail."""
        palettes = [each for each in self._nodes if each.id == "--command-palette"]
        if any(each not in self.screen_stack for each in palettes):
            self.call_after_refresh(self.action_command_palette)
        else:
            super().action_command_palette()

    @work(group="choose_deployment")
    async def action_choose_deployment(self) -> None:
        """Choose another deployment, and open it."""
        from tui.screens.deployments import DeploymentsScreen  # noqa: PLC0415 - when it is asked for

        if any(isinstance(screen, DeploymentsScreen) for screen in self.screen_stack):
            return
        self._remember_what_was_typed()
        screen = DeploymentsScreen(self._told, self._started_with, self._environment)
        told = await self.push_screen_wait(screen)
        if told:
            self._move_to(told)

    def _remember_what_was_typed(self) -> None:
        """With which somebody could sign in: nobody is asked for it twice in a run, wherever they go meanwhile."""
        main = self._screen_stacks.get("main", [None])[0]
        if main is None or not (told := cast("SignedIn", main).signed_in_with) or told.secret_from != TYPED:
            return
        self._typed[_client(told)] = told.secret
        if told.env_file == self._started_with.env_file:
            self._started_with = told

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:  # noqa: FBT001, FBT002 - Textual's signature
        # In a line Ctrl+E goes to its end, as shells do; only from there on it is the program's.
        field = self.focused
        if priority and key == _END_OF_LINE and not getattr(field, "cursor_at_end_of_line", _is_at_end(field)):
            return False
        return await super()._check_bindings(key, priority)

    def _move_to(self, told: RawSettings) -> None:
        if not told.secret and (typed := self._typed.get(_client(told))):
            told = told.with_secret(typed, TYPED)
        self._told = told
        self._has_keyring = told is not self._started_with or self._has_keyring_at_start
        self._moves += 1
        opening = OpeningScreen(told, lambda begun: self._open_main(opening, begun), self._leave_main)
        self.hold_input(opening.hurry)
        self.add_mode(f"opening-{self._moves}", lambda: opening)
        self.switch_mode(f"opening-{self._moves}")

    async def _leave_main(self) -> None:
        """First the work ends, as long as there are panes to which it tells that; then the screens and the session."""
        screens = self._screen_stacks["main"]
        under_way = [worker for worker in self.workers if worker.node.screen in screens]
        for worker in under_way:
            worker.cancel()
        await asyncio.gather(*map(Worker.wait, under_way), return_exceptions=True)
        await self.remove_mode("main")
        self.standing = Standing()
        gc.unfreeze()
        gc.collect()
