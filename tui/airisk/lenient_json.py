r"""JSON as deployments really write it, parsed the same way everywhere.

The fast parser accepts standard JSON. A tolerant one also accepts an unpaired surrogate (`\ud83d`, as .NET leaves of a
truncated emoji), a number beyond all floats (`1e400`), a byte of Latin-1, and UTF-16. Values that cannot be represented
become lone surrogates or infinite, so that they are never sent altered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

_BOM = b"\xef\xbb\xbf"


class InvalidJSONError(ValueError):
    """The bytes are not JSON in any encoding."""


def read_json(body: bytes | str) -> Any:
    """Parse a document; floats keep only as many digits as Python's.

    Raises:
        InvalidJSONError: it is not JSON, truncated, or nested too deeply.
    """
    # Raised here, since otherwise the error that quotes the body would be its context.
    with suppress(ValueError, RecursionError):
        try:
            return msgspec.json.decode(body.removeprefix(_BOM) if isinstance(body, bytes) else body)
        except (msgspec.DecodeError, UnicodeError):
            return json.loads(body if isinstance(body, str) else _text(body))
    raise InvalidJSONError


def json_bytes(value: Any) -> bytes:
    """Serialize a document with sorted members, so that equal documents give equal bytes."""
    try:
        return msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:  # invalid Unicode, which JSON can only hold escaped
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _text(body: bytes) -> str:
    """Decode the text; an undecodable byte becomes a lone surrogate, so that an id with one cannot be sent altered."""
    encoding = json.detect_encoding(body)
    try:
        return body.decode(encoding, errors="surrogatepass")
    except UnicodeDecodeError:
        return body.decode(encoding, errors="surrogateescape" if encoding.startswith("utf-8") else "replace")


_NUMBER = re.compile(r"\d{1,18}")
_MOST_COPIES = 200_000
"""Values that references may add: a few of them that refer to one another would fill any memory."""


def unwrapped(document: Any) -> Any:
    """Return the document with its wrapped arrays and references resolved, if it has any; else unchanged.

    A reference to nothing, or to an enclosing object, stays.
    """
    # The first object of each list is representative: most documents have no references, and are long.
    if not any({"$id", "$ref", "$values"} & each.keys() for each in _objects(document, most=1)):
        return document
    numbered = {each["$id"]: each for each in _objects(document) if _is_number(each.get("$id"))}
    try:
        return _Unwrapping(numbered).value(document)
    except RecursionError:
        return document


class _Unwrapping:
    def __init__(self, numbered: dict[str, dict[str, Any]]) -> None:
        self._numbered = numbered
        self._open: set[str] = set()
        self._done: dict[str, tuple[Any, int]] = {}
        self._copies = 0
        self._size = 0

    def value(self, value: Any) -> Any:
        self._size += 1
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if not isinstance(value, dict):
            return value
        reference = _reference(value)
        if reference is not None:
            return self._referred(reference, value)
        number = str(value.get("$id"))
        return self._numbered_value(number, value) if number in self._numbered else self._object(value)

    def _numbered_value(self, number: str, value: dict[str, Any]) -> Any:
        if number in self._done and self._numbered.get(number) is value:
            return self._done[number][0]
        self._open.add(number)
        before = self._size
        found = self._object(value)
        self._open.discard(number)
        self._done[number] = found, self._size - before
        return found

    def _object(self, value: dict[str, Any]) -> Any:
        values = _values(value)
        if values is not None:
            return [self.value(each) for each in values]
        return {key: self.value(each) for key, each in value.items() if not (key == "$id" and _is_number(each))}

    def _referred(self, number: str, reference: dict[str, Any]) -> Any:
        if number in self._open or number not in self._numbered:
            return reference
        if number not in self._done:
            self._numbered_value(number, self._numbered[number])
        found, size = self._done[number]
        self._copies += size
        self._size += size
        return found if self._copies <= _MOST_COPIES else reference


def _objects(document: Any, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield all objects within the document, in any order; of each list only those among its first values."""
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield value
            left += value.values()
        elif isinstance(value, list):
            left += value[:most]


def _values(value: dict[str, Any]) -> list[Any] | None:
    """Return the array that this object wraps; None if it wraps none."""
    values = value.get("$values")
    return values if isinstance(values, list) and all(key.startswith("$") for key in value) else None


def _reference(value: dict[str, Any]) -> str | None:
    number = value.get("$ref")
    return number if len(value) == 1 and _is_number(number) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None
