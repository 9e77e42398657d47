"""Explorer pane: the deployment's endpoints, filtered by typing and grouped, favorites and recent ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable

from tui.airisk.endpoints.model import Endpoint
from tui.format import count, plural
from tui.panes.explorer_rows import BESIDE_TITLE, ExplorerRows, GroupHeader, arranged, columns, matching, twins_among
from tui.widgets.filtered_table import FilteredTable
from tui.widgets.inputs import FilterInput
from tui.widgets.table.virtual_table import VirtualTable


class EndpointTable(VirtualTable):
    """Table of endpoints under group headings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select_cursor",
            "Open",
            id="open_endpoint",
            tooltip="Open this endpoint in the form, or fold a group",
        ),
        Binding(
            "left",
            "fold(True)",
            "Fold",
            show=False,
            id="fold_group",
            tooltip="Fold this group",
        ),
        Binding(
            "right",
            "fold(False)",
            "Unfold",
            show=False,
            id="unfold_group",
            tooltip="Unfold this group",
        ),
        Binding(
            "asterisk",
            "favorite",
            "Favorite",
            key_display="*",
            show=False,
            id="favorite",
            tooltip="Add to or remove from favorites",
        ),
    ]

    @dataclass
    class Folded(Message):
        """Request to fold or unfold the group under the cursor."""

        is_folded: bool

    class FavoriteToggled(Message):
        """Request to add the endpoint under the cursor to the favorites, or to remove it."""

    def __init__(self) -> None:
        super().__init__(columns(0), id="endpoints")
        self.show_header = False
        self.can_fold = True
        """Whether groups can be folded: not while a filter shows every match."""

    @property
    def footer_labels(self) -> dict[str, str]:
        """The key bar's label for Enter: what it does with a group."""
        line = self.source.line(self.cursor_row) if isinstance(self.source, ExplorerRows) else None
        if not isinstance(line, GroupHeader):
            return {}
        return {"open_endpoint": ("Unfold" if line.is_folded else "Fold") if self.can_fold else ""}

    @on(events.Resize)
    def _choose_columns(self, event: events.Resize) -> None:
        self.set_columns(columns(event.size.width))

    def rooms(self) -> tuple[int, int]:
        """Return the terminal columns for a title, beside the cursor, the mark and the method, and for a path."""
        widths = {key.value: column.width for key, column in self.columns.items()}
        return max(widths["title"] - BESIDE_TITLE, 1), widths.get("path", 0)

    def action_fold(self, is_folded: bool) -> None:  # noqa: FBT001 - as an action gives it
        """Fold or unfold the group under the cursor."""
        self.post_message(self.Folded(is_folded))

    def action_favorite(self) -> None:
        """Add the endpoint under the cursor to the favorites, or remove it."""
        self.post_message(self.FavoriteToggled())


