"""Schemas of requests and responses for OpenAPI, with an example each."""

from typing import Any

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_TEXTS = {"type": "array", "items": _TEXT}

# Name → (properties, an example); every property is required unless it is named in OPTIONAL.
_SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Problem": (
        {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT, "traceId": _TEXT},
        {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.2",
            "title": "Unauthorized",
            "status": 401,
            "traceId": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        },
    ),
    "TokenRequest": (
        {
            "client_id": _TEXT,
            "client_secret": {"type": "string", "format": "password"},
            "redirect_uri": {"type": "string", "format": "uri"},
            "code": _TEXT,
            "userid": _TEXT,
            "grant_type": {"type": "string", "enum": ["authorization_code"]},
        },
        {
            "client_id": "airisk-tui-sandbox",
            "client_secret": "…",
            "redirect_uri": "https://localhost/callback",
            "code": "…",
            "userid": "u-000127",
        },
    ),
    "Token": (
        {"access_token": _TEXT, "expiration": _TIME},
        {"access_token": "…", "expiration": "2026-03-31T13:12:17Z"},
    ),
    "User": (
        {
            "id": _TEXT,
            "name": _TEXT,
            "email": {"type": "string", "format": "email"},
            "role": _TEXT,
            "groups": _TEXTS,
            "department": _TEXT,
            "lastActive": _TIME,
            "status": {"type": "string", "enum": ["active", "suspended"]},
        },
        {
            "id": "u-000127",
            "name": "Grace Hopper",
            "email": "grace.hopper@meridian.example",
            "role": "Admin",
            "groups": ["Vendor Risk", "EMEA"],
            "department": "Research",
            "lastActive": "2025-12-07T20:09:08Z",
            "status": "active",
        },
    ),
    "Agent": (
        {"id": _TEXT, "name": _TEXT, "description": _TEXT, "botSuggestion": _TEXTS},
        {
            "id": "agent-0",
            "name": "Policy Q&A",
            "description": "Answers questions on the AI policy.",
            "botSuggestion": ["Who approves a high-risk system?"],
        },
    ),
    "Message": (
        {
            "id": _TEXT,
            "messageType": {"type": "string", "enum": ["User", "AI", "System"]},
            "text": _TEXT,
            "created": _TIME,
            "fileIds": _TEXTS,
            "citations": {"type": "array", "items": {"type": "object"}},
            "feedback": {"type": "string", "enum": ["Like", "Dislike", None], "nullable": True},
        },
        {
            "id": "m-000127-00-1",
            "messageType": "AI",
            "text": "Two points are settled.",
            "created": "2025-03-31T13:12:17Z",
            "fileIds": [],
            "citations": [],
            "feedback": None,
        },
    ),
    "NewConversation": (
        {"title": _TEXT, "agentId": _TEXT, "metadata": {"type": "array", "items": {}}},
        {"title": "Vendor risk, Q3", "agentId": "agent-0", "metadata": ["quarter:2025-Q3"]},
    ),
    "Question": (
        {"conversationID": _TEXT, "text": _TEXT},
        {"conversationID": "c-000127-00", "text": "Who approves a high-risk system?"},
    ),
    "Upload": ({"file": {"type": "string", "format": "binary"}}, {}),
    "File": (
        {"id": _TEXT, "name": _TEXT, "size": {"type": "integer"}, "conversationId": _TEXT},
        {"id": "f-000127-00-100", "name": "soc2.pdf", "size": 48213, "conversationId": "c-000127-00"},
    ),
    "Feedback": (
        {"messageId": _TEXT, "feedback": {"type": "string", "enum": ["Like", "Dislike"]}},
        {"messageId": "m-000127-00-1", "feedback": "Like"},
    ),
}

_OPTIONAL = {
    "Problem": {"detail"},
    "TokenRequest": {"userid", "grant_type"},
    "NewConversation": {"metadata"},
    "Upload": {"file"},
}

_LISTED = {
    "id": _TEXT,
    "userID": _TEXT,
    "botID": _TEXT,
    "title": _TEXT,
    "threadID": _TEXT,
    "created": _TIME,
    "metadata": {"type": "array", "items": {}},
}
_LISTED_EXAMPLE = {
    "id": "c-000127-00",
    "userID": "u-000127",
    "botID": "agent-0",
    "title": "Vendor risk, Q3",
    "threadID": "thread-000127-00",
    "created": "2025-03-31T13:12:17Z",
    "metadata": ["quarter:2025-Q3"],
}


def reference(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def array_of(name: str) -> dict[str, Any]:
    """Return the schema of an array of one type."""
    return {"type": "array", "items": reference(name)}


def schemas() -> dict[str, Any]:
    """Return every schema by name."""
    said = {"messages": array_of("Message"), "files": {"type": "array", "items": {"type": "object"}}}
    shapes = _SHAPES | {
        "ListedConversation": (_LISTED, _LISTED_EXAMPLE),
        "Conversation": (_LISTED | said, _LISTED_EXAMPLE | {"messages": [], "files": []}),
    }
    return {
        name: {
            "type": "object",
            "required": sorted(properties.keys() - _OPTIONAL.get(name, set())),
            "properties": properties,
            "example": example,
        }
        for name, (properties, example) in shapes.items()
    }
