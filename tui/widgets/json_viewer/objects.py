"""Arrays of objects in a JSON text, read entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tui.json_path import json_path
from tui.text import clean

_SAMPLE = 200
"""Entries from which the fields are chosen."""

_FIELDS = 40
"""Fields of an object that are shown; the others are read by opening it."""

_FEW = 2
"""Entries that may have a value in common by chance."""

_WRAPPERS = (
    "items",
    "value",
    "values",
    "$values",
    "data",
    "results",
    "result",
    "content",
    "records",
    "entries",
    "list",
)
"""Members that hold the array where an object wraps it, in lower case."""

_IDS = ("id", "_id", "key", "guid", "uuid")
_NAMES = ("name", "title", "displayname", "fullname", "username", "label", "subject")
_REFERENCE = "$id"
"""Number that .NET gives an object, so that others can refer to it; no field of the object."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the objects have.

    Attributes:
        name: its name.
        width: columns of its widest value in the sample.
        is_number: whether all values in the sample are numbers.
        is_leaf: whether no value in the sample is an array or an object.
        is_key: whether it identifies or names the object.
    """

    name: str
    width: int
    is_number: bool
    is_leaf: bool
    is_key: bool


@dataclass(frozen=True, slots=True)
class Objects:
    """An array of objects, each decoded on access only.

    Attributes:
        entries: the objects as they were received.
        fields: their fields, ids and names first.
    """

    entries: Sequence[msgspec.Raw]
    fields: Sequence[Field]
    _wrapper: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def values(self, index: int) -> dict[str, Any]:
        """Return the values of an object; empty if the entry is something else."""
        value = msgspec.json.decode(self.entries[index])
        return value if isinstance(value, dict) else {}

    def path(self, index: int, field: str | None = None) -> str:
        """Return the JSONPath of an object, or of one of its fields."""
        return json_path((*self._wrapper, index, *(() if field is None else (field,))))

    def leaf(self, index: int, field: str) -> str | None:
        """Return a value (the text of a string, anything else as received); None if it has members or is missing."""
        text = self._raw(index, field)
        return None if not text or text[0] in "[{" else _decoded(text)

    def text(self, index: int, field: str) -> str:
        """Return a value as text; an array or an object as JSON."""
        text = self._raw(index, field)
        return _decoded(text) if text[:1] not in {"[", "{"} else msgspec.json.format(text, indent=2)

    def formatted(self, index: int) -> str:
        """Return a whole object as JSON."""
        return msgspec.json.format(bytes(self.entries[index]), indent=2).decode()

    def _raw(self, index: int, field: str) -> str:
        try:
            members = msgspec.json.decode(self.entries[index], type=dict[str, msgspec.Raw])
        except msgspec.ValidationError:
            return ""
        return bytes(members[field]).decode() if field in members else ""


def find_objects(encoded: bytes) -> Objects | None:
    """Return the array of objects that JSON is or wraps; None if there is none. Slow for megabytes."""
    try:
        return _found(encoded)
    except (msgspec.DecodeError, RecursionError):
        return None


def _found(body: bytes) -> Objects | None:
    if body.lstrip()[:1] == b"[":
        return _objects(body, ())
    members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    for name in sorted(members, key=len):
        if (
            name.lower() in _WRAPPERS
            and bytes(members[name])[:1] == b"["
            and (found := _objects(members[name], (name,)))
        ):
            return found
    return None


def _objects(body: bytes | msgspec.Raw, wrapper: tuple[str, ...]) -> Objects | None:
    entries = msgspec.json.decode(body, type=list[msgspec.Raw])
    sample = [msgspec.json.decode(entry) for entry in entries[:_SAMPLE]]
    fields = _fields(sample) if sample and all(isinstance(each, dict) for each in sample) else []
    return Objects(entries, fields, wrapper) if fields else None


def _fields(sample: Sequence[dict[str, Any]]) -> Sequence[Field]:
    """Return the fields: ids, names, other leaves, leaves with one value throughout, containers, always empty."""
    names = list(dict.fromkeys(name for each in sample for name in each if name != _REFERENCE))
    found = [(_field(name, sample), _rank(name, sample)) for name in names]
    return [field for field, _ in sorted(found, key=lambda each: each[1])][:_FIELDS]


def _field(name: str, sample: Sequence[dict[str, Any]]) -> Field:
    values = [each[name] for each in sample if each.get(name) is not None]
    return Field(
        name,
        max((len(shortened(value)) for value in values), default=1),
        is_number=bool(values) and all(type(value) in {int, float} for value in values),
        is_leaf=not any(isinstance(value, (list, dict)) for value in values),
        is_key=name.lower() in {*_IDS, *_NAMES},
    )


def _rank(name: str, sample: Sequence[dict[str, Any]]) -> int:
    for rank, names in enumerate((_IDS, _NAMES)):
        if name.lower() in names:
            return rank
    values = [each[name] for each in sample if each.get(name) not in (None, "", [], {})]
    if not values:
        return 5
    if any(isinstance(value, (list, dict)) for value in values):
        return 4
    return 3 if len(sample) > _FEW and len(values) == len(sample) and values.count(values[0]) == len(values) else 2


_LONGEST = 240
"""Columns of a value in a table."""


def shortened(value: object) -> str:
    """Return a value on one line: of an object its name or id, of an array its items or their number."""
    if isinstance(value, str):
        return clean(value, limit=_LONGEST)
    if isinstance(value, dict):
        named = next((value[key] for names in (_NAMES, _IDS) for key in value if key.lower() in names), None)
        return shortened(named) if isinstance(named, str) and named else f"{{{len(value)}}}"
    if isinstance(value, list):
        is_flat = value and not any(isinstance(each, (list, dict)) for each in value[:_SAMPLE])
        return clean(", ".join(map(shortened, value[:_FIELDS])), limit=_LONGEST) if is_flat else f"[{len(value)}]"
    return "–" if value is None else msgspec.json.encode(value).decode()


def _decoded(text: str) -> str:
    return str(msgspec.json.decode(text)) if text.startswith('"') else text
