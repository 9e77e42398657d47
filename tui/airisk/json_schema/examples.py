"""Build an example body from a schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tui.airisk.json_schema.references import JSONNode, References, UnresolvedReferenceError
from tui.airisk.json_schema.resolution import ResolvedSchema, is_small, matches, shape_of, type_of

if TYPE_CHECKING:
    from tui.airisk.json_schema.schema import Schema


_BY_FORMAT = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "name@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_LONGEST = 1000
_MOST_ATTEMPTED = 65


def sample_text(shape: ResolvedSchema) -> str:
    """Return a text of the required format and length; empty if none is known."""
    text = _BY_FORMAT.get(str(shape.says.get("format")), "")
    fewest, most = shape.number("minLength") or 0, shape.number("maxLength")
    text += "x" * int(min(max(0, fewest - len(text)), _LONGEST))
    text = text if most is None else text[: max(0, int(min(most, _LONGEST)))]
    pattern = shape.says.get("pattern")
    return text if matches(pattern, text) else next((each for each in _attempts() if matches(pattern, each)), text)


def _attempts() -> Iterator[str]:
    """Yield texts that most patterns of one kind of character accept, then well-known formats."""
    yield from (sign * count for count in range(1, _MOST_ATTEMPTED) for sign in "x0X")
    yield from _BY_FORMAT.values()


def sample_number(shape: ResolvedSchema) -> float:
    """Return a number within the bounds: 0 if allowed, a whole one if possible."""
    low, high = _bound(shape, "minimum", "exclusiveMinimum"), _bound(shape, "maximum", "exclusiveMaximum")
    lowest = -math.inf if low is None else math.floor(low[0]) + 1 if low[1] else math.ceil(low[0])
    highest = math.inf if high is None else math.ceil(high[0]) - 1 if high[1] else math.floor(high[0])
    number: float = min(max(0, lowest), highest)
    if low and not low[0] <= number:  # no integer lies between them
        number = (low[0] + high[0]) / 2 if high else low[0]
    step = shape.number("multipleOf")
    if step and step > 0 and math.isfinite(number / step):
        number = math.ceil(number / step) * step
    return number if math.isfinite(number) else 0


def _bound(shape: ResolvedSchema, inclusive: str, exclusive: str) -> tuple[float, bool] | None:
    """Return a bound, and whether it is exclusive. OpenAPI 3.0 says `true` to that, 3.1 the number itself."""
    bound, outer = shape.number(inclusive), shape.number(exclusive)
    if outer is not None:
        return outer, True
    return None if bound is None else (bound, shape.says.get(exclusive) is True)


_DEEPEST = 16
"""Levels down to which required values are filled in."""
_OPTIONAL_DEEPEST = 3
"""Levels down to which optional values are."""
_MOST_VALUES = 600
_MOST_ITEMS = 10

_SMALLEST: dict[str, Any] = {"array": [], "boolean": False, "integer": 0, "number": 0, "string": ""}


def template(schema: Schema, *, optional: bool) -> str:
    """Return `Schema.template`. An example that violates the schema itself is only the last resort."""
    if not schema.is_json:
        written = _at(schema, schema.example)
        return written if isinstance(written, str) else ""
    first = ""
    for value in _candidates(schema, optional=optional):
        text = json.dumps(value, ensure_ascii=False, indent=2)
        first = first or text
        if not schema.errors(text):
            return text
    return first


def _candidates(schema: Schema, *, optional: bool) -> Iterator[Any]:
    """Yield example values: `{}` for a partial schema, the document's own, then ones built with and without samples."""
    written, node = _at(schema, schema.example), _at(schema, schema.pointer)
    is_all = not schema.is_partial
    if schema.is_partial and shape_of(node, schema.document).properties:
        yield {}
    if written is not None and is_small(written):
        yield written
    for has_samples in (True, False):
        yield _Template(schema.document, optional=optional, is_all=is_all, has_samples=has_samples).value(node, ())


def _at(schema: Schema, pointer: str) -> JSONNode:
    try:
        return schema.document.at(pointer) if pointer else None
    except UnresolvedReferenceError:
        return None


