"""Compare two responses: JSON by key, id or position, other text by line, an agent's reply by its text.

Volatile fields are listed separately.
"""

from __future__ import annotations

import difflib
import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from tui.airisk.lenient_json import json_bytes
from tui.airisk.models import Exchange
from tui.airisk.responses.event_stream import EVENT_STREAM, rebuild_reply
from tui.airisk.responses.pagination import Extent, extent_of
from tui.airisk.responses.volatile_fields import Path, VolatileFields, identifying_field
from tui.json_path import json_path

_ALIGNED = 2_000
"""Items of a list without ids above which they are compared by position: aligning takes quadratic time."""


class Kind(enum.StrEnum):
    """How a value changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; `path` is the one in the second document if both have the value.

    `ids` are the ids of the list items in `path` that were matched by id, each with its position in `path`.
    """

    kind: Kind
    path: Path
    before: Any = None
    after: Any = None
    is_volatile: bool = False
    ids: tuple[tuple[int, str], ...] = ()

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list that only one document has."""
        return self.kind is not Kind.CHANGED and bool(self.path) and isinstance(self.path[-1], int)

    @property
    def place(self) -> str:
        """The path as JSONPath (RFC 9535)."""
        return json_path(self.path)


def changes(before: Any, after: Any, volatile: VolatileFields) -> Iterator[Change]:
    """Yield the differences in the order of the second document, with removed values where they were.

    Both are results of a JSON decoder, which has bounded their depth.
    """
    return (_marked(change, volatile) for change in _compare(before, after, (), volatile))


def _marked(change: Change, volatile: VolatileFields) -> Change:
    return replace(change, is_volatile=True) if volatile.holds(change.path) else change


def _compare(before: Any, after: Any, path: Path, volatile: VolatileFields) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(before, after, path, volatile)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path, volatile)
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):  # to Python, 1 equals True
        yield Change(Kind.CHANGED, path, before, after)


def _objects(
    before: Mapping[str, Any], after: Mapping[str, Any], path: Path, volatile: VolatileFields
) -> Iterator[Change]:
    for key, value in before.items():
        if key not in after:
            yield Change(Kind.REMOVED, (*path, key), before=value)
    for key, value in after.items():
        if key in before:
            yield from _compare(before[key], value, (*path, key), volatile)
        else:
            yield Change(Kind.ADDED, (*path, key), after=value)


def _lists(before: Sequence[Any], after: Sequence[Any], path: Path, volatile: VolatileFields) -> Iterator[Change]:
    lists = filter(None, (before, after))  # the ids of one list identify its items, though the other one is empty
    field = identifying_field(*lists, is_left_out=lambda name: _is_volatile(name, before, after, path, volatile))
    old_keys, new_keys = _keys(before, field), _keys(after, field)
    if old_keys is None or new_keys is None:
        pairs = ((i, i) for i in range(min(len(before), len(after))))
        yield from _paired(before, after, pairs, path, volatile)
        yield from (Change(Kind.REMOVED, (*path, i), before=before[i]) for i in range(len(after), len(before)))
        yield from (Change(Kind.ADDED, (*path, i), after=after[i]) for i in range(len(before), len(after)))
    elif field:
        yield from _by_id(before, after, (old_keys, new_keys), path, volatile)
    else:
        yield from _in_order(before, after, (old_keys, new_keys), path, volatile)


def _paired(
    before: Sequence[Any], after: Sequence[Any], pairs: Iterator[tuple[int, int]], path: Path, volatile: VolatileFields
) -> Iterator[Change]:
    for old, new in pairs:
        yield from _compare(before[old], after[new], (*path, new), volatile)


def _by_id(
    before: Sequence[Any],
    after: Sequence[Any],
    keys: tuple[Sequence[Any], Sequence[Any]],
    path: Path,
    volatile: VolatileFields,
) -> Iterator[Change]:
    old_keys, new_keys = keys
    places = {key: place for place, key in enumerate(old_keys)}
    kept = set(new_keys)
    for place, key in enumerate(old_keys):
        if key not in kept:
            yield Change(Kind.REMOVED, (*path, place), before=before[place], ids=((len(path), str(key)),))
    for place, key in enumerate(new_keys):
        if key in places:
            for change in _compare(before[places[key]], after[place], (*path, place), volatile):
                yield replace(change, ids=((len(path), str(key)), *change.ids))
        else:
            yield Change(Kind.ADDED, (*path, place), after=after[place], ids=((len(path), str(key)),))


def _in_order(
    before: Sequence[Any],
    after: Sequence[Any],
    keys: tuple[Sequence[Any], Sequence[Any]],
    path: Path,
    volatile: VolatileFields,
) -> Iterator[Change]:
    for old, old_end, new, new_end in _unequal(*keys):
        both = min(old_end - old, new_end - new)
        yield from _paired(before, after, ((old + i, new + i) for i in range(both)), path, volatile)
        yield from (Change(Kind.REMOVED, (*path, i), before=before[i]) for i in range(old + both, old_end))
        yield from (Change(Kind.ADDED, (*path, i), after=after[i]) for i in range(new + both, new_end))


def _unequal(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges that differ: start and end in `old`, then start and end in `new`."""
    # The matcher may align two lists differently in reverse order.
    is_turned = (len(old), old) > (len(new), new)
    matcher = SequenceMatcher(None, *((new, old) if is_turned else (old, new)), autojunk=False)
    for kind, first, first_end, second, second_end in matcher.get_opcodes():
        if kind != "equal":
            yield (second, second_end, first, first_end) if is_turned else (first, first_end, second, second_end)


