"""A screen on which a request is made ready: files are looked for, texts edited elsewhere, commands pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content

from tui.airisk.endpoints.forms import RawForm
from tui.airisk.endpoints.uploads import size_of_upload
from tui.airisk.models import Draft, Identity, User
from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.errors import AIRiskError
from tui.format import size
from tui.panes.request.editors import BodyText
from tui.panes.request.fields import FileInput
from tui.panes.request.pane import RequestPane
from tui.screens.answering import AnsweringScreen
from tui.screens.dialogs import PasteDialog, PromptDialog
from tui.screens.external_editor import ExternalProgramError, edit
from tui.screens.file_picker import FilePicker
from tui.text import clean

if TYPE_CHECKING:
    from tui.airisk.session import Session


_SHOWN = 8
"""Files of a pasted command that are shown by name."""


async def _unless_yes(answer: str) -> str:
    return "" if _is_yes(answer) else "Anything but yes reads nothing. Type yes to read them."


def _is_yes(answer: str | None) -> bool:
    return (answer or "").casefold() in {"yes", "y"}


class PreparingScreen(AnsweringScreen):
    """Everything about a request before it is sent."""

    @property
    def request(self) -> RequestPane:
        """What is being made ready."""
        return self.query_one(RequestPane)

    def go_to(self, pane: str) -> None:
        """Show a pane and give it the focus."""
        raise NotImplementedError

    def has_signed_in(self, session: Session) -> None:
        """The request can tell where it would go."""
        super().has_signed_in(session)
        self.show_known()

    def show_known(self) -> None:
        """Let the request tell in whose name it would go, and what its placeholders stand for."""
        if self.session:
            self.request.set_context(self.session.active, self.session.settings.origin, self.known)

    def act_as(self, user: User) -> None:
        """Become a user; `{{user.id}}` is theirs from now on."""
        self.known = self.known.choose(user)
        super().act_as(user)

    def keep_value(self, name: str, value: str) -> None:
        """Keep a value under a name, for `{{name}}`.

        Raises:
            RequestRejectedError: the name cannot be used, or the value is too long.
        """
        self.known = self.known.keep(name, value)
        self.show_known()

    def pick(self, noun: str, thing: Mapping[str, object], identity: Identity) -> None:
        """Let `{{noun.id}}` stand for this thing, for that identity."""
        self.known = self.known.pick(noun, thing, identity)
        self.show_known()

    def recall_forms(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Begin with what was typed into the forms when the program ran before."""
        self.request.remember(typed)

    # Files

    @on(FileInput.BrowseRequested)
    @work(group="look_for_file", exclusive=True)
    async def _look_for_file(self, event: FileInput.BrowseRequested) -> None:
        event.stop()
        line = event.file_input
        chosen = await self.app.push_screen_wait(FilePicker(Path(line.value or ".").parent))
        if chosen and line.is_mounted:
            line.value = str(chosen)
            line.focus()

    @on(RequestPane.FileNamed)
    @work(group="measure_file", exclusive=True)
    async def _measure_file(self, event: RequestPane.FileNamed) -> None:
        """Tell how large a file is before it is sent, or why it cannot be."""
        event.stop()
        try:
            size, words = await run_in_thread(size_of_upload, event.path), ""
        except AIRiskError as error:
            size, words = None, error.message
        self.request.show_size(event.path, size, words)

    # Texts

    @on(BodyText.ElsewhereWanted)
    def _edit_elsewhere(self, event: BodyText.ElsewhereWanted) -> None:
        event.stop()
        try:
            event.body_text.text = edit(self.app, event.body_text.text, suffix=".json")
        except ExternalProgramError as error:
            self.tell(error.message, error.advice)

    @work(group="paste", exclusive=True)
    async def paste_curl(self) -> None:
        """Make a request of a curl command."""
        session = self.session
        text = await self.app.push_screen_wait(PasteDialog()) if session else None
        if session is None or not text:
            return
        from tui.airisk.curl.parse import read_curl  # noqa: PLC0415 - not for the first paint

        origin = session.settings.origin
        try:
            pasted = await run_in_thread(lambda: read_curl(text, origin, reads=False))
            if pasted.files:
                if not await self._may_read(pasted.files):
                    self.tell("Nothing was read.", "", "warning")
                    return
                pasted = await run_in_thread(read_curl, text, origin)
            await self.make_ready(pasted.draft, " ".join(pasted.notes))
        except AIRiskError as error:
            self.tell(error.message, error.advice)

    async def _may_read(self, paths: Sequence[str]) -> bool:
        """Show which files of this machine a pasted command reads, and ask whether it may."""
        sizes = [await run_in_thread(size_of_upload, path) for path in paths]
        lines = [
            Content.assemble(f"{size(of)}  ", (clean(path), "bold")) for path, of in zip(paths, sizes, strict=True)
        ]
        question = Content("\n").join(["The command puts files of this machine into the request:", *lines[:_SHOWN]])
        if len(lines) > _SHOWN:
            question += f"\n… and {len(lines) - _SHOWN} more"
        asking = PromptDialog(
            "Read these files?", question, note="Type yes to read them.", objection=_unless_yes, submit_label="Read"
        )
        return _is_yes(await self.app.push_screen_wait(asking))

    async def make_ready(self, draft: Draft, notes: str = "") -> None:
        """Open a request in the form, to be changed or sent.

        Raises:
            RequestRejectedError: its body is not text.
        """
        if self.session:
            await self.request.open_raw(RawForm.of(draft, self.session.settings.origin))
            self.go_to("request")
            self.tell("Made ready.", notes or format_keys("{send|F5} sends it."), "information")
