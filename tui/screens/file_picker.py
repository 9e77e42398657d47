"""A file of this machine is looked for: the latest first, found by typing, from directory to directory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker

from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.bindings import keys_wait
from tui.errors import RequestRejectedError
from tui.files import Entry, listing
from tui.format import size
from tui.panes.identity import IdentityBar
from tui.screens.dialogs import OptionMenu
from tui.text import clean
from tui.widgets.inputs import DialogInput
from tui.widgets.key_bar import KeyBar

_SHOWN = 500


class FilePicker(ModalScreen[Path | None]):
    """Returns the file that was chosen, or None.

    Args:
        directory: where to look first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_files", tooltip="Choose no file"),
        Binding("ctrl+u", "go_up", "Up", id="parent_directory", tooltip="Go to the directory above", priority=True),
    ]

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory
        self._entries: Sequence[Entry] = ()
        self._shown: Sequence[Entry] = ()
        self._reading: Worker[None] | None = None
        self._entered: deque[str] = deque()

    def compose(self) -> ComposeResult:
        """Bar, where, line, list."""
        yield IdentityBar()
        with Vertical(classes="dialog choose") as dialog:
            dialog.border_title = "Which file?"
            yield Static(id="directory", markup=False)
            yield DialogInput(
                placeholder="a part of the name, or a path", id="file-line", submit_label="Open", compact=True
            )
            yield OptionMenu(id="files", does="Open")
        yield KeyBar()

    def on_mount(self) -> None:
        """Enter takes the latest file."""
        self.query_one(Input).focus()
        self._reading = self._read(self._directory)

    @work(group="read", exclusive=True)
    async def _read(self, directory: Path, typed: str = "") -> None:
        """Show a directory. What was `typed` to come here has served; what is typed meanwhile is kept."""
        await self._list_directory(directory, typed)

    @work(group="read", exclusive=True)
    async def _go_to(self, path: Path, typed: str) -> None:
        """To a directory that was typed, or out with a file that was."""
        with keys_wait(self.app):
            is_directory = await run_in_thread(path.is_dir)
        if is_directory:
            await self._list_directory(path, typed)
        else:
            self.dismiss(path)

    async def _list_directory(self, directory: Path, typed: str) -> None:
        where = self.query_one("#directory", Static)
        try:
            with keys_wait(self.app):
                directory = await run_in_thread(directory.absolute)
                entries = await run_in_thread(listing, directory)
        except RequestRejectedError as refusal:
            where.update(Content.styled(clean(refusal.message), "$text-warning"))
            self._entered.clear()
            return
        self._directory, self._entries = directory, entries
        where.update(Content.styled(clean(str(directory), limit=66), "$foreground-muted"))
        line = self.query_one(Input)
        line.value = line.value.removeprefix(typed)
        self._show(line.value)
        if self._entered:
            text, *later = (each.removeprefix(typed) for each in self._entered)
            self._entered = deque(later)
            self._enter(text, next(iter(self._matching(text)), None))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        place = self._list.highlighted
        if self._reading and not self._reading.is_finished:
            self._entered.append(event.value)  # what is meant is not listed yet
        else:
            self._enter(event.value, None if place is None or not self._shown else self._shown[place])

    @on(OptionList.OptionSelected)
    def _take_option(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._entered.clear()
        if self._shown:
            self._choose(self._shown[event.option_index], self.query_one(Input).value)

    def _enter(self, text: str, found: Entry | None) -> None:
        """Go to the path that was typed, or else take what was found by it."""
        if "/" in text or text.startswith("~"):
            self._reading = self._go_to(Path(self._directory, Path(text).expanduser()), text)
        elif found:
            self._choose(found, text)

    def _choose(self, entry: Entry, typed: str) -> None:
        if entry.is_directory:
            self._reading = self._read(entry.path, typed)
        else:
            self.dismiss(entry.path)

    def action_leave(self) -> None:
        """Choose no file."""
        self.dismiss(None)

    def action_go_up(self) -> None:
        """Go to the directory above."""
        self._entered.clear()
        self._reading = self._read(self._directory.absolute().parent, self.query_one(Input).value)

    def key_down(self) -> None:
        """From the line to the list."""
        if isinstance(self.focused, Input):
            self._list.focus()
            self._list.action_cursor_down()

    @property
    def _list(self) -> OptionMenu:
        return self.query_one(OptionMenu)

    def _matching(self, text: str) -> Sequence[Entry]:
        words = normalize(text).split()
        named = [each for each in self._entries if all(word in normalize(each.path.name) for word in words)]
        hidden = [each for each in named if each.path.name.startswith(".")]
        return [*(each for each in named if not each.path.name.startswith(".")), *hidden][:_SHOWN]

    def _show(self, text: str) -> None:
        self._shown = self._matching(text)
        options = [Option(_line(each)) for each in self._shown]
        self._list.set_options(options or [Option(Content("No file here has such a name."), disabled=True)])
        self._list.highlighted = 0 if self._shown else None


def _line(entry: Entry) -> Content:
    name = clean(entry.path.name, limit=52)
    note = "" if entry.is_directory else f"  {size(entry.size)}"
    return Content.assemble(f"{name}/" if entry.is_directory else name, (note, "$foreground-muted"))
