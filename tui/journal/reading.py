"""Reading a trail line by line, as it was at one moment, while others go on writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tui.errors import AuditError
from tui.journal.entries import LINE_CAP
from tui.journal.files import Files, open_private
from tui.journal.head import Head, locked_for_reading
from tui.journal.living import living_runs


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its line feed, or the beginning of one; `number` counts from 1 in its file."""

    file: Path
    number: int
    content: bytes = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether it ends as a line does."""
        return self.content.endswith(b"\n")


class Snapshot:
    """A trail as it was at one moment; `head` is what vouched for its end, or None, `living` the runs under way."""

    def __init__(self, files: Files, head: Head | None, growing: BinaryIO | None) -> None:
        self.files = files
        self.head = head
        self.finished = [path for _, path in files.finished()]
        self.living = living_runs(files)
        self._growing = growing
        self._size = os.fstat(growing.fileno()).st_size if growing else 0

    def lines(self) -> Iterator[Line]:
        """Every line, oldest first; one that is too long for an entry comes in pieces."""
        for path in self.finished:
            with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
                yield from _lines(path, file, os.fstat(file.fileno()).st_size)
        if self._growing:
            yield from _lines(self.files.current, self._growing, self._size)


@contextmanager
def snapshot(files: Files) -> Iterator[Snapshot]:
    """The trail as it is now. Later lines, and a new name for the file that grows, do not disturb it.

    Raises:
        AuditError: it cannot be read.
    """
    try:
        with ExitStack() as stack:
            with locked_for_reading(files) as head:
                taken = Snapshot(files, head, _growing(files, stack))
            yield taken
    except OSError as error:
        raise AuditError(
            f"The audit trail cannot be read: {error.strerror or error}.",
            advice=f"See whether {files.current} is there and yours to read.",
        ) from None


def _growing(files: Files, stack: ExitStack) -> BinaryIO | None:
    try:
        return stack.enter_context(os.fdopen(open_private(files.current, os.O_RDONLY), "rb"))
    except FileNotFoundError:
        return None


def _lines(path: Path, file: BinaryIO, size: int) -> Iterator[Line]:
    number, left = 1, size
    while content := file.readline(min(LINE_CAP + 1, left)) if left else b"":
        yield Line(path, number, content)
        left -= len(content)
        number += content.endswith(b"\n")
