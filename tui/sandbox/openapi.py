"""OpenAPI 3.0 document of the sandbox."""

import re
from collections.abc import Iterable
from typing import Any

from tui.sandbox.api import Endpoint
from tui.sandbox.schemas import array_of, reference, schemas

_BEARER = "bearer"

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}

# Every parameter by name: description, schema, example.
_PARAMETERS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "client_id": ("The id of the registered application", _TEXT, "airisk-tui-sandbox"),
    "redirect_uri": ("One of the registered addresses", _TEXT, "https://localhost/callback"),
    "state": ("Returned unchanged in the redirect", _TEXT, "af0ifjsldkj"),
    "userid": ("The user to sign in; none for the generic token", _TEXT, "u-000127"),
    "response_type": ("Always `code`", _TEXT | {"enum": ["code"]}, "code"),
    "agentid": ("Only conversations with this agent", _TEXT, "agent-0"),
    "results": ("Maximum number of results", _COUNT | {"default": 20}, 20),
    "skip": ("Number of results to skip: (page - 1) * results", _COUNT | {"default": 0}, 0),
    "metadatasearch": ("Only conversations whose metadata contain this", _TEXT | {"default": ""}, "2025-Q3"),
    "conversationId": ("The id of a conversation", _TEXT, "c-000127-00"),
    "messageId": ("The id of a message in it", _TEXT, "m-000127-00-1"),
    "feedback": ("Rating of the message", _TEXT | {"enum": ["Like", "Dislike"]}, "Like"),
}

# Operation → its query parameters, each with whether it is required.
_QUERIES: dict[str, dict[str, bool]] = {
    "Authorize": {
        "client_id": True,
        "redirect_uri": True,
        "state": False,
        "userid": False,
        "response_type": False,
    },
    "GetConversations": {"agentid": False, "results": False, "skip": False, "metadatasearch": False},
    "SubmitFeedback": {"conversationId": True, "messageId": True, "feedback": True},
}

_SUMMARIES = {
    "Authorize": "Ask for an authorization code",
    "Token": "Exchange a code for a token",
    "ListUsers": "List users",
    "ListAgents": "List agents",
    "GetConversations": "List conversations",
    "GetConversation": "Get a conversation",
    "CreateConversation": "Create a conversation",
    "AskAgent": "Ask agent",
    "AddFileToConversation": "Add a file to a conversation",
    "SubmitFeedback": "Submit feedback",
}

# Operation → media types and schema of its body.
_BODIES: dict[str, tuple[tuple[str, ...], str]] = {
    "Token": (("application/x-www-form-urlencoded", "application/json"), "TokenRequest"),
    "CreateConversation": (("application/json",), "NewConversation"),
    "AskAgent": (("application/json",), "Question"),
    "AddFileToConversation": (("multipart/form-data",), "Upload"),
}

_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Token": ("application/json", reference("Token")),
    "ListUsers": ("application/json", array_of("User")),
    "ListAgents": ("application/json", array_of("Agent")),
    "GetConversations": ("application/json", array_of("ListedConversation")),
    "GetConversation": ("application/json", reference("Conversation")),
    "CreateConversation": ("application/json", reference("Conversation")),
    "AskAgent": ("text/event-stream", _TEXT),
    "AddFileToConversation": ("application/json", reference("File")),
    "SubmitFeedback": ("application/json", reference("Feedback")),
}


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Return the OpenAPI document for these endpoints."""
    paths: dict[str, Any] = {}
    for number, endpoint in enumerate(endpoints):
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, number)
    return {
        "openapi": "3.0.3",
        "info": {"title": "AIRisk (sandbox)", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {_BEARER: {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, number: int) -> dict[str, Any]:
    group = {"Authorize": "Authentication", "Token": "Authentication", "ListUsers": "Users"}.get(endpoint.name, "Chat")
    in_path = re.findall(r"{(\w+)}", endpoint.path)
    query = {name: must for name, must in _QUERIES.get(endpoint.name, {}).items() if name not in in_path}
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.name}{number}",
        "summary": _SUMMARIES[endpoint.name],
        "tags": [group],
        "parameters": [
            *(_parameter(name, "path", is_required=True) for name in in_path),
            *(_parameter(name, "query", is_required=must) for name, must in query.items()),
        ],
        "responses": _responses(endpoint),
    }
    if endpoint.name in _BODIES:
        types, shape = _BODIES[endpoint.name]
        operation["requestBody"] = {
            "required": True,
            "content": {media_type: {"schema": reference(shape)} for media_type in types},
        }
    if endpoint.opened_by != "nothing":
        operation["security"] = [{_BEARER: []}]
    return operation


def _parameter(name: str, place: str, *, is_required: bool) -> dict[str, Any]:
    description, schema, example = _PARAMETERS[name]
    return {
        "name": name,
        "in": place,
        "required": is_required,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.name == "Authorize":
        location = {"schema": _TEXT, "description": "The redirect_uri with `code` and `state`"}
        good = {"302": {"description": "A code", "headers": {"Location": location}}}
    else:
        media_type, schema = _ANSWERS[endpoint.name]
        good = {"200": {"description": "Done", "content": {media_type: {"schema": schema}}}}
    problem = {"application/problem+json": {"schema": reference("Problem")}}
    refusals = {"401": {"description": "Invalid token or unknown client", "content": problem}}
    if endpoint.opened_by != "nothing":
        refusals["403"] = {"description": "Not allowed for this token or user", "content": problem}
    if endpoint.name == "Token":
        told = {"text/plain": {"schema": _TEXT, "examples": _SAID}}
        refusals["400"] = {"description": "A field is missing, or the code is invalid", "content": told}
    return good | refusals


_SAID = {"missing": {"value": "Invalid client_id"}, "code": {"value": "Invalid Code"}}
