"""Paths within a JSON document, as JSONPath (RFC 9535)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {ord("'"): r"\'", ord("\\"): r"\\", 8: r"\b", 9: r"\t", 10: r"\n", 12: r"\f", 13: r"\r"}
_ESCAPES |= {code: f"\\u{code:04x}" for code in range(32) if code not in _ESCAPES}


def json_path(parts: Iterable[str | int]) -> str:
    """Return keys and indices from the root on as a path: `$.messages[3]['a name']`."""
    return "$" + "".join(map(_step, parts))


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _NAME.fullmatch(part) else f"['{part.translate(_ESCAPES)}']"
