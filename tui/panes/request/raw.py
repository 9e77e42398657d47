"""A request written freely: method, path, headers and body."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Select, Static, TextArea

from tui.airisk.endpoints.forms import RawForm
from tui.airisk.http.methods import METHODS
from tui.bindings import format_keys
from tui.format import size
from tui.panes.request.body import BodyText
from tui.text import clean


class RawEditor(Vertical):
    """The parts of a request, each typed as it is sent."""

    @dataclass
    class Typed(Message):
        """The request is another one now."""

        form: RawForm

    def __init__(self, form: RawForm) -> None:
        super().__init__(id="raw")
        self._form = form

    def compose(self) -> ComposeResult:
        """Method, path, headers, body."""
        form = self._form
        with Horizontal(classes="field"):
            yield Label("method", classes="field-name")
            methods = [(Content(method), method) for method in METHODS]
            yield Select(methods, value=form.method, allow_blank=False, id="raw-method", compact=True)
        with Horizontal(classes="field"):
            yield Label("path", classes="field-name")
            yield Input(form.target, id="raw-target", compact=True, select_on_focus=False, placeholder="/api/…")
        yield Static("headers, one a line", classes="body-heading", markup=False)
        yield BodyText(form.headers, id="raw-headers")
        if form.parts:
            parts = ", ".join(
                f"{clean(each.filename or each.name, limit=60)} ({size(len(each.content))})" for each in form.parts
            )
            yield Static(f"a form with {parts}", classes="body-heading", markup=False)
        else:
            yield Static(format_keys("body · {edit_elsewhere|F4} editor"), classes="body-heading", markup=False)
            yield BodyText(form.body, id="body-text")

    @property
    def form(self) -> RawForm:
        """What is typed."""
        bodies = self.query("#body-text").results(TextArea)
        return replace(
            self._form,
            method=str(self.query_one("#raw-method", Select).value),
            target=self.query_one("#raw-target", Input).value,
            headers=self.query_one("#raw-headers", TextArea).text,
            body=next((each.text for each in bodies), ""),
        )

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(Select.Changed)
    def _tell(self, event: TextArea.Changed | Input.Changed | Select.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.form))
