"""Inputs, checkboxes and cyclers for forms and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Input, Static

from tui.key_labels import format_keys
from tui.text import clean
from tui.textual_ext.no_relayout import NoRelayoutScroll


class FilterInput(Input, NoRelayoutScroll):
    """Input that filters a list as you type."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "clear_filter",
            "Clear",
            id="clear_filter",
            tooltip="Clear the filter and go to the list",
        ),
        Binding("enter", "take", "To the list", id="leave", tooltip="Go to the matches; act on the only one"),
        Binding("down", "leave", show=False, id="leave_down", tooltip="Go to the first match"),
    ]

    is_tab_stop = False
    """Letters that follow Tab are meant for the list. A key of its own goes to the filter."""

    class Taken(Message):
        """Posted when Enter is pressed."""

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=format_keys(placeholder), id=id, compact=True, select_on_focus=False)

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: what Esc does with the filter as it is."""
        return {} if self.value else {"clear_filter": "Leave"}

    def watch_value(self, before: str, value: str) -> None:
        """Update the footer when Esc does something else."""
        if bool(before) != bool(value):
            self.screen.refresh_bindings()

    async def action_clear_filter(self) -> None:
        """Clear the filter, and go to the list."""
        self.value = ""
        await self.action_submit()

    async def action_leave(self) -> None:
        """Go to the list and keep the filter."""
        await self.action_submit()

    def action_take(self) -> None:
        """Go to the list, and act on the only match."""
        self.post_message(self.Taken())


class DialogInput(Input):
    """Input with its own footer label for Enter.

    Args:
        submit_label: the label, in a word or two; by default, the binding's.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Use", id="take_line", tooltip="Use this text or the selected item"),
    ]

    def __init__(self, value: str = "", *, submit_label: str = "", **others: Any) -> None:
        super().__init__(value, **others)
        self.footer_labels = {"take_line": submit_label} if submit_label else {}
        """Labels for the key bar that differ from the bindings', by binding id."""


class SecretInput(Input):
    """Password field from which nothing can be copied."""

    def __init__(self, *, id: str, value: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(value, password=True, id=id, compact=True, placeholder="hidden while you type")

    def action_copy(self) -> None:
        """Do nothing: Textual would send the plain text to the terminal's clipboard."""

    def action_cut(self) -> None:
        """Do nothing, for the same reason."""

    def __repr__(self) -> str:
        return f"SecretInput(id={self.id!r})"


class CheckBox(Checkbox):
    """Checkbox that is readable without colors."""

    BUTTON_LEFT = BUTTON_RIGHT = ""

    def __init__(self, label: str, *, id: str, value: bool = False, disabled: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(label), value, id=id, compact=True, disabled=disabled)
        self._draw_tick()

    def watch_value(self) -> None:
        """Redraw the tick."""
        super().watch_value()
        self._draw_tick()

    def _draw_tick(self) -> None:
        self.BUTTON_INNER = "[x]" if self.value else "[ ]"


class Cycler(Static, can_focus=True):
    """Choice shown as `‹ value ›`; left, right and Space change it.

    Args:
        id: identifies it in messages.
        values: pairs of a value and its label.
        value: the initial value; by default the first one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn(1)", "Change", id="turn", tooltip="Choose the next value, or a file"),
        Binding("right,l", "turn(1)", show=False, id="turn_on", tooltip="Choose the next value"),
        Binding("left", "turn(-1)", show=False, id="turn_back", tooltip="Choose the previous value"),
    ]

    @dataclass
    class Changed(Message):
        """Posted when the user changes the value, even if there is no other value."""

        turning: Cycler
        step: int

        @property
        def control(self) -> Cycler:
            """The cycler."""
            return self.turning

    def __init__(self, id: str, values: Sequence[tuple[str, str]], value: str = "") -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, markup=False, classes="turning")
        self._values = list(values)
        keys = [key for key, _ in values]
        self._place = keys.index(value) if value in keys else 0

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._values[self._place][0] if self._values else ""

    def offer(self, values: Sequence[tuple[str, str]]) -> None:
        """Replace the values and labels. If the values differ from before, the first one is chosen."""
        if [key for key, _ in values] != [key for key, _ in self._values]:
            self._place = 0
        self._values = list(values)
        self.refresh(layout=True)

    def render(self) -> Content:
        """Return the label of the value between `‹` and `›`."""
        words = clean(self._values[self._place][1], limit=90) if self._values else ""
        style = "bold" if self.has_focus else ""
        return Content.assemble(("‹ ", "$foreground-muted"), (words, style), (" ›", "$foreground-muted"))

    def on_click(self, event: events.Click) -> None:
        """Choose the next value, like Space."""
        event.stop()
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """Choose the value `step` places further, wrapping around."""
        if self._values:
            self._place = (self._place + step) % len(self._values)
        self.refresh(layout=True)
        self.post_message(self.Changed(self, step))
