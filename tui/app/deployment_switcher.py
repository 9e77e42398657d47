"""Switch between deployments. All work for one ends before any work for the next begins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import Worker

from tui import garbage_collection
from tui.app.input_queue import InputQueue
from tui.app.themes import STYLES
from tui.background import run_in_thread
from tui.config.paths import keys_file
from tui.config.settings import COMMAND_LINE, DEFAULT_ENV_FILE, TYPED, RawSettings
from tui.screens.splash import SplashScreen
from tui.widgets.identity_bar import IdentityBarApp, IdentityStatus

if TYPE_CHECKING:
    from tui.config.keyring import Secret
    from tui.screens.main.screen import MainScreen
    from tui.screens.splash import EarlyStart


def _client(raw_settings: RawSettings) -> tuple[str, str]:
    """Return the address that may receive a secret, and the client id it belongs to."""
    return raw_settings.values.get("AIRISK_URL", ""), raw_settings.values.get("CLIENT_ID", "")


def _load_main_screen() -> type[MainScreen]:
    """Import the main screen, for which the first frame does not wait."""
    from tui.screens.main.screen import MainScreen  # noqa: PLC0415

    return MainScreen


class DeploymentSwitcher:
    """Opens a deployment, and later others.

    Args:
        app: shows its screens.
        input_queue: holds keys until there is a main screen.
        read_keys: applies the user's key bindings; returns the errors in them.
        raw_settings: the raw settings.
        has_keyring: whether the secret may be read from the OS keyring.
        environment: environment variables that hold the guard rails of every deployment.
        main_screen: opened instead of `MainScreen`, with the same arguments.
    """

    def __init__(
        self,
        app: IdentityBarApp,
        input_queue: InputQueue,
        read_keys: Callable[[], Awaitable[tuple[str, ...]]],
        *,
        raw_settings: RawSettings,
        has_keyring: bool,
        environment: Mapping[str, str],
        main_screen: type[MainScreen] | None = None,
    ) -> None:
        self.raw_settings = raw_settings
        self.main: MainScreen | None = None
        self.begun: EarlyStart | None = None
        self._app = app
        self._input = input_queue
        self._read_keys = read_keys
        self._main_screen = main_screen
        self._environment = environment
        self._started_with, self._has_keyring_at_start = raw_settings, has_keyring
        self._has_keyring = has_keyring
        self._typed: dict[tuple[str, str], Secret] = {}
        self._key_faults: tuple[str, ...] = ()
        self._moves = 0

    def opening(self, leave: Callable[[], Awaitable[None]] | None = None) -> SplashScreen:
        """Return the splash screen, which the main screen replaces. Keys wait until then."""
        opening = SplashScreen(self.raw_settings, lambda begun: self._go_on(opening, begun), leave)
        self._input.pause(opening.hurry)
        return opening

    async def close(self) -> None:
        """Close the early start, if the user quits before there is a main screen to do so."""
        if self.begun:
            await self.begun.close()

    async def choose(self) -> None:
        """Choose another deployment, and open it."""
        from tui.screens.deployments import DeploymentsScreen  # noqa: PLC0415 - imported on demand

        if any(isinstance(screen, DeploymentsScreen) for screen in self._app.screen_stack):
            return
        self._remember_what_was_typed()
        raw_settings = await self._app.push_screen_wait(
            DeploymentsScreen(self.raw_settings, self._started_with, self._environment)
        )
        if raw_settings:
            self._move_to(raw_settings)

    def _go_on(self, opening: SplashScreen, early_start: EarlyStart | None) -> None:
        self.begun = early_start  # At once: work that is canceled before it begins closes nothing.
        _: Worker[None] = self._app.run_worker(partial(self._open_main, opening), group="open_main")

    async def _open_main(self, opening: SplashScreen) -> None:
        self._know_every_style()
        self._key_faults += await self._read_keys()  # before any text that names a key
        if self._is_unnamed and (picked := await self._pick()):
            self._move_to(picked)
            return
        make_main = self._main_screen
        if make_main is None:
            make_main = await run_in_thread(_load_main_screen)
        self._app.add_mode("main", partial(self._make_main, make_main))
        await self._app.switch_mode("main")
        if self._key_faults:
            from tui.screens.dialogs import TextDialog  # noqa: PLC0415 - imported on demand

            title = f"Invalid lines in {keys_file().name}; the default keys stay"
            self._app.push_screen(TextDialog(title, [*self._key_faults]))
            self._key_faults = ()
        await self._input.resume()
        garbage_collection.exclude_existing()  # Collecting the main screen's objects would block keys for 30 ms.
        opening.remove_children()  # Not awaited: canceling the wait would cancel the removal.

    @property
    def _is_unnamed(self) -> bool:
        """Whether the program was started without the address of a deployment, and with no file that could have it."""
        raw_settings = self.raw_settings
        return (
            raw_settings.missing[:1] == ("AIRISK_URL",)
            and raw_settings.env_file == DEFAULT_ENV_FILE
            and not self._moves
        )

    async def _pick(self) -> RawSettings | None:
        """Let the user pick a saved deployment; None if there is none, or another one is to be set up."""
        from tui.config.deployments import has_deployments  # noqa: PLC0415 - not for the first paint
        from tui.screens.deployments import DeploymentsScreen  # noqa: PLC0415 - when it is asked for

        if not await run_in_thread(has_deployments):
            return None
        await self._input.resume()
        picked = await self._app.push_screen_wait(DeploymentsScreen(None, self._started_with, self._environment))
        if picked is None or picked is self._started_with:
            return None
        options = {
            name: value
            for name, value in self.raw_settings.values.items()
            if self.raw_settings.sources.get(name) == COMMAND_LINE
        }
        return picked.changed(options, COMMAND_LINE)

    def _know_every_style(self) -> None:
        for styles in STYLES:
            self._app.stylesheet.add_source(Path(styles).read_text(encoding="utf-8"), (str(styles), ""))

    def _make_main(self, make: type[MainScreen]) -> MainScreen:
        self.main = make(self.raw_settings, has_keyring=self._has_keyring, early_start=self.begun)
        return self.main

    def _remember_what_was_typed(self) -> None:
        """Store a typed secret that signed in, so that the user has to enter it only once per run."""
        raw_settings = self.main.signed_in_with if self.main else None
        if raw_settings is None or raw_settings.secret_from != TYPED:
            return
        self._typed[_client(raw_settings)] = raw_settings.secret
        if raw_settings.env_file == self._started_with.env_file:
            self._started_with = raw_settings

    def _move_to(self, raw_settings: RawSettings) -> None:
        if not raw_settings.secret and (typed := self._typed.get(_client(raw_settings))):
            raw_settings = raw_settings.with_secret(typed, TYPED)
        self.raw_settings = raw_settings
        self._has_keyring = raw_settings is not self._started_with or self._has_keyring_at_start
        self._moves += 1
        opening = self.opening(self._leave_main if self.main else None)
        self._app.add_mode(f"opening-{self._moves}", lambda: opening)
        self._app.switch_mode(f"opening-{self._moves}")

    async def _leave_main(self) -> None:
        """End the work while its panes still exist, then remove the screens and the session."""
        screens = {*self._app.get_screen_stack("main")}
        under_way = [worker for worker in self._app.workers if screens.intersection(worker.node.ancestors_with_self)]
        for worker in under_way:
            worker.cancel()
        await asyncio.gather(*map(Worker.wait, under_way), return_exceptions=True)
        self.main = None
        await self._app.remove_mode("main")
        self._app.identity_status = IdentityStatus()
        garbage_collection.collect_all()
