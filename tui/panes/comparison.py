"""Comparison pane: the differences between two responses, one per line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.airisk.identity import Identity
from tui.airisk.models import Exchange
from tui.airisk.responses.diff import MOST, Change, Comparison, Kind
from tui.format import plural
from tui.key_labels import format_keys, key_label
from tui.panes.exchange_summary import exchange_line, status_line
from tui.text import clean, squeeze
from tui.widgets.table.columns import Cell, Column
from tui.widgets.table.virtual_table import VirtualTable

_MARKS = {
    Kind.ADDED: ("+", "$text-success"),
    Kind.REMOVED: ("−", "$text-error"),
    Kind.CHANGED: ("~", "$text-warning"),
}
_HOW_TO_LOAD = "In the Response pane, press {fetch_all|a} to load all pages, then compare again."
_UNLIKE = f"! These are different pages of the list, so entries may be missing on one side. {_HOW_TO_LOAD}"
_NOT_WHOLE = f"! Not all pages are compared: what one side lacks may be on its later pages. {_HOW_TO_LOAD}"


def _columns(before: str, after: str) -> tuple[Column, ...]:
    return (
        Column("", "mark", width=1, priority=90),
        Column("Where", "place", minimum=20, priority=100),
        Column(before, "before", minimum=16, weight=3, priority=95),
        Column(after, "after", minimum=16, weight=3, priority=96),
    )


_CELL = 300
"""Terminal columns after which a value is cut."""

_NAME = 24
"""Terminal columns after which the name of a side is cut."""

_TITLES = ("title", "name", "displayName")
"""Members that say what an object is."""


def side_names(before: Exchange, after: Exchange) -> tuple[str, str]:
    """Return a short name for each side: the user's, or `Before` and `After` if both were sent as the same identity.

    First names if these differ, else whole ones, else ids.
    """
    identities = before.identity, after.identity
    if identities[0] == identities[1]:
        return "Before", "After"
    for name in (_first_name, _whole_name, _id):
        one, other = (squeeze(clean(name(identity)), _NAME) for identity in identities)
        if one and other and one != other:
            return one, other
    return "Before", "After"


def _first_name(identity: Identity) -> str:
    return _whole_name(identity).partition(" ")[0]


def _whole_name(identity: Identity) -> str:
    return (identity.name.strip() or identity.id) if identity.is_user else identity.kind.capitalize()


def _id(identity: Identity) -> str:
    return identity.id if identity.is_user else identity.kind.capitalize()


class DifferenceTable(VirtualTable):
    """Table of differences, one per line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select_cursor",
            "Read both",
            id="read_difference",
            tooltip="Read both values at full length",
        )
    ]


class ComparisonPane(Vertical):
    """A line for each response, the verdict in words, and a table of differences."""

    BORDER_TITLE = "Compare"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f",
            "toggle_volatile",
            "Volatile",
            id="toggle_volatile",
            tooltip="Show or hide fields that always differ (timestamps, trace ids)",
        ),
    ]

    def __init__(self) -> None:
        super().__init__(id="comparison")
        self._words = Static("Comparing…", id="comparison-words", markup=False)
        self._table = DifferenceTable(_columns("Before", "After"), id="differences")
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
        self._table.set_columns(_columns(*self.names))
        self._draw()
        self.screen.refresh_bindings()

    @property
    def names(self) -> tuple[str, str]:
        """The names of both sides."""
        return side_names(self._comparison.before, self._comparison.after) if self._comparison else ("Before", "After")

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's labels: no key for volatile values if there are none."""
        return {} if self._comparison and self._comparison.volatile else {"toggle_volatile": ""}

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
        exchanges = (comparison.before, comparison.after)
        widest = max(map(cell_len, self.names))
        lines = [
            *(
                Content.assemble(
                    (name + " " * (widest - cell_len(name)), "bold"),
                    "  ",
                    exchange_line(exchange),
                    f" · {part}" if part else "",
                )
                for name, exchange, part in zip(self.names, exchanges, comparison.parts, strict=True)
            ),
            *(Content.styled(format_keys(words), "bold $text-warning") for words in _caveats(comparison)),
            _verdict(comparison, self.names, is_all_shown=self._shows_volatile),
        ]
        self._words.update(Content("\n").join(lines))
        self._table.empty_text = Content(_ONLY_VOLATILE if comparison.volatile else _NO_DIFFERENCE)
        self._table.show(_Differences(self._shown(), comparison.is_json))
        hides = format_keys("{toggle_volatile|f} hides volatile values")
        self.border_subtitle = Content(hides if self._shows_volatile else "")


def _caveats(comparison: Comparison) -> Iterator[str]:
    if not comparison.is_alike:
        yield _UNLIKE
    elif not comparison.is_whole and any(change.is_item for change in comparison.differences):
        yield _NOT_WHOLE


