"""Verify a trail: every line is present, in its place and unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.audit.entry import LINE_CAP, AuditEntry, ChainError, ChainVerifier, Intents, parse
from tui.audit.reader import LogLine, Snapshot, snapshot
from tui.audit.storage import AuditFiles


@dataclass(frozen=True, slots=True)
class FirstError:
    """The first line that is not as it was written; `number` is 0 if no line is left."""

    file: Path
    number: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.number}: {self.words}."


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The number of valid entries, and the first error if there is one.

    `has_torn_line`: a program was killed while it wrote a line. That is no error, because it never was an entry.
    `unknown`: the changes of unknown outcome. They are no error of the trail. `expected`: whether the trail is the one
    whose entry was named, and unchanged up to it; None if none was named.
    """

    entries: int
    error: FirstError | None = None
    has_torn_line: bool = False
    unknown: tuple[AuditEntry, ...] = ()
    expected: bool | None = None


def verify(path: Path, expected: tuple[int, str] | None = None) -> VerifyResult:
    """Verify the trail to which a file belongs, from its first line to the end that its head records.

    Memory use does not grow with the trail.

    Args:
        path: a file of the trail.
        expected: the number and the hash of an entry, as someone noted them before.

    Raises:
        AuditError: the trail cannot be read.
    """
    with snapshot(AuditFiles.of(path)) as taken:
        return _Examination(taken, expected).verdict()


class _Examination:
    def __init__(self, taken: Snapshot, expected: tuple[int, str] | None) -> None:
        self._expected = expected
        self._is_expected = None if expected is None else False
        self._files = taken.files
        self._head = taken.head
        self._lines: Iterator[LogLine] = taken.lines()
        self._is_begun = not taken.finished
        self._living = taken.living
        self._chain = ChainVerifier()
        self._intents = Intents()
        self._last = LogLine(taken.files.current, 0, b"")

    def verdict(self) -> VerifyResult:
        for line in self._lines:
            if self._is_torn(line):
                return self._end(has_torn_line=True)
            found = self._chain.follow(line.content)
            words = self._words(found, line) if found else self._contradiction()
            if words:
                error = FirstError(line.file, line.number, words)
                return VerifyResult(self._chain.sequence, error, expected=self._is_expected)
            self._last = line
            if self._expected == (self._chain.sequence, self._chain.hash):
                self._is_expected = True
            if self._chain.entry:
                self._intents.follow(self._chain.entry)
        return self._end()

    def _end(self, *, has_torn_line: bool = False) -> VerifyResult:
        unknown = tuple(self._intents.unknown(self._living))
        return VerifyResult(self._chain.sequence, self._error_at_end(), has_torn_line, unknown, self._is_expected)

    def _is_torn(self, line: LogLine) -> bool:
        """Return whether the line is a partial one at the end of the trail."""
        has_room = len(line.content) <= LINE_CAP
        return not line.is_whole and has_room and line.file == self._files.current and next(self._lines, None) is None

    def _contradiction(self) -> str:
        head = self._head
        if head and self._chain.sequence == head.sequence and self._chain.hash != head.hash:
            return f"replaced: it does not match {self._files.head.name}"
        return ""

    def _error_at_end(self) -> FirstError | None:
        sequence, head = self._chain.sequence, self._head
        if head is None and (sequence > 1 or not self._is_begun):
            words = f"the end after it cannot be verified: {self._files.head.name} is missing"
        elif head and sequence < head.sequence:
            words = f"the end after it was cut off: {_entries(sequence + 1, head.sequence)} missing"
        else:
            return None
        return FirstError(self._last.file, self._last.number, words)

    def _words(self, found: ChainError, line: LogLine) -> str:
        entry = parse(line.content)
        expected = self._chain.sequence + 1
        if found is ChainError.MISSING and entry:
            if any(later and later.sequence == expected for later in self._entries_to_come()):
                return f"out of order: found entry {entry.sequence}, expected entry {expected}"
            return f"{_entries(expected, entry.sequence - 1)} missing before it"
        if found is ChainError.OUT_OF_ORDER and entry:
            return f"out of order: found entry {entry.sequence}, expected entry {expected}"
        return {
            ChainError.CHANGED: "modified: hash mismatch",
            ChainError.DETACHED: "chain broken: the previous hash does not match",
        }.get(found, "not an entry")

    def _entries_to_come(self) -> Iterator[AuditEntry | None]:
        return (parse(line.content) for line in self._lines)


def _entries(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"
