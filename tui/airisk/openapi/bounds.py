"""What is said of a document as a whole: how deep it goes, and to what outside of it it refers."""

from __future__ import annotations

from typing import Any

from tui.airisk.errors import NotOpenAPI
from tui.airisk.json_schema.references import is_local
from tui.airisk.openapi.part import Part
from tui.airisk.openapi.problems import Problems

_DEEPEST = 200


def refuse_depth(root: Part, problems: Problems) -> None:
    """Refuse a document whose values lie too deep to be read safely; note each document that it refers to.

    Raises:
        NotOpenAPI: it goes deeper than 200 levels.
    """
    seen: set[int] = set()
    level: list[Any] = [root.node]
    outside: dict[str, None] = {}
    for _ in range(_DEEPEST):
        level = _inner(level, seen, outside)
        if not level:
            break
    else:
        raise NotOpenAPI("The document's values lie too deep.")
    for name in outside:
        problems.add("it refers to this outside document, which is not fetched", name or "?", "")


def _inner(level: list[Any], seen: set[int], outside: dict[str, None]) -> list[Any]:
    """The mappings and lists one level further in, each once."""
    inner: list[Any] = []
    for node in level:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and not is_local(reference):
                outside[reference.partition("#")[0][:200]] = None
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict | list) and id(value) not in seen:
                seen.add(id(value))
                inner.append(value)
    return inner
