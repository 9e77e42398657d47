"""."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from tui.airisk.guards import is_oneself, is_production, needs_confirmation
from tui.airisk.models import Draft, Identity
from tui.config.settings import Settings
from tui.panes.identity import IdentityBar
from tui.panes.request.preview import body_lines
from tui.text import clean
from tui.widgets.inputs import DialogInput
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.key_bar import KeyBar

_QUESTION = "Paste a curl command for this deployment; its own token and cookies are left out:"


def _to_type(label: str) -> Content:
    """It stays in sight while the label is typed."""
    return Content.assemble("Type ", (clean(label, limit=_LONGEST), "bold $text-warning"), " to allow it.")


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


T = TypeVar("T")


_ALIGNED = 24
"""Columns of a title behind which notes stand one below the other."""


def _line(choice: MenuItem[T], widest: int) -> Content:
    note = (f"  {clean(choice.note, limit=60)}", "$foreground-muted") if choice.note else ""
    return Content.assemble(clean(choice.title, limit=100).ljust(widest if note else 0), note)


Objection = Callable[[str], Awaitable[str]]
"""Says why an answer may not be meant, or nothing; a second Enter then means it."""


class PromptDialog(ModalScreen[str | None]):
    """Returns what was typed, or None; nothing but blanks is no answer.

    Args:
        title: of the dialog.
        question: what is asked.
        note: what becomes of the answer.
        answer: what stands in the line at first.
        placeholder: what stands there while it is empty.
        objection: why an answer may not be meant.
        does: what Enter does with the answer, in a word or two.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_question", tooltip="Give no answer"),
    ]

    def __init__(
        self,
        title: str,
        question: Content,
        *,
        note: str = "",
        answer: str = "",
        placeholder: str = "",
        objection: Objection | None = None,
        does: str = "",
    ) -> None:
        super().__init__()
        self._does = does
        self._title = title
        self._question = question
        self._note = note
        self._answer = answer
        self._placeholder = placeholder
        self._objection = objection
        self._objected_to = ""

    def compose(self) -> ComposeResult:
        """Bar, question, line."""
        yield IdentityBar()
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(clean(self._title))
            yield Static(self._question)
            note = Static(Content(self._note), classes="dialog-note", id="answer-note")
            note.display = bool(self._note)
            yield note
            yield DialogInput(
                self._answer,
                placeholder=self._placeholder,
                id="asked-for",
                submit_label=self._does,
                compact=True,
                select_on_focus=False,
            )
        yield KeyBar()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if answer := event.value.strip():
            self._consider(answer)

    @work(group="consider", exclusive=True)
    async def _consider(self, answer: str) -> None:
        words = await self._objection(answer) if self._objection and answer != self._objected_to else ""
        if words:
            self._objected_to = answer
            note = self.query_one("#answer-note", Static)
            note.update(Content.styled(clean(words), "$text-warning"))
            note.display = True
        else:
            self.dismiss(answer)

    def action_leave(self) -> None:
        """Give no answer."""
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class MenuItem(Generic[T]):
    """One thing that can be chosen; texts are shown literally."""

    title: str
    value: T
    note: str = ""


class OptionMenu(OptionList):
    """The list; letters move in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Take", id="take_choice", tooltip="Take what is under the cursor"),
        Binding("down,j", "cursor_down", show=False, id="choice_down"),
        Binding("up,k", "cursor_up", show=False, id="choice_up"),
        Binding("home,g", "first", show=False, id="first_choice"),
        Binding("end,G", "last", show=False, id="last_choice"),
    ]

    def __init__(self, *, id: str, does: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self.enter_labels = {"take_choice": does} if does else {}

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the choice under the cursor begins on the screen."""
        line = self._index_to_line.get(self.highlighted or 0, 0)
        return self.content_region.offset + Offset(0, line) - self.scroll_offset


