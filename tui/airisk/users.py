"""The list of users, in any shape it may come.

No source shows the body of `/api/ListUsers`: an array, or an object that holds one under any key, of objects with an
id and a name under any usual spelling, is understood.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from tui.airisk.errors import NotAUserList
from tui.airisk.models import User, UserList

_IDS = ("userid", "id", "uid", "userguid", "guid", "useridentifier", "identifier", "key")
_NAMES = ("name", "displayname", "fullname", "username", "login", "label", "title")
_FIRST = ("firstname", "givenname", "first", "forename")
_LAST = ("lastname", "surname", "familyname", "last")
_EMAILS = ("email", "mail", "emailaddress", "mailaddress", "useremail", "userprincipalname", "upn")
_ROLES = ("role", "rolename", "userrole", "roles", "usertype", "type")
_LIST_KEYS = ("users", "userlist", "data", "items", "results", "result", "value", "records", "list")
_MORE_COLUMNS = 8
_DEPTH = 4


def read_users(body: bytes) -> UserList:
    """Find the users in the body of an answer.

    Raises:
        NotAUserList: it is not JSON, or holds no array of users.
    """
    if not body.strip():
        return UserList(())
    entries = _find_list(_decode(body), _DEPTH)
    if entries is None:
        raise NotAUserList("AIRisk's answer holds no list of users.", advice="Check AIRISK_LIST_USERS.")
    records = [entry for entry in entries if isinstance(entry, Mapping)]
    reading = _Reading(records)
    users = [user for record in records if (user := reading.user(record))]
    if entries and not users:
        raise NotAUserList("AIRisk sent a list, but nothing in it is a user.", advice="Check AIRISK_LIST_USERS.")
    return UserList(users, reading.columns, len(entries) - len(users))


def _decode(body: bytes) -> Any:
    """JSON in any of its Unicode encodings; floats keep their digits only as far as Python's do."""
    try:
        try:
            return msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return json.loads(body.decode(json.detect_encoding(body), errors="surrogatepass"))
    except (ValueError, RecursionError):
        raise NotAUserList("AIRisk's answer is not JSON, so not a user list.", advice="Try again.") from None


def _find_list(document: Any, depth: int) -> Sequence[Any] | None:
    """The array itself, or the likeliest one under an object's keys: usual names first, arrays of objects first."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or not depth:
        return None
    ranked = sorted(document, key=lambda key: _rank(_plain(key), _LIST_KEYS))
    found = {key: array for key in ranked if (array := _find_list(document[key], depth - 1)) is not None}
    usual = [array for key, array in found.items() if _plain(key) in _LIST_KEYS]
    of_objects = [array for array in found.values() if any(isinstance(entry, dict) for entry in array)]
    return next(chain(usual, of_objects, found.values()), None)


def _rank(name: str, names: Sequence[str]) -> int:
    return names.index(name) if name in names else len(names)


class _Reading:
    """Which key means what in this list, found once from its first records, and applied to each."""

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        seen = Counter(chain.from_iterable(records[:1000]))
        keys = list(seen)
        self._ids = _spelled(keys, _IDS)
        self._first, self._last = _spelled(keys, _FIRST), _spelled(keys, _LAST)
        self._names = _spelled(keys, _NAMES)
        self._emails = _spelled(keys, _EMAILS)
        self._roles = _spelled(keys, _ROLES)
        taken = {
            *self._ids[:1],
            *self._first,
            *self._last,
            *self._names[:1],
            *self._emails[:1],
            *self._roles[:1],
        }
        self._more = [key for key in keys if key not in taken][:_MORE_COLUMNS]
        self.columns = tuple(_words(key) for key in self._more)

    def user(self, record: Mapping[str, Any]) -> User | None:
        identifier = _first_text(record, self._ids)
        if not identifier:
            return None
        name = _first_text(record, self._names[:1])
        if not name or (
            self._first and self._last and _plain(self._names[0]) in {"username", "login", "title", "label"}
        ):
            apart = (_first_text(record, self._first), _first_text(record, self._last))
            name = " ".join(part for part in apart if part) or name or _first_text(record, self._names)
        more = tuple(shown(record.get(key)) for key in self._more)
        return User(identifier, name, _first_text(record, self._emails), _first_text(record, self._roles), more)


def _spelled(keys: Iterable[str], names: Sequence[str]) -> list[str]:
    """The keys that spell one of the names, likeliest first: camel, Pascal, snake and kebab case are one."""
    spelled = [key for key in keys if _plain(key) in names]
    return sorted(spelled, key=lambda key: names.index(_plain(key)))


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _words(key: str) -> str:
    """`lastActive`, `LastActive` and `last_active` as a heading: Last active."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", key)
    return spaced[:1].upper() + spaced[1:].lower()


def _first_text(record: Mapping[str, Any], keys: Iterable[str]) -> str:
    return next((text for key in keys if (text := shown(record.get(key)))), "")


def shown(value: Any) -> str:
    """A value of the list as a cell shows it."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(shown, value)))
    if isinstance(value, dict):
        named = (value.get(key) for key in ("name", "Name", "title", "id"))
        return next((shown(each) for each in named if each), f"{len(value)} values")
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
