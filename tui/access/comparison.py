"""Two answers side by side: whether they say the same, and what differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from tui.access.diff import Change, Kind, changes
from tui.access.volatile import Volatile
from tui.airisk.models import Exchange
from tui.airisk.responses.pagination import Extent, extent_of

MOST = 5_000
"""Differences that are listed; more are not worth reading one by one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two answers; `has_more` where not all is listed; `parts` are those of lists in pages."""

    before: Exchange
    after: Exchange
    differences: tuple[Change, ...]
    is_json: bool
    has_more: bool = False
    parts: tuple[Extent | None, Extent | None] = (None, None)

    @property
    def volatile(self) -> int:
        """How many of the differences are between fields that always differ."""
        return sum(change.is_volatile for change in self.differences)

    @property
    def is_alike(self) -> bool:
        """Whether the same part of a list is compared, where a list is."""
        before, after = self.parts
        return before.is_like(after) if before and after else True

    @property
    def is_same(self) -> bool:
        """Whether both answers have the same status, and nothing differs but what always does."""
        return self.before.status == self.after.status and self.volatile == len(self.differences)


def compare(before: Exchange, after: Exchange, volatile: Volatile) -> Comparison:
    """Compare two answers: by the values of JSON, else line by line. For megabytes this takes a while: off the loop."""
    try:
        documents = _json(before.body), _json(after.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found: Iterable[Change] = _lines(before.body, after.body)
        is_json = False
    else:
        found = changes(*documents, volatile)
        is_json = True
    listed = tuple(islice(found, MOST + 1))
    parts = extent_of(before), extent_of(after)
    return Comparison(before, after, listed[:MOST], is_json, has_more=len(listed) > MOST, parts=parts)


def _json(body: bytes) -> Any:
    return msgspec.json.decode(body) if body.strip() else None


def _lines(before: bytes, after: bytes) -> Iterable[Change]:
    """Lines as changes, each at its number."""
    old, new = (body.decode("utf-8", errors="replace").splitlines() for body in (before, after))
    if len(old) + len(new) > 2 * MOST:
        codes: Iterable[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))] if old != new else []
    else:
        codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in codes:
        if kind != "equal":
            yield from (Change(Kind.REMOVED, (i + 1,), before=old[i]) for i in range(old_start, old_end))
            yield from (Change(Kind.ADDED, (i + 1,), after=new[i]) for i in range(new_start, new_end))
