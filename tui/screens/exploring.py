"""A screen with the endpoints of a deployment: the known ones, what a description adds, and how they are used."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content

from tui.airisk.endpoints.catalog import ENDPOINTS, complete, merge
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.models import ANONYMOUS, Draft
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.config.workspace import EndpointUsage, WorkspaceStore
from tui.errors import AIRiskError
from tui.format import count
from tui.panes.explorer import ExplorerPane
from tui.screens.dialogs import ChoiceDialog, MenuItem, PromptDialog
from tui.screens.file_picker import FilePicker
from tui.screens.preparing import PreparingScreen
from tui.text import clean

if TYPE_CHECKING:
    from tui.airisk.openapi.document import Document
    from tui.airisk.session import Session

USUAL_PLACE = "/swagger/v1/swagger.json"
USUAL_PLACES = (USUAL_PLACE, "/openapi/v1.json")
"""Where ASP.NET deployments often describe themselves: up to .NET 8, and since. Each is asked for once in a
deployment's life, without a token."""

_FROM_PATH, _FROM_FILE, _FORGET = "from another path of the deployment …", "from a file …", "forget the description"
_LEFT_OUT = "what was left out, or partly understood …"


class ExploringScreen(PreparingScreen):
    """Everything about which endpoints there are, and which come first."""

    _memory: WorkspaceStore | None = None
    _habits = EndpointUsage()
    _imported: tuple[Endpoint, ...] = ()
    _problems: tuple[str, ...] = ()

    def has_signed_in(self, session: Session) -> None:
        """Recall what is remembered of this deployment."""
        super().has_signed_in(session)
        if self._memory is None:
            self._recall(session)

    @work(group="recall", exclusive=True)
    async def _recall(self, session: Session) -> None:
        self._memory = WorkspaceStore(str(session.settings.origin))
        try:
            self._habits = await self._memory.habits()
            described = await self._memory.document()
        except AIRiskError as error:
            self.tell(error.message, error.advice, "warning")
            return
        self.recall_forms(self._habits.typed)
        self._show_habits()
        if described:
            await self._import(described, "", is_new=False)
        elif not self._habits.has_looked:
            await self._look_for_description(session)
        else:
            self._show_endpoints()

    async def _look_for_description(self, session: Session) -> None:
        """Quietly: most deployments have none."""
        for place in USUAL_PLACES:
            try:
                exchange = await session.send(Draft("GET", place), ANONYMOUS)
            except AIRiskError:
                return  # Nobody asked for it, so nobody is told.
            if exchange.status == 200 and "json" in exchange.content_type:
                await self._keep_habits(self._habits.looked())
                await self._import(exchange.body, place, is_new=True)
                return
        await self._keep_habits(self._habits.looked())
        self._show_endpoints()

    # Importing

    @work(group="import", exclusive=True)
    async def import_description(self) -> None:
        """Choose a description of the endpoints: from the deployment, or from a file."""
        session = self.session
        if session is None:
            return
        usual, *others = (MenuItem(f"from the deployment, {place}", place) for place in USUAL_PLACES)
        choices = [usual, MenuItem(_FROM_FILE, _FROM_FILE), *others, MenuItem(_FROM_PATH, _FROM_PATH)]
        choices += [MenuItem(_LEFT_OUT, _LEFT_OUT, count(len(self._problems)))] if self._problems else []
        choices += [MenuItem(_FORGET, _FORGET, f"{len(self._imported)} endpoints")] if self._imported else []
        chosen = await self.app.push_screen_wait(
            ChoiceDialog("OpenAPI description", lambda _: choices, submit_label="Go on")
        )
        try:
            if chosen in USUAL_PLACES:
                await self._import_from_deployment(session, chosen)
            elif chosen == _FROM_PATH:
                await self._import_from_path(session)
            elif chosen == _LEFT_OUT:
                told = [MenuItem(each, None) for each in self._problems]
                await self.app.push_screen_wait(ChoiceDialog("Left out, or partly understood", lambda _: told))
            elif chosen == _FROM_FILE:
                await self._import_from_file()
            elif chosen == _FORGET:
                await self._forget_description()
        except AIRiskError as error:
            self.tell(error.message, error.advice)

    async def _import_from_deployment(self, session: Session, place: str) -> None:
        exchange = await session.send(Draft("GET", place), session.active)
        if exchange.status == 200:
            await self._import(exchange.body, place.partition("?")[0], is_new=True)
        else:
            words = f"{clean(place, limit=100)} answered {exchange.status}: there is no description to import."
            self.tell(words, "", "warning")

    async def _import_from_path(self, session: Session) -> None:
        question = Content("The path of its OpenAPI description, at this deployment:")
        path = await self.app.push_screen_wait(
            PromptDialog("OpenAPI description", question, placeholder=USUAL_PLACES[-1], submit_label="Import")
        )
        if path:
            await self._import_from_deployment(session, path.strip())

    async def _import_from_file(self) -> None:
        path = await self.app.push_screen_wait(FilePicker(Path.cwd()))
        if path:
            upload = await run_in_thread(read_upload, str(path))
            await self._import(upload.content, path.name, is_new=True)

    async def _forget_description(self) -> None:
        self._imported = self._problems = ()
        if self._memory:
            await self._memory.keep_document(b"")
        self._show_endpoints()

    async def _import(self, content: bytes, name: str, *, is_new: bool) -> None:
        """Read a description; one that is not understood changes nothing."""
        try:
            document = await run_in_thread(_read, content, name)
        except AIRiskError as error:
            self.tell(error.message, error.advice)
            return
        self._imported, self._problems = document.endpoints, document.problems
        self._show_endpoints()
        if is_new:
            if self._memory:
                await self._memory.keep_document(content)
            self._tell_import(document)

    def _tell_import(self, document: Document) -> None:
        number = len(document.endpoints)
        words = f"{count(number)} endpoint{'' if number == 1 else 's'} imported from {clean(document.title, limit=60)}."
        problems = document.problems
        advice = f"{count(len(problems))} left out or partly understood: {problems[0]}" if problems else ""
        advice += format_keys("; {import_description|o} shows all") if len(problems) > 1 else ""
        self.tell(words, advice, "warning" if problems else "information")

    # Habits

    @on(ExplorerPane.Favoured)
    async def _favour(self, event: ExplorerPane.Favoured) -> None:
        event.stop()
        await self._keep_habits(self._habits.favoured(event.endpoint.key))

    async def has_used(self, endpoint: Endpoint, values: Mapping[str, str]) -> None:
        """An endpoint was asked."""
        await self._keep_habits(self._habits.used(endpoint.key, values))

    async def _keep_habits(self, habits: EndpointUsage) -> None:
        if habits == self._habits:
            return
        self._habits = habits
        self._show_habits()
        if self._memory:
            try:
                await self._memory.keep_habits(habits)
            except AIRiskError as error:
                self.tell(error.message, error.advice, "warning")

    async def complete(self, endpoint: Endpoint) -> Endpoint | None:
        """Ask how an endpoint is asked of which only the name is known."""
        question = Content.assemble(
            "AIRisk's documentation names ",
            (clean(endpoint.title), "bold"),
            " and says no more. If you know how it is asked, type its method and its path:",
        )
        answer = await self.app.push_screen_wait(
            PromptDialog(
                "Known by name",
                question,
                note="It is remembered for this deployment.",
                placeholder="POST /api/…",
                submit_label="Remember",
            )
        )
        if not answer:
            return None
        method, _, path = answer.partition(" ")
        try:
            completed = complete(endpoint, method, path)
        except AIRiskError as error:
            self.tell(error.message, error.advice)
            return None
        await self._keep_habits(self._habits.knowing(endpoint.title, completed.method, completed.path))
        self._show_endpoints()
        return completed

    def _show_endpoints(self) -> None:
        known = [self._completed(endpoint) for endpoint in ENDPOINTS]
        self.explorer.show_endpoints(merge(known, self._imported))

    def _completed(self, endpoint: Endpoint) -> Endpoint:
        found = self._habits.completed.get(endpoint.title)
        if not found or not endpoint.is_path_unknown:
            return endpoint
        try:
            return complete(endpoint, *found)
        except AIRiskError:
            return endpoint  # The file was changed by hand.

    def _show_habits(self) -> None:
        self.explorer.show_habits(self._habits.favourites, self._habits.recent)

    @property
    def explorer(self) -> ExplorerPane:
        """What can be asked."""
        return self.query_one(ExplorerPane)


def _read(content: bytes, name: str) -> Document:
    """Read a description, and keep the garbage collector from ever walking through it.

    GitHub's has so many parts that each full collection took 130 ms instead of 30, in which no key was heard. It has
    no cycles: what replaces it frees it.
    """
    from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only for those who have a description

    gc.disable()
    try:
        return read_document(content, name)
    finally:
        gc.freeze()
        gc.enable()
