"""A document with a line below it in which one types what to look for."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.background import run_in_thread
from tui.format import count
from tui.panes.document.asking import AskingLine
from tui.panes.document.widget import Document

_PAINTED = 0.02
"""Seconds after which a hit is on the screen: only then it is counted how many there are."""


class SearchedDocument(Vertical):
    """A document, and how many places of it hold what is looked for.

    Args:
        id: of this.
        document_id: of the document, which takes the focus.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="search_document", tooltip="Look for a text in the document"),
        Binding("n", "go_to_hit(1)", "Next", id="next_hit", tooltip="Go to the next place that was looked for"),
        Binding("N", "go_to_hit(-1)", "Previous", show=False, id="previous_hit", tooltip="Go to the place before"),
    ]

    def __init__(self, *, id: str, document_id: str = "document") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._document_id = document_id
        self._searched_from = 0
        self._ordinal = 0
        self._total: int | None = None

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield Document(id=self._document_id)
        yield AskingLine()

    @property
    def document(self) -> Document:
        """Where the text is."""
        return self.query_one(Document)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer to go to the next hit only where there is one."""
        return action != "go_to_hit" or self.document.hit is not None

    def action_search(self) -> None:
        """Look for a text."""
        self._searched_from = self.document.at
        self._line.ask("search")
        self._prepare()

    @work(group="document-prepare", exclusive=True)
    async def _prepare(self) -> None:
        await run_in_thread(self.document.prepare_search)

    def action_go_to_hit(self, step: int) -> None:
        """Go to the next place, or to the one before."""
        is_around = self.document.go_to_next(backwards=step < 0)
        if self._total is None:
            self._count()
            return
        self._ordinal = (self._ordinal - 1 + step) % self._total + 1
        self._tell_count(("from the top again" if step > 0 else "from the end again") if is_around else "")

    @on(AskingLine.Typed)
    def _look_for(self, event: AskingLine.Typed) -> None:
        if event.question != "search":
            return
        event.stop()
        if event.is_done:
            self.document.focus()
            return
        is_found = self.document.search_for(event.text, self._searched_from)
        self._line.tell("" if is_found or not event.text else "not found")
        self._count()
        self.refresh_bindings()

    @on(AskingLine.Left)
    def _leave(self, event: AskingLine.Left) -> None:
        event.stop()
        self._end_asking()

    def _end_asking(self) -> None:
        self.workers.cancel_group(self, "document-count")
        self.document.end_search()
        if self._line.has_focus_within:
            self.document.focus()
        self._line.display = False
        self.refresh_bindings()

    def _count(self) -> None:
        self._total = None
        self._count_hits()

    @work(group="document-count", exclusive=True)
    async def _count_hits(self) -> None:
        """Count by slices: the keys do not wait for it."""
        search, hit = self.document.search, self.document.hit
        if not search or not hit:
            return
        await asyncio.sleep(_PAINTED)
        before, total = 0, 0
        for start, end in ((0, hit[0]), (hit[0], None)):
            before = total
            for hits in search.counts(start, end):
                total += hits
                await asyncio.sleep(0)
        self._ordinal, self._total = before + 1, total
        self._tell_count()

    def _tell_count(self, more: str = "") -> None:
        words = f"{count(self._ordinal)} of {count(self._total or 0)}"
        self._line.tell(f"{words} · {more}" if more else words)

    @property
    def _line(self) -> AskingLine:
        return self.query_one(AskingLine)
