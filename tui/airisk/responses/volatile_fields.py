"""Fields that differ each time, and a digest of a response without them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from tui.airisk.lenient_json import json_bytes

Path = tuple[str | int, ...]
"""Steps from the top of a JSON document: keys and places."""

USUAL = (
    "traceId",
    "requestId",
    "correlationId",
    "spanId",
    "operationId",
    "nonce",
    "etag",
    "timestamp",
    "serverTime",
    "generatedAt",
    "now",
    "elapsed",
    "elapsedMs",
    "duration",
    "durationMs",
)
"""Common names of such fields, which match in any case, with or without _ and -."""

_STEP = re.compile(
    r"""\.(?P<name>\*|[^.\[\]'"\s]+)|\[(?P<index>\*|\d+)\]|\['(?P<single>(?:[^'\\]|\\.)*)'\]|\["(?P<double>(?:[^"\\]|\\.)*)"\]"""
)


@dataclass(frozen=True, slots=True)
class VolatileFields:
    """Fields to exclude from comparisons.

    A pattern is the name of a field, at whatever depth, or a path from the top: `$.items[*].version`. A `*` stands for
    any one step.
    """

    names: frozenset[str]
    paths: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str] = USUAL) -> VolatileFields:
        """Parse patterns.

        Raises:
            ValueError: a path has something other than names, indexes and `*`, and would never match.
        """
        names, paths = set(), []
        for pattern in patterns:
            if pattern.startswith("$"):
                paths.append(_steps(pattern))
            else:
                names.add(plain(pattern))
        return cls(frozenset(names), tuple(paths))

    def holds(self, path: Path) -> bool:
        """Return whether this field, or one that contains it, is volatile."""
        return any(isinstance(step, str) and plain(step) in self.names for step in path) or any(
            _begins(path, pattern) for pattern in self.paths
        )


def _steps(pattern: str) -> tuple[str, ...]:
    """Return the steps of a path, which may be one that `json_path` wrote."""
    steps, end = [], 1
    while step := _STEP.match(pattern, end):
        end = step.end()
        try:
            steps.append(_unquoted(step))
        except ValueError:  # an escape that JSON does not have
            break
    if not steps or end < len(pattern):
        raise ValueError(f"“{pattern[:80]}” is not a path of names and indexes, such as $.items[*]['a name']")
    return tuple(steps)


def _unquoted(step: re.Match[str]) -> str:
    if step["single"] is None and step["double"] is None:
        return step["name"] or step["index"]
    text = step["double"] if step["single"] is None else step["single"].replace(r"\'", "'").replace('"', r"\"")
    return str(json.loads(f'"{text}"'))


def plain(name: str) -> str:
    """Normalize the spelling of a name: `trace_id`, `TraceId` and `trace-id` are the same field."""
    return name.replace("_", "").replace("-", "").casefold()


def _begins(path: Path, pattern: tuple[str, ...]) -> bool:
    return len(path) >= len(pattern) and all(
        wanted in {"*", str(step)} for step, wanted in zip(path, pattern, strict=False)
    )


_IDS = ("id", "Id", "ID", "_id", "uuid", "key", "name")
"""Fields that may identify the items of a list, by preference."""

_DIGEST_BYTES = 16
_DEEPEST = 500


def digest_of_bytes(content: bytes) -> str:
    """Return a short digest (BLAKE2b) of the bytes."""
    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def digest_of_document(document: Any, volatile: VolatileFields) -> str:
    """Return a digest of a JSON document without its volatile fields.

    As in `tui.airisk.responses.diff`, the order of members is irrelevant, as is that of a list whose items have ids.

    Raises:
        RecursionError: it is nested too deeply.
    """
    essence = _essence(document, (), _FieldFilter(volatile), _DEEPEST)
    return digest_of_bytes(json_bytes(essence))


class _FieldFilter:
    """Filter for volatile fields. Names are looked up once, not once per field of a large document."""

    def __init__(self, volatile: VolatileFields) -> None:
        self._volatile = volatile
        self._has_paths = bool(volatile.paths)
        self._is_named = lru_cache(maxsize=4096)(lambda key: plain(key) in volatile.names)

    def holds(self, key: str, path: Path) -> bool:
        return self._is_named(key) or (self._has_paths and self._volatile.holds((*path, key)))

    def step(self, path: Path, step: str | int) -> Path:
        """Return the path extended by one step, or unchanged if no pattern is a path."""
        return (*path, step) if self._has_paths else path


def _essence(value: Any, path: Path, removal: _FieldFilter, depth: int) -> Any:
    if depth == 0:
        raise RecursionError
    if isinstance(value, dict):
        kept = ((key, member) for key, member in value.items() if not removal.holds(key, path))
        return {key: _essence(member, removal.step(path, key), removal, depth - 1) for key, member in kept}
    if isinstance(value, list):
        items = [_essence(item, removal.step(path, place), removal, depth - 1) for place, item in enumerate(value)]
        field = identifying_field(items)
        return sorted(items, key=lambda item: (type(item[field]).__name__, item[field])) if field else items
    return int(value) if isinstance(value, float) and value.is_integer() else value


def identifying_field(*lists: Sequence[Any], is_left_out: Callable[[str], bool] = lambda _: False) -> str:
    """Return the field that identifies the items of these lists; empty if there is none.

    Args:
        lists: one list, or both lists of a comparison.
        is_left_out: returns whether a field of this name is volatile and thus identifies nothing.
    """
    if not all(lists) or not all(isinstance(item, dict) for items in lists for item in items):
        return ""
    for field in _IDS:
        values = [[item.get(field) for item in items] for items in lists]
        if all(map(_are_distinct, values)) and not is_left_out(field):
            return field
    return ""


def _are_distinct(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str | int) for value in values) and len(set(values)) == len(values)
