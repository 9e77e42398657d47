"""Editors for a request body, with its validation errors, and for a raw request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Select, Static, TextArea

from tui.airisk.endpoints.forms import RawForm
from tui.airisk.http.methods import METHODS
from tui.format import size
from tui.key_labels import format_keys
from tui.text import clean


class BodyText(TextArea):
    """Text area for a body or headers; Tab moves to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4",
            "edit_elsewhere",
            "Editor",
            id="edit_elsewhere",
            tooltip="Edit this text in $VISUAL or $EDITOR",
        ),
    ]

    @dataclass
    class ElsewhereWanted(Message):
        """Request to edit the text in an external editor."""

        body_text: BodyText

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(text, id=id, tab_behavior="focus", compact=True, show_line_numbers=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Textual's key for selecting a line to the pane, whose form or raw request it is in."""
        return action != "select_line" and super().check_action(action, parameters)

    def action_edit_elsewhere(self) -> None:
        """Edit the text in an external editor."""
        self.post_message(self.ElsewhereWanted(self))


class BodyEditor(Vertical):
    """A heading, the body, and its validation errors."""

    @dataclass
    class Typed(Message):
        """Posted when the body changes."""

        text: str

    def __init__(self, text: str, media_type: str, *, is_required: bool) -> None:
        super().__init__(id="body")
        self._text = BodyText(text, id="body-text")
        self._faults = Static(id="body-faults", markup=False)
        self._heading = f"body{'' if is_required else ' (optional)'} · {media_type or 'application/json'} · "

    def compose(self) -> ComposeResult:
        """Yield the heading, the text and the errors."""
        yield Static(
            clean(self._heading, limit=90) + format_keys("{edit_elsewhere|F4} editor"),
            classes="body-heading",
            markup=False,
        )
        yield self._text
        yield self._faults

    @property
    def text(self) -> str:
        """The typed text."""
        return self._text.text

    def show_faults(self, faults: tuple[str, ...]) -> None:
        """Show the first validation errors, and how many more there are."""
        lines = [Content.styled(f"✗ {clean(fault, limit=200)}", "$text-warning") for fault in faults[:_SHOWN]]
        more = [Content.styled(f"… and {len(faults) - _SHOWN} more", "$text-warning")] if len(faults) > _SHOWN else []
        self._faults.update(Content("\n").join([*lines, *more]))

    @on(TextArea.Changed)
    def _pass_on(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.text_area.text))


_SHOWN = 4


class RawEditor(Vertical):
    """Method, path, headers and body of a raw request, edited as they are sent."""

    @dataclass
    class Typed(Message):
        """Posted when the request changes."""

        form: RawForm

    def __init__(self, form: RawForm) -> None:
        super().__init__(id="raw")
        self._form = form
        methods = [(Content(method), method) for method in METHODS]
        self._method = Select(methods, value=form.method, allow_blank=False, id="raw-method", compact=True)
        self._target = Input(form.target, id="raw-target", compact=True, select_on_focus=False, placeholder="/api/…")
        self._headers = BodyText(form.headers, id="raw-headers")
        self._headers.move_cursor(self._headers.document.end)
        self._body = BodyText(form.body, id="body-text")
        # The cursor goes behind the last value, within its JSON.
        lines = form.body.rstrip('"]} \r\n').splitlines() or [""]
        self._body.move_cursor((len(lines) - 1, len(lines[-1])))

    def compose(self) -> ComposeResult:
        """Yield the inputs for method, path, headers and body."""
        form = self._form
        with Horizontal(classes="field"):
            yield Label("method", classes="field-name")
            yield self._method
        with Horizontal(classes="field"):
            yield Label("path", classes="field-name")
            yield self._target
        yield Static("headers, one per line", classes="body-heading", markup=False)
        yield self._headers
        if form.parts:
            parts = ", ".join(
                f"{clean(each.filename or each.name, limit=60)} ({size(len(each.content))})" for each in form.parts
            )
            yield Static(f"form with {parts}", classes="body-heading", markup=False)
        else:
            yield Static(format_keys("body · {edit_elsewhere|F4} editor"), classes="body-heading", markup=False)
            yield self._body

    @property
    def form(self) -> RawForm:
        """The request as typed."""
        return replace(
            self._form,
            method=str(self._method.value),
            target=self._target.value,
            headers=self._headers.text,
            body="" if self._form.parts else self._body.text,
        )

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(Select.Changed)
    def _pass_on(self, event: TextArea.Changed | Input.Changed | Select.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.form))