class ChoiceDialog(ModalScreen[T | None]):
    """Returns what was chosen, or None.

    Args:
        title: what it is about.
        find: the choices for what is typed; those for nothing come first.
        placeholder: what can be typed; without it there is no line to type into.
        does: what Enter does with a choice, in a word or two.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_choice", tooltip="Choose nothing"),
    ]

    def __init__(
        self, title: str, find: Callable[[str], Sequence[MenuItem[T]]], *, placeholder: str = "", does: str = ""
    ) -> None:
        super().__init__()
        self._does = does
        self._title = title
        self._find = find
        self._placeholder = placeholder
        self._shown: Sequence[MenuItem[T]] = ()

    def compose(self) -> ComposeResult:
        """Bar, line, list."""
        yield IdentityBar()
        with Vertical(classes="dialog choose") as dialog:
            dialog.border_title = Content(clean(self._title, limit=60))
            if self._placeholder:
                yield DialogInput(
                    placeholder=self._placeholder, id="choice-line", submit_label=self._does, compact=True
                )
            yield OptionMenu(id="choices", does=self._does)
        yield KeyBar()

    def on_mount(self) -> None:
        """The first is the one that Enter takes."""
        self._show("")
        self.query_one("#choice-line" if self._placeholder else "#choices").focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _take(self) -> None:
        place = self._list.highlighted
        if place is not None and self._shown:
            self.dismiss(self._shown[place].value)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        if self._shown:
            self.dismiss(self._shown[event.option_index].value)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    @on(Input.Changed)
    @on(Input.Submitted)
    def _stop(self, event: Input.Changed | Input.Submitted) -> None:
        event.stop()

    def key_down(self) -> None:
        """From the line to the list."""
        if self.focused and self.focused.id == "choice-line":
            self._list.focus()
            self._list.action_cursor_down()

    @property
    def _list(self) -> OptionMenu:
        return self.query_one(OptionMenu)

    def _show(self, text: str) -> None:
        self._shown = self._find(text)
        widest = max((len(choice.title) for choice in self._shown if choice.note), default=0)
        options = [Option(_line(choice, min(widest, _ALIGNED))) for choice in self._shown]
        self._list.set_options(options or [Option(Content("Nothing matches."), disabled=True)])
        self._list.highlighted = 0 if self._shown else None


@dataclass(frozen=True, slots=True)
class SendSummary:
    """What is confirmed, in lines: what is sent, as whom and where, the beginning of its body, and what follows."""

    facts: tuple[tuple[str, str], ...]
    body: tuple[Content, ...]
    consequence: str

    @classmethod
    def of(cls, draft: Draft, identity: Identity, settings: Settings) -> SendSummary:
        """One request in one name."""
        who = f"{identity} ({identity.proof})" if identity.is_user else str(identity)
        facts = (("request", request_words(draft)), ("as", who), ("at", place_of(settings)))
        body = body_lines(draft, {}, lines=BODY_LINES, width=BODY_WIDTH)
        kind = "oneself" if is_oneself(settings, identity) else identity.kind
        return cls(facts, tuple(body), CONSEQUENCES[kind])


class ConfirmDialog(ModalScreen[bool]):
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

    def __init__(self, deed: SendSummary, *, label: str, note: str = "") -> None:
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


class ReasonDialog(PromptDialog):
    """Asks why somebody is to be acted as; the answer is kept in the audit trail.

    Args:
        identity: whom.
    """

    def __init__(self, identity: Identity) -> None:
        question = Content.assemble("Acting as ", (clean(str(identity), limit=_LONGEST), "bold"), " needs a reason.")
        note = "It is kept in the audit trail."
        super().__init__("Why?", question, note=note, placeholder="a ticket, or a few words", does="Act")


def describe_request(draft: Draft) -> str:
    """The method and the target; the method that a header, the query or a form makes of it goes first."""
    overridden = draft.effective_method if draft.effective_method != draft.method else ""
    return (
        f"{overridden} by {draft.method} {draft.shown_target}" if overridden else f"{draft.method} {draft.shown_target}"
    )


def describe_deployment(settings: Settings) -> str:
    """Where it would be sent: the host, and what the deployment is called."""
    return f"{settings.origin.name}   {settings.label.upper()}" if settings.label else settings.origin.name


async def confirm_send(
    app: App[Any], settings: Settings, draft: Draft, identity: Identity, *, note: str = "", always: bool = False
) -> bool:
    """Whether this request may be sent: the person is asked where it has to be confirmed, or `always`.

    Every way to send comes here. What is read-only is refused by the session, which says why.
    """
    if settings.read_only or not (always or needs_confirmation(settings, draft, identity)):
        return True
    return await app.push_screen_wait(
        ConfirmDialog(SendSummary.of(draft, identity, settings), label=settings.label, note=note)
    )


class PasteDialog(ModalScreen[str | None]):
    """Returns what was pasted, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_paste", tooltip="Paste nothing"),
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "take",
            "Make a request of it",
            key_display="F5",
            id="take_paste",
            tooltip="Make a request of what was pasted",
        ),
    ]

    def compose(self) -> ComposeResult:
        """Bar, question, text."""
        yield IdentityBar()
        with Vertical(classes="dialog paste") as dialog:
            dialog.border_title = "Paste a curl command"
            yield Static(Content(_QUESTION))
            yield TextArea(id="pasted", tab_behavior="focus", compact=True, show_line_numbers=False)
            yield Button("Make a request of it", id="take", variant="primary", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Ready to be pasted into."""
        self.query_one(TextArea).focus()

    @on(Button.Pressed)
    def _press(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Take it."""
        if text := self.query_one(TextArea).text.strip():
            self.dismiss(text)

    def action_leave(self) -> None:
        """Paste nothing."""
        self.dismiss(None)


class TextDialog(ModalScreen[None]):
    """Shows lines of text.

    Args:
        title: what they are.
        lines: the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close", id="leave_reading", tooltip="Go back", key_display="Esc"),
    ]

    def __init__(self, title: str, lines: list[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Bar and text."""
        yield IdentityBar()
        with Vertical(classes="dialog reading") as dialog:
            dialog.border_title = Content(clean(self._title, limit=60))
            yield TextView(id="reading")
        yield KeyBar()

    def on_mount(self) -> None:
        """From the first line."""
        document = self.query_one(TextView)
        document.show(self._lines, is_json=False)
        document.focus()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
