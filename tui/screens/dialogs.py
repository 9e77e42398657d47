"""Dialogs: a prompt, a choice, a text to paste or to read, and a confirmation before sending."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import events, on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from tui.airisk.guard_rails import is_oneself, is_production, needs_confirmation
from tui.airisk.identity import Identity
from tui.airisk.models import Draft
from tui.config.settings import Settings
from tui.key_labels import format_keys
from tui.panes.request.preview import body_lines
from tui.screens.unasked import answered, until_keys_rest
from tui.text import clean, set_apart
from tui.textual_ext.screens import DismissibleScreen
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.inputs import DialogInput
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from tui.airisk.session import Session

T = TypeVar("T")


class Dialog(DismissibleScreen[T | None], ModalScreen[T | None]):
    """Frame over the screen below, between the identity bar and the footer. Leaving it returns None.

    A dialog binds its own keys to `leave`, with its own binding id. One in which text is typed returns it as `unsaved`,
    and has words for `BEFORE_LOSS`.

    Args:
        title: title of the frame, shown literally.
        frame: holds the body.
    """

    BEFORE_LOSS = ""
    """Shown before what was typed is lost."""

    def __init__(self, title: str, frame: Vertical | VerticalScroll | None = None) -> None:
        super().__init__()
        self.frame = frame or Vertical()
        self.frame.add_class("dialog")
        self.frame.border_title = Content(clean(title))
        self._has_asked = False

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the frame and the footer."""
        yield IdentityBar()
        with self.frame:
            yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """Return the widgets within the frame."""
        raise NotImplementedError

    @property
    def unsaved(self) -> str:
        """What the user typed, and leaving would lose."""
        return ""

    def action_leave(self) -> None:
        """Close without a result; what was typed is lost with a second press only."""
        if self._has_asked or not self.unsaved:
            self.dismiss(None)
        else:
            self._has_asked = True
            self.frame.border_subtitle = Content(format_keys(self.BEFORE_LOSS))

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _ask_again(self) -> None:
        """Ask again before what was typed is lost, because more of it was typed."""
        if self._has_asked:
            self._has_asked = False
            self.frame.border_subtitle = ""


# A line of text

Objection = Callable[[str], Awaitable[str]]
"""Returns an objection to an input, or nothing. A second Enter accepts the input nevertheless."""

_READ = 0.4
"""Seconds before which an objection cannot have been read: Enter was pressed twice."""


class PromptDialog(Dialog[str]):
    """Dialog that returns the typed line, stripped. An empty line is not accepted.

    Args:
        title: title of the dialog.
        question: the question to the user.
        note: how the input is used.
        answer: initial text of the line.
        placeholder: text of the empty line.
        objection: returns an objection to an input.
        submit_label: what Enter does, in a word or two.
    """

    BEFORE_LOSS = "Press {leave_prompt|Esc} again to discard what you typed."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave",
            "Cancel",
            id="leave_prompt",
            tooltip="Close without an answer; press twice to discard text",
        ),
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
        submit_label: str = "",
    ) -> None:
        super().__init__(title)
        self._question = Static(question)
        self._note = Static(Content(note), classes="dialog-note", id="prompt-note")
        self._note.display = bool(note)
        self._answer = answer
        self._line = DialogInput(
            answer,
            placeholder=placeholder,
            id="prompt-input",
            submit_label=submit_label,
            compact=True,
            select_on_focus=False,
        )
        self._objection = objection
        self._objected_to = ""
        self._objected_at = 0.0

    def body(self) -> ComposeResult:
        """Compose the question, the note and the line."""
        yield self._question
        yield self._note
        yield self._line

    @property
    def unsaved(self) -> str:
        """The line, unless it is as it was, or was objected to."""
        typed = self._line.value.strip()
        return "" if typed in {self._answer, self._objected_to} else typed

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if answer := event.value.strip():
            self._consider(answer)

    @work(group="consider", exclusive=True)
    async def _consider(self, answer: str) -> None:
        is_objected_to = answer == self._objected_to
        if is_objected_to and time.monotonic() - self._objected_at < _READ:
            return
        words = await self._objection(answer) if self._objection and not is_objected_to else ""
        if words:
            self._objected_to, self._objected_at = answer, time.monotonic()
            self._note.update(Content.styled(clean(words), "$text-warning"))
            self._note.display = True
        else:
            self.dismiss(answer)