_NO_DIFFERENCE = "The bodies do not differ."
_ONLY_VOLATILE = "Only volatile values of the bodies differ."


def _verdict(comparison: Comparison, names: tuple[str, str], *, is_all_shown: bool = False) -> Content:
    toggles = key_label("toggle_volatile", "f")
    done = f"shown ({toggles} hides them)" if is_all_shown else f"hidden ({toggles} shows them)"
    ignored = f" {plural(comparison.volatile, 'volatile value')} {done}." if comparison.volatile else ""
    if comparison.is_same:
        words = "The texts of the replies are identical." if comparison.is_reply else "Identical."
        return Content.styled(f"✓ {words}{ignored}", "bold $text-success")
    words = " ".join([*_unlike(comparison, names), *_differing(comparison, names)])
    return Content.styled(f"≠ {words}{ignored}", "bold $text-warning")


def _unlike(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    """Yield the status and the kind of both responses, unless these are alike."""
    exchanges = comparison.before, comparison.after
    if comparison.kinds[0] != comparison.kinds[1] or exchanges[0].status != exchanges[1].status:
        for name, exchange, kind in zip(names, exchanges, comparison.kinds, strict=True):
            yield f"{name}: {status_line(exchange)}, {kind}."


def _differing(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    """Yield what only one side has, then how many other values differ, in sentences."""
    shown = [change for change in comparison.differences if not change.is_volatile]
    if shown and not shown[0].path and any(_unlike(comparison, names)):
        return  # Nothing in them could be alike.
    if not shown:
        yield _ONLY_VOLATILE if comparison.volatile else _NO_DIFFERENCE
    items = [change for change in shown if change.is_item and comparison.is_json]
    if comparison.has_more:
        yield f"More than {plural(MOST, 'difference')}, of which these are counted:"
    for name, kind in zip(names, (Kind.REMOVED, Kind.ADDED), strict=True):
        nouns = Counter(_noun(change, comparison.before.draft.path) for change in items if change.kind is kind)
        if nouns:
            yield f"Only {name}: {', '.join(plural(number, noun) for noun, number in nouns.items())}."
    if many := len(shown) - len(items):
        what, where = "value" if comparison.is_json else "line", " of the replies" if comparison.is_reply else ""
        yield f"{plural(many, what)}{where} differ{'s' if many == 1 else ''}."
    elif items:
        yield "Nothing else differs."


def _noun(change: Change, path: str) -> str:
    """Return what an item of a list is: by the member that holds the list, else by the path, as `GetConversations`."""
    holder = next((step for step in reversed(change.path) if isinstance(step, str)), "")
    names = [holder] if holder else re.findall(r"/(?:Get|List)([A-Z]\w*s)(?=[/?]|$)", path)
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", clean(names[-1], limit=_NAME)).lower() if names else ""
    return noun.removesuffix("s") if noun.endswith("s") and not noun.endswith("ss") else "item"


@dataclass(frozen=True, slots=True)
class _Differences:
    changes: Sequence[Change]
    is_json: bool

    def __len__(self) -> int:
        return len(self.changes)

    def cells(self, index: int) -> Sequence[Cell]:
        change = self.changes[index]
        mark, colour = _MARKS[change.kind]
        place = _where(change) if self.is_json else f"line {change.path[0]}" if change.path else "whole response"
        style = "$foreground-muted" if change.is_volatile else ""
        return [
            Content.styled(mark, f"bold {colour}"),
            Content.styled(clean(place, limit=_CELL), style),
            _ABSENT if change.kind is Kind.ADDED else Content.styled(_value(change.before, change), style),
            _ABSENT if change.kind is Kind.REMOVED else Content.styled(_value(change.after, change), style),
        ]


def _where(change: Change) -> str:
    """Return the place in words, with the ids of items that were matched by id: `messages › m-7 › tags[0]`."""
    ids, steps = dict(change.ids), list[str]()
    for position, step in enumerate(change.path):
        if isinstance(step, int) and position not in ids:
            steps[-1:] = [f"{''.join(steps[-1:])}[{step}]"]
        else:
            steps.append(ids.get(position, str(step)))
    return " › ".join(steps) or change.place


_ABSENT = Content.styled("(missing)", "$foreground-muted")
"""Distinguishes a missing value from an empty one."""


def _value(value: Any, change: Change) -> str:
    """Return the value, or the title of an item that only one side has."""
    title = _title(value) if change.is_item else ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean(title or text, limit=_CELL)


def _title(value: Any) -> str:
    said = (value.get(name) for name in _TITLES) if isinstance(value, dict) else ()
    return next((text for text in said if isinstance(text, str) and text.strip()), "")
