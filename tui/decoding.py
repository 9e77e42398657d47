"""Decode into types from any thread.

msgspec 0.22 examines a type when it is first used, and crashes Python if two threads do so at once.
"""

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_lock = threading.Lock()
_examined = set[Any]()


def decode_json(content: bytes | str, kind: type[T]) -> T:
    """Decode JSON into a type.

    Raises:
        msgspec.DecodeError: it is not JSON, or not of that type.
    """
    _examine(kind)
    return msgspec.json.decode(content, type=kind)


def convert(value: Any, kind: type[T]) -> T:
    """Convert what was decoded already, such as YAML, into a type.

    Raises:
        msgspec.ValidationError: it is not of that type.
    """
    _examine(kind)
    return msgspec.convert(value, kind)


def json_decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return a decoder of JSON into a type."""
    with _lock:
        return msgspec.json.Decoder(kind)


def _examine(kind: Any) -> None:
    if kind not in _examined:
        json_decoder(kind)
        _examined.add(kind)
