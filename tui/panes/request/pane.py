"""The pane in which a request is made ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Select, Static

from tui.airisk.endpoints import Endpoint
from tui.airisk.errors import Refused
from tui.airisk.forms import EndpointForm, Form, RawForm
from tui.airisk.models import Draft, Identity
from tui.airisk.origin import Origin
from tui.airisk.placeholders import Known
from tui.airisk.schema import Schema
from tui.keys import key_name, key_words
from tui.panes.request.body import BodyEditor
from tui.panes.request.fields import FileInput, remove_rows, rows
from tui.panes.request.forms import BODY, Forms
from tui.panes.request.preview import preview
from tui.panes.request.raw import RawEditor
from tui.panes.words import Words
from tui.text import clean

_NO_ENDPOINT = (
    "Choose an endpoint in the explorer ({go_to_explorer|2}): {open_endpoint|Enter} opens it here. "
    "{toggle_raw|F6} writes a request freely."
)
_BY_NAME = "AIRisk's documentation names this operation and says no more. {toggle_raw|F6}: write it as you know it."


class RequestPane(Vertical):
    """A form made from an endpoint, or a request written freely; what was typed is remembered for each endpoint."""

    BORDER_TITLE = "3 Request"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter,ctrl+j", "submit", "Send", key_display="F5", id="submit", tooltip="Send this request"),
        Binding(
            "f6",
            "toggle_raw",
            "Raw",
            key_display="F6",
            id="toggle_raw",
            tooltip="Write the request freely, or as a form again",
        ),
    ]

    @dataclass
    class Submitted(Message):
        """The person wants this to be sent."""

        form: Form
        endpoint: Endpoint | None

    @dataclass
    class BodyTyped(Message):
        """A body was typed, and could be held against its schema."""

        schema: Schema
        text: str

    @dataclass
    class FileNamed(Message):
        """A file is to be sent, of which the size could be told before."""

        path: str

    def __init__(self) -> None:
        super().__init__(id="request")
        self._forms = Forms()
        self._sizes: dict[str, int] = {}
        self._file_fault = ""

    def compose(self) -> ComposeResult:
        """The request line, the fields, the button, and the request as it would go."""
        yield Words(key_words(_NO_ENDPOINT), id="request-line")
        yield VerticalScroll(id="fields", can_focus=False)
        with Horizontal(id="request-actions"):
            yield Button("Send", id="send", variant="primary", compact=True)
            yield Static(key_name("submit", "F5"), id="send-key", markup=False)
        with VerticalScroll(id="preview", can_focus=False):
            yield Words(id="preview-text")

    def on_mount(self) -> None:
        """There is nothing to send yet."""
        self._offer_to_send()

    # What the screen says

    def show_standing(self, identity: Identity, origin: Origin, known: Known) -> None:
        """In whose name and where it would go, and what its placeholders stand for."""
        self._forms.identity, self._forms.origin, self._forms.known = identity, origin, known
        self._preview()

    def remember(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Begin with what was typed when the program ran before."""
        self._forms.remember(typed)

    async def open(self, endpoint: Endpoint) -> None:
        """Show an endpoint's form, with what was typed into it last."""
        self._forms.open(endpoint)
        await self._show_form()

    async def open_raw(self, form: RawForm) -> None:
        """Show a request to be written freely."""
        self._forms.raw = form
        await self._show_form()

    def show_faults(self, text: str, faults: tuple[str, ...]) -> None:
        """Say what is wrong with a body, unless it is another one by now."""
        for editor in self.query(BodyEditor):
            if editor.text == text:
                editor.show_faults(faults)

    def show_size(self, path: str, size: int | None, words: str) -> None:
        """Tell how large a file is that is to be sent, or why it cannot be."""
        self._sizes.pop(Path(path).name, None)
        if size is not None:
            self._sizes[Path(path).name] = size
        for line in self.query(FileInput):
            if line.value == path:
                line.set_class(size is None, "-faulty")
                line.tooltip = Content(clean(words, limit=200)) if words else None
        self._file_fault = words
        self._preview()

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the form is for."""
        return self._forms.endpoint

    @property
    def values(self) -> dict[str, str]:
        """What was typed into the form, by the names of the fields; a body has none."""
        return self._forms.typed

    @property
    def is_ready(self) -> bool:
        """Whether there is a request that could be sent."""
        return self._forms.is_ready

    def form_of(self, endpoint: Endpoint) -> EndpointForm:
        """What is typed into an endpoint's form, whichever is shown."""
        return self._forms.form_of(endpoint)

    def draft(self) -> Draft:
        """The request as it is typed just now, with files of no content.

        Raises:
            Refused: it cannot be sent.
        """
        return self._forms.draft()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to send only what can be sent."""
        return action != "submit" or self.is_ready

    def focus_form(self) -> None:
        """Go to the first field that must be filled in, else to the button."""
        empty = [field for field in self._inputs() if field.has_class("-required") and not field.value]
        target = next(iter(empty), None) or self.query_one("#send", Button)
        self.screen.set_focus(target)

    def look_for_missing_file(self) -> bool:
        """Begin to look for the file that is the first thing missing; whether it is one."""
        focused = self.screen.focused
        if isinstance(focused, FileInput) and not focused.value:
            focused.action_look_for_file()
            return True
        return False

    # What the person does

    def action_submit(self) -> None:
        """Ask for the request to be sent."""
        form = self._forms.form()
        if form and self.is_ready:
            self.post_message(self.Submitted(form, self.endpoint))

    async def action_toggle_raw(self) -> None:
        """Write the request freely, beginning with what the form has; or go back to the form."""
        self._forms.toggle_raw()
        await self._show_form()
        self.focus_form()

    @on(Button.Pressed, "#send")
    @on(Input.Submitted)
    def _submit(self, event: Button.Pressed | Input.Submitted) -> None:
        event.stop()
        self.action_submit()

    @on(Input.Changed)
    @on(Select.Changed)
    def _remember(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        if self.endpoint and event.control.name:
            value = event.value if isinstance(event.value, str) else ""
            self._forms.keep(event.control.name, value)
            self._file_fault = ""
            self._preview()
            self._ask_for_sizes()

    @on(BodyEditor.Typed)
    def _remember_body(self, event: BodyEditor.Typed) -> None:
        event.stop()
        self._forms.keep(BODY, event.text)
        self._preview()
        self._ask_for_faults()

    @on(RawEditor.Typed)
    def _remember_raw(self, event: RawEditor.Typed) -> None:
        event.stop()
        self._forms.raw = event.form
        self._preview()

    # How it is done

    async def _show_form(self) -> None:
        fields = self.query_one("#fields", VerticalScroll)
        await remove_rows(fields)
        forms = self._forms
        if forms.raw:
            await fields.mount(RawEditor(forms.raw))
        elif endpoint := forms.endpoint:
            await fields.mount_all(rows(endpoint, forms.values, lambda: forms.known.names(forms.identity)))
            if body := endpoint.body:
                text = forms.values.get(BODY, "")
                await fields.mount(BodyEditor(text, endpoint.media_type, is_required=body.is_required))
        fields.set_class(not fields.children, "-empty")
        self._file_fault = ""
        self._offer_to_send()
        self._preview()
        self._ask_for_faults()
        self._ask_for_sizes()

    def _ask_for_sizes(self) -> None:
        for line in self.query(FileInput):
            if line.value and "{{" not in line.value:
                self.post_message(self.FileNamed(line.value))

    def _ask_for_faults(self) -> None:
        text = self._forms.values.get(BODY, "")
        if self.endpoint and self.endpoint.body and text.strip() and "{{" not in text:
            self.post_message(self.BodyTyped(self.endpoint.body, text))
        else:
            self.show_faults(text, ())

    def _offer_to_send(self) -> None:
        self.query_one("#request-actions").display = self.is_ready
        self.query_one("#preview").display = self.is_ready

    def _inputs(self) -> Iterator[Input]:
        return iter(self.query("#fields Input").results(Input))

    def _preview(self) -> None:
        """The request as it would go out, or why it would not."""
        endpoint = self.endpoint
        if not self.is_ready:
            self._tell(key_words(_BY_NAME if endpoint else _NO_ENDPOINT))
            return
        if self._file_fault:
            self._tell_unfinished(self._file_fault)
            return
        try:
            draft = self.draft()
        except Refused as refusal:
            self._tell_unfinished(" ".join(filter(None, (refusal.message, refusal.advice))))
        else:
            host = self._forms.origin.name if self._forms.origin else ""
            self._tell(Content.assemble((draft.method, "bold"), " ", clean(draft.target)))
            shown = preview(draft, self._forms.identity, host, self._sizes)
            self.query_one("#preview-text", Words).update(shown)

    def _tell_unfinished(self, words: str) -> None:
        method, path = self._forms.begun
        line = Content.assemble((method, "bold"), " ", clean(path))
        self._tell(line + Content.styled(f"\n{clean(words)}", "$text-warning"))
        self.query_one("#preview-text", Words).update("")

    def _tell(self, words: str | Content) -> None:
        self.query_one("#request-line", Words).update(words)
