"""Resolve a schema: references followed, `allOf` joined, the first of `oneOf` and `anyOf` taken."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.airisk.json_schema.references import JSONNode, References
from tui.safe_regex import InvalidPatternError, Pattern, compiled

_DEEPEST = 24
_MOST_PARTS = 200
_MOST_SHOWN = 600
_MOST_COMPARED = 2_000
"""Maximum number of values of two lists whose intersection is computed."""
_JOINED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "properties", "required", "enum"})


@dataclass(slots=True)
class ResolvedSchema:
    """Merged keywords of a schema. `says` holds every keyword that needs no merging."""

    says: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, JSONNode] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    enum: list[Any] | None = None
    parts: int = 0

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types it allows, as far as specified, without `null`."""
        said = self.says.get("type")
        types = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        return tuple(each for each in types if isinstance(each, str) and each != "null")

    @property
    def type(self) -> str:
        """The first type that it allows, or the one that its other keywords imply."""
        if types := self.types:
            return types[0]
        if self.properties or "additionalProperties" in self.says:
            return "object"
        if "items" in self.says:
            return "array"
        return type_of(self.enum[0]) if self.enum else ""

    @property
    def is_nullable(self) -> bool:
        """Whether it allows null."""
        said = self.says.get("type")
        return is_nullable(self.says) or said == "null" or (isinstance(said, list) and "null" in said)

    def number(self, keyword: str) -> float | None:
        """Return the number of a keyword such as `minimum`."""
        said = self.says.get(keyword)
        return said if isinstance(said, int | float) and not isinstance(said, bool) else None

    def samples(self) -> Iterator[Any]:
        """Yield the document's own sample values, the best first."""
        examples = self.says.get("examples")
        keywords = [self.says[each] for each in ("const", "example", "x-example") if each in self.says]
        yield from keywords
        yield from examples if isinstance(examples, list) else ()
        yield from [self.says["default"]] if "default" in self.says else []
        yield from self.enum or ()


def shape_of(node: JSONNode, document: References) -> ResolvedSchema:
    """Resolve a schema."""
    shape = ResolvedSchema()
    _gather(node, document, shape, 0)
    return shape


def is_nullable(schema: Mapping[str, Any]) -> bool:
    """Return whether null is allowed by OpenAPI 3.0's keyword, or by Swagger 2's customary one."""
    return schema.get("nullable") is True or schema.get("x-nullable") is True


def type_of(value: object) -> str:
    """Return the JSON type of a value."""
    names: list[tuple[type, str]] = [(bool, "boolean"), (int, "integer"), (float, "number"), (str, "string")]
    names += [(list, "array"), (dict, "object")]
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def is_small(sample: object) -> bool:
    """Return whether it is small enough to show: a few hundred values at any depth."""
    waiting, left = [sample], _MOST_SHOWN
    while waiting and left > 0:
        each, left = waiting.pop(), left - 1
        inner = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        left -= len(each) // 100 if isinstance(each, str) else 0
        waiting.extend(inner)
    return left > 0


def _gather(node: JSONNode, document: References, shape: ResolvedSchema, depth: int) -> None:
    schema = document.meant(node)
    shape.parts += 1
    if not isinstance(schema, Mapping) or depth > _DEEPEST or shape.parts > _MOST_PARTS:
        return
    for joined in _list(schema.get("allOf")):
        _gather(joined, document, shape, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        if branches := _list(schema.get(keyword)):
            branch = _first(branches, document)
            _gather(branch, document, shape, depth + 1)
            _name_branch(schema, branch, shape)
    _add(schema, shape)


def _first(branches: list[JSONNode], document: References) -> JSONNode:
    """Return the first branch that allows more than null."""
    meant = [(branch, document.meant(branch)) for branch in branches]
    return next((b for b, m in meant if not isinstance(m, Mapping) or m.get("type") != "null"), branches[0])


def _name_branch(schema: Mapping[str, Any], branch: JSONNode, shape: ResolvedSchema) -> None:
    """Require the discriminator, with the name of this branch as its value."""
    discriminator = schema.get("discriminator")
    reference = branch.get("$ref") if isinstance(branch, Mapping) else None
    if not isinstance(discriminator, Mapping) or not isinstance(reference, str):
        return
    name, mapping = discriminator.get("propertyName"), discriminator.get("mapping")
    named = mapping if isinstance(mapping, Mapping) else {}
    if isinstance(name, str):
        key = next((key for key, meant in named.items() if meant == reference), reference.rpartition("/")[2])
        shape.properties[name] = {"allOf": [{"enum": [key]}, shape.properties.get(name, {})]}
        shape.required = list(dict.fromkeys([*shape.required, name]))


def _add(schema: Mapping[str, Any], shape: ResolvedSchema) -> None:
    shape.says.update((keyword, said) for keyword, said in schema.items() if keyword not in _JOINED)
    properties = schema.get("properties")
    for name, inner in (properties if isinstance(properties, Mapping) else {}).items():
        known = shape.properties.get(name)
        shape.properties[name] = inner if known in (None, inner) else {"allOf": [known, inner]}
    required = [each for each in _list(schema.get("required")) if isinstance(each, str)]
    shape.required = list(dict.fromkeys(shape.required + required))
    if enum := _list(schema.get("enum")):
        is_first = shape.enum is None or max(len(enum), len(shape.enum)) > _MOST_COMPARED
        shape.enum = enum if is_first else [each for each in shape.enum or () if each in enum] or enum


def _list(said: object) -> list[Any]:
    return said if isinstance(said, list) else []


def matches(pattern: object, text: str) -> bool:
    """Return whether a text matches a pattern; True if RE2 does not support the pattern."""
    found = understood(pattern)
    return found is None or found.is_in(text)


def understood(pattern: object) -> Pattern | None:
    """Compile a pattern; return None if RE2 does not support it."""
    if not isinstance(pattern, str):
        return None
    try:
        return compiled(pattern)
    except InvalidPatternError:
        return None


_MOST_MEMBERS = 300


def secret_members(node: JSONNode, document: References) -> frozenset[str]:
    """Return the names of secret members; in an endless schema, the search ends at a bound."""
    found: set[str] = set()
    waiting: deque[JSONNode] = deque([node])
    left = _MOST_MEMBERS
    while waiting and left > 0:
        shape = shape_of(waiting.popleft(), document)
        left -= 1 + len(shape.properties)
        for name, each in shape.properties.items():
            inner = shape_of(each, document)
            if is_password(inner):
                found.add(name)
            elif inner.properties or "items" in inner.says:
                waiting.append(each)
        if "items" in shape.says:
            waiting.append(shape.says["items"])
    return frozenset(found)


def is_password(shape: ResolvedSchema) -> bool:
    """Return whether a schema marks the value as secret."""
    return shape.says.get("format") == "password" or shape.says.get("writeOnly") is True
