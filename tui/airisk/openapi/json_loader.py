"""Load a JSON document; lines are located only for errors."""

from __future__ import annotations

import codecs
import json
import re
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from tui.airisk.json_schema.json_text import JSONSyntaxError
from tui.airisk.json_schema.json_text import read_json as parse_json
from tui.airisk.json_schema.references import steps_of
from tui.errors import OpenAPIError

_SPACE = re.compile(r"[ \t\n\r]*")

_PIECE = 256 * 1024
"""Bytes that are decoded in one go: a few milliseconds."""

_LEVELS, _BEGINNING = 6, 64
"""Nesting levels that are split up; bytes in which the first bracket is searched."""


def read_json(content: bytes) -> Any:
    """Load a JSON document.

    Raises:
        OpenAPIError: it is truncated or not JSON; with the line.
    """
    try:
        return _decoded(content, _LEVELS)
    except RecursionError:
        raise OpenAPIError("The document is nested too deeply.") from None
    except (UnicodeDecodeError, msgspec.DecodeError):
        raise _invalid(content) from None


def _decoded(content: bytes | msgspec.Raw, levels: int) -> Any:
    """Decode piece by piece: decoding a piece blocks the event loop's keys, whatever the thread."""
    if len(content) <= _PIECE or not levels:
        return msgspec.json.decode(content)
    begin = bytes(memoryview(content)[:_BEGINNING]).lstrip()[:1]
    if begin == b"{":
        members = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        return {name: _decoded(value, levels - 1) for name, value in members.items()}
    if begin == b"[":
        return [_decoded(value, levels - 1) for value in msgspec.json.decode(content, type=list[msgspec.Raw])]
    return msgspec.json.decode(content)


def _invalid(content: bytes) -> OpenAPIError:
    """Describe the error, as the standard library's slower parser reports it."""
    try:
        parse_json(content.decode())
    except JSONSyntaxError as error:
        return OpenAPIError(f"The document is not JSON: {error}.", line=error.line)
    except UnicodeDecodeError:
        return not_utf8(content)
    return OpenAPIError("The document is not usable JSON: a number is too long, or it contains invalid Unicode.")


class _Member(NamedTuple):
    """Positions of a member's name and value."""

    name: int
    value: int


class JsonLines:
    """Finds the line of a part of a JSON document without parsing all of it with positions."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._decoder = json.JSONDecoder(strict=False)
        self._members: dict[int, dict[str, _Member]] = {}

    @cached_property
    def _text(self) -> str:
        return self._content.decode()

    def line(self, pointer: str) -> int:
        """Return the line of what is at a JSON pointer, or of the nearest part around it; 0 if unknown."""
        try:
            at, shown = self._skip(0), 0
            for step in steps_of(pointer):
                member = self._members_of(at).get(step)
                if member is None:
                    break
                shown, at = member
        except (ValueError, IndexError, RecursionError):
            return 0
        return self._text.count("\n", 0, shown) + 1

    def _members_of(self, start: int) -> dict[str, _Member]:
        if start not in self._members:
            self._members[start] = dict(self._scan(start)) if self._text[start] in "{[" else {}
        return self._members[start]

    def _scan(self, start: int) -> list[tuple[str, _Member]]:
        found: list[tuple[str, _Member]] = []
        at = self._skip(start + 1)
        while self._text[at] not in "}]":
            name, begin = str(len(found)), at
            if self._text[start] == "{":
                name, at = self._decoder.raw_decode(self._text, at)
                at = self._skip(self._skip(at) + 1)
            found.append((name, _Member(begin, at)))
            at = self._skip(self._decoder.raw_decode(self._text, at)[1])
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return found

    def _skip(self, at: int) -> int:
        space = _SPACE.match(self._text, at)
        return space.end() if space else at


_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def in_utf8(content: bytes) -> bytes:
    """Return the text in UTF-8, without a byte order mark; it may still not be text."""
    if not content.startswith(_UTF16):
        return content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-16").encode()
    except UnicodeError:
        raise OpenAPIError("The document is not valid UTF-16.") from None


def not_utf8(content: bytes) -> OpenAPIError:
    """Describe bytes that are not text, with the line where they stop being text."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return OpenAPIError(f"The document is not valid UTF-8: line {line}.", line=line)
    return OpenAPIError("The document is not valid UTF-8.")
