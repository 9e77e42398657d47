"""Fields that differ each time, and a digest of what a response says without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from tui.airisk.json_body import json_bytes

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
"""Names that deployments give to such fields; a name matches in any case, with or without _ and -."""

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\*|\d+)\]")


@dataclass(frozen=True, slots=True)
class VolatileFields:
    """Which fields are not compared.

    A pattern is the name of a field, at whatever depth, or a path from the top: `$.items[*].version`. A `*` stands for
    any one step.
    """

    names: frozenset[str]
    paths: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str] = USUAL) -> VolatileFields:
        """Read patterns."""
        names, paths = set(), []
        for pattern in patterns:
            if pattern.startswith("$"):
                paths.append(tuple(name or place for name, place in _STEP.findall(pattern[1:])))
            else:
                names.add(plain(pattern))
        return cls(frozenset(names), tuple(paths))

    def holds(self, path: Path) -> bool:
        """Whether this field, or one it is in, is volatile."""
        return any(isinstance(step, str) and plain(step) in self.names for step in path) or any(
            _begins(path, pattern) for pattern in self.paths
        )


def plain(name: str) -> str:
    """A name in whatever spelling: `trace_id`, `TraceId` and `trace-id` are one."""
    return name.replace("_", "").replace("-", "").casefold()


def _begins(path: Path, pattern: tuple[str, ...]) -> bool:
    return len(path) >= len(pattern) and all(
        wanted in {"*", str(step)} for step, wanted in zip(path, pattern, strict=False)
    )


_IDS = ("id", "Id", "ID", "_id", "uuid", "key", "name")
"""Fields that may tell the items of a list apart; the first that does."""

_DIGEST_BYTES = 16
_DEEPEST = 500


def digest_of_bytes(content: bytes) -> str:
    """A short name for these bytes and no others."""
    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def digest_of_document(document: Any, volatile: VolatileFields) -> str:
    """The same for what a JSON document says, without its volatile fields.

    As in `tui.airisk.responses.diff`, the order of members says nothing, nor does that of a list whose items have ids.

    Raises:
        RecursionError: it is nested deeper than makes sense.
    """
    essence = _essence(document, (), _FieldFilter(volatile), _DEEPEST)
    return digest_of_bytes(json_bytes(essence))


class _FieldFilter:
    """Which fields are left out; names are looked up once, not once for each of a million fields."""

    def __init__(self, volatile: VolatileFields) -> None:
        self._volatile = volatile
        self._has_paths = bool(volatile.paths)
        self._is_named = lru_cache(maxsize=4096)(lambda key: plain(key) in volatile.names)

    def holds(self, key: str, path: Path) -> bool:
        return self._is_named(key) or (self._has_paths and self._volatile.holds((*path, key)))

    def step(self, path: Path, step: str | int) -> Path:
        """The path further down, where anybody asks for it."""
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
    """The field by which items of these lists are taken for the same: it tells those of each apart; or nothing.

    Args:
        lists: one, or both of a comparison.
        is_left_out: whether a field of this name is volatile: it tells nothing apart.
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
