"""The request that is being made ready: an endpoint's fields, and what would go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select, Static

from tui.airisk.endpoints import Endpoint, Field
from tui.airisk.errors import Refused
from tui.text import clean

_NO_ENDPOINT = "Choose an endpoint in the explorer (2): Enter opens it here."
_BY_NAME = "AIRisk's documentation names this operation and says no more: its method, path and body are not known."


class RequestPane(Vertical):
    """A form made from the endpoint's fields; what was typed is remembered for each endpoint."""

    BORDER_TITLE = "3 Request"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter,ctrl+j", "submit", "Send", key_display="F5", id="submit", tooltip="Send this request"),
    ]

    @dataclass
    class Submitted(Message):
        """The person wants this to be sent; the values are as typed."""

        endpoint: Endpoint
        values: dict[str, str]

    def __init__(self) -> None:
        super().__init__(id="request")
        self._endpoint: Endpoint | None = None
        self._typed: dict[Endpoint, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        """The request line, the fields, and the button."""
        yield Static(_NO_ENDPOINT, id="request-line", markup=False)
        yield VerticalScroll(id="fields", can_focus=False)
        with Horizontal(id="request-actions"):
            yield Button("Send", id="send", variant="primary", compact=True)
            yield Static("F5", id="send-key", markup=False)

    def on_mount(self) -> None:
        """There is nothing to send yet."""
        self.query_one("#request-actions").display = False

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the form is for."""
        return self._endpoint

    @property
    def is_ready(self) -> bool:
        """Whether there is a request that could be sent."""
        return self._endpoint is not None and not self._endpoint.is_known_by_name_only

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to send only what can be sent."""
        return action != "submit" or self.is_ready

    async def open(self, endpoint: Endpoint) -> None:
        """Show an endpoint's form, with what was typed into it last, and go to the first thing to fill in."""
        self._endpoint = endpoint
        typed = self._typed.setdefault(endpoint, {each.name: each.default for each in endpoint.fields})
        fields = self.query_one("#fields", VerticalScroll)
        await fields.remove_children()
        await fields.mount_all(_rows(endpoint, typed))
        self.query_one("#request-actions").display = not endpoint.is_known_by_name_only
        self._preview()
        self.focus_form()

    def focus_form(self) -> None:
        """Go to the first field that must be filled in, else to the button."""
        empty = [field for field in self._inputs() if field.has_class("-required") and not field.value]
        target = next(iter(empty), None) or self.query_one("#send", Button)
        self.screen.set_focus(target)

    def action_submit(self) -> None:
        """Ask for the request to be sent."""
        if self._endpoint and self.is_ready:
            self.post_message(self.Submitted(self._endpoint, dict(self._values())))

    @on(Button.Pressed, "#send")
    @on(Input.Submitted)
    def _submit(self, event: Button.Pressed | Input.Submitted) -> None:
        event.stop()
        self.action_submit()

    @on(Input.Changed)
    @on(Select.Changed)
    def _remember(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        if self._endpoint and event.control.name:
            value = event.value if isinstance(event.value, str) else ""
            self._typed[self._endpoint][event.control.name] = value
            self._preview()

    def _values(self) -> dict[str, str]:
        return self._typed[self._endpoint] if self._endpoint else {}

    def _inputs(self) -> Iterator[Input]:
        return iter(self.query("#fields Input").results(Input))

    def _preview(self) -> None:
        """The request line as it would go out, or why it would not."""
        endpoint = self._endpoint
        if endpoint is None or not self.is_ready:
            self._tell(_BY_NAME if endpoint else _NO_ENDPOINT)
            return
        target, fault = endpoint.path, ""
        try:
            target = endpoint.target(self._values())
        except Refused as refusal:
            fault = refusal.message
        line = Content.assemble((endpoint.method, "bold"), " ", clean(target))
        self._tell(line + Content.styled(f"\n{clean(fault)}", "$text-warning") if fault else line)

    def _tell(self, words: str | Content) -> None:
        self.query_one("#request-line", Static).update(words)


def _rows(endpoint: Endpoint, typed: dict[str, str]) -> Iterator[Horizontal]:
    for each in endpoint.fields:
        label = Label(
            Content.assemble(clean(each.name), ("*" if each.required else "", "$text-warning")), classes="field-name"
        )
        yield Horizontal(label, _entry(each, typed.get(each.name, "")), classes="field")


def _entry(each: Field, value: str) -> Input | Select[str]:
    if each.choices:
        choices = [(Content(choice), choice) for choice in each.choices]
        return Select(choices, value=value, allow_blank=False, name=each.name, compact=True)
    classes = "-required" if each.required else ""
    return Input(value, placeholder=each.meaning, name=each.name, compact=True, classes=classes, select_on_focus=False)
