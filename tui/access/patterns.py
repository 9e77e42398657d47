"""Patterns with `*` for anything, and `{name}` for one step of a path: endpoints, ids, roles, groups."""

from __future__ import annotations

import re
from functools import lru_cache

Pattern = re.Pattern[str]

_WILD = re.compile(r"\*|\{[^{}]*\}")


@lru_cache(maxsize=4096)
def pattern(text: str) -> Pattern:
    """A pattern that a whole text must fit, in any case.

    For an endpoint it may leave out the query: `GET /api/x` fits `GET /api/x?results=5` too.
    """
    parts, end = [], 0
    for wild in _WILD.finditer(text):
        parts += [re.escape(text[end : wild.start()]), ".*" if wild[0] == "*" else "[^/?]+"]
        end = wild.end()
    query = "" if "?" in text or " " not in text else r"(?:\?.*)?"
    return re.compile("".join(parts) + re.escape(text[end:]) + query, re.IGNORECASE | re.DOTALL)


def fits(patterns: tuple[Pattern, ...], text: str) -> bool:
    """Whether it fits one of them."""
    return any(each.fullmatch(text) for each in patterns)
