"""The document that describes what is served."""

from collections.abc import Iterator
from typing import Any

import pytest

from tui.sandbox.api import ENDPOINTS

_DOCUMENT = "/swagger/v1/swagger.json"


@pytest.fixture
def document(visitor: Any) -> Any:
    return visitor.get(_DOCUMENT).json()


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def test_every_endpoint_is_described_and_every_description_is_served(document, visitor):
    described = {(path, method.upper()) for path, method, _ in _operations(document)}
    assert described == {(endpoint.path, endpoint.method) for endpoint in ENDPOINTS}
    for path, method in described:
        assert visitor.http.request(method, path).status_code in {400, 401}, "answered by an endpoint, not by routing"


def test_every_reference_leads_somewhere_and_every_schema_is_used(document):
    references = set(_references(document))
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references == schemas


def test_parameters_bodies_and_answers_are_whole(document):
    assert document["openapi"] == "3.0.3"
    names = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(set(names)) == len(names)
    for path, method, operation in _operations(document):
        in_path = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert all(parameter["required"] for parameter in operation["parameters"] if parameter["in"] == "path")
        assert all({"schema", "example"} <= parameter.keys() for parameter in operation["parameters"])
        assert operation["responses"]
        assert all(answer["description"] for answer in operation["responses"].values())
        assert "requestBody" not in operation or method == "post"
        for requirement in operation.get("security", []):
            assert requirement.keys() <= document["components"]["securitySchemes"].keys()


def test_examples_have_what_their_schemas_require(document):
    for name, schema in document["components"]["schemas"].items():
        assert set(schema["example"]) <= set(schema["properties"]), name
        assert set(schema["required"]) <= set(schema["example"]), name


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/ListUsers", "User"),
        ("/api/Chat/ListAgents", "Agent"),
        ("/api/Chat/GetConversations", "ListedConversation"),
    ],
)
def test_what_is_listed_is_what_was_described(document, visitor, path, shape):
    described = document["components"]["schemas"][shape]
    listed = visitor.get(path, visitor.bearer(visitor.options.user_id)).json()
    assert listed
    assert all(set(one) == set(described["properties"]) for one in listed)


def test_a_conversation_is_what_was_described(document, visitor):
    bearer = visitor.bearer(visitor.options.user_id)
    newest = visitor.get("/api/Chat/GetConversations", bearer).json()[0]["id"]
    conversation = visitor.get(f"/api/Chat/GetConversation/{newest}", bearer).json()
    schemas = document["components"]["schemas"]
    assert set(conversation) == set(schemas["Conversation"]["properties"])
    assert set(conversation["messages"][0]) == set(schemas["Message"]["properties"])
