"""The known endpoints of AIRisk, as data.

Each names its source: *documentation* (AIRisk's own pages), *client* (seen in a working client of a real host), or
*contents* (only the title is known: path, method and body are not invented here).
"""

from __future__ import annotations

from tui.airisk.endpoints.model import Endpoint, Field

_CONVERSATION_ID = "{{conversation.id}}"
_CONVERSATION = Field(
    "conversationId",
    "path",
    required=True,
    default=_CONVERSATION_ID,
    meaning="from List conversations",
)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("List agents", "Chat", "GET", "/api/Chat/ListAgents", source="client"),
    Endpoint(
        "Create conversation",
        "Chat",
        "POST",
        "/api/Chat/CreateConversation",
        fields=(
            Field(
                "title", "body", required=True, default="New conversation", meaning="title in the list of conversations"
            ),
            Field("agentId", "body", required=True, default="{{agent.id}}", meaning="from List agents"),
            Field("metadata", "body", kind="array", default="[]", meaning="a JSON array, to search by"),
        ),
        source="client",
    ),
    Endpoint(
        "Ask agent",
        "Chat",
        "POST",
        "/api/Chat/AskAgent",
        fields=(
            Field("conversationID", "body", required=True, default=_CONVERSATION_ID, meaning="the conversation's ID"),
            Field("text", "body", required=True, meaning="text for the agent"),
        ),
        source="client",
        trait="streams",
    ),
    Endpoint(
        "Add file to conversation",
        "Chat",
        "POST",
        "/api/Chat/AddFileToConversation/{conversationId}",
        fields=(
            _CONVERSATION,
            Field("file", "file", required=True, meaning="the path of a file on this machine"),
        ),
        source="client",
        trait="uploads",
    ),
    Endpoint(
        "List conversations",
        "Chat",
        "GET",
        "/api/Chat/GetConversations",
        fields=(
            Field("agentid", meaning="only conversations with this agent"),
            Field("results", kind="integer", default="20", meaning="results per page"),
            Field("skip", kind="integer", default="0", meaning="results to skip: (page-1) × results"),
            Field("metadatasearch", meaning="only those whose metadata contain this text"),
        ),
        source="documentation",
        trait="pages",
    ),
    Endpoint(
        "Get conversation",
        "Chat",
        "GET",
        "/api/Chat/GetConversation/{conversationId}",
        fields=(_CONVERSATION,),
        source="client",
    ),
    Endpoint(
        "Submit feedback",
        "Chat",
        "POST",
        "/api/Chat/SubmitFeedback",
        fields=(
            Field("conversationId", required=True, default=_CONVERSATION_ID, meaning="the conversation's ID"),
            Field("messageId", required=True, meaning="the message's ID, from Get conversation"),
            Field(
                "feedback",
                required=True,
                choices=("Like", "Dislike"),
                meaning="Like or Dislike",
            ),
        ),
        source="client",
    ),
    Endpoint("List users", "Users", "GET", "/api/ListUsers", token="generic", source="documentation"),
    *(
        Endpoint(title, group, source="contents")
        for group, title in (
            ("Agents", "Chat with Agent"),
            ("Agents", "Add Files to Agent"),
            ("Agents", "Deleting a File"),
            ("Administration", "Create User"),
            ("Administration", "Add User to Group"),
            ("Administration", "Set User Token"),
            ("Administration", "Delete User"),
        )
    ),
)
