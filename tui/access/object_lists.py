"""The objects in a response that lists agents or conversations: their ids, and of agents also the names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.access.model import Column, ListedObjects, ObjectKind
from tui.airisk.endpoints.extraction import RULES, get_member
from tui.airisk.lenient_json import InvalidJSONError, read_json, unwrapped
from tui.airisk.models import Exchange
from tui.airisk.responses.pagination import extent_of
from tui.plain_names import encodable

_MOST_OBJECTS, _LONGEST_ID, _LONGEST_NAME = 10_000, 200, 100

_LISTS: dict[ObjectKind, tuple[str, ...]] = {"agent": ("id", "agentId"), "conversation": ("id", "conversationId")}
"""The kinds of objects, and the members that hold their ids."""

LIST_EXAMPLES: dict[ObjectKind, str] = {
    "agent": "GET /api/Chat/ListAgents",
    "conversation": "GET /api/Chat/GetConversations",
}
"""An endpoint for each kind that lists such objects."""


def listed_kind(column: Column) -> ObjectKind | None:
    """Return the kind of objects that the endpoint lists, or None if it is not a list of objects."""
    if column.kind != "endpoint" or column.method != "GET":
        return None
    path = column.target or column.path
    nouns = {rule.noun for rule in RULES if rule.is_guess and rule.is_about(path)}
    return next((kind for kind in _LISTS if kind in nouns), None)


def listed_objects(exchange: Exchange, kind: ObjectKind) -> ListedObjects | None:
    """Return the objects that a response lists; None if it is no list. Blocks for a large one."""
    try:
        entries = _entries(unwrapped(read_json(exchange.body)))
    except InvalidJSONError:
        return None
    if entries is None:
        return None
    extent = extent_of(exchange)
    is_whole = (extent is None or extent.is_whole) and len(entries) <= _MOST_OBJECTS
    return ListedObjects(tuple(dict(_objects(entries[:_MOST_OBJECTS], kind)).items()), is_whole)


def _entries(document: Any) -> Sequence[Any] | None:
    """Return the list in a document: the document itself, or the only list of an object."""
    if isinstance(document, Mapping):
        lists = [value for value in document.values() if isinstance(value, list)]
        return lists[0] if len(lists) == 1 else None
    return document if isinstance(document, list) else None


def _objects(entries: Sequence[Any], kind: ObjectKind) -> Iterator[tuple[str, str]]:
    for entry in entries:
        identifier = next((each for name in _LISTS[kind] if (each := _text(get_member(entry, name)))), "")
        if identifier:
            # The title of a conversation is what a user wrote.
            name = _text(get_member(entry, "name")) if kind == "agent" else ""
            yield identifier[:_LONGEST_ID], name[:_LONGEST_NAME]


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return encodable(str(value))
