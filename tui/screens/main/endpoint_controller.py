"""Endpoints and their order: built-in ones, those of an OpenAPI description, and their usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen

from tui import garbage_collection
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.merge import complete, merge
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.identity import ANONYMOUS
from tui.airisk.models import Draft
from tui.background import run_in_thread
from tui.config.workspace import EndpointUsage, WorkspaceStore
from tui.errors import AIRiskError
from tui.format import count, plural
from tui.key_labels import format_keys
from tui.screens.dialogs import ChoiceDialog, MenuItem, PromptDialog
from tui.screens.file_picker import FilePicker
from tui.screens.main.controller import Controller
from tui.screens.main.pane_layout import PaneLayout
from tui.screens.main.state import MainState
from tui.text import clean
from tui.widgets.identity_bar import identity_bar_app

if TYPE_CHECKING:
    from tui.airisk.openapi.document import Document
    from tui.airisk.session import Session

USUAL_PLACES = ("/swagger/v1/swagger.json", "/openapi/v1.json")
"""Usual paths of OpenAPI descriptions on ASP.NET, up to .NET 8 and since. Each is requested once per deployment,
without a token."""

_FROM_PATH, _FROM_FILE, _FORGET = (
    "from another path of the deployment…",
    "from a file…",
    "remove the imported endpoints",
)
_LEFT_OUT = "show skipped or incomplete operations…"


class EndpointController(Controller):
    """Fills the explorer, imports OpenAPI descriptions, and opens endpoints in the form."""

    def __init__(self, screen: Screen[None], state: MainState, panes: PaneLayout) -> None:
        super().__init__(screen, state, panes)
        self._memory: WorkspaceStore | None = None
        self._habits = EndpointUsage()
        self._imported: tuple[Endpoint, ...] = ()
        self._problems: tuple[str, ...] = ()

    def recall(self, session: Session) -> None:
        """Read the data stored for this deployment, once."""
        if self._memory is None:
            self._memory = WorkspaceStore(str(session.settings.origin))
            self.start_lasting("recall", self._recall, session, self._memory)

    async def _recall(self, session: Session, memory: WorkspaceStore) -> None:
        try:
            self._habits = await memory.habits()
            described = await memory.document()
        except AIRiskError as error:
            self.notify(error.message, error.advice, "warning")
            return
        self._panes.request.remember(self._habits.typed)
        self._show_habits()
        if described:
            await self._import(described, "", is_new=False)
        elif not self._habits.has_looked:
            await self._look_for_description(session)
        else:
            self._show_endpoints()

    async def _look_for_description(self, session: Session) -> None:
        """Look for a description without showing failures: most deployments have none."""
        for place in USUAL_PLACES:
            try:
                exchange = await session.send(Draft("GET", place), ANONYMOUS)
            except AIRiskError:
                return  # The user did not ask for it, so a failure is not shown.
            if exchange.status == 200 and "json" in exchange.content_type:
                await self._store_habits(self._habits.looked())
                await self._import(exchange.body, place, is_new=True)
                return
        await self._store_habits(self._habits.looked())
        self._show_endpoints()

    # Opening

    def find(self, text: str) -> Sequence[Endpoint]:
        """Return the endpoints that match, recently used ones first."""
        return self._panes.explorer.find(text)

    async def choose(self, endpoint: Endpoint) -> None:
        """Open an endpoint in the form; one whose path is unknown is completed first, in a dialog."""
        if endpoint.is_path_unknown:
            self.open_endpoint(endpoint)
        else:
            await self._open(endpoint)  # Keys typed during that time wait for the form's fields.

    def open_endpoint(self, endpoint: Endpoint) -> None:
        """Open an endpoint in the form, in the background."""
        self.start("open", self._complete_and_open, endpoint)

    async def _complete_and_open(self, chosen: Endpoint) -> None:
        endpoint = await self._complete(chosen) if chosen.is_path_unknown else chosen
        if endpoint:
            await self._open(endpoint)

    async def _open(self, endpoint: Endpoint) -> None:
        self._panes.explorer.point_at(endpoint)  # first: a cursor that rests elsewhere would open another form
        await self._panes.request.open(endpoint)
        self._panes.go_to("request")
        self._screen.refresh_bindings()

    async def _complete(self, endpoint: Endpoint) -> Endpoint | None:
        """Prompt for the method and the path of an endpoint whose path is unknown."""
        question = Content.assemble(
            "AIRisk's documentation lists ",
            (clean(endpoint.title), "bold"),
            " but not its path. If you know it, enter the method and path:",
        )
        dialog = PromptDialog(
            "Complete this endpoint",
            question,
            note="Saved for this deployment.",
            placeholder="POST /api/…",
            submit_label="Save",
        )
        answer = await self.open_dialog(dialog)
        if not answer:
            return None
        method, _, path = answer.partition(" ")
        try:
            completed = complete(endpoint, method, path)
        except AIRiskError as error:
            self.notify(error.message, error.advice)
            return None
        await self._store_habits(self._habits.knowing(endpoint.title, completed.method, completed.path))
        self._show_endpoints()
        return completed

    # Importing

    def import_description(self) -> None:
        """Let the user choose an OpenAPI description, from the deployment or from a file."""
        if self._state.session:
            self.start("import", self._import_description, self._state.session)

    async def _import_description(self, session: Session) -> None:
        usual, *others = (MenuItem(f"from the deployment, {place}", place) for place in USUAL_PLACES)
        choices = [usual, MenuItem(_FROM_FILE, _FROM_FILE), *others, MenuItem(_FROM_PATH, _FROM_PATH)]
        choices += [MenuItem(_LEFT_OUT, _LEFT_OUT, count(len(self._problems)))] if self._problems else []
        choices += [MenuItem(_FORGET, _FORGET, f"{len(self._imported)} endpoints")] if self._imported else []
        chosen = await self.open_dialog(ChoiceDialog("OpenAPI description", lambda _: choices, submit_label="Select"))
        try:
            if chosen in USUAL_PLACES:
                await self._import_from_deployment(session, chosen)
            elif chosen == _FROM_PATH:
                await self._import_from_path(session)
            elif chosen == _LEFT_OUT:
                shown = [MenuItem(each, None) for each in self._problems]
                await self.open_dialog(ChoiceDialog("Skipped or incomplete operations", lambda _: shown))
            elif chosen == _FROM_FILE:
                await self._import_from_file()
            elif chosen == _FORGET:
                await self._forget_description()
        except AIRiskError as error:
            self.notify(error.message, error.advice)

    async def _import_from_deployment(self, session: Session, place: str) -> None:
        exchange = await session.send(Draft("GET", place), identity_bar_app(self._screen.app).drawn_identity)
        if exchange.status == 200:
            await self._import(exchange.body, place.partition("?")[0], is_new=True)
        else:
            words = f"{clean(place, limit=100)} returned {exchange.status}, so there is no description to import."
            self.notify(words, "", "warning")

    async def _import_from_path(self, session: Session) -> None:
        question = Content("Path of the OpenAPI description on this deployment:")
        path = await self.open_dialog(
            PromptDialog("OpenAPI description", question, placeholder=USUAL_PLACES[-1], submit_label="Import")
        )
        if path:
            await self._import_from_deployment(session, path.strip())

    async def _import_from_file(self) -> None:
        path = await self.open_dialog(FilePicker(Path.cwd()))
        if path:
            upload = await run_in_thread(read_upload, str(path))
            await self._import(upload.content, path.name, is_new=True)

    async def _forget_description(self) -> None:
        self._imported = self._problems = ()
        if self._memory:
            await self._memory.keep_document(b"")
        self._show_endpoints()

    async def _import(self, content: bytes, name: str, *, is_new: bool) -> None:
        """Read a description; an invalid one changes nothing."""
        try:
            document = await run_in_thread(_read, content, name)
        except AIRiskError as error:
            self.notify(error.message, error.advice)
            return
        self._imported, self._problems = document.endpoints, document.problems
        self._show_endpoints()
        if is_new:
            if self._memory:
                await self._memory.keep_document(content)
            self._notify_import(document)

    def _notify_import(self, document: Document) -> None:
        number = len(document.endpoints)
        words = f"{plural(number, 'endpoint')} imported from {clean(document.title, limit=60)}."
        problems = document.problems
        many = f"{plural(len(problems), 'operation')} skipped or incomplete."
        all_of_them = format_keys(" Press {import_description|o} for all.") if len(problems) > 1 else ""
        advice = f"{many}{all_of_them} First: {problems[0]}" if problems else ""
        self.notify(words, advice, "warning" if problems else "information")

    # Habits

    async def favor(self, endpoint: Endpoint) -> None:
        """Mark an endpoint as a favorite, or unmark it."""
        await self._store_habits(self._habits.favoured(endpoint.key))

    async def on_endpoint_used(self, endpoint: Endpoint, values: Mapping[str, str]) -> None:
        """Store the values that an endpoint was sent with."""
        await self._store_habits(self._habits.used(endpoint.key, values))

    async def _store_habits(self, habits: EndpointUsage) -> None:
        if habits == self._habits:
            return
        self._habits = habits
        self._show_habits()
        if self._memory:
            try:
                await self._memory.keep_habits(habits)
            except AIRiskError as error:
                self.notify(error.message, error.advice, "warning")

    def _show_habits(self) -> None:
        self._panes.explorer.show_habits(self._habits.favourites, self._habits.recent)

    def _show_endpoints(self) -> None:
        known = [self._completed(endpoint) for endpoint in ENDPOINTS]
        self._panes.explorer.show_endpoints(merge(known, self._imported))

    def _completed(self, endpoint: Endpoint) -> Endpoint:
        found = self._habits.completed.get(endpoint.title)
        if not found or not endpoint.is_path_unknown:
            return endpoint
        try:
            return complete(endpoint, *found)
        except AIRiskError:
            return endpoint  # The file was edited by hand.


def _read(content: bytes, name: str) -> Document:
    """Parse a description, and exclude it from garbage collection.

    GitHub's has so many objects that each full collection blocked keys for 130 ms instead of 30. It has no cycles, so
    that replacing it frees it.
    """
    from tui.airisk.openapi.document import read_document  # noqa: PLC0415 - only where there is a description

    with garbage_collection.paused():
        return read_document(content, name)
