"""What backslashes stand for in the quotes of shells."""

from __future__ import annotations

import re

from tui.airisk.errors import Refused

_ANSI = re.compile(
    r"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8})"
    r"|x(?P<hex>[0-9a-fA-F]{1,2})|(?P<octal>[0-7]{1,3})|c(?P<control>.)|(?P<letter>.))",
    re.DOTALL,
)
_PRINTED = re.compile(r"\\(?:0(?P<octal>[0-7]{1,3})|(?P<letter>.))", re.DOTALL)
_LETTERS = {
    "a": b"\a",
    "b": b"\b",
    "e": b"\x1b",
    "E": b"\x1b",
    "f": b"\f",
    "n": b"\n",
    "r": b"\r",
    "t": b"\t",
    "v": b"\v",
    "\\": b"\\",
    "'": b"'",
    '"': b'"',
    "?": b"?",
}


def from_ansi(text: str) -> bytes:
    r"""What stands between $' and '. Browsers write every character beyond ASCII as \u, large ones in two halves.

    Raises:
        Refused: an escape stands for no character.
    """
    return _replaced(_ANSI, text)


def from_printed(text: str) -> bytes:
    """What `printf %b` prints of it."""
    return _replaced(_PRINTED, text)


def _replaced(escape: re.Pattern[str], text: str) -> bytes:
    found = bytearray()
    end = 0
    for match in escape.finditer(text):
        found += text[end : match.start()].encode() + _meaning(match)
        end = match.end()
    return bytes(found + text[end:].encode())


def _meaning(escape: re.Match[str]) -> bytes:
    kind, value = str(escape.lastgroup), str(escape[str(escape.lastgroup)])
    if kind == "letter":
        return _LETTERS.get(value, escape[0].encode())
    if kind == "control":
        return bytes([ord(value.upper()) & 0x1F])
    if kind == "pair":
        return bytes.fromhex(f"{value[1:5]}{value[-4:]}").decode("utf-16-be").encode()
    if kind in {"short", "long"}:
        return _character(int(value, 16))
    return bytes([int(value, 16 if kind == "hex" else 8) & 0xFF])


def _character(code: int) -> bytes:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise Refused("The command holds an escape that stands for no character.", advice="Copy it again.")
    return chr(code).encode()
