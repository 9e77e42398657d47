"""Endpoints and permissions as data: routing, access checks and the OpenAPI document read these tables."""

from typing import Literal, NamedTuple

# Endpoint → the roles that may call it. Every role may call something, so every user is worth acting as.
MAY_CALL: dict[str, frozenset[str]] = {
    "ListUsers": frozenset({"Admin", "Risk Manager", "Auditor", "Monitor", "User"}),
    "ListAgents": frozenset({"Admin", "Risk Manager", "Auditor", "Monitor", "User"}),
    "GetConversations": frozenset({"Admin", "Risk Manager", "Auditor", "User"}),
    "GetConversation": frozenset({"Admin", "Risk Manager", "Auditor", "User"}),
    "CreateConversation": frozenset({"Admin", "Risk Manager", "User"}),
    "AskAgent": frozenset({"Admin", "Risk Manager", "User"}),
    "AddFileToConversation": frozenset({"Admin", "Risk Manager"}),
    "SubmitFeedback": frozenset({"Admin", "Risk Manager", "User"}),
}

# These read all conversations, all others only their own. No role writes into another user's.
READS_EVERYONE = frozenset({"Admin", "Auditor"})

# An auditor's list is the sample under audit: the conversations of this many users.
AUDIT_SAMPLE = 5


def is_allowed(role: str, endpoint: str) -> bool:
    """Return whether a role may call an endpoint; raise KeyError for an endpoint without a rule."""
    return role in MAY_CALL[endpoint]


class Endpoint(NamedTuple):
    """One operation under one path; `opened_by` names the kind of token it requires."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    opened_by: Literal["nothing", "any token", "user token"]


SHORT_LIST = Endpoint("ListUsers", "GET", "/api/ListUsers", "any token")
LONG_LIST = Endpoint("ListUsers", "GET", "/api/Users/ListUsers", "any token")

ENDPOINTS = (
    Endpoint("Authorize", "GET", "/api/oauth2", "nothing"),
    Endpoint("Token", "POST", "/api/oauth2/Token", "nothing"),
    SHORT_LIST,
    LONG_LIST,
    Endpoint("ListAgents", "GET", "/api/Chat/ListAgents", "user token"),
    Endpoint("GetConversations", "GET", "/api/GetConversations", "user token"),
    Endpoint("GetConversations", "GET", "/api/Chat/GetConversations", "user token"),
    Endpoint("GetConversations", "GET", "/api/Chat/GetConversations/{agentid}", "user token"),
    Endpoint(
        "GetConversations",
        "GET",
        "/api/Chat/GetConversations/{agentid}/{results}/{skip}/{metadatasearch}",
        "user token",
    ),
    Endpoint("GetConversation", "GET", "/api/Chat/GetConversation/{conversationId}", "user token"),
    Endpoint("CreateConversation", "POST", "/api/Chat/CreateConversation", "user token"),
    Endpoint("AskAgent", "POST", "/api/Chat/AskAgent", "user token"),
    Endpoint("AddFileToConversation", "POST", "/api/Chat/AddFileToConversation/{conversationId}", "user token"),
    Endpoint("SubmitFeedback", "POST", "/api/Chat/SubmitFeedback", "user token"),
)

OPENAPI_PATH = "/swagger/v1/swagger.json"


def offered(list_path: Literal["both", "short", "long"]) -> list[Endpoint]:
    """Return the endpoints of a deployment whose user list is under one path or under both."""
    absent = {"both": None, "short": LONG_LIST, "long": SHORT_LIST}[list_path]
    return [endpoint for endpoint in ENDPOINTS if endpoint != absent]