def _is_volatile(name: str, before: Sequence[Any], after: Sequence[Any], path: Path, volatile: VolatileFields) -> bool:
    """Return whether this field of any item is volatile.

    False if the whole list is volatile: the field still identifies its items.
    """
    places = range(max(len(before), len(after)) if volatile.paths else 1)
    return any(volatile.holds((*path, place, name)) for place in places) and not volatile.holds(path)


def _keys(items: Sequence[Any], field: str) -> list[Any] | None:
    if field:
        return [item[field] for item in items]
    if len(items) > _ALIGNED:
        return None
    return [json_bytes(item) for item in items]


BodyKind = Literal["an event stream", "JSON", "text", "no body"]

MOST = 5_000
"""Maximum number of differences to list."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences between two responses; `has_more` if not all are listed; `parts` are those of paged lists.

    `volatile` is the number of differences between volatile fields, of which at most `MOST` are listed. `is_reply`: the
    texts of two agents' replies are compared, not their events. Bodies of two `kinds` are one difference, at the root.
    """

    before: Exchange
    after: Exchange
    differences: tuple[Change, ...]
    kinds: tuple[BodyKind, BodyKind]
    volatile: int = 0
    is_reply: bool = False
    has_more: bool = False
    parts: tuple[Extent | None, Extent | None] = (None, None)

    @property
    def is_json(self) -> bool:
        """Whether the differences are those of JSON values, not of lines."""
        return set(self.kinds) == {"JSON"}

    @property
    def is_alike(self) -> bool:
        """Whether the same part of a list is compared, if there is a list."""
        before, after = self.parts
        return before.is_like(after) if before and after else True

    @property
    def is_whole(self) -> bool:
        """Whether no page of a list is missing on either side."""
        return all(part is None or part.is_whole for part in self.parts)

    @property
    def is_same(self) -> bool:
        """Whether both responses have the same status, and differ only in volatile fields."""
        return self.before.status == self.after.status and all(change.is_volatile for change in self.differences)


def compare(before: Exchange, after: Exchange, volatile: VolatileFields) -> Comparison:
    """Compare two responses: by JSON value, else line by line. Slow for megabytes, so call it off the event loop."""
    (kind, one), (other_kind, other) = _read(before), _read(after)
    found: Iterable[Change]
    replies = _replies(before, after)
    if kind != other_kind:
        found = [Change(Kind.CHANGED, (), one, other)]
    elif kind == "JSON":
        found = changes(one, other, volatile)
    else:
        found = _lines(*(replies or (one, other)))
    listed, counts = list[Change](), Counter[bool]()
    for change in found:
        counts[change.is_volatile] += 1
        if counts[False] > MOST:
            break
        if counts[change.is_volatile] <= MOST:
            listed.append(change)
    return Comparison(
        before,
        after,
        tuple(listed),
        (kind, other_kind),
        volatile=counts[True],
        is_reply=bool(replies),
        has_more=counts[False] > MOST,
        parts=(extent_of(before), extent_of(after)),
    )


def _replies(*exchanges: Exchange) -> tuple[str, ...]:
    """Return the texts of agents' replies; empty if any of the responses is something else."""
    if any(each.content_type != EVENT_STREAM for each in exchanges):
        return ()
    replies = [rebuild_reply(each.body) for each in exchanges]
    return tuple(reply.text for reply in replies) if all(reply.is_of_agent for reply in replies) else ()


def _read(exchange: Exchange) -> tuple[BodyKind, Any]:
    """Return the kind of a body, and its JSON value or its text."""
    is_stream = exchange.content_type == EVENT_STREAM
    if not exchange.body.strip():
        return "no body", ""
    if not is_stream:
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return "JSON", msgspec.json.decode(exchange.body)
    return "an event stream" if is_stream else "text", exchange.body.decode("utf-8", errors="backslashreplace")


def _lines(before: str, after: str) -> Iterable[Change]:
    """Yield lines that differ, each at its number; lines in the same place are one change."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > 2 * MOST:
        codes: Iterable[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))] if old != new else []
    else:
        codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in codes:
        if kind != "equal":
            both = min(old_end - old_start, new_end - new_start)
            places = ((old_start + i, new_start + i) for i in range(both))
            yield from (Change(Kind.CHANGED, (i + 1,), old[j], new[i]) for j, i in places)
            yield from (Change(Kind.REMOVED, (i + 1,), before=old[i]) for i in range(old_start + both, old_end))
            yield from (Change(Kind.ADDED, (i + 1,), after=new[i]) for i in range(new_start + both, new_end))