class _Template:
    """Builder of one value, of bounded size for any schema."""

    def __init__(self, document: References, *, optional: bool, is_all: bool, has_samples: bool) -> None:
        self._document = document
        self._is_all = is_all
        self._optional = optional
        self._has_samples = has_samples
        self._left = _MOST_VALUES

    def value(self, node: JSONNode, trail: tuple[JSONNode, ...]) -> Any:
        """Return a likely value; `trail` holds the schemas around it."""
        self._left -= 1
        node = self._document.meant(node)
        shape = shape_of(node, self._document)
        for sample in shape.samples():
            if (self._has_samples or sample in (shape.enum or [shape.says.get("const")])) and _fits(sample, shape):
                return sample
        if self._is_too_deep(node, trail):
            return None if shape.is_nullable else _SMALLEST.get(shape.type, {})
        return self._built(shape, (*trail, node))

    def _built(self, shape: ResolvedSchema, trail: tuple[JSONNode, ...]) -> Any:
        match shape.type:
            case "string":
                return sample_text(shape)
            case "integer" | "number":
                return sample_number(shape)
            case "boolean":
                return False
            case "array":
                return self._array(shape, trail)
        return None if shape.says.get("type") == "null" else self._object(shape, trail)

    def _array(self, shape: ResolvedSchema, trail: tuple[JSONNode, ...]) -> list[Any]:
        items = shape.says.get("items", {})
        fewest, most = shape.number("minItems") or 0, shape.number("maxItems")
        count = int(min(max(fewest, 1), _MOST_ITEMS if most is None else most))
        if not fewest and self._is_too_deep(self._document.meant(items), trail):
            return []
        return [self.value(items, trail) for _ in range(count)]

    def _object(self, shape: ResolvedSchema, trail: tuple[JSONNode, ...]) -> dict[str, Any]:
        wanted = self._wanted(shape, trail)
        filled = {name: self.value(shape.properties[name], trail) for name in wanted}
        inner = shape.says.get("additionalProperties")
        others = [name for name in shape.required if name not in shape.properties][: max(self._left, 0)]
        if not others and len(filled) < (shape.number("minProperties") or 0) and inner is not False:
            others = ["name"]
        for name in others:
            filled[name] = self.value(inner if isinstance(inner, dict) else {"type": "string"}, trail)
        return filled

    def _wanted(self, shape: ResolvedSchema, trail: tuple[JSONNode, ...]) -> list[str]:
        """Return the names to fill in: the required ones, and as many others as there should be."""
        given = {name: inner for name, inner in shape.properties.items() if not self._document.is_read_only(inner)}
        all_required = set(shape.required)
        required = [name for name in given if name in all_required][: max(self._left, 0)]
        others = [name for name in given if name not in all_required and self._is_shown(given[name], trail)]
        is_all = len(trail) <= _OPTIONAL_DEEPEST and (self._optional or (self._is_all and not required))
        fewest, most = shape.number("minProperties") or 0, shape.number("maxProperties")
        count = len(others) if is_all else max(0, int(min(fewest, len(given))) - len(required))
        count = count if most is None else min(count, max(0, int(min(most, len(given))) - len(required)))
        chosen = {*required, *others[:count]}
        return [name for name in given if name in chosen]

    def _is_shown(self, node: JSONNode, trail: tuple[JSONNode, ...]) -> bool:
        inner = self._document.meant(node)
        return self._left > 0 and not self._is_too_deep(inner, trail) and not _is_deprecated(inner)

    def _is_too_deep(self, node: JSONNode, trail: tuple[JSONNode, ...]) -> bool:
        return self._left <= 0 or len(trail) >= _DEEPEST or any(each is node for each in trail)


def _is_deprecated(node: JSONNode) -> bool:
    return isinstance(node, dict) and node.get("deprecated") is True


def _fits(sample: object, shape: ResolvedSchema) -> bool:
    """Return whether the document's own example satisfies the document's schema: many do not."""
    if not is_small(sample) or (shape.enum is not None and sample not in shape.enum):
        return False
    kind, types = type_of(sample), shape.types
    return not types or kind in types or (kind == "integer" and "number" in types)
