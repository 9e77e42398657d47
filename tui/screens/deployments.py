"""Choose a deployment: which is open, where each is stored, and why one cannot be opened."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import clocks
from tui.airisk.guard_rails import is_production
from tui.background import run_in_thread
from tui.config.deployments import Deployment, deployments, new
from tui.config.paths import directory, history_file
from tui.config.settings import RawSettings
from tui.errors import AIRiskError, HistoryError
from tui.format import ago
from tui.history.entry import HistoryEntry
from tui.history.store import History
from tui.key_labels import keys_wait
from tui.screens.dialogs import Dialog, OptionMenu, PromptDialog
from tui.text import clean

_AT_START, _HERE = "as started", "this directory"
_NAME, _HOST = 18, 34
"""Columns."""


class DeploymentsScreen(Dialog[RawSettings]):
    """Dialog that returns the raw settings of the chosen deployment.

    Args:
        current: the raw settings of the open deployment; None at the start, when none is open.
        started_with: the raw settings that the program was started with, which may have no file.
        environment: environment variables that hold the guard rails of every deployment.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_deployments", tooltip="Close without switching"),
        Binding("n", "add", "New", id="new_deployment", tooltip="Add a deployment"),
    ]

    def __init__(self, current: RawSettings | None, started_with: RawSettings, environment: Mapping[str, str]) -> None:
        super().__init__("Deployments", Vertical(classes="choose"))
        self._menu = OptionMenu(id="deployments", submit_label="Open")
        self._words = Static(id="deployment-words", classes="dialog-note", markup=False)
        self._current = current
        self._started_with = started_with
        self._environment = environment
        self._found: tuple[Deployment, ...] = ()
        self._uses: dict[Path, HistoryEntry] = {}

    def body(self) -> ComposeResult:
        """Compose the menu and details of the option under the cursor."""
        yield self._menu
        yield self._words

    def on_mount(self) -> None:
        """List the deployments."""
        self._look()

    @work(group="look_for_deployments", exclusive=True)
    async def _look(self) -> None:
        try:
            with keys_wait(self.app):
                found = await run_in_thread(deployments, self._environment)
                self._uses = await _last_uses(found)
        except AIRiskError as error:
            found = ()
            self._say(error.message, error.advice)
        found = tuple(sorted(found, key=self._seconds_since_use))
        start = self._started_with
        if self._current is None:
            found = (*found, Deployment(_HERE, start.env_file, start))
        elif start.env_file not in {each.path for each in found}:
            found = (Deployment(_AT_START, start.env_file, start), *found)
        self._found = found
        self._menu.set_options([Option(self._line(each)) for each in found])
        self._menu.highlighted = next((place for place, each in enumerate(found) if self._is_open(each)), 0)
        self._menu.focus()

    @on(OptionList.OptionHighlighted)
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        deployment = self._found[event.option_index]
        where = "" if deployment.name == _AT_START else str(deployment.path)
        if error := deployment.error:
            self._say(error.message, error.advice)
        elif self._is_open(deployment):
            self._say("This deployment is open.", where)
        else:
            warnings = deployment.raw.warnings if deployment.raw else ()
            only = "It is read-only. " if deployment.settings and deployment.settings.read_only else ""
            ends = "Switching signs you out here and closes open requests." if self._current else ""
            used = self._uses.get(deployment.path)
            last = f"Last request {ago(self._seconds_since_use(deployment))} as {used.identity}." if used else ""
            self._say(f"{only}{ends}".strip(), last, where, *warnings)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        deployment = self._found[event.option_index]
        if self._is_open(deployment):
            self.dismiss(None)
        elif deployment.raw:
            self.dismiss(deployment.raw)

    @work(group="new_deployment", exclusive=True)
    async def action_add(self) -> None:
        """Prompt for a name. Everything else is prompted for as at a first start."""
        question = Content("Name this deployment. You'll enter its settings next.")
        note = f"Settings are saved in {directory()}. The client secret is not."
        name = await self.app.push_screen_wait(
            PromptDialog("New deployment", question, note=clean(note), placeholder="staging", submit_label="Next")
        )
        if name:
            try:
                self.dismiss(new(name))
            except AIRiskError as error:
                self._say(error.message, error.advice)

    def _seconds_since_use(self, deployment: Deployment) -> float:
        used = self._uses.get(deployment.path)
        return (clocks.now() - used.at).total_seconds() if used else math.inf

    def _is_open(self, deployment: Deployment) -> bool:
        return self._current is not None and deployment.path == self._current.env_file

    def _line(self, deployment: Deployment) -> Content:
        mark = "●" if self._is_open(deployment) else "✗" if deployment.error else " "
        name = f"{mark} {clean(deployment.name, limit=_NAME):<{_NAME}}  "
        if deployment.error:
            return Content.assemble(name, ("cannot be opened", "$text-error"))
        settings = deployment.settings
        if settings is None:
            return Content.assemble(name, ("incomplete (you'll be asked for the rest)", "$foreground-muted"))
        label = clean(settings.label.upper(), limit=_NAME)
        colour = "bold $text-error" if is_production(settings.label) else "bold $text-accent"
        return Content.assemble(name, f"{clean(settings.origin.name, limit=_HOST):<{_HOST}}  ", (label, colour))

    def _say(self, *lines: str) -> None:
        self._words.update(Content("\n").join(Content(clean(line)) for line in lines if line))


async def _last_uses(found: Iterable[Deployment]) -> dict[Path, HistoryEntry]:
    """Return the last request to each deployment that was used before."""
    uses: dict[Path, HistoryEntry] = {}
    if not history_file().exists():
        return uses
    with suppress(HistoryError):  # its own screen reports what is wrong with it
        async with History(history_file()) as history:
            for each in found:
                if settings := each.settings:
                    for entry in await history.search("", str(settings.origin), limit=1):
                        uses[each.path] = entry
    return uses
