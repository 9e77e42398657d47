"""The file of a run. Each cell is appended when it is known, so that a run killed at any point can be resumed.

The file has lines of JSON and is readable by its owner only. The first line is the header with identities and
endpoints, each other a cell, or a row after its sign-in. A partial last line is ignored. The file never contains a
body or a token.
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

from tui.access.matrix_document import RunParameters
from tui.access.model import NO_COVERAGE, Cell, Column, Coverage, Row, Span, Verdict
from tui.access.requests import RequestInputs
from tui.background import DaemonExecutor
from tui.config.paths import of_deployment, runs_directory
from tui.decoding import json_decoder
from tui.errors import RunFileError
from tui.files import NotRegularFileError, make_private_directory, take_lock

_VERSION = 1


class RunHeader(msgspec.Struct, frozen=True, kw_only=True):
    """Identities, requests and parameters of a run; equal runs have the same `key`, equal rules the same `rules`."""

    version: int = _VERSION
    key: str
    deployment: str
    client_id: str
    started: str
    parameters: RunParameters
    rows: list[Row]
    columns: list[Column]
    inputs: list[RequestInputs] = []
    rules: str = ""
    coverage: Coverage = NO_COVERAGE


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    cell: Cell | None = None
    row: Row | None = None


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LINE = json_decoder(_Line)
_HEAD = json_decoder(RunHeader)


def directory_of(deployment: str) -> Path:
    """Return the directory for the runs against a deployment."""
    return of_deployment(runs_directory(), deployment)


def saved_runs(deployment: str) -> list[Path]:
    """Return the files of all runs against a deployment. Blocks."""
    return list(directory_of(deployment).glob("*.jsonl"))


def forget_runs(deployment: str) -> int:
    """Delete all runs against a deployment, and return how many there were. Blocks.

    Raises:
        RunFileError: a run could not be deleted.
    """
    found = saved_runs(deployment)
    for path in found:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise RunFileError(f"A run cannot be deleted: {error.strerror}.", advice=f"Its file is {path}.") from None
    return len(found)


_LOCK_SECONDS = 1.0
"""A plan that only looks at the run, even one of this program, holds the lock for less."""


class RunFile:
    """A run on disk, locked by one program at a time.

    A separate thread writes cells at once, in order of arrival. `head` is the header, `rows` the latest rows by key,
    `cells` the latest version of each cell by key.
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
        """Open or create the file, and read it. Blocks.

        Raises:
            RunFileError: the file cannot be opened, or another program uses it.
        """
        run = cls(path)
        try:
            make_private_directory(path.parent)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            run._descriptor = os.open(path, flags, 0o600)
            if not stat.S_ISREG(os.fstat(run._descriptor).st_mode):
                raise NotRegularFileError(errno.EINVAL, "it is not a regular file", str(path))
            is_ours = take_lock(run._descriptor, seconds=_LOCK_SECONDS)
            if is_ours:
                run._read()
        except OSError as error:
            run.close()
            raise _cannot(path, error) from None
        if not is_ours:
            run.close()
            raise RunFileError(
                "This run is in use by another airisk-tui process.", advice="Wait until it ends, or stop it."
            )
        return run

    def start(self, head: RunHeader) -> None:
        """Discard earlier results and start a run. Blocks.

        Raises:
            RunFileError: the file cannot be written.
        """
        self.head, self.rows, self.cells = head, {row.key: row for row in head.rows}, {}
        try:
            os.ftruncate(self._descriptor, 0)
            self._write(msgspec.json.encode(head) + b"\n")
        except OSError as error:
            raise _cannot(self.path, error) from None

    @property
    def is_whole(self) -> bool:
        """Whether every cell has a result."""
        return self.head is not None and len(self.cells) >= len(self.head.rows) * len(self.head.columns)

    def known(self) -> dict[tuple[str, str], frozenset[str]]:
        """Return the endpoints that need not be sent again, by row key: all but the inconclusive ones."""
        # A hidden cell has its response; only its meaning depends on the other cells.
        return _by_row(
            cell for cell in self.cells.values() if cell.verdict is not Verdict.INCONCLUSIVE or cell.needs_witness
        )

    def tested(self) -> dict[tuple[str, str], frozenset[str]]:
        """Return the endpoints that have a cell, inconclusive ones included, by row key."""
        return _by_row(self.cells.values())

    @property
    def span(self) -> Span:
        """The time span of its requests."""
        return Span(cell.at for cell in self.cells.values())

    def on_cell(self, cell: Cell) -> None:
        """Store a cell, replacing an earlier version.

        Raises:
            RunFileError: an earlier write failed.
        """
        self.cells[cell.key] = cell
        self._add(msgspec.json.encode(_Line(cell=cell)))

    def on_row(self, row: Row) -> None:
        """Store a row if it changed.

        Raises:
            RunFileError: an earlier write failed.
        """
        if self.rows.get(row.key) != row:
            self.rows[row.key] = row
            self._add(msgspec.json.encode(_Line(row=row)))

    def flush(self) -> None:
        """Write everything to disk. Blocks.

        Raises:
            RunFileError: a write failed.
        """
        if self._last:
            self._last.result()
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._fault = self._fault or error
        self._complain()

    def close(self) -> None:
        """Release the file for other programs. Blocks until everything is written."""
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
                content = _LINE.decode(line)
            except _UNREADABLE:
                continue
            if content.cell:
                self.cells[content.cell.key] = content.cell
            if content.row:
                self.rows[content.row.key] = content.row

    def _lines(self) -> Iterator[bytes]:
        """Yield the complete lines, and cut off a partial last line, so that the next one starts a line."""
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
        f"The run cannot be saved: {error.strerror or error}.",
        advice=f"Check permissions and free space of {path.parent}.",
    )
