"""Rows of the endpoint table: favorites and recent endpoints first, then group by group."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from rich.cells import set_cell_size
from textual.content import Content

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.users.search_index import normalize
from tui.text import clean, squeeze
from tui.widgets.table.columns import Cell, Column

FAVORITES, RECENT = "★ Favorites", "↺ Recent"

_MUTED = "$foreground-muted"
_METHOD_STYLES = {"GET": "$text-success", "POST": "$text-warning", "DELETE": "$text-error"}
_CELL = 120
"""Terminal columns after which cell text is cut."""


@dataclass(frozen=True, slots=True)
class GroupHeader:
    """Heading of a group; its endpoints follow unless it is folded."""

    group: str
    size: int
    is_folded: bool


def columns(room: int) -> Sequence[Column]:
    """Return the table's columns for `room` terminal columns, in the order of `ExplorerRows.cells`."""
    return (
        Column("", "title", minimum=35 if room >= _ROOMY else 20, weight=3, priority=100),
        Column("", "path", minimum=24 if room >= _ROOMY else room, weight=9, priority=10),
    )


BESIDE_TITLE = 11
"""Terminal columns of the cursor, the mark and the method, which precede a title."""

_ROOMY = 76
"""Terminal columns from which a path is shown beside its title."""


@dataclass(frozen=True)
class ExplorerRows:
    """Headings and endpoints. Endpoints that share a title are distinguished by their paths.

    `rooms` returns the terminal columns for a title, beside the mark and the method, and for a path. Without room for a
    path, it takes the place of a shared title.
    """

    lines: Sequence[GroupHeader | Endpoint]
    rooms: Callable[[], tuple[int, int]]
    marked: Collection[str] = field(default=frozenset())
    twins: Collection[str] = field(default=frozenset())

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> GroupHeader | Endpoint | None:
        """Return the heading or the endpoint of a row, None for a row that there is not."""
        return self.lines[index] if 0 <= index < len(self.lines) else None

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of a line."""
        line = self.lines[index]
        if isinstance(line, GroupHeader):
            return _heading(line)
        mark = "✓ " if line.key in self.marked else "  "
        style = _MUTED if line.is_path_unknown else ""
        method = (f"{line.method or '·':<7}", style or method_style(line.method))
        note = "no path" if line.is_path_unknown else line.trait or ("app only" if line.token == "generic" else "")
        title_room, path_room = self.rooms()
        if path_room:
            title, path = _cell(line.title, title_room, style), _cell(line.path, path_room, _MUTED, note)
        else:
            shown = line.path if line.key in self.twins else line.title
            title, path = _cell(shown, title_room, style, note), Content()
        return [Content.assemble(mark, method, title), path]


def method_style(method: str) -> str:
    """Return the style of an HTTP method."""
    return _METHOD_STYLES.get(method, "$text-primary")


def twins_among(endpoints: Iterable[Endpoint]) -> frozenset[str]:
    """Return the keys of the endpoints that share their title with an earlier one."""
    seen: dict[str, str] = {}
    return frozenset(each.key for each in endpoints if seen.setdefault(each.title, each.key) != each.key)


def matching(endpoints: Iterable[Endpoint], text: str) -> list[Endpoint]:
    """Return the endpoints that contain every word of `text` in their method, path, title or group."""
    words = normalize(text).split()
    return [each for each in endpoints if all(word in _search_key(each) for word in words)]


def arranged(
    endpoints: Sequence[Endpoint], favorites: Iterable[str], recent: Iterable[str], folded: Collection[str]
) -> list[GroupHeader | Endpoint]:
    """Return the explorer's lines: favorites, recent endpoints, then the deployment's groups."""
    by_key = {endpoint.key: endpoint for endpoint in endpoints}
    own = ((FAVORITES, _known(favorites, by_key)), (RECENT, _known(recent, by_key)))
    lines: list[GroupHeader | Endpoint] = []
    for group, members in chain(own, _by_group(endpoints)):
        if members:
            lines.append(GroupHeader(group, len(members), group in folded))
            lines += [] if group in folded else members
    return lines


def _known(keys: Iterable[str], by_key: Mapping[str, Endpoint]) -> list[Endpoint]:
    return [by_key[key] for key in keys if key in by_key]


def _by_group(endpoints: Sequence[Endpoint]) -> Iterator[tuple[str, list[Endpoint]]]:
    """Return each group with its endpoints, in the order of first occurrence."""
    places: dict[str, int] = {}
    for endpoint in endpoints:
        places.setdefault(endpoint.group, len(places))
    ordered = sorted(endpoints, key=lambda endpoint: places[endpoint.group])
    return ((group, list(members)) for group, members in groupby(ordered, key=lambda endpoint: endpoint.group))


def _search_key(endpoint: Endpoint) -> str:
    return normalize(f"{endpoint.method} {endpoint.path} {endpoint.title} {endpoint.group}")


def _heading(heading: GroupHeader) -> Sequence[Cell]:
    mark = "▸ " if heading.is_folded else "▾ "
    count = f"  {heading.size}" if heading.is_folded else ""
    name = (clean(heading.group, limit=_CELL), "bold $foreground-muted")
    return [Content.assemble((mark, _MUTED), name, (count, _MUTED)), ""]


def _cell(text: str, room: int, style: str, note: str = "") -> Content:
    """Return a text with a note at the right end. A path is cut in its middle, because paths differ at both ends."""
    room -= len(note) + 2 if note else 0
    shown = squeeze(clean(text), room) if text.startswith("/") else clean(text, limit=room)
    if not note:
        return Content.styled(shown, style)
    return Content.assemble((set_cell_size(shown, room), style), "  ", (note, _MUTED))
