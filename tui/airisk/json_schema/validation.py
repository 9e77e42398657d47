"""Validate a typed body with jsonschema, and describe the errors in words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from jsonschema import Draft4Validator, Draft202012Validator
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.validators import create
from referencing import Registry, Specification
from referencing.exceptions import Unresolvable

from tui.airisk.json_schema.json_text import JSONSyntaxError, read_json
from tui.airisk.json_schema.references import JSONNode, References, UnresolvedReferenceError, pointer_of, step_to
from tui.airisk.json_schema.resolution import is_nullable, matches, understood

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from tui.airisk.json_schema.schema import Dialect, Schema


_MOST_REPORTED = 20
_MOST_ERRORS = 200
_MOST_CHECKS = 20_000
"""Keywords that are evaluated for one body: schemas that nest each other twice per level would take forever."""
_MOST_NODES = 200_000
"""Objects and lists of a document that are searched."""
_FRAMES_KEPT_FREE = 200
"""Frames of the stack that jsonschema may need below a keyword.

Its maps are of Rust: where the stack ends, they panic, and that ends the program.
"""
_DEEPEST_IN_PLACE = 40
"""Levels of schemas that apply to the same value."""
_ROOT = "urn:airisk-tui:document"
# A schema is untrusted, and can be wrong in any way: that is not the body's error.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, re.error)
_UNREADABLE_TO_JSONSCHEMA = (UnknownType, Unresolvable)

_Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]


def errors(schema: Schema, text: str) -> tuple[str, ...]:
    """Return `Schema.errors`."""
    if not schema.is_json:
        return ()
    try:
        body = read_json(text)
    except JSONSyntaxError as error:
        return (str(error),)
    # As the only schema of its own resource: no other document is known, so none can be fetched.
    root = Specification.OPAQUE.create_resource(schema.document.root)
    registry: Registry[Any] = Registry().with_resource(_ROOT, root)
    validator = _validator(schema.dialect, schema.document)(
        {"$ref": f"{_ROOT}#{quote(schema.pointer, safe='/~')}"}, registry=registry
    )
    reported = [nearest for error in islice(validator.iter_errors(body), _MOST_ERRORS) for nearest in _nearest(error)]
    found = sorted((step_to("", *map(str, error.absolute_path)), describe_error(error)) for error in reported)
    return tuple(dict.fromkeys(f"{place or 'the body'}: {words}" for place, words in found))[:_MOST_REPORTED]


def _nearest(error: ValidationError) -> list[ValidationError]:
    """Return the errors of the nearest of several alternatives, if one is nearer than the others."""
    forms: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        forms.setdefault(inner.relative_schema_path[0], []).append(inner)
    first, *others = sorted(forms.values(), key=_distance) or [[]]
    if not first or (others and _distance(first) == _distance(others[0])):
        return [error]
    return [nearest for inner in first for nearest in _nearest(inner)]


def _distance(errors: list[ValidationError]) -> int:
    """Return the distance of a value from an alternative: another type or another constant counts as far."""
    other_type = sum(error.validator == "type" and not error.relative_path for error in errors)
    other_form = sum(error.validator in {"const", "enum"} for error in errors)
    return len(errors) + 10 * other_form + 100 * other_type


class _Budget:
    """Number of keywords that may still be evaluated."""

    def __init__(self) -> None:
        self.left = _MOST_CHECKS

    def lenient(self, keyword: _Keyword) -> _Keyword:
        """Make a keyword accept values that it cannot judge, and null where OpenAPI allows it."""

        def check(validator: Any, said: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
            self.left -= 1
            if self.left < 0 or _is_stack_full() or (instance is None and is_nullable(schema)):
                return
            try:
                yield from keyword(validator, said, instance, schema) or ()
            except (*_UNREADABLE, *_UNREADABLE_TO_JSONSCHEMA):
                return

        return check


def _is_stack_full() -> bool:
    try:
        sys._getframe(sys.getrecursionlimit() - _FRAMES_KEPT_FREE)  # noqa: SLF001 - the only way that is fast
    except ValueError:
        return False
    return True


def _validator(dialect: Dialect, document: References) -> Any:
    base = Draft202012Validator if dialect == "3.1" else Draft4Validator
    budget = _Budget()
    keywords: dict[str, Any] = {
        **base.VALIDATORS,
        "enum": _enum,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "unevaluatedItems": _unevaluated_in(document, base.VALIDATORS.get("unevaluatedItems")),
        "unevaluatedProperties": _unevaluated_properties_in(document, base.VALIDATORS.get("unevaluatedProperties")),
        "required": _required_in(document),
    }
    make: Any = create  # its stubs do not allow a schema without an id
    return make(
        meta_schema={},
        validators={name: budget.lenient(keyword) for name, keyword in keywords.items()},
        type_checker=base.TYPE_CHECKER,
        id_of=lambda _: None,
        applicable_validators=_all_keywords if dialect == "3.1" else _keywords_beside_no_reference,
    )


def _all_keywords(schema: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(schema.items())


def _keywords_beside_no_reference(schema: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the keywords of a schema. Before 3.1, the siblings of a `$ref` are ignored."""
    if isinstance(schema.get("$ref"), str):
        return [("$ref", schema["$ref"])]
    return _all_keywords(schema)