class ReasonDialog(PromptDialog):
    """Prompt for the reason for acting as an identity, which the audit trail stores.

    Args:
        identity: the identity to act as.
    """

    def __init__(self, identity: Identity) -> None:
        super().__init__(
            "Reason",
            Content.assemble("Acting as ", (clean(str(identity), limit=_LONGEST), "bold"), " requires a reason."),
            note="Recorded in the audit trail.",
            placeholder="ticket number or short reason",
            submit_label="Act as",
        )


# One of several


@dataclass(frozen=True, slots=True)
class MenuItem(Generic[T]):
    """A value to choose, with its texts, which are shown literally."""

    title: str
    value: T
    note: str = ""


class OptionMenu(OptionList):
    """Menu with one option per line, and vi's movement keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Select", id="take_choice", tooltip="Select"),
        Binding("down,j", "cursor_down", show=False, id="choice_down"),
        Binding("up,k", "cursor_up", show=False, id="choice_up"),
        Binding("home,g", "first", show=False, id="first_choice"),
        Binding("end,G", "last", show=False, id="last_choice"),
    ]

    def __init__(self, *, id: str, submit_label: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self.footer_labels = {"take_choice": submit_label} if submit_label else {}

    @property
    def cursor_screen_offset(self) -> Offset:
        """Screen position of the option under the cursor."""
        return self.content_region.offset + Offset(0, self.highlighted or 0) - self.scroll_offset

    def show(self, lines: Sequence[Content], nothing: str) -> None:
        """Show these lines, with the cursor on the first, or `nothing` if there are none."""
        self.set_options([Option(line) for line in lines] or [Option(Content(nothing), disabled=True)])
        self.highlighted = 0 if lines else None


class MenuInput(DialogInput):
    """Filter line above a menu. Down moves into the menu."""

    def __init__(self, menu: OptionMenu, **others: Any) -> None:
        super().__init__(compact=True, **others)
        self._menu = menu

    def key_down(self, event: events.Key) -> None:
        """Go to the second option, because Enter already takes the first from here."""
        event.stop()  # or the menu, which has the focus now, would handle it, too
        self._menu.focus()
        self._menu.action_cursor_down()


class ChoiceDialog(Dialog[T]):
    """Dialog that returns the chosen value.

    Args:
        title: what the choice is about.
        find: returns the items for a query; the first query is empty.
        placeholder: hint in the line; without it there is no line.
        submit_label: what Enter does, in a word or two.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_choice", tooltip="Close without choosing"),
    ]

    def __init__(
        self,
        title: str,
        find: Callable[[str], Sequence[MenuItem[T]]],
        *,
        placeholder: str = "",
        submit_label: str = "",
    ) -> None:
        super().__init__(clean(title, limit=60), Vertical(classes="choose"))
        self._find = find
        self._shown: Sequence[MenuItem[T]] = ()
        self._menu = menu = OptionMenu(id="choices", submit_label=submit_label)
        self._line = (
            MenuInput(menu, placeholder=placeholder, id="choice-line", submit_label=submit_label)
            if placeholder
            else None
        )

    def body(self) -> ComposeResult:
        """Compose the line and the menu."""
        if self._line:
            yield self._line
        yield self._menu

    def on_mount(self) -> None:
        """Show the items for an empty line."""
        self._show("")
        (self._line or self._menu).focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        place = self._menu.highlighted
        if place is not None and self._shown:
            self.dismiss(self._shown[place].value)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        if self._shown:
            self.dismiss(self._shown[event.option_index].value)

    def _show(self, text: str) -> None:
        self._shown = self._find(text)
        widest = max((len(item.title) for item in self._shown if item.note), default=0)
        self._menu.show([_item_line(item, min(widest, _ALIGNED)) for item in self._shown], "No matches.")


_ALIGNED = 24
"""Longest title, in columns, after which notes are aligned."""


def _item_line(item: MenuItem[T], widest: int) -> Content:
    note = (f"  {clean(item.note, limit=60)}", "$foreground-muted") if item.note else ""
    return Content.assemble(clean(item.title, limit=100).ljust(widest if note else 0), note)


# A longer text


