"""Words of a POSIX shell: pasted into dash, bash or zsh they arrive byte for byte."""

from __future__ import annotations

import re
import shlex

from tui.airisk.endpoints.parameter_values import is_text
from tui.airisk.errors import Refused

LONGEST_WORD = 100_000
"""Bytes of one argument: Linux takes 128 KiB."""

_ESCAPED = re.compile(rb"[^ \"-&(-\[\]-~]")
_OTHER_WAY = "Copy it as Python."


def readable(content: bytes) -> str | None:
    """The text, if it is one of which a person sees everything: what is pasted must be what was seen."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if all(character == "\n" or character.isprintable() for character in text) else None


def word(content: str | bytes) -> str:
    """One argument of a command.

    Raises:
        Refused: no command can have such an argument.
    """
    raw = _bytes(content)
    if b"\0" in raw:
        raise Refused("A command's argument cannot hold a NUL.", advice=_OTHER_WAY)
    if len(raw) > LONGEST_WORD:
        raise Refused("This is too long for a command's argument.", advice=_OTHER_WAY)
    text = readable(raw)
    if text is not None:
        return shlex.quote(text)
    # A shell takes the newlines off the end of what a command prints.
    stem = raw.rstrip(b"\n")
    newlines = raw[len(stem) :].decode()
    return f'"$({printed(stem)})"' + (shlex.quote(newlines) if newlines else "")


def printed(content: bytes) -> str:
    r"""A command that prints these bytes: `printf %b` has the same escapes in every shell, \0 and three octals."""
    return f"printf %b '{_ESCAPED.sub(_escape, content).decode('ascii')}'"


def is_argument(body: bytes) -> bool:
    """Whether a body is best given as an argument; any other is printed into the command."""
    return len(body) <= LONGEST_WORD and readable(body) is not None


def _escape(byte: re.Match[bytes]) -> bytes:
    return rb"\n" if byte[0] == b"\n" else rb"\0%03o" % byte[0][0]


def _bytes(content: str | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    if not is_text(content):
        raise Refused("This holds half a character, which no command can.")
    return content.encode()
