"""Regular expressions of a document, matched only where they are sure to end."""

import re
import warnings
from functools import lru_cache

_LONGEST = 500
"""Characters of a text that is matched."""
_RISKY = re.compile(r"\)\s*[+*{]")
"""A repeated group can take for ever to find that it does not match."""


def matches(pattern: object, text: str) -> bool:
    """Whether a text matches a pattern, or it cannot be told: JSON Schema's patterns are not quite Python's."""
    compiled = compiled_safely(pattern) if isinstance(pattern, str) and len(text) <= _LONGEST else None
    return compiled is None or compiled.search(text) is not None


@lru_cache(maxsize=256)
def compiled_safely(pattern: str) -> re.Pattern[str] | None:
    """A pattern that is sure to end; none where it is not, or is not understood."""
    if _RISKY.search(pattern):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
