"""Regular expressions from outside, matched in linear time.

Python's own engine can take forever, and blocks signals in that time. RE2 has no look-around and no backreferences;
patterns with these are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_QUOTED = 80
"""Characters of a pattern that are quoted in its error."""

_LONGEST = 10_000
_ECMA_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}")


class InvalidPatternError(ValueError):
    """Raised for a pattern that is invalid, or that only backtracking can match."""


class Pattern:
    """A compiled pattern."""

    __slots__ = ("_compiled",)

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def is_in(self, text: str) -> bool:
        """Return whether it occurs in a text."""
        return self._compiled.search(_encoded(text)) is not None

    def fits(self, text: str) -> bool:
        """Return whether it matches the whole text."""
        return self._compiled.fullmatch(_encoded(text)) is not None


@lru_cache(maxsize=4096)
def compiled(text: str) -> Pattern:
    """Compile a pattern, in the syntax that Python, ECMAScript and RE2 have in common.

    Raises:
        InvalidPatternError: it is invalid, or requires backtracking.
    """
    import re2  # noqa: PLC0415 - not for the first paint

    options = re2.Options()
    options.log_errors = False
    try:
        if len(text) > _LONGEST:
            raise InvalidPatternError(f"“{text[:_QUOTED]}…” is longer than {_LONGEST:,} characters")
        portable = _ECMA_CODE_POINT.sub(lambda found: rf"\x{{{found[1] or found[2]}}}", text)
        return Pattern(re2.compile(_encoded(portable), options))
    except re2.error as error:
        raise InvalidPatternError(f"“{text[:_QUOTED]}” is not a valid regular expression ({_said(error)})") from None


def literal(text: str) -> str:
    """Return a pattern that matches exactly this text."""
    return re.escape(text)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if "perl operator" in words:
        return "look-ahead, look-behind and atomic groups are not supported"
    return words
