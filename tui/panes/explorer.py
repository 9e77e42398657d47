"""The endpoints that the deployment offers, by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.airisk.endpoints import Endpoint
from tui.airisk.search import fold
from tui.panes.filtering import FilterLine
from tui.text import clean

_METHOD_STYLES = {"GET": "$text-success", "POST": "$text-warning", "DELETE": "$text-error"}


class EndpointList(OptionList):
    """Endpoints under the names of their groups."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="open_endpoint", tooltip="Fill in and send this endpoint"),
        Binding("j", "cursor_down", show=False, id="endpoint_down"),
        Binding("k", "cursor_up", show=False, id="endpoint_up"),
        Binding("g", "first", show=False, id="first_endpoint"),
        Binding("G", "last", show=False, id="last_endpoint"),
    ]


class ExplorerPane(Vertical):
    """A filter and the endpoints."""

    BORDER_TITLE = "2 Explorer"

    @dataclass
    class Chosen(Message):
        """The person wants to use this endpoint."""

        endpoint: Endpoint

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        super().__init__(id="explorer")
        self._endpoints = endpoints
        self._shown: dict[str, Endpoint] = {}

    def compose(self) -> ComposeResult:
        """Filter above list."""
        yield FilterLine("/ filter by title, path, method", id="explorer-filter")
        yield EndpointList(id="endpoints", markup=False)

    def on_mount(self) -> None:
        """Show everything."""
        self._show(self._endpoints)

    def focus_filter(self) -> None:
        """Begin to type a filter."""
        self.screen.set_focus(self.query_one(FilterLine))

    def focus_list(self) -> None:
        """Go to the endpoints."""
        self.screen.set_focus(self.query_one(EndpointList))

    @on(Input.Changed, "#explorer-filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        words = fold(event.value).split()
        self._show([each for each in self._endpoints if all(word in _search_key(each) for word in words)])

    @on(FilterLine.Left)
    def _leave_filter(self, event: FilterLine.Left) -> None:
        event.stop()
        self.focus_list()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._shown[event.option.id or ""]))

    def _show(self, endpoints: Sequence[Endpoint]) -> None:
        self._shown = {str(place): endpoint for place, endpoint in enumerate(endpoints)}
        options = self.query_one(EndpointList)
        options.set_options(_options(self._shown.items()))
        options.highlighted = next((i for i, option in enumerate(options.options) if not option.disabled), None)
        known = sum(not endpoint.is_known_by_name_only for endpoint in endpoints)
        by_name = len(endpoints) - known
        self.border_subtitle = f"{known} endpoint{'' if known == 1 else 's'}" + (
            f" · {by_name} by name only" if by_name else ""
        )


def _search_key(endpoint: Endpoint) -> str:
    return fold(f"{endpoint.method} {endpoint.path} {endpoint.title} {endpoint.group}")


def _options(endpoints: Iterable[tuple[str, Endpoint]]) -> Iterator[Option]:
    """A heading for each group, then its endpoints."""
    found = False
    for group, members in groupby(endpoints, key=lambda entry: entry[1].group):
        found = True
        yield Option(Content.styled(clean(group), "bold $foreground-muted"), disabled=True)
        for key, endpoint in members:
            yield Option(_line(endpoint), id=key)
    if not found:
        yield Option(Content("Nothing matches. Esc clears the filter."), disabled=True)


def _line(endpoint: Endpoint) -> Content:
    if endpoint.is_known_by_name_only:
        return Content.assemble(
            "         ",
            (clean(endpoint.title), "$foreground-muted"),
            ("  known by name", "$foreground-disabled italic"),
        )
    method = (f"  {endpoint.method:<7}", _METHOD_STYLES.get(endpoint.method, "$text-primary"))
    traits = f"  {endpoint.trait}" if endpoint.trait else ""
    token = "  generic" if endpoint.token == "generic" else ""
    return Content.assemble(method, clean(endpoint.title), (token + traits, "$foreground-muted"))
