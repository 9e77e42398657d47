"""Rows of a form: a label, and an input or a select."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from tui.airisk.endpoints.model import Endpoint, Field
from tui.text import clean
from tui.textual_ext.no_relayout import NoRelayoutScroll

Names = Callable[[], Sequence[tuple[str, str]]]
"""Returns the known placeholders and their current values."""


class FieldInput(Input, NoRelayoutScroll):
    """Input for a value; completes placeholders after `{{`.

    Args:
        field: the field to fill in.
        value: the initial value.
        names: the placeholders to offer.
    """

    def __init__(self, field: Field, value: str, names: Names) -> None:
        super().__init__(
            value,
            placeholder=clean(_meaning(field), limit=200),
            name=field.name,
            compact=True,
            classes="-required" if field.required else "",
            password=field.is_secret,
            suggester=Placeholders(names),
        )
        self.field = field
        self.meaning = Static(classes="field-meaning", markup=False)
        self.meaning.display = False

    def show_meaning(self, words: str) -> None:
        """Show beside the input what its placeholders stand for, unless it is secret."""
        shown = "" if self.password else clean(words, limit=200)
        if shown != self.meaning.content:
            self.meaning.update(shown)
            self.meaning.display = bool(shown)

    def action_copy(self) -> None:
        """Copy the selection, but never a secret."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selection, but never a secret."""
        if not self.password:
            super().action_cut()


class FileInput(FieldInput):
    """Input for the path of a file, with a file browser."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "find_file", "Find file", id="find_file", tooltip="Choose a file on this machine"),
        Binding(
            "enter",
            "find_or_submit",
            "Next",
            show=False,
            id="find_or_submit",
            tooltip="Choose a file, or go to the next field",
        ),
    ]

    @dataclass
    class BrowseRequested(Message):
        """Request to open the file browser."""

        file_input: FileInput

    def action_find_file(self) -> None:
        """Open the file browser."""
        self.post_message(self.BrowseRequested(self))

    async def action_find_or_submit(self) -> None:
        """Open the file browser if no path is given, else do what Enter does in other fields."""
        if self.value:
            await self.action_submit()
        else:
            self.action_find_file()


class Placeholders(Suggester):
    """Suggester that completes `{{ag` to `{{agent.id}}`; the right arrow accepts it.

    Args:
        names: the placeholders to offer.
    """

    def __init__(self, names: Names) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._names = names

    async def get_suggestion(self, value: str) -> str | None:
        """Return `value` with its last placeholder completed, or None."""
        before, opening, begun = value.rpartition("{{")
        if not opening or "}}" in begun:
            return None
        found = next((name for name, _ in self._names() if name.startswith(begun.strip())), None)
        return f"{before}{{{{{found}}}}}" if found else None


def rows(endpoint: Endpoint, typed: Mapping[str, str], names: Names) -> Iterator[Horizontal]:
    """Yield a row for each field."""
    for each in endpoint.fields:
        mark = ("*", "$text-warning") if each.required else ""
        label = Label(Content.assemble(clean(each.name, limit=40), mark), classes="field-name")
        label.tooltip = Content(clean(_meaning(each), limit=400)) if _meaning(each) else None
        entry = _entry(each, typed.get(each.name, ""), names)
        meaning = [entry.meaning] if isinstance(entry, FieldInput) else []
        yield Horizontal(label, entry, *meaning, classes="field")


def body_kind_row(variants: Sequence[Endpoint], chosen: Endpoint) -> Horizontal:
    """Return a row to choose the kind of body."""
    kinds = [(Content(clean(each.media_type, limit=60)), each.media_type) for each in variants]
    select = Select(kinds, value=chosen.media_type, allow_blank=False, id="body-kind", compact=True)
    return Horizontal(Label("body as", classes="field-name"), select, classes="field")


async def remove_rows(form: Widget) -> None:
    """Remove a form without leaking its inputs.

    Inputs subscribe to a signal of Textual, which would keep them in memory until the next mouse drag.
    """
    for line in form.query("Input, TextArea"):
        form.screen.text_selection_started_signal.unsubscribe(line)
    await form.remove_children()


def _entry(each: Field, value: str, names: Names) -> Input | Select[str]:
    if each.choices and "{{" not in value:
        empty = "choose one" if each.required else "(not sent)"
        offered = each.choices if value in each.choices else (value, *each.choices)
        choices = [(Content(clean(choice, limit=60) or empty), choice) for choice in offered]
        required = "-required" if each.required else None
        return Select(choices, value=value, allow_blank=False, name=each.name, compact=True, classes=required)
    return FileInput(each, value, names) if each.place == "file" else FieldInput(each, value, names)


def _meaning(each: Field) -> str:
    """Return the hint of a field: its meaning, type, default if that is a placeholder, and example."""
    kind = each.kind if each.kind != "string" else ""
    default = each.default if "{{" in each.default else ""
    example = f"for example {each.example}" if each.example else ""
    return " · ".join(filter(None, (each.meaning.partition("\n")[0], kind, default, example)))
