"""The questions that are asked before something is done in a person's name."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.airisk.models import Draft, Identity
from tui.panes.identity import IdentityBar, is_production
from tui.panes.key_line import KeyLine
from tui.panes.line import Line
from tui.readable import size
from tui.screens.ask import AskScreen
from tui.text import clean


class ConfirmScreen(ModalScreen[bool]):
    """Asks before a request that changes things is sent in a user's name.

    On a deployment labelled as production the label has to be typed.

    Args:
        draft: what would be sent.
        identity: in whose name.
        host: where.
        label: what the deployment is called, if anything.
        note: why it is asked, if not just because the method changes things.
        is_own: whether the person sends it in their own name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Send", id="agree", tooltip="Send it"),
        Binding("n,escape", "refuse", "Do not send", id="refuse", tooltip="Go back without sending"),
    ]

    def __init__(
        self, draft: Draft, identity: Identity, *, host: str, label: str, note: str = "", is_own: bool = False
    ) -> None:
        super().__init__()
        self._draft = draft
        self._identity = identity
        self._host = host
        self._label = label
        self._note = note
        self._is_own = is_own

    def compose(self) -> ComposeResult:
        """Bar, what would be done, and the answers."""
        yield IdentityBar()
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Send this?"
            dialog.set_class(is_production(self._label), "-production")
            if self._note:
                yield Static(Content.styled(clean(self._note), "$text-warning"), classes="dialog-note")
            yield Static(Content("\n").join(self._facts()))
            yield Static(_OWN if self._is_own else _CONSEQUENCE, classes="dialog-note", markup=False)
            if is_production(self._label):
                yield Static(_to_type(self._label), classes="dialog-note")
                yield Line(id="typed-label", does="Send", compact=True)
            with Horizontal(classes="dialog-answers"):
                yield Button("Do not send", id="refuse", compact=True)
                yield Button("Send", id="agree", variant="warning", compact=True, disabled=is_production(self._label))
        yield KeyLine()

    def _facts(self) -> list[Content]:
        draft = self._draft
        sent = (
            f"{size(len(draft.body))}" if draft.body else ", ".join(file.filename for file in draft.files) or "nothing"
        )
        where = f"{self._host}   {self._label.upper()}" if self._label else self._host
        rows = (
            ("request", f"{draft.method} {draft.target}"),
            ("as", f"{self._identity} ({self._identity.proof})"),
            ("at", where),
            ("body", sent),
        )
        return [
            Content.assemble((f"{name:<9}", "$foreground-muted"), (clean(words, limit=_LONGEST), "bold"))
            for name, words in rows
        ]

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


_LONGEST = 400
"""Columns of one fact, so that the answers stay in sight whatever somebody is called."""

_CONSEQUENCE = "It changes things in AIRisk, which will take it for that user's own doing."


_OWN = "It changes things in AIRisk, in your own name."


class ReasonScreen(AskScreen):
    """Asks why somebody is to be acted as; the answer is kept in the audit trail.

    Args:
        identity: whom.
    """

    def __init__(self, identity: Identity) -> None:
        question = Content.assemble("Acting as ", (clean(str(identity), limit=_LONGEST), "bold"), " needs a reason.")
        note = "It is kept in the audit trail."
        super().__init__("Why?", question, note=note, placeholder="a ticket, or a few words", does="Act")
