"""A stage for the document: an app with one to read in, the person in front of it, and the screen as text."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.kit.patience import comes_true
from tui.panes.document import Document, DocumentView, Raw
from tui.panes.key_line import KeyLine
from tui.themes import DARK, STYLES

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
        yield DocumentView(id="view")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Document).focus()

    @on(Document.Moved)
    def _note(self, event: Document.Moved) -> None:
        self.paths.append(event.path)


class Reader:
    """Sees the document and presses keys."""

    def __init__(self, app: Stage, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def view(self) -> DocumentView:
        return self.app.query_one(DocumentView)

    @property
    def document(self) -> Document:
        return self.app.query_one(Document)

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def screen(self) -> str:
        return "\n".join(self.lines)

    @property
    def footer(self) -> str:
        return self.lines[-1]

    @property
    def shown(self) -> list[str]:
        """The lines of the document, without the gutter."""
        rows = [row[2:].rstrip() for row in self._rows]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def row(self, number: int) -> str:
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
        return self.app.paths[-1]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if sign == " " else sign for sign in text))

    async def sees(self, *words: str) -> None:
        await self.until(lambda: all(each in self.screen for each in words), str(words))

    async def sees_no(self, words: str) -> None:
        await self.until(lambda: words not in self.screen, f"{words!r} gone")

    async def until(self, is_so: Callable[[], bool], wanted: str = "what the test asks for") -> None:
        await comes_true(is_so, wanted, seen=lambda: self.screen, meanwhile=self.pilot.pause)

    async def becomes(self, of: Callable[[], object], wanted: object) -> None:
        """Wait until it is that."""
        await comes_true(
            lambda: of() == wanted,
            f"{wanted!r}",
            seen=lambda: f"instead of {of()!r}\n{self.screen}",
            meanwhile=self.pilot.pause,
        )


@asynccontextmanager
async def reading(
    shown: str | Sequence[str],
    *,
    is_json: bool = True,
    raw: Raw | None = None,
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[Reader]:
    """A person who reads this."""
    app = Stage()
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot)
        reader.view.show(shown, is_json=is_json, raw=raw)
        await pilot.pause()
        yield reader
