"""Choose a file of this machine, newest first, by typing and from directory to directory."""

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
from textual.widgets import Input, OptionList, Static
from textual.worker import Worker

from tui.airisk.users.search_index import normalize
from tui.background import run_in_thread
from tui.errors import RequestRejectedError
from tui.files import Entry, list_directory
from tui.format import size
from tui.key_labels import keys_wait
from tui.screens.dialogs import Dialog, MenuInput, OptionMenu
from tui.text import clean

_SHOWN = 500


class FilePicker(Dialog[Path]):
    """Dialog that returns the chosen file.

    Args:
        directory: where to look first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="leave_files", tooltip="Close without choosing"),
        Binding("ctrl+u", "go_up", "Up", id="parent_directory", tooltip="Go to the parent directory", priority=True),
    ]

    def __init__(self, directory: Path) -> None:
        super().__init__("Choose a file", Vertical(classes="choose"))
        self._where = Static(id="directory", markup=False)
        self._menu = OptionMenu(id="files", submit_label="Open")
        self._line = MenuInput(
            self._menu, placeholder="part of the name, or a path", id="file-line", submit_label="Open"
        )
        self._directory = directory
        self._entries: Sequence[Entry] = ()
        self._shown: Sequence[Entry] = ()
        self._reading: Worker[None] | None = None
        self._entered: deque[str] = deque()

    def body(self) -> ComposeResult:
        """Compose the directory, the line and the menu."""
        yield self._where
        yield self._line
        yield self._menu

    def on_mount(self) -> None:
        """List the directory, with the cursor on the latest file."""
        self._line.focus()
        self._reading = self._read(self._directory)

    @work(group="read", exclusive=True)
    async def _read(self, directory: Path, typed: str = "") -> None:
        """Show a directory. Remove `typed` from the line; input typed while it loads stays."""
        await self._list_directory(directory, typed)

    @work(group="read", exclusive=True)
    async def _go_to(self, path: Path, typed: str) -> None:
        """Open a typed directory, or return a typed file."""
        with keys_wait(self.app):
            is_directory = await run_in_thread(path.is_dir)
        if is_directory:
            await self._list_directory(path, typed)
        else:
            self.dismiss(path)

    async def _list_directory(self, directory: Path, typed: str) -> None:
        try:
            with keys_wait(self.app):
                directory = await run_in_thread(directory.absolute)
                entries = await run_in_thread(list_directory, directory)
        except RequestRejectedError as refusal:
            self._where.update(Content.styled(clean(refusal.message), "$text-warning"))
            self._entered.clear()
            return
        self._directory, self._entries = directory, entries
        self._where.update(Content.styled(clean(str(directory), limit=66), "$foreground-muted"))
        self._line.value = self._line.value.removeprefix(typed)
        self._show(self._line.value)
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
        place = self._menu.highlighted
        if self._reading and not self._reading.is_finished:
            self._entered.append(event.value)  # the file may not be listed yet
        else:
            self._enter(event.value, None if place is None or not self._shown else self._shown[place])

    @on(OptionList.OptionSelected)
    def _take_option(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._entered.clear()
        if self._shown:
            self._choose(self._shown[event.option_index], self._line.value)

    def _enter(self, text: str, found: Entry | None) -> None:
        """Open the typed path, or else choose the entry that matches."""
        if "/" in text or text.startswith("~"):
            self._reading = self._go_to(Path(self._directory, Path(text).expanduser()), text)
        elif found:
            self._choose(found, text)

    def _choose(self, entry: Entry, typed: str) -> None:
        if entry.is_directory:
            self._reading = self._read(entry.path, typed)
        else:
            self.dismiss(entry.path)

    def action_go_up(self) -> None:
        """Go to the directory above."""
        self._entered.clear()
        self._reading = self._read(self._directory.absolute().parent, self._line.value)

    def _matching(self, text: str) -> Sequence[Entry]:
        words = normalize(text).split()
        named = [each for each in self._entries if all(word in normalize(each.path.name) for word in words)]
        hidden = [each for each in named if each.path.name.startswith(".")]
        return [*(each for each in named if not each.path.name.startswith(".")), *hidden][:_SHOWN]

    def _show(self, text: str) -> None:
        self._shown = self._matching(text)
        self._menu.show([_line(each) for each in self._shown], "No matching files here.")


def _line(entry: Entry) -> Content:
    name = clean(entry.path.name, limit=52)
    note = "" if entry.is_directory else f"  {size(entry.size)}"
    return Content.assemble(f"{name}/" if entry.is_directory else name, (note, "$foreground-muted"))
