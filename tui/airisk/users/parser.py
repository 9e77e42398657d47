"""Parse a user list of any shape.

No source shows the body of `/api/ListUsers`. It may be an array of objects, or an object with one under any key. The
objects need an id and a name under any usual spelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tui.airisk.lenient_json import InvalidJSONError, read_json, unwrapped
from tui.airisk.models import User, UserList
from tui.airisk.users.lazy_list import ColumnSource, RecordFormat
from tui.errors import UserListError

_IDS = (
    "id",
    "userid",
    "uid",
    "userguid",
    "useruuid",
    "guid",
    "uuid",
    "useridentifier",
    "identifier",
    "oid",
    "objectid",
    "sub",
    "key",
)
_NAMES = ("name", "displayname", "fullname", "username", "login", "label", "title")
_FIRST = ("firstname", "givenname", "first", "forename")
_LAST = ("lastname", "surname", "familyname", "last")
_EMAILS = ("email", "mail", "emailaddress", "mailaddress", "useremail", "userprincipalname", "upn")
_ROLES = ("role", "rolename", "userrole", "roles", "usertype", "type")
_LIST_KEYS = (
    "users",
    "userlist",
    "people",
    "persons",
    "members",
    "accounts",
    "data",
    "items",
    "results",
    "result",
    "value",
    "records",
    "list",
)
_MORE_COLUMNS = 8
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ReadList:
    """A complete list: its users, the meaning of its keys, and the document around it, without the list."""

    listing: UserList
    reading: RecordReader
    around: Mapping[str, Any] = field(default_factory=dict)


def read_users(body: bytes) -> UserList:
    """Find the users in the body of a response.

    Raises:
        UserListError: it is not JSON, or holds no array of users.
    """
    return read_list(body).listing


def read_list(body: bytes, reading: RecordReader | None = None) -> ReadList:
    """Find the users in the body of a response, and the document around them.

    Args:
        body: all of it.
        reading: meaning of the keys, if it is a further page of a list.

    Raises:
        UserListError: it is not JSON, or holds no array of users.
    """
    if not body.strip():
        return ReadList(UserList(()), reading or RecordReader(()))
    document = unwrapped(_decode(body))
    entries = _find_list(document)
    if entries is None:
        raise UserListError("contains no list", advice="Check AIRISK_LIST_USERS.")
    records = [entry for entry in entries if isinstance(entry, Mapping)]
    reading = reading or RecordReader(records)
    users = [user for record in records if (user := reading.user(record))]
    if entries and not users:
        raise UserListError("contains a list, but no users", advice="Check AIRISK_LIST_USERS.")
    listing = reading.listing(users, len(entries) - len(users))
    return ReadList(listing, reading, document if isinstance(document, Mapping) else {})


def _decode(body: bytes) -> Any:
    with suppress(InvalidJSONError):
        return read_json(body)
    raise UserListError("is not JSON", advice="Try again.")


def _find_list(document: Any) -> Sequence[Any] | None:
    """Return the array itself, or the likeliest one in an object: usual keys first, arrays of objects first."""
    if isinstance(document, list):
        return document
    likeliest = min(_arrays(document, _DEPTH), key=_unlikeliness, default=None)
    return likeliest[1] if likeliest else None


def _arrays(document: Any, depth: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield every array within an object, with its key, outer ones first."""
    if not isinstance(document, dict) or not depth:
        return
    for key, value in document.items():
        if isinstance(value, list):
            yield key, value
    for value in document.values():
        yield from _arrays(value, depth - 1)


def _unlikeliness(found: tuple[str, Sequence[Any]]) -> tuple[int, bool]:
    key, array = found
    return _rank(_plain(key), _LIST_KEYS), not any(isinstance(entry, dict) for entry in array)


def _rank(name: str, names: Sequence[str]) -> int:
    return names.index(name) if name in names else len(names)


