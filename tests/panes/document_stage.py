"""A stage for the document: an app with one to read in, the person in front of it, and the screen as text."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from textual import on
from textual.app import App, ComposeResult

from tests.kit.pilot import AtApp
from tui.app.themes import DARK, STYLES
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.objects import find_objects
from tui.widgets.json_viewer.text_view import TextView
from tui.widgets.json_viewer.viewer import AlternateView, JsonViewer
from tui.widgets.key_bar import KeyBar

SIZE = (80, 24)


def formatted(value: Any) -> str:
    """JSON as an answer is formatted."""
    return msgspec.json.format(json.dumps(value, ensure_ascii=False), indent=2)


class Stage(App[None]):
    """An app with one document."""

    CSS_PATH = STYLES

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield JsonViewer(id="view")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(TextView).focus()

    @on(TextView.Moved)
    def _note(self, event: TextView.Moved) -> None:
        self.paths.append(event.path)


class Reader(AtApp[Stage]):
    """Someone who reads the document."""

    @property
    def view(self) -> JsonViewer:
        return self.app.query_one(JsonViewer)

    @property
    def document(self) -> TextView:
        return self.app.query_one(TextView)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in super().lines]

    @property
    def shown(self) -> list[str]:
        """The lines of the document, without the gutter."""
        rows = [row[2:].rstrip() for row in self._rows]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def line(self, number: int) -> str:
        """One of them, where there are as many."""
        return "".join(self.shown[number:][:1])

    @property
    def cursor(self) -> str:
        """The line on which the cursor is seen."""
        rows = [row for row in self._rows if row[1:2] == "›"]
        return rows[0][2:].strip() if len(rows) == 1 else ""

    @property
    def _rows(self) -> list[str]:
        place = self.document.scrollable_content_region
        return [
            strip.crop(place.x, place.right).text
            for strip in self.app.screen._compositor.render_strips()[place.y : place.bottom]
        ]

    @property
    def path(self) -> str:
        return (self.app.paths or [""])[-1]


@asynccontextmanager
async def reading(
    shown: str | Sequence[str],
    *,
    is_json: bool = True,
    raw: AlternateView | None = None,
    is_table: bool = False,
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[Reader]:
    """A person who reads this."""
    app = Stage()
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot)
        objects = find_objects("\n".join(LineBuffer.of(shown)).encode()) if is_table else None
        reader.view.show(shown, is_json=is_json, raw=raw, objects=objects)
        await pilot.pause()
        yield reader
