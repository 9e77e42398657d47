"""Regular expressions of a document."""

from __future__ import annotations

from tui.safe_regex import NotAPattern, Pattern, compiled


def matches(pattern: object, text: str) -> bool:
    """Whether a text matches a pattern, or it cannot be told: not every pattern of JSON Schema is known here."""
    found = understood(pattern)
    return found is None or found.is_in(text)


def understood(pattern: object) -> Pattern | None:
    """The pattern, or None where it is not understood."""
    if not isinstance(pattern, str):
        return None
    try:
        return compiled(pattern)
    except NotAPattern:
        return None
