"""Conversation pane: what was said, what is being said, the files to send with it, and the line to write in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from tui import clocks
from tui.format import moment
from tui.key_labels import format_keys
from tui.text import clean, clean_lines
from tui.widgets.spinner import FRAME, waiting_words

_DRAWN = 32 * 1024
"""Characters of a turn that are drawn: all of them are wrapped again whenever more arrives."""

_MOST_LINES = 6
"""Lines of a message that are in sight while it is written."""


class MessageText(TextArea):
    """Text area for a message: Enter sends it, and a paste may have several lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "say", "Send", id="say", tooltip="Send the message", priority=True),
        Binding("f3", "attach", "Attach file", id="attach", tooltip="Attach a file to the message"),
        Binding(
            "pageup",
            "look_back",
            "Back",
            show=False,
            id="look_back",
            tooltip="Scroll the conversation up",
            priority=True,
        ),
        Binding(
            "pagedown",
            "look_ahead",
            "Ahead",
            show=False,
            id="look_ahead",
            tooltip="Scroll the conversation down",
            priority=True,
        ),
    ]

    @dataclass
    class Said(Message):
        """Posted when Enter is pressed."""

    @dataclass
    class FileWanted(Message):
        """Request to choose a file to attach."""

    @dataclass
    class Scrolled(Message):
        """Request to scroll the conversation by so many pages."""

        pages: int

    def __init__(self) -> None:
        super().__init__(
            id="message", tab_behavior="focus", compact=True, show_line_numbers=False, placeholder="write a message"
        )

    def action_say(self) -> None:
        """Send the message."""
        self.post_message(self.Said())

    def action_attach(self) -> None:
        """Choose a file to attach."""
        self.post_message(self.FileWanted())

    def action_look_back(self) -> None:
        """Scroll the conversation up."""
        self.post_message(self.Scrolled(-1))

    def action_look_ahead(self) -> None:
        """Scroll the conversation down."""
        self.post_message(self.Scrolled(1))


class Turn(Static):
    """What one side said, or a note on what went wrong.

    Args:
        speaker: whose turn it is; empty for a note.
        text: what is said so far.
        style: style of the speaker's name.
    """

    def __init__(self, speaker: str, text: str = "", *, style: str = "bold", at: datetime | None = None) -> None:
        self._head = (clean(speaker, limit=60), style)
        self._at = (f"  {moment(at, clocks.local())}" if at else "", "$foreground-muted")
        self._text, self._notes = text, list[Content]()
        super().__init__(self._said, classes="turn", markup=False)

    @property
    def _said(self) -> Content:
        text = clean_lines(self._text[:_DRAWN])
        left = len(self._text) - _DRAWN
        more = Content.styled(f"\n… {left:,} more characters in the Response pane", "$foreground-muted")
        head = [Content.assemble(self._head, self._at)] if self._head[0] else []
        body = [Content(text) + (more if left > 0 else "")] if text else []
        return Content("\n").join([*head, *body, *self._notes])

    @property
    def text(self) -> str:
        """What is said so far."""
        return self._text

    def say(self, text: str) -> None:
        """Show this text as all that is said so far."""
        if text != self._text:
            self._text = text
            self.update(self._said)

    def note(self, words: str, style: str = "$foreground-muted") -> None:
        """Add a line below the text."""
        self._notes.append(Content.styled(clean(words, limit=400), style))
        self.update(self._said)


class ConversationPane(Vertical):
    """The turns of a conversation, with the line to write in below them.

    Args:
        agent: name of the agent.
        speaker: name of the person who writes.
    """

    def __init__(self, agent: str, speaker: str) -> None:
        super().__init__(id="conversation")
        self.border_title = Content(f"Talk · {clean(agent, limit=60)}")
        self.files: tuple[Path, ...] = ()
        self._agent, self._speaker = agent, speaker
        self._turns = VerticalScroll(id="turns", can_focus=False)
        self._empty = Static(
            f"Nothing said yet. Write to {clean(agent, limit=60)} as {clean(speaker, limit=60)}.",
            id="nothing-said",
            markup=False,
        )
        self._waited = Static(id="talk-state", markup=False)
        self._files = Static(id="talk-files", markup=False)
        self._message = MessageText()
        self._since: float | None = None

    def compose(self) -> ComposeResult:
        """Yield the turns, what is waited for, the files and the line."""
        with self._turns:
            yield self._empty
        yield self._waited
        yield self._files
        yield self._message

    def on_mount(self) -> None:
        """Focus the line."""
        self._message.focus()
        self._clock = self.set_interval(FRAME, self._show_waiting, pause=True)
        self._show_waiting()
        self.attach(())

    # What is written

    @property
    def text(self) -> str:
        """The message that is being written."""
        return self._message.text

    def take(self) -> tuple[str, tuple[Path, ...]]:
        """Return the message and its files, and empty the line."""
        taken = self.text, self.files
        self._message.clear()
        self.attach(())
        return taken

    def give_back(self, text: str, files: Sequence[Path]) -> None:
        """Put what was not sent back, before what was written since."""
        if text:
            self._message.text = "\n".join(filter(None, (text, self.text)))
            self._message.move_cursor(self._message.document.end)
        self.attach((*files, *self.files))

    def attach(self, files: Sequence[Path]) -> None:
        """Show the files that are sent with the message."""
        self.files = tuple(dict.fromkeys(files))
        names = ", ".join(clean(path.name, limit=40) for path in self.files)
        self._files.update(f"+ {names}" if names else "")
        self._files.display = bool(names)

    def end(self) -> None:
        """Take no more messages."""
        self._message.disabled = True

    @on(TextArea.Changed)
    def _fit(self) -> None:
        self._message.styles.height = min(max(self._message.wrapped_document.height, 1), _MOST_LINES)

    @on(MessageText.Scrolled)
    def _scroll(self, event: MessageText.Scrolled) -> None:
        event.stop()
        (self._turns.scroll_page_up if event.pages < 0 else self._turns.scroll_page_down)(animate=False)

    # What is said

    def add(self, speaker: str, text: str = "", *, is_agent: bool = False) -> Turn:
        """Add a turn below the others."""
        self._empty.display = False
        style = "bold" if is_agent else "bold $foreground-muted"
        turn = Turn(speaker, text, style=style, at=clocks.local())
        self._turns.mount(turn)
        self._turns.call_after_refresh(self._turns.scroll_end, animate=False)
        return turn

    def say(self, turn: Turn, text: str) -> None:
        """Show this text as all that is said so far in a turn; stay at the end, if that is in sight."""
        is_at_end = self._turns.is_vertical_scroll_end
        turn.say(text)
        if is_at_end:
            self._turns.call_after_refresh(self._turns.scroll_end, animate=False)

    def note(self, turn: Turn, words: str, style: str = "$foreground-muted") -> None:
        """Add a line below what is said in a turn, in sight."""
        turn.note(words, style)
        self._turns.call_after_refresh(self._turns.scroll_end, animate=False)

    def wait(self, *, is_waiting: bool) -> None:
        """Show whether the agent is waited for."""
        self._since = clocks.steady() if is_waiting else None
        (self._clock.resume if is_waiting else self._clock.pause)()
        self._show_waiting()

    @property
    def is_waiting(self) -> bool:
        """Whether something is being sent or received."""
        return self._since is not None

    def _show_waiting(self) -> None:
        self._waited.display = self.is_waiting
        if self._since is not None:
            words = waiting_words(clocks.steady() - self._since)
            stops = format_keys("{leave_talk|Esc} stops")
            self._waited.update(f"… {clean(self._agent, limit=60)}{words} · {stops}")
