"""Whoever opens a form finds a body to begin with, which the document itself would accept."""

import json
from typing import Any

import pytest

from tests.unit.airisk.openapi.writing import described, endpoint_at, only, taking
from tui.airisk.json_schema.schema import ANY_JSON


def _begun(schema: Any, *, version: str = "3.0.3", optional: bool = False, **more: Any) -> Any:
    """The template of a body, which must have no faults."""
    body = taking(schema, version=version, **more).body
    assert body
    text = body.template(optional=optional)
    assert body.errors(text) == ()
    return json.loads(text)


def test_what_is_required_is_filled_in_and_what_only_answers_hold_is_not() -> None:
    add = endpoint_at(described("library.yaml"), "POST", "/library/v2/books")
    assert add.body

    assert json.loads(add.body.template()) == {"title": "The Trial", "author": {"name": ""}}
    full = json.loads(add.body.template(optional=True))
    assert full == {"title": "The Trial", "year": 1, "author": {"name": "", "books": []}}, "cycles end"


def test_the_documents_own_example_is_better_than_anything_built() -> None:
    letter = described("post_office.json").endpoints[0]
    assert letter.body

    assert json.loads(letter.body.template()) == {"to": {"kind": "box", "number": 7}, "stamps": [1, 2]}


def test_an_example_that_breaks_the_documents_own_rules_is_not_used() -> None:
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}, "example": {"n": "seven"}}

    assert _begun(schema) == {"n": 0}


def test_an_object_that_requires_nothing_shows_all_that_it_has() -> None:
    properties = {"name": {"type": "string", "nullable": True}, "at": {"type": "string", "format": "date-time"}}

    begun = _begun({"type": "object", "properties": properties, "additionalProperties": False})

    assert begun == {"name": "", "at": "2026-01-31T12:00:00Z"}


@pytest.mark.parametrize(
    ("schema", "begun"),
    [
        ({"properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "example": {"name": "Ada"}}, {}),
        ({"required": ["v"], "properties": {"v": {"type": "integer"}, "who": {"type": "string"}}}, {"v": 0}),
        ({"required": ["to"], "properties": {"to": {"properties": {"a": {"type": "string"}}}}}, {"to": {}}),
        ({"type": "array", "minItems": 1, "items": {"properties": {"op": {"type": "string"}}}}, [{}]),
    ],
)
def test_nothing_is_made_up_for_a_body_that_changes_what_it_names(schema: object, begun: object) -> None:
    content = {"application/json": {"schema": schema}}
    body = only({"/x": {"patch": {"requestBody": {"required": True, "content": content}}}}).body

    assert body
    assert json.loads(body.template()) == begun


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "minimum": 5, "exclusiveMinimum": True}, 6),
        ({"type": "integer", "maximum": -5}, -5),
        ({"type": "integer", "maximum": -5, "exclusiveMaximum": True}, -6),
        ({"type": "integer", "minimum": 5, "multipleOf": 4}, 8),
        ({"type": "number", "minimum": 0.2, "maximum": 0.4}, 0.30000000000000004),
        ({"type": "string", "minLength": 3}, "xxx"),
        ({"type": "string", "format": "email", "maxLength": 4}, "name"),
        ({"type": "string", "pattern": "^[0-9]{12}$"}, "0" * 12),
        ({"type": "string", "enum": ["p", "q"]}, "p"),
        ({"type": "string", "enum": ["p", "q"], "default": "q"}, "q"),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [0, 0]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer"}}, {"name": 0}),
        ({"maxProperties": 1, "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}, {"a": 0}),
        ({"required": ["a", "b"], "additionalProperties": {"type": "integer"}}, {"a": 0, "b": 0}),
        (
            {
                "oneOf": [
                    {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
                    {"type": "string"},
                ]
            },
            {"a": ""},
        ),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"enum": ["x", "y"]}}}]}, {"a": "x"}),
        ({}, {}),
    ],
)
def test_single_values_are_what_the_schema_accepts(schema: Any, value: Any) -> None:
    assert _begun(schema) == value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": ["null", "integer"], "exclusiveMinimum": 3}, 4),
        ({"const": {"a": [1]}}, {"a": [1]}),
        ({"examples": ["x"], "type": "string"}, "x"),
        ({"type": "null"}, None),
    ],
)
def test_the_words_of_3_1_count_there(schema: Any, value: Any) -> None:
    assert _begun(schema, version="3.1.0") == value


def test_the_value_that_tells_forms_apart_is_filled_in() -> None:
    kind = {"type": "object", "properties": {"kind": {"type": "string"}}}
    schemas = {
        "Cat": {"allOf": [kind, {"properties": {"kind": {"enum": ["cat"]}}}]},
        "Dog": {"allOf": [kind, {"properties": {"kind": {"enum": ["dog"]}}}]},
    }
    pet = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"},
    }

    assert _begun(pet, components={"schemas": schemas}) == {"kind": "cat"}


def test_a_schema_that_holds_itself_ends() -> None:
    node = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    body = taking({"$ref": "#/components/schemas/Node"}, components={"schemas": {"Node": node}}).body
    assert body

    assert json.loads(body.template()) == {"next": {}}


def test_schemas_that_hold_one_another_twice_at_each_level_stay_small() -> None:
    schemas: dict[str, Any] = {"S60": {"type": "string"}}
    for level in range(60):
        inner = {"$ref": f"#/components/schemas/S{level + 1}"}
        both = {
            "type": "object",
            "required": ["a", "b"],
            "properties": {"a": inner, "b": inner},
            "allOf": [inner, inner],
        }
        schemas[f"S{level}"] = both
    body = taking({"$ref": "#/components/schemas/S0"}, components={"schemas": schemas}).body
    assert body

    assert len(body.template(optional=True)) < 100_000


def test_a_reference_that_leads_nowhere_is_any_value() -> None:
    for reference in ("#/gone", "other.yaml#/x", "https://evil.example/x.json", "#", "#/components/schemas/Loop"):
        body = taking({"$ref": reference}, components={"schemas": {"Loop": {"$ref": "#/components/schemas/Loop"}}}).body
        assert body
        assert json.loads(body.template()) == {}
        assert body.errors("[1]") == ()


def test_where_nothing_is_known_any_json_will_do() -> None:
    assert ANY_JSON.template() == "{}"
    assert ANY_JSON.errors("[1, null]") == ()
