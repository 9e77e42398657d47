"""A dialog that asks for one line of text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.panes.identity import IdentityBar
from tui.text import clean
from tui.widgets.inputs import DialogInput
from tui.widgets.key_bar import KeyBar

Objection = Callable[[str], Awaitable[str]]
"""Says why an answer may not be meant, or nothing; a second Enter then means it."""


class AskScreen(ModalScreen[str | None]):
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
