"""What is served, as data: routing, permissions and the OpenAPI document all read this one table."""

from typing import Literal, NamedTuple


class Endpoint(NamedTuple):
    """One operation under one path; `opened_by` says which token it wants."""

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
    """Return the endpoints of a deployment that has the user list under one path or under both."""
    absent = {"both": None, "short": LONG_LIST, "long": SHORT_LIST}[list_path]
    return [endpoint for endpoint in ENDPOINTS if endpoint != absent]
