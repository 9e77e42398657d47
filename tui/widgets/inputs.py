"""Fields and boxes of forms and lists: to type into, to tick, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Input, Static

from tui.bindings import format_keys
from tui.text import clean
from tui.textual_ext.lean import NoRelayoutScroll


class FilterInput(Input, NoRelayoutScroll):
    """An input that narrows a list while its text is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "clear_or_leave", "Clear", id="clear_or_leave", tooltip="Clear the filter; again to leave it"
        ),
        Binding("enter,down", "leave", "To the list", id="leave", tooltip="Go to the first match"),
    ]

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=format_keys(placeholder), id=id, compact=True, select_on_focus=False)
        self._is_cleared = False

    def on_key(self, event: events.Key) -> None:
        """Type; but right after Esc the slash that asks for the filter is no text."""
        if self._is_cleared and event.character == "/":
            event.prevent_default()
            event.stop()
        self._is_cleared = False

    def on_blur(self) -> None:
        """Begin with text when it comes back."""
        self._is_cleared = False

    async def action_clear_or_leave(self) -> None:
        """Clear what is typed, or go back to the list if there is nothing."""
        if self.value:
            self.value = ""
            self._is_cleared = True
        else:
            await self.action_submit()

    async def action_leave(self) -> None:
        """Go to the list with what is typed."""
        await self.action_submit()


class DialogInput(Input):
    """A line to type into, of which the footer says what Enter does.

    Args:
        submit_label: that, in a word or two; else as in an Input.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Take", id="take_line", tooltip="Take what is typed, or what is chosen below"),
    ]

    def __init__(self, value: str = "", *, submit_label: str = "", **others: Any) -> None:
        super().__init__(value, **others)
        self.enter_labels = {"take_line": submit_label} if submit_label else {}
        """What keys do here, by the names of their bindings, where it is not the same everywhere."""


class SecretInput(Input):
    """Like a password field, from which nothing can be copied."""

    def __init__(self, *, id: str, value: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(value, password=True, id=id, compact=True, placeholder="typed unseen")

    def action_copy(self) -> None:
        """Do nothing: Textual would send the plain text to the terminal's clipboard."""

    def action_cut(self) -> None:
        """Do nothing, for the same reason."""

    def __repr__(self) -> str:
        return f"SecretInput(id={self.id!r})"


class CheckBox(Checkbox):
    """A checkbox that can be read without colours."""

    BUTTON_LEFT = BUTTON_RIGHT = ""

    def __init__(self, label: str, *, id: str, value: bool = False, disabled: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(label), value, id=id, compact=True, disabled=disabled)
        self._draw_tick()

    def watch_value(self) -> None:
        """Show what it is set to."""
        super().watch_value()
        self._draw_tick()

    def _draw_tick(self) -> None:
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"


class Cycler(Static, can_focus=True):
    """Shows `‹ value ›`; left, right and Space turn to another one.

    Args:
        name: by which messages tell it.
        values: what it shows, by what it stands for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn(1)", "Change", id="turn", tooltip="Choose the next value, or a file"),
        Binding("right,l", "turn(1)", show=False, id="turn_on", tooltip="Choose the next value"),
        Binding("left,h", "turn(-1)", show=False, id="turn_back", tooltip="Choose the value before"),
    ]

    @dataclass
    class Changed(Message):
        """Another value was chosen, or where there is only one, another one is wanted."""

        turning: Cycler
        step: int

        @property
        def control(self) -> Cycler:
            """The line itself."""
            return self.turning

    def __init__(self, id: str, values: Sequence[tuple[str, str]], value: str = "") -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, markup=False, classes="turning")
        self._values = list(values)
        keys = [key for key, _ in values]
        self._place = keys.index(value) if value in keys else 0

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._values[self._place][0] if self._values else ""

    def offer(self, values: Sequence[tuple[str, str]]) -> None:
        """Offer these values, the first of them unless they stand for the same as before."""
        if [key for key, _ in values] != [key for key, _ in self._values]:
            self._place = 0
        self._values = list(values)
        self.refresh(layout=True)

    def render(self) -> Content:
        """The value between the signs that it can be turned."""
        words = clean(self._values[self._place][1], limit=90) if self._values else ""
        style = "bold" if self.has_focus else ""
        return Content.assemble(("‹ ", "$foreground-muted"), (words, style), (" ›", "$foreground-muted"))

    def on_click(self, event: events.Click) -> None:
        """As Space."""
        event.stop()
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """Go to the next value, or the one before."""
        if self._values:
            self._place = (self._place + step) % len(self._values)
        self.refresh(layout=True)
        self.post_message(self.Changed(self, step))
