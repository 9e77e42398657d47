"""API keys that a document asks for are typed unseen, sent where it says, and never the program's own headers."""

from typing import Any

import pytest

from tests.unit.airisk.openapi.writing import only

SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "Ocp-Apim-Subscription-Key", "description": "of the gateway"},
    "code": {"type": "apiKey", "in": "query", "name": "code"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "Bearer": {"type": "apiKey", "in": "header", "name": "Authorization"},
    "oauth": {"type": "oauth2", "flows": {}},
}


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
def test_a_key_is_a_field_of_each_operation_that_asks_for_it(version: str) -> None:
    told: dict[str, Any] = (
        {"securityDefinitions": SCHEMES} if version == "2.0" else {"components": {"securitySchemes": SCHEMES}}
    )
    security: list[dict[str, list[str]]] = [
        {"key": [], "oauth": []},
        {"code": []},
        {"cookie": []},
        {"Bearer": []},
        {"none": []},
    ]

    endpoint = only({"/x": {"get": {}}}, version=version, security=security, **told)

    assert [(each.name, each.place, each.is_secret, each.required) for each in endpoint.fields] == [
        ("Ocp-Apim-Subscription-Key", "header", True, False),
        ("code", "query", True, False),
    ]
    draft = endpoint.draft({"Ocp-Apim-Subscription-Key": "k3y", "code": "c0de"})
    assert (draft.headers, draft.query) == ((("Ocp-Apim-Subscription-Key", "k3y"),), (("code", "c0de"),))
    assert "c0de" not in draft.shown_target
    assert endpoint.draft({}).headers == ()


def test_an_operation_that_asks_for_none_has_none_and_a_parameter_of_that_name_comes_first() -> None:
    parameter = {"name": "code", "in": "query", "required": True, "schema": {"type": "integer"}}
    told: dict[str, Any] = {"components": {"securitySchemes": SCHEMES}, "security": [{"code": []}]}

    assert only({"/x": {"get": {"security": []}}}, **told).fields == ()
    (field,) = only({"/x": {"get": {"parameters": [parameter]}}}, **told).fields
    assert (field.kind, field.required) == ("integer", True)
