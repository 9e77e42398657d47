"""A conversation with an agent, as requests: list the agents, begin, add a file, send a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.extraction import RULES, RememberedResponse, get_member, picked_from
from tui.airisk.models import Draft, Exchange, Upload

_BY_TITLE = {endpoint.title: endpoint for endpoint in ENDPOINTS}
_LIST, _BEGIN = _BY_TITLE["List agents"], _BY_TITLE["Create conversation"]
_ASK, _ADD_FILE = _BY_TITLE["Ask agent"], _BY_TITLE["Add file to conversation"]

ENDPOINT_KEYS = frozenset(each.key for each in (_LIST, _BEGIN, _ASK, _ADD_FILE))
"""The endpoints that a conversation is made of."""

WRITES = tuple(f"{each.method} {each.path}" for each in (_BEGIN, _ADD_FILE, _ASK))
"""Methods and paths of the requests that change something, in their order."""

LIST_AGENTS = _LIST.draft({})
"""The request for the agents that an identity sees."""

_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent to talk to; `name` may be empty. `thing` is all that AIRisk says about it."""

    id: str
    name: str
    thing: dict[str, Any]

    def __str__(self) -> str:
        return self.name or self.id


def agents_in(exchange: Exchange) -> list[Agent]:
    """Return the agents in a response that lists them; none from any other response."""
    document = RememberedResponse(exchange.body).document() if exchange.status < 300 else None
    found = map(_agent, document if isinstance(document, list) else [])
    return [agent for agent in found if agent]


def lists_agents(exchange: Exchange) -> bool:
    """Return whether a response is of a request for the agents; its body is not read."""
    return any(rule.noun == "agent" and rule.is_about(exchange.draft.path) for rule in RULES)


def agent_at(exchange: Exchange, path: str) -> Agent | None:
    """Return the agent at a JSONPath of a response that lists agents, else None."""
    picked = picked_from(exchange, path)
    return _agent(picked[1]) if picked and picked[0] == "agent" else None


def _agent(thing: object) -> Agent | None:
    identifier = _text(get_member(thing, "id")) or _text(get_member(thing, "agentId"))
    if not (identifier and isinstance(thing, dict)):
        return None
    return Agent(identifier, _text(get_member(thing, "name")), dict(thing))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def begin(agent: Agent, text: str) -> Draft:
    """Return the request for a new conversation, which is titled by the first words that are said.

    Raises:
        RequestRejectedError: the text is not valid Unicode.
    """
    words = " ".join(text.split())
    title = words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"
    return _BEGIN.draft({"title": title or "New conversation", "agentId": agent.id, "metadata": "[]"})


def conversation_in(exchange: Exchange) -> str:
    """Return the id of the conversation that a response has begun; empty if it has begun none."""
    document = RememberedResponse(exchange.body).document()
    return _text(get_member(document, "id")) or _text(get_member(document, "conversationId"))


def ask(conversation: str, text: str) -> Draft:
    """Return the request for the agent's reply to a text.

    Raises:
        RequestRejectedError: the text is empty or not valid Unicode.
    """
    return _ASK.draft({"conversationID": conversation, "text": text})


def add_file(conversation: str, upload: Upload) -> Draft:
    """Return the request that adds a file to a conversation."""
    return _ADD_FILE.draft({"conversationId": conversation}, file=upload)


def reply_in(exchange: Exchange) -> str:
    """Return the text of a reply that did not stream in; empty if there is none."""
    document = RememberedResponse(exchange.body).document()
    return next((text for name in ("text", "message", "content") if (text := _text(get_member(document, name)))), "")
