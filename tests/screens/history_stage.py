"""A stage for the history: an app that opens nothing but that screen, and what the person left it with."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.color import Color
from textual.filter import LineFilter
from textual.pilot import Pilot

from tests.kit.patience import comes_true
from tests.kit.remembering import AIRISK, EDWARD, exchange
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Draft, Exchange
from tui.app.themes import DARK, STYLES
from tui.history.entry import HistoryEntry
from tui.history.store import History
from tui.screens.history import HistoryScreen, Replay
from tui.textual_ext.line_filter import line_filter
from tui.widgets.identity_bar import IdentityBarApp, IdentityStatus

SIZE = (120, 30)

CONVERSATIONS = exchange("/api/Chat/GetConversations", draft_query=(("results", "20"),), body=b"x" * 12_400)
FORBIDDEN = exchange("/api/Users/Me", identity=EDWARD, status=403, reason="Forbidden")
LIST = exchange("/api/ListUsers", identity=APPLICATION)


class WatchedHistory(History):
    """A history of which it is known what was asked, on a disk that can be slow.

    `offsets` are those of the pages that were searched for; `disk` is set unless it is slow.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.offsets: list[int] = []
        self.disk = asyncio.Event()
        self.disk.set()

    async def search(
        self, text: str, deployment: str, *, limit: int, offset: int = 0, upto: int | None = None
    ) -> list[HistoryEntry]:
        """Find, when the disk comes to it."""
        self.offsets.append(offset)
        await self.disk.wait()
        return await super().search(text, deployment, limit=limit, offset=offset, upto=upto)

    async def draft(self, past: HistoryEntry) -> Draft:
        """Read, when the disk comes to it."""
        await self.disk.wait()
        return await super().draft(past)


class HistoryStage(IdentityBarApp):
    """An app that opens the history; `left` is what the screen was left with, one entry each time."""

    CSS_PATH = STYLES

    def __init__(self, history: History, *, now: Identity = APPLICATION) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self._history = history
        self.left: list[Replay | None] = []
        self.identity_status = IdentityStatus(
            state="signed in", identity=now, client_id="admin-console", host="demo.aicrisk.com", label="staging"
        )

    def on_mount(self) -> None:
        self.push_screen(HistoryScreen(self._history, AIRISK), self.left.append)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), line_filter()]

    @property
    def lines(self) -> list[str]:
        """The screen as text, one string a line."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    def line_with(self, *words: str) -> str:
        """The first line on which all of these stand."""
        return next((line for line in self.lines if all(word in line for word in words)), "")

    def color_of(self, words: str) -> Color | None:
        """The color of the first text that is just these words."""
        segments = (segment for strip in self.screen._compositor.render_strips() for segment in strip)
        return next((each.style.color for each in segments if each.style and each.text == words), None)

    @property
    def pointed(self) -> str:
        """The line that the cursor is on."""
        return self.line_with("›")


async def remember(history: History, *exchanges: Exchange) -> None:
    """Have these in the history, the last of them the newest."""
    for each in exchanges:
        await history.add(each, AIRISK)


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Let the program go on until something is so."""
    stage = pilot.app
    assert isinstance(stage, HistoryStage)
    await comes_true(lambda: bool(is_so()), "what the test asks for", seen=lambda: stage.text, meanwhile=pilot.pause)
