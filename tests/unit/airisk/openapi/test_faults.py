"""What is wrong with a typed body is said in words, with its place."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.airisk.openapi.writing import described, endpoint_at, taking


def _faults(schema: Any, text: str, *, version: str = "3.0.3", **more: Any) -> tuple[str, ...]:
    body = taking(schema, version=version, **more).body
    assert body
    return body.errors(text)


def test_each_fault_has_its_place() -> None:
    add = endpoint_at(described("library.yaml"), "POST", "/library/v2/books")
    assert add.body

    assert add.body.errors('{"title": 7, "year": 0, "author": {"books": [{"title": "x"}]}}') == (
        "/author/books/0/author: is required",
        "/author/name: is required",
        "/title: must be text",
        "/year: must be more than 0",
    )
    assert add.body.errors('{"title": "T", "year": null, "author": {"name": "A"}}') == ()


def test_3_1_is_judged_by_its_own_rules() -> None:
    letter = described("post_office.json").endpoints[0]
    assert letter.body

    assert letter.body.errors('{"to": {"kind": "street"}, "text": "too long", "stamps": [0], "from": 1}') == (
        "the body: has unknown members: from",
        "/stamps/0: must be more than 0",
        "/text: must have at most 5 characters",
        "/to/name: is required",
    )
    assert letter.body.errors('{"to": {"kind": "box", "number": 1}, "text": null}') == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1\n "b": 2}', "line 2, column 2: missing comma"),
        ("", "line 1, column 1: expected a value"),
        ('{"a', "line 1, column 2: unterminated string"),
        ('["a\nb"]', "line 1, column 4: a string cannot contain a line break or a control character; write \\n"),
        ("{'a': 1}", 'line 1, column 2: expected a name in "double quotes"'),
        ("9" * 5000, "a number is too long, or values are nested too deeply"),
    ],
)
def test_a_text_that_is_no_json_is_reported_where_it_breaks_off(text: str, fault: str) -> None:
    assert _faults({}, text) == (fault,)


@pytest.mark.parametrize(
    ("schema", "text", "fault"),
    [
        ({"type": "array", "maxItems": 1}, "[1, 2]", "the body: must have at most 1 items"),
        ({"type": "array", "uniqueItems": True}, "[1, 1]", "the body: must not contain the same item twice"),
        (
            {"type": "object", "additionalProperties": False},
            '{"x/y": 1}',
            "the body: has unknown members: x/y",
        ),
        ({"properties": {"a/b": {"type": "boolean"}}}, '{"a/b": 1}', "/a~1b: must be true or false"),
        ({"enum": ["a", 1, None]}, "2", "the body: must be one of a, 1, null"),
        ({"oneOf": [{"type": "string"}, {"type": "object"}]}, "2", "the body: matches none of its 2 alternatives"),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 1}]},
            "2",
            "the body: matches more than one of its 2 alternatives",
        ),
        ({"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 3}]}, "2", "the body: must be at least 3"),
        ({"multipleOf": 0.5}, "0.3", "the body: must be a multiple of 0.5"),
        ({"not": {"type": "string"}}, '"x"', "the body: is not allowed by the schema"),
        ({"pattern": "^a+$"}, '"b"', "the body: must match ^a+$"),
        ({"pattern": "(a+)+$"}, f'"{"a" * 40}!"', "the body: must match (a+)+$"),
        ({"patternProperties": {"(x*)*y": False}}, '{"xxy": 1}', "the body: does not match the schema"),
        (
            {"patternProperties": {"^x": True}, "additionalProperties": False},
            '{"x1": 1, "y1": 2}',
            "the body: has unknown members: y1",
        ),
        ({"type": "integer", "nullable": True}, '"b"', "the body: must be a whole number"),
    ],
)
def test_each_rule_has_its_words(schema: Any, text: str, fault: str) -> None:
    assert _faults(schema, text) == (fault,)


@pytest.mark.parametrize(
    "schema", [{"type": "integer", "nullable": True}, {"allOf": [{"type": "string"}], "nullable": True}]
)
def test_null_is_accepted_where_it_is_allowed(schema: Any) -> None:
    assert _faults({"properties": {"a": schema}}, '{"a": null}') == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": 5},
        {"type": "mystery"},
        {"pattern": "["},
        {"pattern": "(?=b)"},
        {"pattern": "[[a]"},
        {"properties": [1], "required": 7, "enum": "x", "minLength": "y", "items": 3},
        {"patternProperties": {"[[x]": True, "(x*)*y": False, "[": False}, "additionalProperties": False},
        {"allOf": [{"$ref": "#/paths/~1things/post/requestBody/content/application~1json/schema"}]},
        {"$ref": "https://evil.example/schema.json"},
        {"$schema": "https://evil.example/schema.json", "$id": "https://evil.example/"},
        {"multipleOf": 0},
        [],
        None,
        "text",
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_schema_that_makes_no_sense_finds_no_fault_and_does_no_harm(schema: Any, version: str) -> None:
    assert _faults(schema, '"' + "a" * 40 + '!"', version=version) == ()
    assert _faults(schema, '{"' + "x" * 40 + '": 1}', version=version) == ()


_ITSELF = {"$ref": "#/paths/~1things/post/requestBody/content/application~1json/schema"}
_NESTED = '{"a": ' * 300 + "1" + "}" * 300


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"allOf": [_ITSELF]}, "{}"),
        ({"if": _ITSELF, "then": _ITSELF}, "{}"),
        ({"type": ["object", "string"], "oneOf": [_ITSELF]}, "{}"),
        ({"unevaluatedProperties": False, **_ITSELF}, "{}"),
        ({"unevaluatedProperties": False, "allOf": [_ITSELF]}, '{"a": 1}'),
        ({"unevaluatedItems": False, "anyOf": [_ITSELF]}, "[1]"),
        ({"properties": {"a": _ITSELF}}, _NESTED),
        ({"properties": {"a": _ITSELF}, "type": "object", "unevaluatedProperties": False}, _NESTED),
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_schema_or_a_body_without_end_does_no_harm_wherever_the_stack_ends(
    monkeypatch: pytest.MonkeyPatch, schema: Any, text: str, version: str
) -> None:
    # Enough to come to the end of the stack; one schema doubles at each level, and uses up all there are.
    monkeypatch.setattr("tui.airisk.json_schema.validation._MOST_CHECKS", 1_000)
    for frames in range(24):
        assert _under(frames, lambda: _faults(schema, text, version=version)) == ()


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_schema_that_rules_itself_out_may_say_either_and_does_no_harm(version: str) -> None:
    for frames in range(24):
        found = _under(frames, lambda: _faults({"not": _ITSELF}, "{}", version=version))
        assert found in ((), ("the body: is not allowed by the schema",))


def _under(frames: int, act: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """Act with so many frames more on the stack."""
    return act() if frames == 0 else _under(frames - 1, act)


def test_schemas_that_double_at_each_level_are_judged_in_time() -> None:
    schemas: dict[str, Any] = {"S60": {"type": "string"}}
    for level in range(60):
        schemas[f"S{level}"] = {"allOf": [{"$ref": f"#/components/schemas/S{level + 1}"}] * 2}

    assert _faults({"$ref": "#/components/schemas/S0"}, '"x"', components={"schemas": schemas}) == ()
