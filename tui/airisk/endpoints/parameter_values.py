"""Convert typed text to values, and values to the form in which a query or a path holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from tui.errors import RequestRejectedError
from tui.plain_names import is_text

Kind = Literal["string", "integer", "number", "boolean", "array", "object"]
"""A JSON Schema type."""

Style = Literal[
    "text",
    "repeat",
    "comma",
    "space",
    "tab",
    "pipe",
    "spread",
    "pairs",
    "deep",
    "label",
    "labels",
    "matrix",
    "matrices",
]
"""How a list or an object is sent outside a JSON body.

*text*: as JSON · *repeat*: `a=1&a=2` · *comma*, *space*, *tab*, *pipe*: joined by it, an object's names before its
values · *spread*: each of an object's values under its own name · *pairs*: `x=1,y=2` · *deep*: `a[x]=1&a[y]=2` ·
in a path only: *label*: `.1,2`, *labels*: `.1.2`, *matrix*: `;a=1,2`, *matrices*: `;a=1;a=2`.
"""

_KINDS: dict[str, tuple[Any, str]] = {
    "integer": (int, "a whole number"),
    "number": (int | float, "a number"),
    "boolean": (bool, "true or false"),
    "array": (list, 'a JSON array, such as ["a", "b"], or a, b'),
    "object": (dict[str, Any], 'a JSON object, such as {"a": "b"}'),
}
_JOINTS = {"comma": ",", "space": " ", "tab": "\t", "pipe": "|"}


def typed(value: str, kind: Kind, name: str, *, items: Kind = "string") -> object:
    """Convert text to a value of that JSON Schema type; a list is typed as a JSON array, or separated by commas.

    Raises:
        RequestRejectedError: it is not of that type; `name` says which value.
    """
    if not is_text(value):
        raise RequestRejectedError(f"{name} contains invalid Unicode (an unpaired surrogate).")
    if kind not in _KINDS:
        return value
    if kind == "array" and not value.lstrip().startswith("["):
        return [typed(item.strip(), items, f"each of {name}") for item in value.split(",")]
    expected, words = _KINDS[kind]
    try:
        return msgspec.json.decode(value, type=expected)
    except (msgspec.DecodeError, RecursionError):
        raise RequestRejectedError(f"{name} must be {words}.") from None


def as_text(value: object) -> str:
    """Return a value as one text: a text itself, anything else as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def in_style(name: str, value: object, style: Style) -> Iterator[tuple[str, str]]:
    """Yield the names and texts as which a value is sent in that style."""
    if isinstance(value, list):
        yield from _list_in_style(name, value, style)
    elif isinstance(value, dict):
        yield from _object_in_style(name, value, style)
    else:
        yield name, as_text(value)


def in_path(name: str, value: object, style: Style) -> str:
    """Return a value as it is sent within a path, percent-encoded except for the separators of its style."""
    if style == "text":
        return _encoded(value)
    is_apart = style in {"pairs", "labels", "matrices"}
    if isinstance(value, dict):
        pairs = [(_encoded(key), _encoded(member)) for key, member in value.items()]
        parts = [f"{key}={member}" for key, member in pairs] if is_apart else [text for pair in pairs for text in pair]
    else:
        parts = [_encoded(item) for item in value] if isinstance(value, list) else [_encoded(value)]
    match style:
        case "label" | "labels":
            return "." + ("." if is_apart else ",").join(parts)
        case "matrix":
            return f";{_encoded(name)}={','.join(parts)}"
        case "matrices":
            return "".join(f";{part}" if isinstance(value, dict) else f";{_encoded(name)}={part}" for part in parts)
        case _:
            return quote(_JOINTS.get(style, ","), safe=",").join(parts)


def _encoded(value: object) -> str:
    return quote(as_text(value), safe="")


def _list_in_style(name: str, items: list[Any], style: Style) -> Iterator[tuple[str, str]]:
    match style:
        case "repeat" | "spread":
            yield from ((name, as_text(item)) for item in items)
        case "deep":
            for place, item in enumerate(items):
                yield from in_style(f"{name}[{place}]", item, style)
        case "text":
            yield name, as_text(items)
        case _:
            yield name, _JOINTS.get(style, ",").join(map(as_text, items))


def _object_in_style(name: str, members: dict[str, Any], style: Style) -> Iterator[tuple[str, str]]:
    match style:
        case "spread":
            yield from ((key, as_text(member)) for key, member in members.items())
        case "deep":
            for key, member in members.items():
                yield from in_style(f"{name}[{key}]", member, style)
        case "pairs":
            yield name, ",".join(f"{key}={as_text(member)}" for key, member in members.items())
        case "text" | "repeat":
            yield name, as_text(members)
        case _:
            yield name, _JOINTS[style].join(text for key, member in members.items() for text in (key, as_text(member)))