def _required_in(document: References) -> _Keyword:
    """Return the keyword `required` without properties that only responses require (`readOnly`)."""

    def check(_: Any, names: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        properties = schema.get("properties") or {}
        for name in names if isinstance(instance, dict) else ():
            if name not in instance and not document.is_read_only(properties.get(name)):
                yield ValidationError("is required", path=[name], validator="required")

    return check


def _enum(_: Any, values: Any, instance: Any, __: Any) -> Iterator[ValidationError]:
    alike = [each for each in values if each == instance and isinstance(each, bool) == isinstance(instance, bool)]
    if isinstance(values, list) and not alike:
        yield ValidationError("is none of them")


def _pattern(_: Any, pattern: Any, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("does not match")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _: Any) -> Iterator[ValidationError]:
    """Validate pattern properties with RE2; jsonschema would match with Python's own engine."""
    for pattern, inner in patterns.items() if isinstance(instance, dict) else ():
        known = understood(pattern)
        for name in [each for each in instance if known and known.is_in(each)]:
            yield from validator.descend(instance[name], inner, path=name, schema_path=pattern)


def _additional_properties(validator: Any, additional: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Validate additional properties; with an unsupported pattern, no property counts as additional."""
    patterns = [understood(each) for each in schema.get("patternProperties", {})]
    known = [each for each in patterns if each]
    if not isinstance(instance, dict) or len(known) < len(patterns):
        return
    names = [name for name in instance if name not in schema.get("properties", {})]
    extras = [name for name in names if not any(each.is_in(name) for each in known)]
    if isinstance(additional, dict):
        for name in extras:
            yield from validator.descend(instance[name], additional, path=name)
    elif additional is False and extras:
        yield ValidationError(", ".join(extras))


def _unevaluated_properties_in(document: References, judge: _Keyword | None) -> _Keyword:
    """Return the keyword, which is skipped if the document has name patterns: jsonschema would match them itself."""
    has_patterns: list[bool] = []
    inner = _unevaluated_in(document, judge)

    def check(validator: Any, said: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not has_patterns:
            has_patterns.append(_names_by_pattern(document.root))
        if not has_patterns[0]:
            yield from inner(validator, said, instance, schema) or ()

    return check


def _unevaluated_in(document: References, judge: _Keyword | None) -> _Keyword:
    """Return the keyword, which is skipped for endless schemas: jsonschema would follow them forever."""
    endless: dict[int, bool] = {}

    def check(validator: Any, said: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if id(schema) not in endless:
            endless[id(schema)] = _is_endless(schema, document)
        if judge and not endless[id(schema)]:
            yield from judge(validator, said, instance, schema) or ()

    return check


def _is_endless(schema: JSONNode, document: References) -> bool:
    """Return whether the schemas of one value lead to ever further ones, to too many, or out of the document."""
    level, left = [schema], _MOST_NODES
    for _ in range(_DEEPEST_IN_PLACE):
        try:
            inner = {id(each): each for outer in level for each in _in_place(outer, document)}
        except UnresolvedReferenceError:
            return True
        level, left = list(inner.values()), left - len(inner)
        if left < 0:
            return True
    return bool(level)


def _in_place(schema: JSONNode, document: References) -> Iterator[JSONNode]:
    """Yield the schemas that a schema applies to the same value.

    Raises:
        UnresolvedReferenceError: a reference leads nowhere, or out of the document.
    """
    if not isinstance(schema, Mapping):
        return
    for keyword in ("$ref", "$dynamicRef"):
        if (reference := schema.get(keyword)) is not None:
            yield document.at(pointer_of(reference))
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())
    yield from schema.get("dependentSchemas", {}).values()
    yield from (schema[keyword] for keyword in ("if", "then", "else") if keyword in schema)


def _names_by_pattern(root: Any) -> bool:
    """Return whether `patternProperties` occurs anywhere, or the document is too large to search."""
    waiting, left = [root], _MOST_NODES
    while waiting and left:
        each, left = waiting.pop(), left - 1
        if isinstance(each, dict) and "patternProperties" in each:
            return True
        waiting += [
            inner for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, dict | list)
        ]
    return bool(waiting)


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
    "additionalItems": lambda _: "has too many items",
    "additionalProperties": lambda _: "has an unknown member",
    "anyOf": lambda forms: f"matches none of its {len(forms)} alternatives",
    "const": lambda value: f"must be {_json(value)}",
    "contains": lambda _: "lacks a required item",
    "enum": lambda values: f"must be one of {_some(values)}",
    "exclusiveMaximum": lambda bound: f"must be less than {_json(bound)}",
    "exclusiveMinimum": lambda bound: f"must be more than {_json(bound)}",
    "maxItems": lambda bound: f"must have at most {bound} items",
    "maxLength": lambda bound: f"must have at most {bound} characters",
    "maxProperties": lambda bound: f"must have at most {bound} members",
    "maximum": lambda bound: f"must be at most {_json(bound)}",
    "minItems": lambda bound: f"must have at least {bound} items",
    "minLength": lambda bound: f"must have at least {bound} characters",
    "minProperties": lambda bound: f"must have at least {bound} members",
    "minimum": lambda bound: f"must be at least {_json(bound)}",
    "multipleOf": lambda step: f"must be a multiple of {_json(step)}",
    "not": lambda _: "is not allowed by the schema",
    "pattern": lambda pattern: f"must match {pattern}",
    "required": lambda _: "is required",
    "type": lambda types: f"must be {_types(types)}",
    "uniqueItems": lambda _: "must not contain the same item twice",
}


def describe_error(error: ValidationError) -> str:
    """Describe one error, without its place."""
    keyword = str(error.validator)
    said: Any = error.validator_value
    if keyword == "oneOf":
        return f"matches {'none' if error.context else 'more than one'} of its {len(said)} alternatives"
    if keyword in {"additionalProperties", "unevaluatedProperties"} and (unrecognized := _unrecognized(error)):
        return f"has unknown members: {unrecognized}"
    schema = error.schema if isinstance(error.schema, dict) else {}
    if keyword in {"minimum", "maximum"} and schema.get(f"exclusive{keyword.title()}") is True:
        keyword = f"exclusive{keyword.title()}"
    words = _WORDS.get(keyword)
    return words(said)[:_LONGEST] if words else "does not match the schema"


def _unrecognized(error: ValidationError) -> str:
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
