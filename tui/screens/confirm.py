"""The questions that are asked before something is changed, or done in a person's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.airisk.guards import is_oneself, is_production, needs_confirmation
from tui.airisk.models import Draft, Identity
from tui.config.settings import Settings
from tui.panes.identity import IdentityBar
from tui.panes.request.preview import body_lines
from tui.screens.ask import AskScreen
from tui.text import clean
from tui.widgets.inputs import DialogInput
from tui.widgets.key_bar import KeyBar


@dataclass(frozen=True, slots=True)
class Deed:
    """What is confirmed, in lines: what is sent, as whom and where, the beginning of its body, and what follows."""

    facts: tuple[tuple[str, str], ...]
    body: tuple[Content, ...]
    consequence: str

    @classmethod
    def of(cls, draft: Draft, identity: Identity, settings: Settings) -> Deed:
        """One request in one name."""
        who = f"{identity} ({identity.proof})" if identity.is_user else str(identity)
        facts = (("request", request_words(draft)), ("as", who), ("at", place_of(settings)))
        body = body_lines(draft, {}, lines=BODY_LINES, width=BODY_WIDTH)
        kind = "oneself" if is_oneself(settings, identity) else identity.kind
        return cls(facts, tuple(body), CONSEQUENCES[kind])


class ConfirmScreen(ModalScreen[bool]):
    """Asks before something is sent that changes things.

    On a deployment labelled as production the label has to be typed.

    Args:
        deed: what would be sent.
        label: what the deployment is called, if anything.
        note: why it is asked, if not just because the method changes things.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Send", id="agree", tooltip="Send it"),
        Binding("n,escape", "refuse", "Do not send", id="refuse", tooltip="Go back without sending"),
    ]

    def __init__(self, deed: Deed, *, label: str, note: str = "") -> None:
        super().__init__()
        self._deed = deed
        self._label = label
        self._note = note

    def compose(self) -> ComposeResult:
        """Bar, what would be done, and the answers."""
        yield IdentityBar()
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Send this?"
            dialog.set_class(is_production(self._label), "-production")
            with VerticalScroll(id="deed", can_focus=False):
                if self._note:
                    yield Static(Content.styled(clean(self._note), "$text-warning"), id="deed-note")
                for name, words in self._facts():
                    with Horizontal(classes="deed-fact"):
                        yield Static(name, classes="deed-name", markup=False)
                        yield Static(words)
                yield Static(self._deed.consequence, classes="dialog-note", markup=False)
            if is_production(self._label):
                yield Static(_to_type(self._label), classes="dialog-note")
                yield DialogInput(id="typed-label", submit_label="Send", compact=True)
            with Horizontal(classes="dialog-answers"):
                yield Button("Do not send", id="refuse", compact=True)
                yield Button("Send", id="agree", variant="warning", compact=True, disabled=is_production(self._label))
        yield KeyBar()

    def _facts(self) -> Iterator[tuple[str, Content]]:
        for name, words in self._deed.facts:
            yield name, Content.styled(clean(words, limit=_LONGEST), "bold")
        yield "body", Content("\n").join(self._deed.body or [Content("nothing")])

    def on_mount(self) -> None:
        """The safe answer is the near one."""
        self.query_one("#typed-label" if is_production(self._label) else "#refuse").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Sending is not to be had before the label is typed."""
        return action != "agree" or not self.query_one("#agree", Button).disabled

    @on(Input.Changed, "#typed-label")
    def _compare(self, event: Input.Changed) -> None:
        self.query_one("#agree", Button).disabled = event.value.strip().lower() != self._label.strip().lower()
        self.refresh_bindings()

    @on(Button.Pressed, "#agree")
    @on(Input.Submitted, "#typed-label")
    def _agree(self) -> None:
        self.action_agree()

    @on(Button.Pressed, "#refuse")
    def _refuse(self) -> None:
        self.action_refuse()

    def action_agree(self) -> None:
        """Send it."""
        if not self.query_one("#agree", Button).disabled:
            self.dismiss(result=True)

    def action_refuse(self) -> None:
        """Go back without sending."""
        self.dismiss(result=False)


def _to_type(label: str) -> Content:
    """It stays in sight while the label is typed."""
    return Content.assemble("Type ", (clean(label, limit=_LONGEST), "bold $text-warning"), " to allow it.")


def request_words(draft: Draft) -> str:
    """The method and the target; the method that a header, the query or a form makes of it goes first."""
    overridden = draft.effective_method if draft.effective_method != draft.method else ""
    return (
        f"{overridden} by {draft.method} {draft.shown_target}" if overridden else f"{draft.method} {draft.shown_target}"
    )


def place_of(settings: Settings) -> str:
    """Where it would be sent: the host, and what the deployment is called."""
    return f"{settings.origin.name}   {settings.label.upper()}" if settings.label else settings.origin.name


async def is_agreed(
    app: App[Any], settings: Settings, draft: Draft, identity: Identity, *, note: str = "", always: bool = False
) -> bool:
    """Whether this request may be sent: the person is asked where it has to be confirmed, or `always`.

    Every way to send comes here. What is read-only is refused by the session, which says why.
    """
    if settings.read_only or not (always or needs_confirmation(settings, draft, identity)):
        return True
    return await app.push_screen_wait(
        ConfirmScreen(Deed.of(draft, identity, settings), label=settings.label, note=note)
    )


_LONGEST = 400
"""Columns of one fact, so that the answers stay in sight whatever somebody is called."""

BODY_LINES, BODY_WIDTH = 6, 300
"""Lines and columns of a body that are shown: the beginning tells what it is."""

CONSEQUENCES = {
    "user": "It changes things in AIRisk, which will take it for that user's own doing.",
    "oneself": "It changes things in AIRisk, in your own name.",
    "generic": "It changes things in AIRisk, as the application itself.",
    "anonymous": "It changes things in AIRisk, without a token.",
}


class ReasonScreen(AskScreen):
    """Asks why somebody is to be acted as; the answer is kept in the audit trail.

    Args:
        identity: whom.
    """

    def __init__(self, identity: Identity) -> None:
        question = Content.assemble("Acting as ", (clean(str(identity), limit=_LONGEST), "bold"), " needs a reason.")
        note = "It is kept in the audit trail."
        super().__init__("Why?", question, note=note, placeholder="a ticket, or a few words", does="Act")
