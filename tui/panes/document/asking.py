"""The line below a document in which a person types what to look for, or which part of it to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from tui.panes.scrolling import ScrolledInPlace
from tui.panes.words import Words
from tui.text import to_content

Question = Literal["search", "filter"]

_PLACEHOLDERS: dict[Question, str] = {
    "search": "/ search, an upper-case letter makes the case matter",
    "filter": "JSONPath, such as $..name or $[?@.age > 30]",
}


class AskingField(Input, ScrolledInPlace):
    """What is asked is typed here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="leave_search", tooltip="End the search, or the filtering"),
        Binding("enter", "submit", "Go", id="submit_search", tooltip="Go on in the document"),
    ]

    def action_leave(self) -> None:
        """Do without."""
        self.post_message(AskingLine.Left())


class AskingLine(Horizontal):
    """A field, and words about what was found."""

    @dataclass
    class Typed(Message):
        """The text has changed; `is_done` if Enter was pressed."""

        question: Question
        text: str
        is_done: bool

    class Left(Message):
        """The person does without."""

    def __init__(self) -> None:
        super().__init__(id="document-asking")
        self.question: Question = "search"

    def compose(self) -> ComposeResult:
        """Both side by side."""
        yield AskingField(id="document-field", compact=True)
        yield Words(id="document-found")

    def on_mount(self) -> None:
        """Nobody has asked yet."""
        self.display = False

    def ask(self, question: Question) -> None:
        """Let the person type, beginning with what they typed last time."""
        field = self._field
        if question != self.question:
            with field.prevent(Input.Changed):
                field.value = ""
        self.question, field.placeholder = question, _PLACEHOLDERS[question]
        self.display = True
        self.tell("")
        field.focus()
        field.action_select_all()

    def tell(self, words: str) -> None:
        """Say what was found."""
        self.query_one("#document-found", Words).update(to_content(words, limit=60))

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.value

    @property
    def _field(self) -> AskingField:
        return self.query_one(AskingField)

    @on(Input.Changed)
    @on(Input.Submitted)
    def _pass_on(self, event: Input.Changed | Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Typed(self.question, event.value, isinstance(event, Input.Submitted)))
