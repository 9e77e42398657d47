"""Pane in which a request is prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import ClassVar

from textual import events, on
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
from tui.airisk.identity import Identity
from tui.airisk.json_schema.schema import Schema
from tui.airisk.models import Draft
from tui.background import shielded
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.key_labels import format_keys, key_label
from tui.panes.request.editors import BodyEditor, RawEditor
from tui.panes.request.fields import FieldInput, FileInput, body_kind_row, remove_rows, rows
from tui.panes.request.form_values import BODY, FormValues
from tui.panes.request.preview import preview
from tui.text import clean, with_advice
from tui.textual_ext.no_relayout import StableText

_NO_ENDPOINT = (
    "Pick an endpoint in the explorer ({go_to_explorer|2}) and press {open_endpoint|Enter} to open it here, "
    "or press {toggle_raw|F6} to write a raw request."
)
_PATH_UNKNOWN = (
    "AIRisk's documentation lists this operation but not its path. Press {toggle_raw|F6} to write the request yourself."
)
_FOLDED = "{send|F5} sends it · {go_to_request|3} changes it"


class RequestPane(Vertical):
    """A form for an endpoint, or a raw request. Typed values are remembered per endpoint."""

    BORDER_TITLE = "3 Request"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter,ctrl+j", "submit", "Send", key_display="F5", id="submit", tooltip="Send this request"),
        Binding(
            "f6",
            "toggle_raw",
            "Raw",
            key_display="F6",
            id="toggle_raw",
            tooltip="Switch between the form and a raw request",
        ),
    ]

    @dataclass
    class Submitted(Message):
        """Request to send the form."""

        form: Form
        endpoint: Endpoint | None

    class LastLineTaken(Message):
        """Posted when Enter is pressed in the last field."""

    @dataclass
    class BodyTyped(Message):
        """Request to validate a typed body against its schema."""

        schema: Schema
        text: str

    @dataclass
    class FileNamed(Message):
        """Request to look up the size of a file that will be sent."""

        path: str

    def __init__(self) -> None:
        super().__init__(id="request")
        self._line = StableText(format_keys(_NO_ENDPOINT), id="request-line")
        self._hint = Static(format_keys(_FOLDED), id="request-folded", markup=False)
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
        self._opening = asyncio.Lock()
        self._typed_last: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Yield the request line, the fields, the button and the preview."""
        yield self._line
        yield self._hint
        yield self._form
        yield self._actions
        yield self._preview

    def on_mount(self) -> None:
        """Hide the button and the preview until there is a request."""
        self._hint.display = False
        self._offer_to_send()

    # Called by the screen

    def set_context(self, identity: Identity, origin: Origin, known: Variables) -> None:
        """Set the identity and origin of the request, and the values of placeholders."""
        self._forms.identity, self._forms.origin, self._forms.known = identity, origin, known
        self._show_preview()

    def remember(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Restore the values typed in an earlier run of the program."""
        self._forms.remember(typed)

    async def open(self, endpoint: Endpoint, filled: EndpointForm | None = None) -> None:
        """Show an endpoint's form with the values of `filled`, or those typed last."""
        self._forms.open(endpoint, filled)
        await self._show_form()

    def fold(self) -> None:
        """Show only the request line, so that the response has the room, until the focus comes or another form."""
        self._set_folded(is_folded=not self.has_focus_within and self.is_ready)

    @on(events.DescendantFocus)
    def _unfold(self) -> None:
        self._set_folded(is_folded=False)

    def _set_folded(self, *, is_folded: bool) -> None:
        if is_folded != self.has_class("-folded"):
            self.set_class(is_folded, "-folded")
            self._hint.display = is_folded
            self._form.display = not is_folded
            self._offer_to_send()

    async def open_raw(self, form: RawForm) -> None:
        """Show a raw request for editing."""
        self._forms.raw = form
        self._typed_last.pop(self._form_key, None)
        await self._show_form()

    def show_faults(self, text: str, faults: tuple[str, ...]) -> None:
        """Show the validation errors of a body, unless the body has changed since."""
        for editor in self.query(BodyEditor):
            if editor.text == text:
                editor.show_faults(faults)

    def show_size(self, path: str, size: int | None, words: str) -> None:
        """Show the size of a file that will be sent, or why it cannot be sent."""
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
        """The endpoint of the form; None for a raw request."""
        return self._forms.endpoint

    @property
    def is_raw(self) -> bool:
        """Whether a raw request is edited."""
        return self._forms.raw is not None

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: where the key that toggles leads."""
        return {"toggle_raw": "Form"} if self.is_raw else {}

    @property
    def is_ready(self) -> bool:
        """Whether there is a request to send."""
        return self._forms.is_ready

    def draft(self) -> Draft:
        """Return the current request, with empty file contents.

        Raises:
            RequestRejectedError: it cannot be sent.
        """
        return self._forms.draft()

    @property
    def text_at_cursor(self) -> str:
        """The path and the query of the request; empty if it cannot be sent."""
        try:
            return self.draft().shown_target
        except RequestRejectedError:
            return ""

    @property
    def values(self) -> dict[str, str]:
        """The typed values that may be saved, by field name; the name of the body is empty."""
        return self._forms.typed

    def form_of(self, endpoint: Endpoint) -> EndpointForm:
        """Return an endpoint's form as filled in, even if another one is shown."""
        return self._forms.form_of(endpoint)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to send only if there is a request."""
        return action != "submit" or self.is_ready

    def focus_form(self) -> None:
        """Focus the first empty required field, else the field typed into last, else a body, else the first field.

        The body is that of a raw request which has one, or whose headers say that it should.

        The button never gets the focus, because keys typed ahead could press it. Without fields, focus the preview.
        """
        fields = self._fields
        last = (each for each in fields if _name_of(each) == self._typed_last.get(self._form_key))
        raw = self._forms.raw
        has_body = raw and (raw.body or "content-type:" in raw.headers.lower())
        body = self._form.query("#raw #body-text").results(TextArea) if has_body else ()
        self.screen.set_focus(next(chain(self._missing, last, body, fields), self._preview))

    def disarm(self) -> None:
        """Move the focus away from the send button, if it has it."""
        if self._send.has_focus_within:
            self.focus_form()

    def look_for_missing_file(self) -> bool:
        """Open the file browser if an empty file field has the focus. Return whether it does."""
        focused = self.screen.focused
        if isinstance(focused, FileInput) and not focused.value:
            focused.action_find_file()
            return True
        return False

    # Actions and events

    def action_submit(self) -> None:
        """Request that the form is sent, then focus the first empty required field, if any."""
        form = self._forms.form()
        if form and self.is_ready:
            self.post_message(self.Submitted(form, self._forms.variant))
            missing = next(self._missing, None)
            if missing and not isinstance(missing, FileInput):  # focused, it would open the file browser at once
                self.screen.set_focus(missing)

    async def action_toggle_raw(self) -> None:
        """Switch between the form and a raw request, which starts with what the form has."""
        self._forms.toggle_raw()
        await self._show_form()
        self.focus_form()

    @on(Button.Pressed, "#send")
    def _submit(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_submit()

    @on(Input.Submitted)
    def _take_line(self, event: Input.Submitted) -> None:
        """Focus the next field; after the last one, post LastLineTaken."""
        event.stop()
        fields = self._fields
        following = fields[fields.index(event.input) + 1 :] if event.input in fields else ()
        if following:
            self.screen.set_focus(following[0])
        else:
            self.post_message(self.LastLineTaken())

    @on(Select.Changed, "#body-kind")
    async def _show_body_kind(self, event: Select.Changed) -> None:
        event.stop()
        event.prevent_default()
        variant, endpoint = self._forms.variant, self.endpoint
        # Another form may be opened before this arrives, and while it is handled.
        if event.select.is_attached and variant and event.value != variant.media_type:
            self._forms.choose(str(event.value))
            await self._show_form()
            for kind in self._form.query("#body-kind") if self.endpoint == endpoint else ():
                self.screen.set_focus(kind)

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

    # Helpers

    async def _show_form(self) -> None:
        await shielded(self._replace_form())  # Canceled half-way, it would cancel the fields' own tasks.

    async def _replace_form(self) -> None:
        async with self._opening:  # A form may be opened while another one is still being mounted.
            await self._mount_form()

    async def _mount_form(self) -> None:
        fields = self._form
        self._unfold()
        await remove_rows(fields)
        forms = self._forms
        if forms.raw:
            await fields.mount(RawEditor(forms.raw))
        elif endpoint := forms.variant:
            if len(forms.variants) > 1:
                await fields.mount(body_kind_row(forms.variants, endpoint))
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
        endpoint = self._forms.variant
        if endpoint and endpoint.body and text.strip() and "{{" not in text:
            self.post_message(self.BodyTyped(endpoint.body, text))
        else:
            self.show_faults(text, ())

    @property
    def _fields(self) -> Sequence[Widget]:
        """The inputs, then the text areas, then the selects."""
        kinds = (Input, TextArea, Select)
        return [field for kind in kinds for field in self._form.query(kind).results(kind)]

    @property
    def _missing(self) -> Iterator[Widget]:
        """The required fields that are empty."""
        return (each for each in self._fields if each.has_class("-required") and not getattr(each, "value", ""))

    @property
    def _form_key(self) -> str:
        return self.endpoint.key if self.endpoint else ""

    def _note_typing(self, field: Widget | None) -> None:
        if field and field in self._fields and field.has_focus_within:
            self._typed_last[self._form_key] = _name_of(field)

    def _offer_to_send(self) -> None:
        self._actions.display = self._preview.display = self.is_ready and not self.has_class("-folded")

    def _show_preview(self) -> None:
        """Show the request as it would be sent, or why it cannot be sent, and what the placeholders stand for."""
        for line in self._form.query(FieldInput):
            line.show_meaning(self._forms.meaning_of(line.value))
        endpoint = self.endpoint
        if not self.is_ready:
            self._show_line(format_keys(_PATH_UNKNOWN if endpoint else _NO_ENDPOINT))
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
