"""Patterns with `*` for anything, and `{name}` for one step of a path: endpoints, ids, roles, groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from tui.safe_regex import compiled, literal

_WILD = re.compile(r"\*+|\{[^{}]*\}")


class Pattern(Protocol):
    """Something that a whole text must fit, in any case."""

    def fits(self, text: str) -> bool:
        """Whether the text does."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text itself; `has_query`: what it is held against may have one behind it."""

    text: str
    has_query: bool

    def fits(self, text: str) -> bool:
        folded = text.casefold()
        return folded == self.text or (self.has_query and folded.partition("?")[0] == self.text)


@lru_cache(maxsize=4096)
def pattern(text: str) -> Pattern:
    """Read a pattern.

    For an endpoint it may leave out the query: `GET /api/x` fits `GET /api/x?results=5` too.

    Raises:
        NotAPattern: it is far too long.
    """
    may_have_query = "?" not in text and " " in text
    parts, end = [], 0
    for wild in _WILD.finditer(text):
        parts += [literal(text[end : wild.start()]), ".*" if wild[0][0] == "*" else "[^/?]+"]
        end = wild.end()
    if not parts:
        return _Plain(text.casefold(), may_have_query)
    query = r"(?:\?.*)?" if may_have_query else ""
    return compiled("(?is)" + "".join(parts) + literal(text[end:]) + query)


def fits(patterns: tuple[Pattern, ...], text: str) -> bool:
    """Whether it fits one of them."""
    return any(each.fits(text) for each in patterns)
