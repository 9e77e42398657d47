"""Load a document, JSON or YAML, as nested values with known lines."""

from __future__ import annotations

from typing import Any, Protocol

from tui.airisk.openapi.json_loader import JsonLines, in_utf8, not_utf8, read_json
from tui.errors import OpenAPIError


class LineIndex(Protocol):
    """Lines of the parts of a document."""

    def line(self, pointer: str) -> int:
        """Return the line of what is at a JSON pointer; 0 if unknown."""


def read_text(content: bytes, name: str) -> tuple[Any, LineIndex]:
    """Load a document and its lines.

    Raises:
        OpenAPIError: it is neither JSON nor YAML.
    """
    content = in_utf8(content)
    begin = content.lstrip()[:1]
    if begin == b"<":
        raise OpenAPIError(
            "This is a web page or XML, not an OpenAPI document.", advice="A login page may be in between."
        )
    if begin in {b"{", b"["} and not name.lower().endswith((".yaml", ".yml")):
        return read_json(content), JsonLines(content)
    from tui.airisk.openapi.yaml_loader import read_yaml  # noqa: PLC0415 - most documents are JSON

    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise not_utf8(content) from None
    return read_yaml(text)


_MOST_PROBLEMS = 100


class Problems:
    """Collects problems. Equal ones are reported once, with the first place and the number of others."""

    def __init__(self, lines: LineIndex) -> None:
        self._lines = lines
        self._places: dict[str, list[tuple[str, str]]] = {}

    def add(self, words: str, where: str, pointer: str) -> None:
        """Add a problem `where` (for the user), at `pointer` (in the document)."""
        self._places.setdefault(words, []).append((where, pointer))

    def describe(self) -> tuple[str, ...]:
        """Return all problems, each with its place and line."""
        described = [self._line(words, places) for words, places in list(self._places.items())[:_MOST_PROBLEMS]]
        more = len(self._places) - _MOST_PROBLEMS
        return (*described, f"… and {more} other problems") if more > 0 else tuple(described)

    def _line(self, words: str, places: list[tuple[str, str]]) -> str:
        where, pointer = places[0]
        line = self._lines.line(pointer)
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        return f"{where}{f', line {line}' if line else ''}: {words}{more}"
