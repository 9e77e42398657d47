"""Answers that tell something, and what is known after them."""

import json
from datetime import UTC, datetime

import pytest

from tui.airisk.endpoints.variables import Into, Variables
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Exchange, User
from tui.errors import RequestRejectedError

GRACE_HOPPER = User("u-2", "Grace Hopper", "grace@example.com", "Admin")
ADA, GRACE = Identity("user", "u-1", "Ada"), Identity.of(GRACE_HOPPER)
AGENTS, CONVERSATIONS = "/api/Chat/ListAgents", "/api/Chat/GetConversations"
CREATE, GET, ASK = "/api/Chat/CreateConversation", "/api/Chat/GetConversation/c-1", "/api/Chat/AskAgent"
AGENT = {"id": "a-1", "name": "First"}


def answered(
    path: str, content: object, *, identity: Identity = ADA, status: int = 200, kind: str = "application/json"
) -> Exchange:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Exchange(
        draft=Draft("GET", path),
        identity=identity,
        status=status,
        reason="",
        headers=(("Content-Type", kind),),
        body=body,
        seconds=0.1,
        at=datetime.now(UTC),
    )


def after(*exchanges: Exchange) -> Variables:
    known = Variables()
    for exchange in exchanges:
        known = known.learn(exchange)
    return known


def refusal_of(known: Variables, text: str, identity: Identity = ADA, into: Into = "value") -> str:
    with pytest.raises(RequestRejectedError) as refused:
        known.fill(text, identity, into)
    return refused.value.message
