"""Tools for writing a request: choose and measure files, check and edit bodies, paste curl commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from tui.airisk.curl.parse import read_curl
from tui.airisk.endpoints.forms import EndpointForm, RawForm, literal
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import size_of_upload
from tui.airisk.json_schema.schema import Schema
from tui.airisk.models import Draft
from tui.background import run_in_thread
from tui.errors import AIRiskError, ExternalProgramError
from tui.format import size
from tui.key_labels import format_keys, keys_wait
from tui.panes.request.editors import BodyText
from tui.panes.request.fields import FileInput
from tui.screens.dialogs import PasteDialog, PromptDialog
from tui.screens.external_editor import edit
from tui.screens.file_picker import FilePicker
from tui.screens.main.controller import Controller
from tui.text import clean

if TYPE_CHECKING:
    from tui.airisk.session import Session

_SHOWN = 8
"""Files of a pasted command that are shown by name."""


class RequestTools(Controller):
    """Helps to fill in the form."""

    async def open_draft(self, draft: Draft, notes: str = "") -> None:
        """Open a request as a raw one, to be changed or sent.

        Raises:
            RequestRejectedError: its body is not text.
        """
        if self._state.session:
            await self._open_raw(draft, self._state.session)
            self._say_ready(notes)

    async def _open_raw(self, draft: Draft, session: Session) -> None:
        await self._panes.request.open_raw(RawForm.of(draft, session.settings.origin))
        self._panes.go_to("request")

    def _say_ready(self, notes: str = "") -> None:
        self.notify("Request ready.", notes or format_keys("Press {send|F5} to send it."), "information")

    async def reopen(self, draft: Draft, *, lacks_body: bool) -> None:
        """Open a request that was sent: in its endpoint's form if that makes the same request, else as a raw one.

        Raises:
            RequestRejectedError: its body is not text.
        """
        session = self._state.session
        if session is None:
            return
        form_of = EndpointForm.without_body if lacks_body else EndpointForm.of
        endpoints = self._panes.explorer.endpoints
        with keys_wait(self._screen.app):  # What is typed next is for its fields.
            if found := await run_in_thread(_form_in, endpoints, draft, form_of):
                endpoint, form = found
                self._panes.explorer.point_at(endpoint)  # first: a cursor that rests elsewhere would open another form
                await self._panes.request.open(endpoint, form)
                self._panes.go_to("request")
            else:
                await self._open_raw(literal(draft), session)
        if lacks_body:
            advice = format_keys("Fill it in, then press {send|F5} to send the request.")
            self.notify("The body was not stored.", advice, "warning")
        else:
            self._say_ready()

    # Files

    def find_file(self, field: FileInput) -> None:
        """Let the user choose the file of a field."""
        self.start("find_file", self._find_file, field)

    async def _find_file(self, field: FileInput) -> None:
        chosen = await self.open_dialog(FilePicker(Path(field.value or ".").parent))
        if chosen and field.is_mounted:
            field.value = str(chosen)
            field.focus()

    def measure_file(self, path: str) -> None:
        """Show how large a file is before it is sent, or why it cannot be sent."""
        self.start_lasting("measure_file", self._measure_file, path)

    async def _measure_file(self, path: str) -> None:
        try:
            size, words = await run_in_thread(size_of_upload, path), ""
        except AIRiskError as error:
            size, words = None, error.message
        self._panes.request.show_size(path, size, words)

    # Texts

    def check_body(self, schema: Schema, text: str) -> None:
        """Show how a body violates its schema."""
        self.start_lasting("check_body", self._check_body, schema, text)

    async def _check_body(self, schema: Schema, text: str) -> None:
        self._panes.request.show_faults(text, await run_in_thread(schema.errors, text))

    def edit_body(self, body: BodyText) -> None:
        """Open a body in the user's editor. The program is suspended until it exits."""
        try:
            body.text = edit(self._screen.app, body.text, suffix=".json")
        except ExternalProgramError as error:
            self.notify(error.message, error.advice)

    def paste_curl(self) -> None:
        """Create a request from a curl command."""
        if self._state.session:
            self.start("paste", self._paste_curl, self._state.session)

    async def _paste_curl(self, session: Session) -> None:
        text = await self.open_dialog(PasteDialog())
        if not text:
            return
        origin = session.settings.origin
        try:
            pasted = await run_in_thread(lambda: read_curl(text, origin, reads=False))
            if pasted.files:
                if not await self._may_read(pasted.files):
                    self.notify("No files were read.", "", "warning")
                    return
                pasted = await run_in_thread(read_curl, text, origin)
            await self.open_draft(pasted.draft, " ".join(pasted.notes))
        except AIRiskError as error:
            self.notify(error.message, error.advice)

    async def _may_read(self, paths: Sequence[str]) -> bool:
        """Show which files of this machine a pasted command reads, and return whether the user allows it."""
        sizes = [await run_in_thread(size_of_upload, path) for path in paths]
        lines = [
            Content.assemble(f"{size(of)}  ", (clean(path), "bold")) for path, of in zip(paths, sizes, strict=True)
        ]
        question = Content("\n").join(["The command sends files from this machine:", *lines[:_SHOWN]])
        if len(lines) > _SHOWN:
            question += f"\n… and {len(lines) - _SHOWN} more"
        dialog = PromptDialog(
            "Read these files?",
            question,
            note="Type yes to read them into the request.",
            objection=_unless_yes,
            submit_label="Read",
        )
        return _is_yes(await self.open_dialog(dialog))


async def _unless_yes(answer: str) -> str:
    objection = format_keys("Type yes to read the files, or press {leave_prompt|Esc} to cancel.")
    return "" if _is_yes(answer) else objection


def _is_yes(answer: str | None) -> bool:
    return (answer or "").casefold() in {"yes", "y"}


def _form_in(
    endpoints: Iterable[Endpoint], draft: Draft, form_of: Callable[[Draft, Endpoint], EndpointForm | None]
) -> tuple[Endpoint, EndpointForm] | None:
    """Return the endpoint of a request and its form; `/users/me` comes before `/users/{id}`."""
    ordered = sorted(endpoints, key=lambda each: each.path.count("{"))
    variants = ((each, variant) for each in ordered for variant in (each, *each.alternatives))
    return next(((each, form) for each, variant in variants if (form := form_of(draft, variant))), None)
