"""What differs between two JSON documents: by key, by id, by place; volatile fields are told apart."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

import msgspec

from tui.access.volatile import Path, Volatile

_IDS = ("id", "Id", "ID", "_id", "uuid", "key", "name")
"""Fields by which the items of two lists are taken for the same, the first that all of them have."""

_ALIGNED = 2_000
"""Items of a list without ids beyond which they are compared place by place: aligning takes the square of them."""


class Kind(enum.StrEnum):
    """What became of a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not the same in both; `path` is of the second where both have one."""

    kind: Kind
    path: Path
    before: Any = None
    after: Any = None
    is_volatile: bool = False

    @property
    def place(self) -> str:
        """The path as JSONPath (RFC 9535)."""
        return jsonpath(self.path)


def jsonpath(path: Path) -> str:
    """A path as JSONPath writes it: `$.messages[3].id`."""
    return "$" + "".join(_step(step) for step in path)


def changes(before: Any, after: Any, volatile: Volatile) -> Iterator[Change]:
    """The differences, in the order of the second document, removed ones where they were.

    Both are what a JSON decoder gives; depth is bounded by whoever decoded them.
    """
    return (_marked(change, volatile) for change in _compare(before, after, ()))


def _marked(change: Change, volatile: Volatile) -> Change:
    return replace(change, is_volatile=True) if volatile.holds(change.path) else change


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{msgspec.json.encode(step).decode()}]"


def _compare(before: Any, after: Any, path: Path) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):  # to Python, 1 equals True
        yield Change(Kind.CHANGED, path, before, after)


def _objects(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Change]:
    for key, value in before.items():
        if key not in after:
            yield Change(Kind.REMOVED, (*path, key), before=value)
    for key, value in after.items():
        if key in before:
            yield from _compare(before[key], value, (*path, key))
        else:
            yield Change(Kind.ADDED, (*path, key), after=value)


def _lists(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Change]:
    field = _id_of(before, after)
    keys = _keys(before, field), _keys(after, field)
    if keys[0] is None or keys[1] is None:
        pairs = ((i, i) for i in range(min(len(before), len(after))))
        yield from _paired(before, after, pairs, path)
        yield from (Change(Kind.REMOVED, (*path, i), before=before[i]) for i in range(len(after), len(before)))
        yield from (Change(Kind.ADDED, (*path, i), after=after[i]) for i in range(len(before), len(after)))
    elif field:
        yield from _by_id(before, after, keys[0], keys[1], path)
    else:
        yield from _in_order(before, after, keys[0], keys[1], path)


def _paired(
    before: Sequence[Any], after: Sequence[Any], pairs: Iterator[tuple[int, int]], path: Path
) -> Iterator[Change]:
    for old, new in pairs:
        yield from _compare(before[old], after[new], (*path, new))


def _by_id(
    before: Sequence[Any], after: Sequence[Any], old_keys: Sequence[Any], new_keys: Sequence[Any], path: Path
) -> Iterator[Change]:
    places = {key: place for place, key in enumerate(old_keys)}
    kept = set(new_keys)
    for place, key in enumerate(old_keys):
        if key not in kept:
            yield Change(Kind.REMOVED, (*path, place), before=before[place])
    for place, key in enumerate(new_keys):
        if key in places:
            yield from _compare(before[places[key]], after[place], (*path, place))
        else:
            yield Change(Kind.ADDED, (*path, place), after=after[place])


def _in_order(
    before: Sequence[Any], after: Sequence[Any], old_keys: Sequence[Any], new_keys: Sequence[Any], path: Path
) -> Iterator[Change]:
    for old, old_end, new, new_end in _unequal(old_keys, new_keys):
        both = min(old_end - old, new_end - new)
        yield from _paired(before, after, ((old + i, new + i) for i in range(both)), path)
        yield from (Change(Kind.REMOVED, (*path, i), before=before[i]) for i in range(old + both, old_end))
        yield from (Change(Kind.ADDED, (*path, i), after=after[i]) for i in range(new + both, new_end))


def _unequal(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that are not the same, each with where it begins and ends in both."""
    # The matcher may align two lists in another way when they are turned round.
    is_turned = (len(old), old) > (len(new), new)
    matcher = SequenceMatcher(None, *((new, old) if is_turned else (old, new)), autojunk=False)
    for kind, first, first_end, second, second_end in matcher.get_opcodes():
        if kind != "equal":
            yield (second, second_end, first, first_end) if is_turned else (first, first_end, second, second_end)


def _id_of(before: Sequence[Any], after: Sequence[Any]) -> str:
    """The field that tells the items of both lists apart, or nothing."""
    items = [*before, *after]
    if not before or not after or not all(isinstance(item, dict) for item in items):
        return ""
    for field in _IDS:
        if all(isinstance(item.get(field), str | int) for item in items) and all(
            len({item[field] for item in side}) == len(side) for side in (before, after)
        ):
            return field
    return ""


def _keys(items: Sequence[Any], field: str) -> list[Any] | None:
    if field:
        return [item[field] for item in items]
    if len(items) > _ALIGNED:
        return None
    return [msgspec.json.encode(item, order="sorted") for item in items]
