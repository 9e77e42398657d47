"""A few documented endpoints of the foreign deployment; each needs a user's token."""

import json
from collections.abc import Callable
from urllib.parse import unquote

from tests.kit.deployment.messages import Received, Reply, json_reply
from tests.kit.deployment.refusals import RefusedError
from tests.kit.deployment.shapes import Person

CONVERSATIONS_EACH = 45
Answer = Callable[[Received, Person], Reply]


def list_agents(request: Received, person: Person) -> Reply:
    """Two agents that only this user has."""
    return json_reply(
        [
            {
                "id": f"agent-{number}-of-{person.identity}",
                "name": f"Agent {number} of {person.name}",
                "description": f"Answers {person.name}",
                "botSuggestion": ["What is at risk?"],
            }
            for number in (1, 2)
        ]
    )


def get_conversations(request: Received, person: Person) -> Reply:
    """A page of this user's conversations, asked for in the query or in the path."""
    names = ("agentid", "results", "skip", "metadatasearch")
    asked = dict(zip(names, map(unquote, request.path.split("/")[4:]), strict=False)) | dict(request.query)
    try:
        results, skip = int(asked.get("results") or 20), int(asked.get("skip") or 0)
    except ValueError:
        raise RefusedError(400, "Invalid results or skip") from None
    every = [conversation(person, number) for number in range(CONVERSATIONS_EACH)]
    return json_reply(every[skip : skip + results])


def get_conversation(request: Received, person: Person) -> Reply:
    """One conversation, with its messages."""
    wanted = unquote(request.path.split("/")[4])
    for number in range(CONVERSATIONS_EACH):
        found = conversation(person, number)
        if found["id"] == wanted:
            message = {"id": "m-1", "messageType": "User", "text": "Hello", "fileIds": [], "citations": []}
            return json_reply({**found, "messages": [message]})
    raise RefusedError(404, "No such conversation")


def create_conversation(request: Received, person: Person) -> Reply:
    """The conversation asked for, with an id."""
    try:
        title = json.loads(request.body)["title"]
    except (ValueError, KeyError, TypeError):
        raise RefusedError(400, "Invalid title") from None
    return json_reply({**conversation(person, CONVERSATIONS_EACH), "title": title})


def ask_agent(request: Received, person: Person) -> Reply:
    """An answer as Server-Sent Events."""
    delta = {"delta": {"content": [{"text": {"value": f"Hello, {person.name}"}}]}}
    events = [("thread.message.created", {"id": "m-2"}), ("thread.message.delta", delta)]
    text = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    body = f"{text}event: done\ndata: [DONE]\n\n".encode()
    return Reply(200, body, (("Content-Type", "text/event-stream"),))


def conversation(person: Person, number: int) -> dict[str, object]:
    """What every answer says of a conversation."""
    return {
        "id": f"c-{number}-of-{person.identity}",
        "userID": person.id,
        "botID": f"agent-1-of-{person.identity}",
        "title": f"Conversation {number}",
        "threadID": f"t-{number}",
    }


ENDPOINTS: dict[str, tuple[str, Answer]] = {
    "/api/Chat/ListAgents": ("GET", list_agents),
    "/api/Chat/GetConversations": ("GET", get_conversations),
    "/api/Chat/GetConversation": ("GET", get_conversation),
    "/api/Chat/CreateConversation": ("POST", create_conversation),
    "/api/Chat/AskAgent": ("POST", ask_agent),
}
MOST_SEGMENTS = {"GetConversations": 4, "GetConversation": 1}


def endpoint(request: Received) -> Answer:
    """Who answers this path and method; a RefusedError (404, 405) where nobody does."""
    segments = request.path.split("/")
    known = ENDPOINTS.get("/".join(segments[:4]))
    extra = len(segments) - 4
    if known is None or extra > MOST_SEGMENTS.get(segments[3], 0) or (segments[3] == "GetConversation" and not extra):
        raise RefusedError(404, "No such path")
    method, answer = known
    if request.method != method:
        raise RefusedError(405, f"Only {method}")
    return answer
