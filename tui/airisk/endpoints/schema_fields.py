"""Fields of a form from a JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tui.airisk.endpoints.model import Field, Place
from tui.airisk.endpoints.parameter_values import Kind, as_text
from tui.airisk.json_schema.references import JSONNode, References, UnresolvedReferenceError
from tui.airisk.json_schema.resolution import ResolvedSchema, is_password, is_small, shape_of, type_of
from tui.airisk.json_schema.schema import Schema
from tui.plain_names import is_text

_LONGEST = 300
_MOST_CHOICES = 500
_KINDS: dict[str, Kind] = {
    "array": "array",
    "boolean": "boolean",
    "integer": "integer",
    "number": "number",
    "object": "object",
}


def fields_of(schema: Schema, place: Place = "body") -> tuple[Field, ...]:
    """Return fields for the outermost values of a body, except those that only responses have."""
    try:
        shape = shape_of(schema.document.at(schema.pointer), schema.document)
    except UnresolvedReferenceError:
        return ()
    return tuple(_fields(shape, schema.document, place))


def _fields(shape: ResolvedSchema, document: References, place: Place) -> Iterator[Field]:
    for name, node in shape.properties.items():
        inner = shape_of(node, document)
        if not document.is_read_only(node) and is_text(name):
            is_required = name in shape.required
            is_file = place == "form" and _is_file(inner, document)
            field = field_of(name, node, document, place="file" if is_file else place, is_required=is_required)
            yield replace(field, sent_as=name) if is_file else field


def field_of(name: str, node: JSONNode, document: References, *, place: Place, is_required: bool) -> Field:
    """Return a field for a value of that schema."""
    shape = shape_of(node, document)
    kind = _KINDS.get(shape.type, "string")
    items = shape_of(shape.says.get("items", {}), document) if kind == "array" else ResolvedSchema()
    return Field(
        name,
        place,
        kind=kind,
        required=is_required,
        default=_prefilled(shape, is_required=is_required),
        example=shown(next(shape.samples(), None)),
        meaning=" · ".join(filter(None, (in_one_line(shape.says.get("description")), _many(shape.enum)))),
        choices=_choices(shape, is_required=is_required) if kind != "array" else (),
        items=_KINDS.get(items.type, "string"),
        item_choices=_texts(items.enum),
        is_password=is_password(shape),
    )


def in_one_line(text: object, longest: int = _LONGEST) -> str:
    """Return untrusted text as one line of bounded length; empty if it is not text."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def shown(value: object) -> str:
    """Return a value as text for one line of a form; empty if it does not fit."""
    text = as_text(value) if value is not None and is_small(value) else ""
    return text if len(text) <= _LONGEST and text.isprintable() else ""


def _is_file(shape: ResolvedSchema, document: References) -> bool:
    items = shape_of(shape.says["items"], document) if shape.type == "array" and "items" in shape.says else shape
    return is_file(items) or items.says.get("type") == "file"


def is_file(shape: ResolvedSchema) -> bool:
    """Return whether a text is the content of a file: by OpenAPI 3.0's format, or by 3.1's media type or encoding."""
    if shape.type not in {"string", ""}:
        return False
    said = shape.says.get("contentMediaType")
    is_typed = not isinstance(said, str) or said.startswith("text/") or re.search(r"json|xml|yaml|form", said)
    return shape.says.get("format") == "binary" or not (is_typed or "contentEncoding" in shape.says)


def _prefilled(shape: ResolvedSchema, *, is_required: bool) -> str:
    default = shown(shape.says.get("default"))
    choices = _choices(shape, is_required=is_required)
    return default if not choices or default in choices else choices[0]


def _choices(shape: ResolvedSchema, *, is_required: bool) -> tuple[str, ...]:
    """Return the choices; the first one is empty if none is required."""
    choices = ("true", "false") if shape.type == "boolean" and not shape.enum else _texts(shape.enum)
    if not choices:
        return ()
    has_default = shown(shape.says.get("default")) in choices
    return choices if is_required or has_default else ("", *choices)


def _many(values: list[Any] | None) -> str:
    """Say that there are too many values to choose from."""
    return f"one of {len(values):,} values" if values and len(values) > _MOST_CHOICES else ""


def _texts(values: list[Any] | None) -> tuple[str, ...]:
    if values and len(values) > _MOST_CHOICES:
        return ()
    texts = (shown(value) for value in values or () if type_of(value) not in {"null", "object", "array"})
    return tuple(dict.fromkeys(filter(None, texts)))
