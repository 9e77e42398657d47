"""The file of a run: each cell is added as it comes, so that a run killed at any point goes on where it was.

Lines of JSON, readable by their owner only: the first says what is asked of whom, each other is a cell, or a row once
it was signed in. Of a line that a killed program left unfinished nothing is believed. No body and no token is in it.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Self

import msgspec

from tui.access.document import RunParameters
from tui.access.model import Cell, Column, Row, Span, Verdict
from tui.access.requests import RequestInputs
from tui.background import DaemonExecutor
from tui.config.paths import of_deployment, runs_directory
from tui.errors import RunFileError
from tui.files import NotRegularFileError, make_private_directory, take_lock

_VERSION = 1


class RunHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a run asks of whom; `key` is the same for the same question, `rules` the digest of what answers mean."""

    version: int = _VERSION
    key: str
    deployment: str
    client_id: str
    started: str
    terms: RunParameters
    rows: list[Row]
    columns: list[Column]
    asked: list[RequestInputs] = []
    rules: str = ""


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    cell: Cell | None = None
    row: Row | None = None


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LINE = msgspec.json.Decoder(_Line)
_HEAD = msgspec.json.Decoder(RunHeader)


def directory_of(deployment: str) -> Path:
    """Where the runs against a deployment are kept."""
    return of_deployment(runs_directory(), deployment)


def forget_runs(deployment: str) -> int:
    """Remove every run against a deployment, and return how many there were. Blocks.

    Raises:
        RunFileError: one is left.
    """
    found = list(directory_of(deployment).glob("*.jsonl"))
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RunFileError(f"A run cannot be removed: {error.strerror}.", advice=f"It is {path}.") from None
    return len(found)


class RunFile:
    """A run on disk, held by one program at a time.

    Cells are written by a thread of its own, in the order in which they come, at once. `head` is what is asked of
    whom, `rows` what is known of the identities, `cells` all that is known, each cell once, the newest.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head: RunHeader | None = None
        self.rows: dict[tuple[str, str], Row] = {}
        self.cells: dict[tuple[str, str, str], Cell] = {}
        self._descriptor = -1
        self._thread = DaemonExecutor(max_workers=1, name="matrix", linger=0.05)
        self._guard = threading.Lock()
        self._waiting: list[bytes] = []
        self._last: Future[None] | None = None
        self._fault: OSError | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make the file, and read what it holds. Blocks.

        Raises:
            RunFileError: it cannot be, or another program holds it.
        """
        run = cls(path)
        try:
            make_private_directory(path.parent)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            run._descriptor = os.open(path, flags, 0o600)
            if not stat.S_ISREG(os.fstat(run._descriptor).st_mode):
                raise NotRegularFileError(errno.EINVAL, "there is something else than a file", str(path))
            is_ours = take_lock(run._descriptor, seconds=0)
            if is_ours:
                run._read()
        except OSError as error:
            run.close()
            raise _cannot(path, error) from None
        if not is_ours:
            run.close()
            raise RunFileError("Another airisk-tui is at this run.", advice="Wait for its end, or end it.")
        return run

    def start(self, head: RunHeader) -> None:
        """Forget what was there, and begin anew. Blocks.

        Raises:
            RunFileError: it cannot be written.
        """
        self.head, self.rows, self.cells = head, {row.key: row for row in head.rows}, {}
        try:
            os.ftruncate(self._descriptor, 0)
            self._write(msgspec.json.encode(head) + b"\n")
        except OSError as error:
            raise _cannot(self.path, error) from None

    @property
    def is_whole(self) -> bool:
        """Whether every cell was asked."""
        return self.head is not None and len(self.cells) >= len(self.head.rows) * len(self.head.columns)

    def known(self) -> dict[tuple[str, str], frozenset[str]]:
        """The endpoints that need not be asked again, by the rows' keys: all but the inconclusive ones."""
        # That something is not shown is an answer: what it means is found out beside the others.
        return _by_row(cell for cell in self.cells.values() if cell.verdict is not Verdict.INCONCLUSIVE or cell.hidden)

    def asked(self) -> dict[tuple[str, str], frozenset[str]]:
        """The endpoints that were asked, inconclusive ones included, by the rows' keys."""
        return _by_row(self.cells.values())

    @property
    def span(self) -> Span:
        """When its cells were asked."""
        return Span(cell.at for cell in self.cells.values())

    def on_cell(self, cell: Cell) -> None:
        """Add a cell, in the place of what was known of it.

        Raises:
            RunFileError: what came before could not be written.
        """
        self.cells[cell.key] = cell
        self._add(msgspec.json.encode(_Line(cell=cell)))

    def on_row(self, row: Row) -> None:
        """Add what was learnt of an identity.

        Raises:
            RunFileError: what came before could not be written.
        """
        if self.rows.get(row.key) != row:
            self.rows[row.key] = row
            self._add(msgspec.json.encode(_Line(row=row)))

    def flush(self) -> None:
        """Bring everything to disk. Blocks.

        Raises:
            RunFileError: it could not be written.
        """
        if self._last:
            self._last.result()
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._fault = self._fault or error
        self._complain()

    def close(self) -> None:
        """Let another program have it. Blocks until all is written."""
        if self._last:
            self._last.result()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _add(self, line: bytes) -> None:
        self._complain()
        with self._guard:
            self._waiting.append(line)
            if len(self._waiting) == 1:
                self._last = self._thread.submit(self._write_waiting)

    def _write_waiting(self) -> None:
        with self._guard:
            lines, self._waiting = self._waiting, []
        try:
            self._write(b"\n".join(lines) + b"\n")
        except OSError as error:
            self._fault = error

    def _write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self._descriptor, content) :]

    def _complain(self) -> None:
        if self._fault:
            raise _cannot(self.path, self._fault)

    def _read(self) -> None:
        lines = self._lines()
        try:
            head = _HEAD.decode(next(lines, b""))
        except _UNREADABLE:
            return
        if head.version != _VERSION:
            return
        self.head, self.rows = head, {row.key: row for row in head.rows}
        for line in lines:
            try:
                told = _LINE.decode(line)
            except _UNREADABLE:
                continue
            if told.cell:
                self.cells[told.cell.key] = told.cell
            if told.row:
                self.rows[told.row.key] = told.row

    def _lines(self) -> Iterator[bytes]:
        """The whole lines; what follows the last is cut off, so that the next one begins a line."""
        with open(os.dup(self._descriptor), "rb") as file:  # noqa: PTH123 - a descriptor
            file.seek(0)
            end = 0
            for line in file:
                if line.endswith(b"\n"):
                    end += len(line)
                    yield line
            if end < file.tell():
                os.ftruncate(self._descriptor, end)


def _by_row(cells: Iterable[Cell]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for cell in cells:
        found.setdefault(cell.row_key, set()).add(cell.endpoint)
    return {key: frozenset(names) for key, names in found.items()}


def _cannot(path: Path, error: OSError) -> RunFileError:
    return RunFileError(
        f"The run cannot be kept: {error.strerror or error}.",
        advice=f"See whether {path.parent} has room and is yours to write.",
    )
