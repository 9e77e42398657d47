"""A document of which one sees a part if one wishes: what a JSONPath finds, one value whole, the text as it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.background import run_in_thread
from tui.bindings import format_keys
from tui.format import count
from tui.panes.document.asking import AskingLine
from tui.panes.document.content import Lines
from tui.panes.document.querying import QueryError, completed, matches
from tui.panes.document.searched import SearchedDocument
from tui.panes.document.widget import Document, Place
from tui.panes.words import Words
from tui.text import to_content


@dataclass(frozen=True, slots=True)
class Raw:
    """Another way to read a document, beside the one that it is made ready for.

    Args:
        text: gives it; called on a thread, and only if the person wants it.
        words: what it is.
        is_json: whether it is JSON in the form that `msgspec.json.format(…, indent=2)` gives.
    """

    text: Callable[[], str]
    words: str = "as it came"
    is_json: bool = False


@dataclass(frozen=True, slots=True)
class _Left:
    """What was left for a part of it: the place to come back to, and the words that stood above."""

    place: Place
    words: str


class DocumentView(SearchedDocument):
    """A searched document, and above it the words that say which part of the whole is shown.

    Args:
        id: of this.
        document_id: of the document, which takes the focus.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter_by_path", "JSONPath", id="filter_document", tooltip="Show only what a JSONPath finds"),
        Binding(
            "r", "toggle_raw", "Raw", show=False, id="raw_answer", tooltip="Show the text as it came, or formatted"
        ),
        Binding(
            "escape", "back", "Back", show=False, id="leave_part", tooltip="End the search, or see the whole again"
        ),
    ]

    def __init__(self, *, id: str, document_id: str = "document") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, document_id=document_id)
        self._raw: Raw | None = None
        self._is_raw = False
        self._left: list[_Left] = []
        self._words = ""

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield Words(id="document-part")
        yield from super().compose()

    def on_mount(self) -> None:
        """The whole is shown at first."""
        self._say("")

    def show(self, lines: Sequence[str], *, is_json: bool, raw: Raw | None = None) -> None:
        """Show these lines from the first, and forget what was asked of those before.

        Args:
            lines: best as `Lines`, made off the event loop where there are many.
            is_json: whether they are JSON in the form that `msgspec.json.format(…, indent=2)` gives.
            raw: the other way to read it.
        """
        self.workers.cancel_node(self)
        self._left, self._raw, self._is_raw = [], raw, False
        self._say("")
        self._end_asking()
        self.document.show(lines, is_json=is_json)

    def extend(self, lines: Sequence[str]) -> None:
        """Add lines at the end of the whole, which may be out of sight."""
        if self._left:
            self._left[0].place.lines.extend(lines)
        else:
            self.document.extend(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action == "filter_by_path":
            return self._whole.is_json
        if action == "toggle_raw":
            return self._raw is not None
        if action == "back":
            return self.document.search is not None or bool(self._left)
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """End the search, or see again what was left for the part that is shown."""
        if self.document.search:
            self._end_asking()
        elif self._left:
            self._return_to(self._left.pop())

    # Parts of the whole

    def action_filter_by_path(self) -> None:
        """Show only what a JSONPath finds."""
        self._end_asking()
        self._line.ask("filter")

    def action_toggle_raw(self) -> None:
        """Show the text as it came, or formatted again."""
        was_raw = self._is_raw
        self._return_to_whole()
        if self._raw and not was_raw:
            self._show_raw(self._raw)

    @work(group="document-part", exclusive=True)
    async def _show_raw(self, raw: Raw) -> None:
        lines = await run_in_thread(lambda: Lines.of(raw.text()))
        self._show_part(lines, raw.words, is_json=raw.is_json)
        self._is_raw = True

    @work(group="document-part", exclusive=True)
    async def _filter(self, expression: str) -> None:
        self._line.tell("…")
        try:
            found = await matches(self._whole.lines.text, expression)
        except QueryError as error:
            self._line.tell(f"✗ {error}")
            return
        self._return_to_whole()
        number = f"{count(len(found.places))}{'+' if found.is_cut else ''}"
        words = f"filtered by {expression}: {number} {'match' if number == '1' else 'matches'}"
        self._show_part(found.lines, words, is_json=True, path_of=found.path)

    @on(Document.Opened)
    def _open_value(self, event: Document.Opened) -> None:
        event.stop()
        self._show_value(event.path, event.value)

    @work(group="document-part", exclusive=True)
    async def _show_value(self, path: str, value: str) -> None:
        lines, is_json = await run_in_thread(_readable, value)
        self._show_part(lines, path, is_json=is_json, path_of=lambda _: path)

    def _show_part(self, lines: Lines, words: str, *, is_json: bool, path_of: Callable[[str], str] = str) -> None:
        """Show this until the person goes back."""
        self._end_asking()
        self._left.append(_Left(self.document.place, self._words))
        self._say(words)
        self.document.show(lines, is_json=is_json, path_of=path_of)
        self.refresh_bindings()

    def _return_to_whole(self) -> None:
        if self._left:
            self._return_to(self._left[0])
            self._left.clear()

    def _return_to(self, left: _Left) -> None:
        self._end_asking()
        self._is_raw = False
        self._say(left.words)
        self.document.return_to(left.place)
        self.refresh_bindings()

    @property
    def _whole(self) -> Place:
        return self._left[0].place if self._left else self.document.place

    # The lines above and below

    @on(AskingLine.Typed)
    def _ask(self, event: AskingLine.Typed) -> None:
        if event.question == "filter":
            event.stop()
            if event.is_done and event.text.strip():
                self._filter(completed(event.text))

    @on(AskingLine.Left)
    def _give_up(self) -> None:
        self.workers.cancel_group(self, "document-part")

    def _say(self, words: str) -> None:
        self._words = words
        self._part.update(to_content(words, limit=400) + format_keys(" · {leave_part|Esc} goes back"))
        self._part.display = bool(words)

    @property
    def _part(self) -> Words:
        return self.query_one("#document-part", Words)


def _readable(value: str) -> tuple[Lines, bool]:
    """A value as lines; one that is JSON itself is formatted."""
    if value[:1] in {"{", "["}:
        try:
            return Lines(msgspec.json.format(value.encode(), indent=2).decode()), True
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass  # It only begins like JSON.
    return Lines.of(value), False
