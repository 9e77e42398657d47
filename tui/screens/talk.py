"""A conversation with an agent as one identity. It sends nothing itself: the main screen's controller does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.key_labels import format_keys
from tui.panes.conversation import ConversationPane, MessageText
from tui.screens.common_bindings import COMMANDS, HELP
from tui.screens.file_picker import FilePicker
from tui.textual_ext.screens import DismissibleScreen
from tui.widgets.identity_bar import IdentityBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.notice import Notice, Severity


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with a conversation.

    Args:
        say: sends a message with its files.
        stop: stops what is being sent or received; returns whether there was anything.
        leave: ends the conversation.
    """

    say: Callable[[str, tuple[Path, ...]], object]
    stop: Callable[[], bool]
    leave: Callable[[], object]


class TalkScreen(DismissibleScreen[None]):
    """Shows a conversation, and takes messages and files for it.

    Args:
        agent: name of the agent.
        speaker: name of the identity that the conversation is held as.
        line: what is done with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="leave_talk", tooltip="Stop the reply, or leave the conversation"),
        HELP,
        COMMANDS,
    ]

    def __init__(self, agent: str, speaker: str, line: Line) -> None:
        super().__init__()
        self.conversation = ConversationPane(agent, speaker)
        self._line = line
        self._notice = Notice()
        self._is_leaving = False
        self._is_over = False

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the conversation, the notice and the footer."""
        yield IdentityBar()
        yield self.conversation
        yield self._notice
        yield KeyBar()

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's label for Esc: it cancels while a reply is awaited."""
        return {"leave_talk": "Cancel"} if self.conversation.is_waiting else {}

    def show_message(self, message: str, advice: str = "", severity: Severity = "error") -> None:
        """Show a message above the footer."""
        self._notice.show_message(message, advice, severity)

    def wait(self, *, is_waiting: bool) -> None:
        """Show whether a reply is awaited."""
        if self.is_attached:
            self.conversation.wait(is_waiting=is_waiting)
            self.refresh_bindings()

    def end(self, why: str) -> None:
        """Take no more messages, and say why."""
        self._is_over = True
        self.conversation.end()
        self.show_message(why, format_keys("{leave_talk|Esc} leaves the conversation."), "warning")

    @on(MessageText.Said)
    def _say(self, event: MessageText.Said) -> None:
        event.stop()
        self._is_leaving = False
        if self.conversation.is_waiting:
            self.show_message("The agent is still replying.", format_keys("{leave_talk|Esc} stops it."), "warning")
        elif not self.conversation.text.strip():
            self.show_message("Nothing to send yet.", "Write a message.", "warning")
        else:
            self._notice.clear()
            self._line.say(*self.conversation.take())

    @on(MessageText.Changed)
    def _stay(self) -> None:
        """Ask again before what was written is lost, because more of it was written."""
        if self._is_leaving:
            self._is_leaving = False
            self._notice.clear()

    @on(MessageText.FileWanted)
    @work(group="attach", exclusive=True)
    async def _choose_file(self, event: MessageText.FileWanted) -> None:
        event.stop()
        if path := await self.app.push_screen_wait(FilePicker(Path.cwd())):
            self.conversation.attach((*self.conversation.files, path))

    def action_leave(self) -> None:
        """Stop the reply, or else leave; what was written is lost with a second press only."""
        has_more = bool(self.conversation.text.strip() or self.conversation.files)
        if self._line.stop():
            return
        if has_more and not (self._is_leaving or self._is_over):
            self._is_leaving = True
            words = format_keys("Press {leave_talk|Esc} again to leave. What you wrote is not sent.")
            self.show_message(words, "", "warning")
        else:
            self._line.leave()
            self.dismiss(None)