class PasteDialog(Dialog[str]):
    """Dialog that returns the pasted text, of any number of lines."""

    BEFORE_LOSS = "Press {leave_paste|Esc} again to discard what you pasted."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave",
            "Cancel",
            id="leave_paste",
            tooltip="Close without a request; press twice to discard text",
        ),
        Binding(
            "f5,ctrl+enter,ctrl+j",
            "take",
            "Create request",
            key_display="F5",
            id="take_paste",
            tooltip="Create a request from the pasted command",
        ),
    ]

    def __init__(self) -> None:
        super().__init__("Paste a curl command", Vertical(classes="paste"))
        self._text = TextArea(id="pasted", tab_behavior="focus", compact=True, show_line_numbers=False)

    def body(self) -> ComposeResult:
        """Compose the request to paste, the text and the button."""
        yield Static("Paste a curl command for this deployment. Its token and cookies are removed.", markup=False)
        yield self._text
        yield Button("Create request", id="take", variant="primary", compact=True)

    @property
    def unsaved(self) -> str:
        """The text."""
        return self._text.text.strip()

    def on_mount(self) -> None:
        """Focus the text."""
        self._text.focus()

    @on(Button.Pressed)
    def _press(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Return the text, unless it is empty."""
        if text := self._text.text.strip():
            self.dismiss(text)


class TextDialog(Dialog[None]):
    """Shows a text that does not fit elsewhere.

    Args:
        title: title of the text.
        lines: the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Back", id="leave_reading", tooltip="Go back", key_display="Esc"),
    ]

    def __init__(self, title: str, lines: list[str]) -> None:
        super().__init__(clean(title, limit=60), Vertical(classes="reading"))
        self._document = TextView(id="reading")
        self._lines = lines

    def body(self) -> ComposeResult:
        """Compose the text."""
        yield self._document

    def on_mount(self) -> None:
        """Show the text from its first line."""
        self._document.show(self._lines, is_json=False)
        self._document.focus()


# Before something is sent


@dataclass(frozen=True, slots=True)
class SendSummary:
    """Summary to confirm: request, identity and deployment, the start of the body, and the consequence.

    `verb` is the label of the button.
    """

    title: str
    verb: str
    facts: tuple[tuple[str, str], ...]
    body: tuple[Content, ...]
    consequence: str

    @classmethod
    def of(
        cls, draft: Draft, identity: Identity, settings: Settings, named: Mapping[str, str] | None = None
    ) -> SendSummary:
        """Summarize one request as one identity, with the names of ids in it."""
        request, who = describe_request(draft), identity.with_subject_check
        facts = [("request", request), ("as", who), ("at", describe_deployment(settings))]
        facts += [("with", f"{each} · {name}") for each, name in (named or {}).items()]
        body = body_lines(draft, {}, lines=BODY_LINES, width=BODY_WIDTH, by_member=True)
        kind = "oneself" if is_oneself(settings, identity) else identity.kind
        title = f"Send {draft.effective_method} {_identity_words(identity)}?"
        return cls(title, "Send", tuple(facts), tuple(body), _CONSEQUENCES[kind])

    @classmethod
    def of_conversation(
        cls, agent: str, requests: Sequence[str], text: str, identity: Identity, settings: Settings
    ) -> SendSummary:
        """Summarize all that is sent in a conversation, with its first message as the body."""
        summary = cls.of(Draft("POST", "/"), identity, settings)
        sent = (("" if place else "requests", request) for place, request in enumerate(requests))
        facts = (("agent", agent), *sent, *summary.facts[1:])
        body = tuple(Content(clean(line, limit=BODY_WIDTH)) for line in text.splitlines()[:BODY_LINES])
        whose = "AIRisk will record them as the user's own actions." if identity.is_user else ""
        consequence = f"All messages and files are sent without asking again until you leave the conversation. {whose}"
        title = f"Talk to {set_apart(agent, _TITLE_NAME)} {_identity_words(identity)}?"
        return cls(title, "Talk", facts, body, consequence.strip())


def _identity_words(identity: Identity) -> str:
    if identity.kind == "anonymous":
        return "without a token"
    return f"as {set_apart(identity.name, _TITLE_NAME) if identity.name else clean(str(identity), limit=_TITLE_NAME)}"


_TITLE_NAME = 40
"""Columns of a name in the title of a confirmation."""


