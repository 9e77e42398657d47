"""What of a document was left out, or understood in part."""

from __future__ import annotations

from tui.airisk.openapi.text import Lines

_MOST = 100


class Problems:
    """Collects what is wrong: the same words are said once, with the first place and how many more there are."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._places: dict[str, list[tuple[str, str]]] = {}

    def add(self, words: str, where: str, pointer: str) -> None:
        """Note what is wrong `where` (as a person calls it), at `pointer` (where it stands)."""
        self._places.setdefault(words, []).append((where, pointer))

    def told(self) -> tuple[str, ...]:
        """All of them, each with its place and line."""
        told = [self._line(words, places) for words, places in list(self._places.items())[:_MOST]]
        more = len(self._places) - _MOST
        return (*told, f"… and {more} other problems") if more > 0 else tuple(told)

    def _line(self, words: str, places: list[tuple[str, str]]) -> str:
        where, pointer = places[0]
        line = self._lines.line(pointer)
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        return f"{where}{f', line {line}' if line else ''}: {words}{more}"
