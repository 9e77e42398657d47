"""A dialog that offers a few things to choose from, or many that are found by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.panes.identity import IdentityBar
from tui.text import clean
from tui.widgets.inputs import DialogInput
from tui.widgets.key_bar import KeyBar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One thing that can be chosen; texts are shown literally."""

    title: str
    value: T
    note: str = ""


class Choices(OptionList):
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


class ChooseScreen(ModalScreen[T | None]):
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
        self, title: str, find: Callable[[str], Sequence[Choice[T]]], *, placeholder: str = "", does: str = ""
    ) -> None:
        super().__init__()
        self._does = does
        self._title = title
        self._find = find
        self._placeholder = placeholder
        self._shown: Sequence[Choice[T]] = ()

    def compose(self) -> ComposeResult:
        """Bar, line, list."""
        yield IdentityBar()
        with Vertical(classes="dialog choose") as dialog:
            dialog.border_title = Content(clean(self._title, limit=60))
            if self._placeholder:
                yield DialogInput(
                    placeholder=self._placeholder, id="choice-line", submit_label=self._does, compact=True
                )
            yield Choices(id="choices", does=self._does)
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
    def _list(self) -> Choices:
        return self.query_one(Choices)

    def _show(self, text: str) -> None:
        self._shown = self._find(text)
        widest = max((len(choice.title) for choice in self._shown if choice.note), default=0)
        options = [Option(_line(choice, min(widest, _ALIGNED))) for choice in self._shown]
        self._list.set_options(options or [Option(Content("Nothing matches."), disabled=True)])
        self._list.highlighted = 0 if self._shown else None


_ALIGNED = 24
"""Columns of a title behind which notes stand one below the other."""


def _line(choice: Choice[T], widest: int) -> Content:
    note = (f"  {clean(choice.note, limit=60)}", "$foreground-muted") if choice.note else ""
    return Content.assemble(clean(choice.title, limit=100).ljust(widest if note else 0), note)
