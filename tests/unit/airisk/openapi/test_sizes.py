"""A description that is far too large says so, and holds nobody up."""

from __future__ import annotations

import json
from typing import Any

from tui.airisk.openapi.document import read_document

MANY = [f"value {number}" for number in range(50_000)]
NAMED = {name: {"type": "string"} for name in MANY}


def described(operation: dict[str, Any]) -> bytes:
    document = {"openapi": "3.1.0", "info": {"title": "Many"}, "paths": {"/api/many": {"post": operation}}}
    return json.dumps(document).encode()


def with_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def test_too_many_values_to_choose_from_are_typed() -> None:
    parameter = {"name": "word", "in": "query", "schema": {"allOf": [{"enum": MANY}, {"enum": MANY[::-1]}]}}
    (endpoint,) = read_document(described({"parameters": [parameter]})).endpoints
    (field,) = endpoint.fields
    assert (field.choices, field.meaning) == ((), "one of 50,000 values")


def test_of_too_many_fields_the_first_are_offered() -> None:
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in MANY[:5_000]]
    document = read_document(described({"parameters": parameters}))
    assert len(document.endpoints[0].fields) == 300
    assert document.problems == ("POST /api/many, line 1: only 300 of its 5,000 fields are offered",)


def test_a_body_of_too_many_values_begins_with_the_first() -> None:
    (endpoint,) = read_document(
        described(with_body({"type": "object", "required": MANY, "properties": NAMED}))
    ).endpoints
    assert endpoint.body
    begun = json.loads(endpoint.body.template())
    assert list(begun) == MANY[: len(begun)]
    assert 100 < len(begun) < 1_000
    assert endpoint.body.errors(json.dumps(begun))[0].endswith("is required")
