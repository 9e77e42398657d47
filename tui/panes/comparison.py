"""Comparison pane: the differences between two responses, one per line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.airisk.responses.diff import Change, Comparison, Kind
from tui.format import plural
from tui.key_labels import format_keys, key_label
from tui.panes.response.summary import exchange_line
from tui.text import clean
from tui.widgets.table.columns import Cell, Column
from tui.widgets.table.virtual_table import VirtualTable

_MARKS = {
    Kind.ADDED: ("+", "$text-success"),
    Kind.REMOVED: ("−", "$text-error"),
    Kind.CHANGED: ("~", "$text-warning"),
}
_UNLIKE = (
    "! These are different pages of the list, so entries may be missing on one side. "
    "In the Response pane, press {fetch_all|a} to load all pages, then compare again."
)
_COLUMNS = (
    Column("", "mark", width=1, priority=90),
    Column("Where", "place", minimum=20, priority=100),
    Column("Before", "before", minimum=16, weight=3, priority=95),
    Column("After", "after", minimum=16, weight=3, priority=96),
)
_CELL = 300
"""Terminal columns after which a value is cut."""


class ComparisonPane(Vertical):
    """A line for each response, the verdict in words, and a table of differences."""

    BORDER_TITLE = "Compare"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "v",
            "toggle_volatile",
            "Volatile",
            id="toggle_volatile",
            tooltip="Show or hide fields that always differ (timestamps, trace ids)",
        ),
    ]

    def __init__(self) -> None:
        super().__init__(id="comparison")
        self._words = Static("Comparing…", id="comparison-words", markup=False)
        self._table = VirtualTable(_COLUMNS, id="differences")
        self._comparison: Comparison | None = None
        self._shows_volatile = False

    def compose(self) -> ComposeResult:
        """Yield the summary and the table."""
        yield self._words
        yield self._table

    def on_mount(self) -> None:
        """Focus the table."""
        self._table.focus()

    def show(self, comparison: Comparison) -> None:
        """Show the differences."""
        self._comparison = comparison
        self._draw()

    def action_toggle_volatile(self) -> None:
        """Show or hide values that differ in every response."""
        self._shows_volatile = not self._shows_volatile
        self._draw()

    @property
    def change_under_cursor(self) -> Change | None:
        """The difference under the cursor, if any."""
        shown, row = self._shown(), self._table.cursor_row
        return shown[row] if 0 <= row < len(shown) else None

    def _shown(self) -> Sequence[Change]:
        differences = self._comparison.differences if self._comparison else ()
        return [change for change in differences if self._shows_volatile or not change.is_volatile]

    def _draw(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        before, after = (f" · {part}" if part else "" for part in comparison.parts)
        lines = [
            Content("Before  ") + exchange_line(comparison.before) + Content(before),
            Content("After   ") + exchange_line(comparison.after) + Content(after),
            *([] if comparison.is_alike else [Content.styled(format_keys(_UNLIKE), "bold $text-warning")]),
            _verdict(comparison),
        ]
        self._words.update(Content("\n").join(lines))
        self._table.empty_text = Content("No differences.")
        self._table.show(_Differences(self._shown(), comparison.is_json))
        hides = format_keys("{toggle_volatile|v} hides volatile values")
        self.border_subtitle = Content(hides if self._shows_volatile else "")


def _verdict(comparison: Comparison) -> Content:
    hidden = comparison.volatile
    many = len(comparison.differences) - hidden
    shows = key_label("toggle_volatile", "v")
    ignored = f" {plural(hidden, 'volatile value')} hidden ({shows} shows them)." if hidden else ""
    if comparison.is_same:
        return Content.styled(f"✓ Identical.{ignored}", "bold $text-success")
    status = "The status differs. " if comparison.before.status != comparison.after.status else ""
    at_least = "More than " if comparison.has_more else ""
    what = "value" if comparison.is_json else "line"
    words = f"{at_least}{plural(many, what)} differ{'s' if many == 1 else ''}."
    return Content.styled(f"≠ {status}{words}{ignored}", "bold $text-warning")


@dataclass(frozen=True, slots=True)
class _Differences:
    changes: Sequence[Change]
    is_json: bool

    def __len__(self) -> int:
        return len(self.changes)

    def cells(self, index: int) -> Sequence[Cell]:
        change = self.changes[index]
        mark, colour = _MARKS[change.kind]
        place = change.place if self.is_json else f"line {change.path[0]}"
        style = "$foreground-muted" if change.is_volatile else ""
        return [
            Content.styled(mark, f"bold {colour}"),
            Content.styled(clean(place, limit=_CELL), style),
            _ABSENT if change.kind is Kind.ADDED else Content.styled(_value(change.before), style),
            _ABSENT if change.kind is Kind.REMOVED else Content.styled(_value(change.after), style),
        ]


_ABSENT = Content.styled("(missing)", "$foreground-muted")
"""Distinguishes a missing value from an empty one."""


def _value(value: Any) -> str:
    return clean(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")), limit=_CELL
    )
