"""Fields that differ from answer to answer, whoever asks: times, ids of the request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
class Volatile:
    """Which fields are not compared.

    A pattern is the name of a field, at whatever depth, or a path from the top: `$.items[*].version`. A `*` stands for
    any one step.
    """

    names: frozenset[str]
    paths: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str] = USUAL) -> Volatile:
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
