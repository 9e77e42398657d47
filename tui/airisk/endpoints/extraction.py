"""Rules that extract variables from responses: an agent, a conversation, a message."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Self

from tui.airisk.http.sse import EventReader
from tui.airisk.lenient_json import InvalidJSONError, read_json, unwrapped
from tui.airisk.models import Exchange
from tui.errors import InvalidResponseError

BODY_CAP = 1024 * 1024
"""Maximum bytes of a body to remember: about 15 ms to parse."""


@dataclass(frozen=True, slots=True)
class ExtractionRule:
    """Where a response holds a `noun`; `path` (in any case) selects the responses.

    `is_guess`: it is one of many, used only until a definite or a picked one is known.
    """

    noun: str
    title: str
    path: str
    find: Callable[[Any], object]
    is_guess: bool = False

    def is_about(self, path: str) -> bool:
        """Return whether responses of that path hold the noun."""
        return re.fullmatch(self.path, path.partition("?")[0], re.IGNORECASE) is not None


def _first(document: Any) -> object:
    return document[0] if isinstance(document, list) and document else None


def _whole(document: Any) -> object:
    return document if isinstance(document, dict) else None


def _last_of_ai(document: Any) -> object:
    """Return the agent's last message in a conversation."""
    messages = get_member(document, "messages")
    said = messages if isinstance(messages, list) else []
    return next((each for each in reversed(said) if get_member(each, "messageType") == "AI"), None)


RULES = (
    ExtractionRule("agent", "List agents", r"/api/(?:Chat/)?ListAgents/?", _first, is_guess=True),
    ExtractionRule("conversation", "Create conversation", r"/api/(?:Chat/)?CreateConversation/?", _whole),
    ExtractionRule("conversation", "Get conversation", r"/api/(?:Chat/)?GetConversation/[^/]+/?", _whole),
    ExtractionRule(
        "conversation", "List conversations", r"/api/(?:Chat/)?GetConversations(?:/.*)?", _first, is_guess=True
    ),
    ExtractionRule("message", "Ask agent", r"/api/(?:Chat/)?AskAgent/?", _whole),
    ExtractionRule("message", "Get conversation", r"/api/(?:Chat/)?GetConversation/[^/]+/?", _last_of_ai),
)
NOUNS = tuple(dict.fromkeys(rule.noun for rule in RULES))


def get_member(value: object, step: str) -> object:
    """Return a member by its name, in any usual spelling, or an item by its number; None if there is none."""
    if isinstance(value, list):
        is_number = step.isascii() and step.isdigit() and len(step) < 10
        return value[int(step)] if is_number and int(step) < len(value) else None
    if not isinstance(value, dict):
        return None
    keys = [step] if step in value else [key for key in value if _plain(key) == _plain(step)]
    # `Id` before `_id`, which a database may have added.
    return value[min(keys, key=lambda key: key.startswith("_"))] if keys else None


def _plain(name: str) -> str:
    return re.sub("[_-]", "", name).lower()


@dataclass(frozen=True, slots=True)
class RememberedResponse:
    """A stored response, parsed only on demand."""

    body: bytes = field(repr=False)
    is_stream: bool = False

    def document(self) -> Any:
        """Return its content; of a stream, the message that it created. None if it cannot be parsed."""
        if self.is_stream:
            return next(_created_messages(self.body), None)
        try:
            return unwrapped(read_json(self.body))
        except InvalidJSONError:
            return None


def _created_messages(stream: bytes) -> Iterator[object]:
    with suppress(InvalidResponseError):  # keep what came before the error
        for event in EventReader().feed(stream):
            if event.kind == "thread.message.created":
                yield RememberedResponse(event.data.encode()).document()


@dataclass(frozen=True, slots=True)
class IdentityVariables:
    """Variables from the responses to one identity: the last one, the last one of each rule, and the user's picks."""

    last: RememberedResponse | None = None
    by_title: Mapping[str, RememberedResponse] = field(default_factory=dict)
    picked: Mapping[str, object] = field(default_factory=dict, repr=False)

    def learn(self, exchange: Exchange) -> Self:
        """Return a copy with the variables of a further response; ignore errors and all but JSON and events."""
        is_stream = exchange.content_type == "text/event-stream"
        if exchange.status >= 300 or not (is_stream or _is_json(exchange)):
            return self
        # A response that is too large yields nothing. An older one in its place would be misleading.
        remembered = RememberedResponse(exchange.body if len(exchange.body) <= BODY_CAP else b"", is_stream)
        rules = [rule for rule in RULES if rule.is_about(exchange.draft.path)]
        titles = {rule.title for rule in rules}
        settled = {rule.noun for rule in rules if not rule.is_guess}
        return replace(
            self,
            last=self.last if is_stream else remembered,
            by_title={title: each for title, each in self.by_title.items() if title not in titles}
            | dict.fromkeys(titles, remembered),
            picked={noun: each for noun, each in self.picked.items() if noun not in settled},
        )

    def pick(self, noun: str, thing: Mapping[str, object]) -> Self:
        """Return a copy with the object that the user picked among many."""
        return replace(self, picked={**self.picked, noun: dict(thing)})

    def thing(self, noun: str) -> object:
        """Return the value of the noun: picked, received last, or guessed; else None."""
        if noun in self.picked:
            return self.picked[noun]
        rules = {rule.title: rule for rule in RULES if rule.noun == noun}
        candidates = [(rules[title], each) for title, each in self.by_title.items() if title in rules]
        # The newest that is not a guess, or else the newest: an older one may be another thing.
        newest = max(enumerate(candidates), key=lambda each: (not each[1][0].is_guess, each[0]), default=None)
        if newest is None:
            return None
        rule, response = newest[1]
        return rule.find(response.document())


def picked_from(exchange: Exchange, path: str) -> tuple[str, Mapping[str, object]] | None:
    """Return the noun and the object at a JSONPath of a response that lists such objects; else None."""
    rule = next((rule for rule in RULES if rule.is_guess and rule.is_about(exchange.draft.path)), None)
    place = _ITEM.match(path)
    if rule is None or place is None:
        return None
    thing = get_member(RememberedResponse(exchange.body).document(), place[1])
    return (rule.noun, thing) if isinstance(thing, Mapping) else None


_ITEM = re.compile(r"\$(?:\['\$values'\])?\[(\d+)\]")


def _is_json(exchange: Exchange) -> bool:
    return exchange.content_type.endswith("json") or exchange.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {
        b"[",
        b"{",
    }


def as_json(value: object) -> str:
    """Return the value as JSON."""
    return json.dumps(value, ensure_ascii=False)
