"""Rows of the endpoint table: favorites and recent endpoints first, then group by group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from textual.content import Content

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.users.search_index import normalize
from tui.text import clean
from tui.widgets.table.columns import Cell, Column

FAVORITES, RECENT = "★ Favorites", "↺ Recent"

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
        Column("", "title", minimum=30 if room >= _ROOMY else 20, weight=3, priority=100),
        Column("", "path", minimum=24 if room >= _ROOMY else room, weight=3, priority=10),
        Column("", "notes", width=8, minimum=7, priority=50),
    )


BESIDE_TITLE = 11
"""Terminal columns of the cursor, the mark and the method, which precede a title."""

_ROOMY = 76
"""Terminal columns from which a path is shown beside its title."""


@dataclass(frozen=True)
class ExplorerRows:
    """Headings and endpoints. An endpoint that shares its title with an earlier one shows its path instead.

    `room`: terminal columns for a title, beside the mark and the method.
    """

    lines: Sequence[GroupHeader | Endpoint]
    marked: Collection[str] = field(default=frozenset())
    twins: Collection[str] = field(default=frozenset())
    room: int = 20

    def __len__(self) -> int:
        return len(self.lines)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of a line."""
        line = self.lines[index]
        if isinstance(line, GroupHeader):
            return _heading(line)
        return _endpoint(line, is_marked=line.key in self.marked, room=self.room if line.key in self.twins else 0)


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
    return [Content.assemble((mark, "$foreground-muted"), name, (count, "$foreground-muted")), "", ""]


def _endpoint(endpoint: Endpoint, *, is_marked: bool, room: int) -> Sequence[Cell]:
    """Return the cells of an endpoint, with the end of its path as the title if there is `room`: paths differ there."""
    mark = "✓ " if is_marked else "  "
    title = clean(endpoint.title, limit=_CELL)
    if room:
        title = clean(endpoint.path if len(endpoint.path) <= room else f"…{endpoint.path[1 - room :]}")
    if endpoint.is_path_unknown:
        return [Content.styled(f"{mark}{'·':<7}{title}", "$foreground-muted"), "", _note("no path")]
    method = (f"{endpoint.method:<7}", method_style(endpoint.method))
    note = endpoint.trait or ("app only" if endpoint.token == "generic" else "")
    path = Content.styled(clean(endpoint.path, limit=_CELL), "$foreground-muted")
    return [Content.assemble(mark, method, title), path, _note(note)]


def _note(words: str) -> Content:
    return Content.styled(words, "$foreground-muted")
