"""The pane in which a request is made ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static, TextArea

from tui.airisk.endpoints.forms import EndpointForm, Form, RawForm
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.variables import Variables
from tui.airisk.json_schema.schema import Schema
from tui.airisk.models import Draft, Identity
from tui.bindings import format_keys, key_label
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.panes.request.editors import BodyEditor, RawEditor
from tui.panes.request.fields import FileInput, remove_rows, rows
from tui.panes.request.form_values import BODY, FormValues
from tui.panes.request.preview import preview
from tui.text import clean, with_advice
from tui.textual_ext.lean import StableText

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

    class LastLineTaken(Message):
        """Enter was pressed in the last field."""

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
        self._line = StableText(format_keys(_NO_ENDPOINT), id="request-line")
        self._form = VerticalScroll(id="fields", can_focus=False)
        self._send = Button("Send", id="send", variant="primary", compact=True)
        self._actions = Horizontal(
            self._send, Static(key_label("submit", "F5"), id="send-key", markup=False), id="request-actions"
        )
        self._preview_text = StableText(id="preview-text")
        self._preview = VerticalScroll(self._preview_text, id="preview")
        self._forms = FormValues()
        self._sizes: dict[str, int] = {}
        self._file_fault = ""
        self._typed_last: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The request line, the fields, the button, and the request as it would go."""
        yield self._line
        yield self._form
        yield self._actions
        yield self._preview

    def on_mount(self) -> None:
        """There is nothing to send yet."""
        self._offer_to_send()

    # What the screen says

    def set_context(self, identity: Identity, origin: Origin, known: Variables) -> None:
        """In whose name and where it would go, and what its placeholders stand for."""
        self._forms.identity, self._forms.origin, self._forms.known = identity, origin, known
        self._show_preview()

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
        self._show_preview()

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the form is for."""
        return self._forms.endpoint

    @property
    def is_ready(self) -> bool:
        """Whether there is a request that could be sent."""
        return self._forms.is_ready

    def draft(self) -> Draft:
        """The request as it is typed just now, with files of no content.

        Raises:
            RequestRejectedError: it cannot be sent.
        """
        return self._forms.draft()

    @property
    def values(self) -> dict[str, str]:
        """What was typed into the form and may be kept, by the names of the fields; a body has none."""
        return self._forms.typed

    def form_of(self, endpoint: Endpoint) -> EndpointForm:
        """What is typed into an endpoint's form, whichever is shown."""
        return self._forms.form_of(endpoint)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to send only what can be sent."""
        return action != "submit" or self.is_ready

    def focus_form(self) -> None:
        """Go to the first field that must be filled in, else to the one typed into last, else to the first.

        Never to the button: what comes next may be typed before anybody looks. Without a field it is the preview.
        """
        fields = self._fields
        last = (each for each in fields if _name_of(each) == self._typed_last.get(self._form_key))
        self.screen.set_focus(next(chain(self._missing, last, fields), self._preview))

    def disarm(self) -> None:
        """Leave the button, where it has the focus."""
        if self._send.has_focus:
            self.focus_form()

    def look_for_missing_file(self) -> bool:
        """Begin to look for the file that is the first thing missing; whether it is one."""
        focused = self.screen.focused
        if isinstance(focused, FileInput) and not focused.value:
            focused.action_look_for_file()
            return True
        return False

    # What the person does

    def action_submit(self) -> None:
        """Ask for the request to be sent; where something is missing it is not, and that is gone to."""
        form = self._forms.form()
        if form and self.is_ready:
            self.post_message(self.Submitted(form, self.endpoint))
            missing = next(self._missing, None)
            if missing and not isinstance(missing, FileInput):  # from there, a file would be looked for at once
                self.screen.set_focus(missing)

    async def action_toggle_raw(self) -> None:
        """Write the request freely, beginning with what the form has; or go back to the form."""
        self._forms.toggle_raw()
        await self._show_form()
        self.focus_form()

    @on(Button.Pressed, "#send")
    def _submit(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_submit()

    @on(Input.Submitted)
    def _take_line(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last, say what sends."""
        event.stop()
        fields = self._fields
        following = fields[fields.index(event.input) + 1 :] if event.input in fields else ()
        if following:
            self.screen.set_focus(following[0])
        else:
            self.post_message(self.LastLineTaken())

    @on(Input.Changed)
    @on(Select.Changed)
    def _remember(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        self._note_typing(event.control)
        if self.endpoint and event.control.name:
            value = event.value if isinstance(event.value, str) else ""
            self._forms.keep(event.control.name, value)
            self._file_fault = ""
            self._show_preview()
            self._request_sizes()

    @on(BodyEditor.Typed)
    def _remember_body(self, event: BodyEditor.Typed) -> None:
        event.stop()
        self._note_typing(self.screen.focused)
        self._forms.keep(BODY, event.text)
        self._show_preview()
        self._request_validation()

    @on(RawEditor.Typed)
    def _remember_raw(self, event: RawEditor.Typed) -> None:
        event.stop()
        self._note_typing(self.screen.focused)
        self._forms.raw = event.form
        self._show_preview()

    # How it is done

    async def _show_form(self) -> None:
        fields = self._form
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
        self._preview.can_focus = not self._fields
        self._file_fault = ""
        self._offer_to_send()
        self._show_preview()
        self._request_validation()
        self._request_sizes()

    def _request_sizes(self) -> None:
        for line in self.query(FileInput):
            if line.value and "{{" not in line.value:
                self.post_message(self.FileNamed(line.value))

    def _request_validation(self) -> None:
        text = self._forms.values.get(BODY, "")
        if self.endpoint and self.endpoint.body and text.strip() and "{{" not in text:
            self.post_message(self.BodyTyped(self.endpoint.body, text))
        else:
            self.show_faults(text, ())

    @property
    def _fields(self) -> Sequence[Widget]:
        """What can be typed into, then what is chosen from."""
        kinds = (Input, TextArea, Select)
        return [field for kind in kinds for field in self._form.query(kind).results(kind)]

    @property
    def _missing(self) -> Iterator[Widget]:
        """The fields that have to be filled in, and are not."""
        return (each for each in self._fields if each.has_class("-required") and not getattr(each, "value", ""))

    @property
    def _form_key(self) -> str:
        return self.endpoint.key if self.endpoint else ""

    def _note_typing(self, field: Widget | None) -> None:
        if field and field in self._fields and field.has_focus:
            self._typed_last[self._form_key] = _name_of(field)

    def _offer_to_send(self) -> None:
        self._actions.display = self.is_ready
        self._preview.display = self.is_ready

    def _show_preview(self) -> None:
        """The request as it would go out, or why it would not."""
        endpoint = self.endpoint
        if not self.is_ready:
            self._show_line(format_keys(_BY_NAME if endpoint else _NO_ENDPOINT))
            return
        if self._file_fault:
            self._show_unfinished(self._file_fault)
            return
        try:
            draft = self.draft()
        except RequestRejectedError as refusal:
            self._show_unfinished(with_advice(refusal.message, refusal.advice))
        else:
            host = self._forms.origin.name if self._forms.origin else ""
            self._show_line(Content.assemble((draft.method, "bold"), " ", clean(draft.shown_target)))
            shown = preview(draft, self._forms.identity, host, self._sizes)
            self._preview_text.update(shown)

    def _show_unfinished(self, words: str) -> None:
        method, path = self._forms.begun
        line = Content.assemble((method, "bold"), " ", clean(path))
        self._show_line(line + Content.styled(f"\n{clean(words)}", "$text-warning"))
        self._preview_text.update("")

    def _show_line(self, words: str | Content) -> None:
        self._line.update(words)


def _name_of(field: Widget) -> str:
    return field.name or field.id or ""