class RecordReader:
    """Meaning of the keys in this list, determined once from its first records, and applied to each.

    Keys that begin with `$` or `@` belong to a serializer: they number its objects, and identify no user.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        first = records[:1000]
        seen = Counter(chain.from_iterable(first))
        keys = [key for key in seen if not key.startswith(("$", "@"))]
        ids = [key for key in _spelled(keys, _IDS) if any(_identifier(record.get(key)) for record in first)]
        self._ids = ids[:1]
        self._other_ids = tuple(key for key in ids[1:] if _differ(key, ids[0], first))
        self._first, self._last = _spelled(keys, _FIRST), _spelled(keys, _LAST)
        self._names = _spelled(keys, _NAMES)
        self._emails = _spelled(keys, _EMAILS)
        self._roles = _spelled(keys, _ROLES)
        taken = {
            *self._ids,
            *self._first,
            *self._last,
            *self._names[:1],
            *self._emails[:1],
            *self._roles[:1],
        }
        self._more = [key for key in keys if key not in taken][:_MORE_COLUMNS]
        self._columns = tuple(_words(key) for key in self._more)

    def listing(self, users: Sequence[User], unrecognized: int) -> UserList:
        """Return the list of these users; `unrecognized` counts the entries that were not users."""
        id_key = next(iter(self._ids), "")
        return UserList(users, self._columns, unrecognized, id_key=id_key, other_ids=self._other_ids)

    def page_format(self, sample: Sequence[Mapping[str, Any]]) -> RecordFormat | None:
        """Return a parser for many such records at once; None if their ids are not texts."""
        if not self._ids or not all(isinstance(record.get(self._ids[0]), str) for record in sample):
            return None
        names = [*self._first[:1], *self._last[:1]] if self._has_names_apart else self._names[:1]
        others = len(self._first) + len(self._last) + len(self._names) - len(names)
        sources = [
            ColumnSource(self._ids),
            ColumnSource(names, has_other=others > 0),
            ColumnSource(self._emails[:1], has_other=len(self._emails) > 1),
            ColumnSource(self._roles[:1], has_other=len(self._roles) > 1),
            *(ColumnSource([key]) for key in self._more),
        ]
        return RecordFormat(sources, sample, self.user, shown)

    @property
    def _has_names_apart(self) -> bool:
        if not self._names:
            return True
        return bool(self._first and self._last and _plain(self._names[0]) in {"username", "login", "title", "label"})

    def user(self, record: Mapping[str, Any]) -> User | None:
        """Return the user of a record; None if it has no id."""
        identifier = _first_text(record, self._ids, _identifier)
        if not identifier:
            return None
        name = _first_text(record, self._names[:1])
        if not name or self._has_names_apart:
            apart = (_first_text(record, self._first), _first_text(record, self._last))
            name = " ".join(part for part in apart if part) or name or _first_text(record, self._names)
        more = tuple(shown(record.get(key)) for key in self._more)
        return User(identifier, name, _first_text(record, self._emails), _first_text(record, self._roles), more)


def _spelled(keys: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return the keys that spell one of the names, likeliest first: camel, Pascal, snake and kebab case are one.

    `id` comes before `_id`, which a database may have added.
    """
    spelled = [key for key in keys if _plain(key) in names]
    return sorted(spelled, key=lambda key: (names.index(_plain(key)), not key[0].isalnum()))


def _differ(one: str, other: str, records: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether the two keys hold different ids in any record."""
    pairs = ((_identifier(record.get(one)), _identifier(record.get(other))) for record in records)
    return any(each and different and each != different for each, different in pairs)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _words(key: str) -> str:
    """Return a key as a heading: Last active for `lastActive`, `LastActive` and `last_active`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", key).strip()
    return spaced[:1].upper() + spaced[1:].lower()


def _first_text(record: Mapping[str, Any], keys: Iterable[str], read: Callable[[Any], str] | None = None) -> str:
    for key in keys:
        if text := (read or shown)(record.get(key)):
            return text
    return ""


def _identifier(value: Any) -> str:
    """Return an id, which is text or a whole number: only these can be sent exactly as received."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def shown(value: Any, depth: int = _DEPTH) -> str:
    """Return a value as a cell shows it; anything deeper than `depth` is only counted."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict) and not depth:
        return f"{len(value)} values"
    if isinstance(value, list):
        return ", ".join([text for each in value if (text := shown(each, depth - 1))])
    if isinstance(value, dict):
        named = (value.get(key) for key in ("name", "Name", "title", "id"))
        return next((shown(each, depth - 1) for each in named if each), f"{len(value)} values")
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
