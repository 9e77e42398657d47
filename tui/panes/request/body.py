"""The body of a request, typed as one text, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from tui.bindings import format_keys
from tui.text import clean


class BodyText(TextArea):
    """The text; Tab leaves it, as it leaves every field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4",
            "edit_elsewhere",
            "Editor",
            id="edit_elsewhere",
            tooltip="Edit this text in $VISUAL or $EDITOR",
        ),
    ]

    @dataclass
    class ElsewhereWanted(Message):
        """The person wants to edit the text in an editor of their own."""

        body_text: BodyText

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(text, id=id, tab_behavior="focus", compact=True, show_line_numbers=False)

    def action_edit_elsewhere(self) -> None:
        """Edit it in an editor of the person's own."""
        self.post_message(self.ElsewhereWanted(self))


class BodyEditor(Vertical):
    """A body under its heading, and its faults under it."""

    @dataclass
    class Typed(Message):
        """The body is another one now."""

        text: str

    def __init__(self, text: str, media_type: str, *, is_required: bool) -> None:
        super().__init__(id="body")
        self._text = text
        self._heading = f"body{'' if is_required else ' (optional)'} · {media_type or 'application/json'} · "

    def compose(self) -> ComposeResult:
        """Heading, text, faults."""
        yield Static(
            clean(self._heading, limit=90) + format_keys("{edit_elsewhere|F4} editor"),
            classes="body-heading",
            markup=False,
        )
        yield BodyText(self._text, id="body-text")
        yield Static(id="body-faults", markup=False)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(BodyText).text

    def show_faults(self, faults: tuple[str, ...]) -> None:
        """Say what is wrong, each with its place."""
        lines = [Content.styled(f"✗ {clean(fault, limit=200)}", "$text-warning") for fault in faults[:_SHOWN]]
        more = [Content.styled(f"… and {len(faults) - _SHOWN} more", "$text-warning")] if len(faults) > _SHOWN else []
        self.query_one("#body-faults", Static).update(Content("\n").join([*lines, *more]))

    @on(TextArea.Changed)
    def _tell(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.text_area.text))


_SHOWN = 4
