"""The faults of a body, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_MOST_CHOICES = 12
_LONGEST = 200

_WORDS: dict[str, Callable[[Any], str]] = {
    "additionalItems": lambda _: "holds more than it may",
    "additionalProperties": lambda _: "holds a name that is not known here",
    "anyOf": lambda forms: f"fits none of its {len(forms)} forms",
    "const": lambda value: f"must be {_json(value)}",
    "contains": lambda _: "lacks an item that it must hold",
    "enum": lambda values: f"must be one of {_some(values)}",
    "exclusiveMaximum": lambda bound: f"must be less than {_json(bound)}",
    "exclusiveMinimum": lambda bound: f"must be more than {_json(bound)}",
    "maxItems": lambda bound: f"must hold at most {bound} items",
    "maxLength": lambda bound: f"must have at most {bound} characters",
    "maxProperties": lambda bound: f"must hold at most {bound} values",
    "maximum": lambda bound: f"must be at most {_json(bound)}",
    "minItems": lambda bound: f"must hold at least {bound} items",
    "minLength": lambda bound: f"must have at least {bound} characters",
    "minProperties": lambda bound: f"must hold at least {bound} values",
    "minimum": lambda bound: f"must be at least {_json(bound)}",
    "multipleOf": lambda step: f"must be a multiple of {_json(step)}",
    "not": lambda _: "is what the document rules out",
    "pattern": lambda pattern: f"must match {pattern}",
    "required": lambda _: "is required",
    "type": lambda types: f"must be {_types(types)}",
    "uniqueItems": lambda _: "must not hold the same item twice",
}


def in_words(error: ValidationError) -> str:
    """What one fault is, without its place."""
    keyword = str(error.validator)
    said: Any = error.validator_value
    if keyword == "oneOf":
        return f"fits {'none' if error.context else 'more than one'} of its {len(said)} forms"
    if keyword in {"additionalProperties", "unevaluatedProperties"} and (strangers := _strangers(error)):
        return f"holds what is not known here: {strangers}"
    schema = error.schema if isinstance(error.schema, dict) else {}
    if keyword in {"minimum", "maximum"} and schema.get(f"exclusive{keyword.title()}") is True:
        keyword = f"exclusive{keyword.title()}"
    words = _WORDS.get(keyword)
    return words(said)[:_LONGEST] if words else "is not what the document asks for"


def _strangers(error: ValidationError) -> str:
    schema = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties":  # our own check names them
        return str(error.message)[:_LONGEST] if "allOf" not in schema else ""
    known = schema.get("properties", {})
    instance = error.instance if isinstance(error.instance, dict) else {}
    return ", ".join(name for name in instance if name not in known)[:_LONGEST] if "allOf" not in schema else ""


def _types(types: str | list[str]) -> str:
    return " or ".join(_TYPES.get(each, each) for each in ([types] if isinstance(types, str) else types))


def _some(values: list[Any]) -> str:
    words = ", ".join(value if isinstance(value, str) else _json(value) for value in values[:_MOST_CHOICES])
    return words + (", …" if len(values) > _MOST_CHOICES else "")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
