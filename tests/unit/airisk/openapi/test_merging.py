"""What AIRisk is known to have, and what its document says, become one list; a person can fill in what is missing."""

import json
import re

import pytest

from tests.unit.airisk.openapi.writing import endpoint_at, read
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.merge import complete, merge
from tui.airisk.endpoints.model import Endpoint
from tui.errors import RequestRejectedError

TEXT = {"type": "string"}
JSON = "application/json"


def _at(endpoints: tuple[Endpoint, ...], method: str, path: str) -> Endpoint:
    return next(each for each in endpoints if (each.method, each.path) == (method, path))


def _titled(endpoints: tuple[Endpoint, ...], title: str) -> Endpoint:
    return next(each for each in endpoints if each.title == title)


def test_the_catalogue_is_in_the_order_of_work() -> None:
    assert [each.title for each in ENDPOINTS if not each.is_path_unknown] == [
        "List agents",
        "Create conversation",
        "Ask agent",
        "Add file to conversation",
        "List conversations",
        "Get conversation",
        "Submit feedback",
        "List users",
    ]


def test_the_same_path_is_one_endpoint_that_keeps_its_name_and_gains_fields() -> None:
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": TEXT},
        {"name": "withMessages", "in": "query", "schema": {"type": "boolean"}},
    ]
    document = read({"/api/chat/getconversation/{id}": {"get": {"summary": "Gets it", "parameters": parameters}}})

    merged = merge(ENDPOINTS, document.endpoints)

    assert len(merged) == len(ENDPOINTS)
    found = _titled(merged, "Get conversation")
    assert (found.path, found.source) == ("/api/Chat/GetConversation/{conversationId}", "client · OpenAPI")
    assert [each.name for each in found.fields] == ["conversationId", "withMessages"]
    assert found.fields[0].default == "{{conversation.id}}"
    assert merge(merged, document.endpoints) == merged, "once is enough"


@pytest.mark.parametrize("path", ["/api/Chat/ListAgents", "/api/chat/listagents", "/api/Chat/ListAgents/"])
def test_a_path_that_asp_net_reads_as_a_known_one_is_the_same_endpoint(path: str) -> None:
    merged = merge(ENDPOINTS, read({path: {"get": {"summary": "Agents"}}}).endpoints)

    assert [(each.title, each.path) for each in merged] == [(each.title, each.path) for each in ENDPOINTS]
    assert _titled(merged, "List agents").source == "client · OpenAPI"


def test_another_path_of_the_same_list_is_another_endpoint() -> None:
    merged = merge(ENDPOINTS, read({"/api/Users/ListUsers": {"get": {"tags": ["Users"]}}}).endpoints)

    assert [each.path for each in merged if each.group == "Users"] == ["/api/ListUsers", "/api/Users/ListUsers"]


def test_a_body_known_as_fields_gains_those_that_the_document_adds() -> None:
    properties = {"ConversationId": TEXT, "text": TEXT, "temperature": {"type": "number", "default": 0.5}}
    content = {JSON: {"schema": {"type": "object", "properties": properties}}}
    document = read({"/api/Chat/AskAgent": {"post": {"requestBody": {"content": content}}}})

    ask = _titled(merge(ENDPOINTS, document.endpoints), "Ask agent")

    assert [each.name for each in ask.fields] == ["conversationID", "text", "temperature"]
    assert (ask.trait, ask.body) == ("streams", None)
    draft = ask.draft({"conversationID": "c", "text": "Hi", "temperature": "0.5"})
    assert json.loads(draft.body) == {"conversationID": "c", "text": "Hi", "temperature": 0.5}


def test_what_is_new_follows_in_its_group() -> None:
    new = {"tags": ["Chat"], "summary": "Rename conversation"}
    other = {"tags": ["Reports"], "summary": "List reports"}
    document = read({"/api/Reports": {"get": other}, "/api/Chat/Rename": {"post": new}})

    merged = merge(ENDPOINTS, document.endpoints)

    groups = [each.group for each in merged]
    assert groups == sorted(groups, key=groups.index), "no group comes twice"
    assert [each.title for each in merged if each.group == "Chat"][-1] == "Rename conversation"
    assert merged[-1].title == "List reports"


@pytest.mark.parametrize(
    "operation",
    [{"summary": "Create user"}, {"operationId": "createUser"}, {"operationId": "Create_User"}, {}],
)
def test_an_operation_of_that_name_completes_what_was_known_by_name(operation: dict[str, str]) -> None:
    content = {JSON: {"schema": {"type": "object", "required": ["name"], "properties": {"name": TEXT}}}}
    path = "/api/Users/CreateUser" if not operation else "/api/people"
    document = read({path: {"post": {**operation, "requestBody": {"required": True, "content": content}}}})

    merged = merge(ENDPOINTS, document.endpoints)

    assert len(merged) == len(ENDPOINTS)
    created = _titled(merged, "Create User")
    assert (created.method, created.path, created.group) == ("POST", path, "Administration")
    assert created.source == "contents · OpenAPI"
    assert created.draft({}).body == b'{\n  "name": ""\n}'


def test_a_person_fills_in_what_they_know() -> None:
    known = _titled(ENDPOINTS, "Delete User")

    completed = complete(known, "delete", " /api/Users/{id}?hard={hard} ")

    assert not completed.is_path_unknown
    assert (completed.title, completed.source) == ("Delete User", "contents · you")
    assert completed.draft({"id": "u/1", "hard": "true"}).target == "/api/Users/u%2F1?hard=true"
    assert completed.draft({"id": "1", "hard": "1"}, body='{"why": "left"}').body == b'{"why": "left"}'
    assert endpoint_at(read({"/x": {"get": {}}}), "GET", "/x").source == "OpenAPI"


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("TRACE", "/x", "The method must be one of"),
        ("GET", "x", "The path must begin with one /"),
        ("GET", "//evil.example", "The path must begin with one /"),
        ("GET", "", "The path must begin with one /"),
        ("GET", "/a/../b", "must not contain . or .. as a segment"),
    ],
)
def test_what_cannot_be_sent_cannot_be_filled_in(method: str, path: str, words: str) -> None:
    with pytest.raises(RequestRejectedError, match=re.escape(words)):
        complete(_titled(ENDPOINTS, "Delete User"), method, path)