class ExplorerPane(FilteredTable[EndpointTable]):
    """A filter and a table of endpoints."""

    BORDER_TITLE = "2 Explorer"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "mark", "Mark", id="mark_endpoint", tooltip="Mark or unmark this endpoint for the access matrix"
        ),
    ]

    class Pointed(Message):
        """Posted when the cursor may be on another line."""

    @dataclass
    class Chosen(Message):
        """Request to open an endpoint."""

        endpoint: Endpoint

    @dataclass
    class FavoriteToggled(Message):
        """Request to add an endpoint to the favorites, or to remove it."""

        endpoint: Endpoint

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        line = FilterInput("{filter|/} filter by title, path or method", id="explorer-filter")
        super().__init__(EndpointTable(), line, id="explorer")
        self._endpoints = endpoints
        self._favorites: Sequence[str] = ()
        self._recent: Sequence[str] = ()
        self._folded: set[str] = set()
        self._found: Sequence[Endpoint] = ()
        self._lines: Sequence[GroupHeader | Endpoint] = ()
        self._twins = twins_among(endpoints)
        self._is_visited = False

    def on_mount(self) -> None:
        """Show everything."""
        self._show(keep=None)

    def show_endpoints(self, endpoints: Sequence[Endpoint]) -> None:
        """Replace the endpoints; the cursor stays on its line."""
        keep = self._kept
        self._endpoints, self._twins = endpoints, twins_among(endpoints)
        self._show(keep=keep)

    def show_habits(self, favorites: Sequence[str], recent: Sequence[str]) -> None:
        """Show the favorite and the recent endpoints, given by their keys, first."""
        keep = self._kept
        self._favorites, self._recent = favorites, recent
        self._show(keep=keep)

    @on(events.DescendantFocus)
    def _visit(self) -> None:
        self._is_visited = True

    @property
    def _kept(self) -> GroupHeader | Endpoint | None:
        """The line that keeps the cursor; None before the first focus, when the cursor goes to the first endpoint."""
        return self.under_cursor if self._is_visited else None

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """All endpoints."""
        return self._endpoints

    @property
    def marked(self) -> frozenset[str]:
        """The keys of the marked endpoints that still exist."""
        return frozenset(self._marked).intersection(endpoint.key for endpoint in self._endpoints)

    @property
    def under_cursor(self) -> GroupHeader | Endpoint | None:
        """The line under the cursor, if any."""
        row = self._table.cursor_row
        return self._lines[row] if 0 <= row < len(self._lines) else None

    @property
    def text_at_cursor(self) -> str:
        """The path of the endpoint under the cursor; its name where the path is unknown."""
        line = self.under_cursor
        return (line.path or line.title) if isinstance(line, Endpoint) else ""

    def find(self, text: str) -> Sequence[Endpoint]:
        """Return the matching endpoints, recently used ones first."""
        lines = arranged(matching(self._endpoints, text), (), self._recent, ())
        return list({line.key: line for line in lines if isinstance(line, Endpoint)}.values())

    def point_at(self, endpoint: Endpoint) -> None:
        """Move the cursor to an endpoint, if it is elsewhere. Clear a filter, or unfold a group, that hides it."""
        if self.key_under_cursor() == endpoint.key:
            return
        self._is_visited = True
        if all(each.key != endpoint.key for each in self._found):
            self.clear_filter()
        self._folded.discard(endpoint.group)
        self._show(keep=endpoint)

    # Content of the list

    def rows(self) -> ExplorerRows:
        """Return the headings and endpoints as rows."""
        return ExplorerRows(self._lines, self._table.rooms, frozenset(self._marked), self._twins)

    def narrow(self) -> None:
        """Show the matching endpoints. When the filter is cleared, the cursor stays on its line."""
        self._show(keep=None if self.filter_text else self.under_cursor)

    def take_only_match(self) -> None:
        """Open the only endpoint that matches the filter."""
        if self.filter_text and len(self._found) == 1:
            self.post_message(self.Chosen(self._found[0]))

    def count_words(self) -> str:
        """Return the number of endpoints shown, and of those whose path is unknown."""
        known = sum(not endpoint.is_path_unknown for endpoint in self._found)
        unknown = len(self._found) - known
        words = plural(known, "endpoint")
        return words + (f" · {count(unknown)} without a path" if unknown else "")

    def key_under_cursor(self) -> str | None:
        """Return the key of the endpoint under the cursor, if any."""
        line = self.under_cursor
        return line.key if isinstance(line, Endpoint) else None

    # Actions and events

    @on(DataTable.RowHighlighted)
    def _point(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self.post_message(self.Pointed())

    @on(VirtualTable.RowChosen)
    def _choose(self, event: VirtualTable.RowChosen) -> None:
        event.stop()
        line = self.under_cursor
        if isinstance(line, GroupHeader):
            self._fold(line.group, is_folded=not line.is_folded)
        elif line:
            self.post_message(self.Chosen(line))

    @on(EndpointTable.Folded)
    def _fold_under_cursor(self, event: EndpointTable.Folded) -> None:
        event.stop()
        row = self._table.cursor_row
        heading = next((line for line in reversed(self._lines[: row + 1]) if isinstance(line, GroupHeader)), None)
        if heading:
            self._fold(heading.group, is_folded=event.is_folded)

    @on(EndpointTable.FavoriteToggled)
    def _favorite(self, event: EndpointTable.FavoriteToggled) -> None:
        event.stop()
        line = self.under_cursor
        if isinstance(line, Endpoint):
            self.post_message(self.FavoriteToggled(line))

    def _fold(self, group: str, *, is_folded: bool) -> None:
        if not self._table.can_fold:
            return
        (self._folded.add if is_folded else self._folded.discard)(group)
        self._show(keep=GroupHeader(group, 0, is_folded))

    def _show(self, *, keep: GroupHeader | Endpoint | None) -> None:
        """Show the matching lines. The cursor goes to `keep` if it is shown, else to the first endpoint."""
        text = self.filter_text
        self._found = matching(self._endpoints, text)
        own = ((), ()) if text else (self._favorites, self._recent)
        self._table.can_fold = not text
        self._lines = arranged(self._found, *own, set() if text else self._folded)
        self.show_empty("No endpoints.")
        self._table.show(self.rows(), cursor=_place(self._lines, keep))
        self.show_count()
        if not self._lines:
            self.post_message(self.Pointed())  # The table says where its cursor is, but not that it is nowhere.


def _place(lines: Sequence[GroupHeader | Endpoint], keep: GroupHeader | Endpoint | None) -> int:
    """Return the row of `keep`: its last occurrence, because a favorite also appears in its group."""
    if isinstance(keep, GroupHeader):
        places = (i for i, line in enumerate(lines) if isinstance(line, GroupHeader) and line.group == keep.group)
        return next(places, 0)
    same = [i for i, line in enumerate(lines) if isinstance(line, Endpoint) and (keep is None or line.key == keep.key)]
    return 0 if not same else same[0] if keep is None else same[-1]
