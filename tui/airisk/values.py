"""What people type, as what an endpoint takes."""

from __future__ import annotations

import msgspec

from tui.airisk.errors import Refused

_KINDS: dict[str, tuple[type, str]] = {
    "integer": (int, "a whole number"),
    "array": (list, 'a JSON array, such as ["a", "b"]'),
}


def is_text(value: str) -> bool:
    """Whether it can be sent: half a character (a lone surrogate) cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def typed(value: str, kind: str, name: str) -> object:
    """The value of that JSON Schema type.

    Raises:
        Refused: it is not of that type; `name` says which value.
    """
    if not is_text(value):
        raise Refused(f"{name} holds half a character, which cannot be sent.")
    if kind not in _KINDS:
        return value
    expected, words = _KINDS[kind]
    try:
        return msgspec.json.decode(value, type=expected)
    except (msgspec.DecodeError, RecursionError):
        raise Refused(f"{name} must be {words}.") from None
