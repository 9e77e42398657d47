"""Following a trail from line to line, and what is wrong where that fails."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from tui.journal.entries import NOTHING_BEFORE, Entry, is_true_to_its_hash, unseal


class Break(enum.StrEnum):
    """Why a line does not follow the one before it."""

    NOT_AN_ENTRY = "not an entry"
    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    DETACHED = "detached"


@dataclass(slots=True)
class Chain:
    """Where in the chain one stands: at the entry of that number, with that hash; 0 is before the first.

    `entry` is the one stepped on last.
    """

    sequence: int = 0
    hash: str = NOTHING_BEFORE
    entry: Entry | None = field(default=None, compare=False)

    def follow(self, line: bytes) -> Break | None:
        """Step on to the entry in `line`; on a break, stay."""
        entry = unseal(line)
        if entry is None:
            return Break.NOT_AN_ENTRY
        if not is_true_to_its_hash(line):
            return Break.CHANGED
        if entry.sequence != self.sequence + 1:
            return Break.MISSING if entry.sequence > self.sequence else Break.OUT_OF_ORDER
        if entry.previous != self.hash:
            return Break.DETACHED
        self.sequence, self.hash, self.entry = entry.sequence, entry.hash, entry
        return None