class ConfirmDialog(Dialog[bool]):
    """Dialog that returns True if a request that may change data may be sent.

    On a deployment labeled as production, the user must type the label.

    Args:
        summary: the request to confirm.
        label: the deployment's label, if any.
        note: why confirmation is required, unless only because of the method.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Send", id="agree", tooltip="Send the request"),
        Binding("n,escape", "leave", "Don't send", id="refuse", tooltip="Go back without sending"),
    ]

    def __init__(self, summary: SendSummary, *, label: str, note: str = "") -> None:
        super().__init__(summary.title)
        is_guarded = is_production(label)
        self.frame.set_class(is_guarded, "-production")
        self._summary = summary
        self._label = label
        self._note = note
        self.footer_labels = {"agree": summary.verb, "refuse": f"Don't {summary.verb.lower()}"}
        self._typed = DialogInput(id="typed-label", submit_label=summary.verb, compact=True) if is_guarded else None
        self._to_type = Static(_to_type(label), classes="dialog-note")
        self._agree = Button(summary.verb, id="agree", variant="warning", compact=True, disabled=is_guarded)
        self._refuse = Button(self.footer_labels["refuse"], id="refuse", compact=True)

    def body(self) -> ComposeResult:
        """Compose the request to confirm and the buttons."""
        with VerticalScroll(id="summary", can_focus=False):
            if self._note:
                yield Static(Content.styled(clean(self._note), "$text-warning"), id="summary-note")
            for name, words in self._facts():
                with Horizontal(classes="summary-fact"):
                    yield Static(name, classes="summary-name", markup=False)
                    yield Static(words)
            yield Static(self._summary.consequence, id="consequence", classes="dialog-note", markup=False)
        if self._typed:
            yield self._to_type
            yield self._typed
        with Horizontal(classes="dialog-buttons"):
            yield self._refuse
            yield self._agree

    def _facts(self) -> Iterator[tuple[str, Content]]:
        for name, words in self._summary.facts:
            yield name, Content.styled(clean(words, limit=_LONGEST), "bold")
        yield "body", Content("\n").join(self._summary.body or [Content("none")])

    def on_mount(self) -> None:
        """Focus the safe choice."""
        (self._typed or self._refuse).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Allow sending only once the label is typed."""
        return action != "agree" or not self._agree.disabled

    @on(Input.Changed, "#typed-label")
    def _compare(self, event: Input.Changed) -> None:
        self._agree.disabled = event.value.strip().lower() != self._label.strip().lower()
        self.refresh_bindings()

    @on(Button.Pressed, "#agree")
    @on(Input.Submitted, "#typed-label")
    def _take(self) -> None:
        self.action_agree()

    @on(Button.Pressed, "#refuse")
    def _go_back(self) -> None:
        self.action_leave()

    def action_agree(self) -> None:
        """Send it, or say that the label is another one."""
        if not self._agree.disabled:
            self.dismiss(result=True)
        else:
            self._to_type.update(_to_type(self._label, "✗ That is not the label. "))


def _to_type(label: str, fault: str = "") -> Content:
    """Return the text that stays visible while the label is typed."""
    return Content.assemble(
        (fault, "$text-warning"), "Type ", (clean(label, limit=_LONGEST), "bold $text-warning"), " to confirm."
    )


def describe_request(draft: Draft) -> str:
    """Return method and target, preceded by a method that a header, the query or a form overrides it with."""
    sent = f"{draft.method} {draft.shown_target}"
    return sent if draft.effective_method == draft.method else f"{draft.effective_method} by {sent}"


def describe_deployment(settings: Settings) -> str:
    """Return the host and the deployment's label."""
    return f"{settings.origin.name}   {settings.label.upper()}" if settings.label else settings.origin.name


async def confirm_send(
    app: App[Any],
    session: Session,
    draft: Draft,
    identity: Identity,
    *,
    note: str = "",
    always: bool = False,
    named: Mapping[str, str] | None = None,
) -> bool:
    """Return whether this request may be sent, after confirmation if it is required or `always`.

    `named` has names of ids in the request.

    Every way to send calls this. If that identity is read-only, the session refuses the request, and says why.
    """
    settings = session.settings
    if (session.is_read_only(identity) and not draft.is_safe) or not (
        always or needs_confirmation(settings, draft, identity)
    ):
        return True
    summary = SendSummary.of(draft, identity, settings, named)
    return await result_of(app, ConfirmDialog(summary, label=settings.label, note=note)) is True


async def result_of(app: App[Any], dialog: Screen[T]) -> T | None:
    """Show a dialog and return its result. The dialog closes with the work that waits for it."""
    await until_keys_rest(app)
    try:
        result = await app.push_screen_wait(dialog)
    except asyncio.CancelledError:
        if app.is_running and dialog in app.screen_stack:
            dialog.dismiss(None)
        raise
    answered(app)
    return result


_LONGEST = 400
"""Columns of one fact, so that the buttons stay in sight even with long user names."""

BODY_LINES, BODY_WIDTH = 6, 300
"""Lines and columns of a body that are shown: its start suffices to recognize it."""

_CONSEQUENCES = {
    "user": "This changes data in AIRisk. AIRisk will record it as the user's own action.",
    "oneself": "This changes data in AIRisk. AIRisk will record it as your own action.",
    "application": "This changes data in AIRisk, with the application's token.",
    "anonymous": "This changes data in AIRisk, without a token.",
}
