"""The keys and the mouse: a cursor that walks over the lines, and containers that it opens and closes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.background import run_in_slices
from tui.panes.document.folds import Folds
from tui.panes.document.painted import GUTTER, PaintedLines

_SIDEWAYS = 8
"""Columns that one key press scrolls."""

_QUICKLY_CLOSED = 1 << 20
"""Characters whose containers are found while a key waits: some 3 ms."""


class WalkedLines(PaintedLines):
    """Lines with a cursor that the person moves, and folds that they open and close."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "fold", "Fold", id="toggle_fold", tooltip="Close or open the container; read a value whole"),
        *(
            Binding(keys, action, words, show=False, id=name, tooltip=tooltip)
            for keys, action, words, name, tooltip in (
                ("left", "close", "Close", "read_left", "Scroll back, close the container, or go to the one around it"),
                ("l,right", "open", "Open", "read_right", "Open the container, or scroll to the right"),
                ("E", "open_all", "Open all", "open_all", "Open all containers"),
                ("C", "close_all", "Close all", "close_all", "Close all containers but the outermost"),
                ("j,down", "cursor_down", "Down", "read_down", "Read on"),
                ("k,up", "cursor_up", "Up", "read_up", "Read back"),
                ("g,home", "first_line", "Top", "read_top", "Go to the first line"),
                ("G,end", "last_line", "End", "read_end", "Go to the last line"),
                ("pageup", "page_up", "Page up", "read_page_up", "Go one page up"),
                ("pagedown,space", "page_down", "Page down", "read_page_down", "Go one page down"),
            )
        ),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another line; `path` is the JSONPath of what is there, empty where there is none."""

        document: WalkedLines
        path: str

        @property
        def control(self) -> WalkedLines:
            """The document."""
            return self.document

    @dataclass
    class Opened(Message):
        """The person wants to read the value at the cursor whole."""

        document: WalkedLines
        path: str
        value: str

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._path_of: Callable[[str], str] = str

    def path_at_cursor(self) -> str:
        """The JSONPath of what is on the cursor's line; empty where the text is no JSON, and no part of any."""
        return self._path_of(self._structure.path(self._cursor) if self._has_containers else "")

    def value_at_cursor(self) -> str | None:
        """The value on the cursor's line: the text of a string, else as it stands; None where there is no leaf."""
        return self._structure.leaf(self._cursor) if self._has_containers else None

    # Moving

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self._go_to_row(self.cursor_row + 1)

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self._go_to_row(self.cursor_row - 1)

    def action_page_down(self) -> None:
        """Go one page down."""
        self._turn_page(1)

    def action_page_up(self) -> None:
        """Go one page up."""
        self._turn_page(-1)

    def action_first_line(self) -> None:
        """Go to the top."""
        self.scroll_to(0, animate=False, force=True)
        self._go_to_row(0)

    def action_last_line(self) -> None:
        """Go to the end."""
        self._go_to_row(self.row_count - 1)

    def _turn_page(self, direction: int) -> None:
        rows = direction * max(self._height - 1, 1)
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        self._go_to_row(self.cursor_row + rows)

    def _go_to_row(self, row: int) -> None:
        if len(self._lines):
            self._go_to_line(self._folds.line(max(0, min(row, self.row_count - 1))))

    def _go_to_line(self, line: int, *, from_edge: int = 0) -> None:
        """Move the cursor, and open what hides it; if it was out of sight, it comes so many rows from the edge."""
        if self._folds.reveal(line):
            self._fit()
        self.refresh_line(self.cursor_row)
        self._cursor = line
        self.refresh_line(self.cursor_row)
        self._keep_in_view(from_edge)
        self.tell_place()

    def _keep_in_view(self, from_edge: int = 0) -> None:
        row, top = self.cursor_row, self.scroll_offset.y
        if self._height and not top <= row < top + self._height:
            self.scroll_to(
                y=row - from_edge if row < top else row - self._height + 1 + from_edge, animate=False, force=True
            )

    def tell_place(self) -> None:
        """Post where the cursor is."""
        # Later, as the document's own doing: Textual stops a message at the parent in whose handler it was made.
        self.call_later(lambda: self.post_message(self.Moved(self, self.path_at_cursor())))

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    @property
    def _is_at_end(self) -> bool:
        """Whether the last row has the cursor, and is seen."""
        last = self.row_count - 1
        return self.cursor_row >= last and last < self.scroll_offset.y + max(self._height, 1)

    # Folding

    def action_fold(self) -> None:
        """Close or open the container that begins or ends here; read a value whole."""
        value = self.value_at_cursor()
        if value is not None:
            self.post_message(self.Opened(self, self.path_at_cursor(), value))
        elif self._has_containers:
            head = self._structure.head(self._cursor)
            self._set_fold(head, is_open=head in self._folds)

    def action_open(self) -> None:
        """Open the container, or scroll to the right."""
        if self._cursor in self._folds:
            self._set_fold(self._cursor, is_open=True)
        else:
            self.scroll_relative(x=_SIDEWAYS, animate=False, force=True)

    def action_close(self) -> None:
        """Scroll back, close the container that begins or ends here, or go to the one around it."""
        if self.scroll_offset.x:
            self.scroll_relative(x=-_SIDEWAYS, animate=False, force=True)
        elif self._has_containers:
            head = self._structure.head(self._cursor)
            parent = self._structure.parent(head)
            if self._structure.opens(head) and head not in self._folds:
                self._set_fold(head, is_open=False)
            elif parent is not None:
                self._go_to_line(parent)

    def action_open_all(self) -> None:
        """Open all containers."""
        self._close_no_more()
        self._set_folds(Folds())

    def action_close_all(self) -> None:
        """Close all containers but the outermost."""
        if len(self._lines.text) <= _QUICKLY_CLOSED:
            self._set_folds(Folds(dict(self._structure.containers(0))))
        else:
            self._close_in_slices()

    @work(group="document-close", exclusive=True)
    async def _close_in_slices(self) -> None:
        """The first of them at once: the keys do not wait for the others."""
        closed: dict[int, int] = {}

        def closing() -> Generator[None, None, None]:
            for head, last in self._structure.containers(0):
                closed[head] = last
                yield

        def show() -> None:
            self._set_folds(Folds(closed))

        await run_in_slices(closing(), show)
        show()

    def _close_no_more(self) -> None:
        self.workers.cancel_group(self, "document-close")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Only JSON has containers and values."""
        return action not in {"fold", "open_all", "close_all"} or self._has_containers

    @property
    def _has_containers(self) -> bool:
        return self._is_json and len(self._lines) > 0

    def _set_fold(self, head: int, *, is_open: bool) -> None:
        last = self._structure.last(head)
        if is_open:
            self._folds.unfold(head)
        elif last is not None:
            self._folds.fold(head, last)
        self._fit()
        self._go_to_line(head)

    def _set_folds(self, folds: Folds) -> None:
        self._folds = folds
        self._fit()
        self._go_to_line(folds.line(folds.row(self._cursor)))

    # The mouse and the focus

    @on(events.Click)
    def _point(self, event: events.Click) -> None:
        row = self.scroll_offset.y + event.y
        if row < self.row_count:
            self._go_to_row(row)
            if event.x < GUTTER and self._has_containers and self._structure.opens(self._cursor):
                self.action_fold()

    @on(events.Focus)
    @on(events.Blur)
    def _show_cursor(self) -> None:
        self.refresh_line(self.cursor_row)
