"""Split a pasted command into words as a POSIX shell does, without running anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.errors import RequestRejectedError


@dataclass(frozen=True, slots=True)
class ShellWord:
    """One word without its quotes. `is_unfinished`: it contains a variable or a command that a shell would expand."""

    content: bytes
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """The words of the first command, the data that another command pipes into it, and whether more follow."""

    words: tuple[ShellWord, ...]
    fed: bytes | None = None
    has_more: bool = False


_PRINTING = r"\$\(printf\ %b\ '[^']*'\)"
_PIECE = re.compile(
    rf"""
    (?P<gap>(?:[ \t]|\\\n|\\\Z)++)
  | (?P<end>(?:(?<=[ \t])[0-9](?=[<>]))?[\n;|&<>])
  | '(?P<single>[^']*)'
  | \$'(?P<ansi>(?:[^'\\]|\\.)*+)'
  | \$?"(?P<double>(?>{_PRINTING}|[^"\\]|\\.)*+)"
  | \\(?P<escaped>.)
  | (?P<variable>[$`])
  | (?P<plain>[^\s'"\\;|&<>$`]++)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(
    rf"(?P<printing>{_PRINTING})|\\(?P<escaped>[$`\"\\\n])|(?P<variable>`|\$[A-Za-z_0-9{{(])|(?P<plain>.)", re.DOTALL
)


def _not_closed() -> RequestRejectedError:
    """Return the error for a command that ends within quotes."""
    return RequestRejectedError("The command has an unclosed quote.", advice="Copy the whole command.")


def command_of(text: str) -> Command:
    """Parse the first command of a text, as bash does.

    Raises:
        RequestRejectedError: a quote is not closed.
    """
    words, rest = _split(text)
    is_feeding = [word.content for word in words[:2]] == [b"printf", b"%b"] and len(words) == 3
    if is_feeding and rest.startswith("|"):
        command = command_of(rest[1:].lstrip())
        return Command(command.words, _from_printed(words[2].content.decode()), command.has_more)
    return Command(tuple(words), has_more=bool(rest.strip(" \t\n;&")))


def _split(text: str) -> tuple[list[ShellWord], str]:
    """Return the words up to the first character that ends a command, and the rest of the text."""
    words: list[ShellWord] = []
    is_within = False
    start = 0
    while start < len(text):
        piece = _PIECE.match(text, start)
        if not piece:
            raise _not_closed()
        if piece.lastgroup == "end":
            break
        if piece.lastgroup != "gap":
            before = words.pop() if is_within else ShellWord(b"")
            added = _word_of(piece)
            words.append(ShellWord(before.content + added.content, before.is_unfinished or added.is_unfinished))
        is_within = piece.lastgroup != "gap"
        start = piece.end()
    return words, text[start:]


def _word_of(piece: re.Match[str]) -> ShellWord:
    kind = str(piece.lastgroup)
    text = piece[kind]
    if kind == "ansi":
        return ShellWord(_from_ansi(text))
    if kind == "double":
        parts = [_double(part) for part in _IN_DOUBLE.finditer(text)]
        return ShellWord(b"".join(part.content for part in parts), any(part.is_unfinished for part in parts))
    return ShellWord(text.encode(), kind == "variable")


def _double(part: re.Match[str]) -> ShellWord:
    if part["printing"]:
        printed = part["printing"].partition("'")[2].removesuffix("')")
        return ShellWord(_from_printed(printed).rstrip(b"\n"))
    if part["escaped"]:
        return ShellWord(part["escaped"].replace("\n", "").encode())
    return ShellWord(part[0].encode(), part["variable"] is not None)


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


def _from_ansi(text: str) -> bytes:
    r"""Decode the text between $' and '.

    Browsers write every non-ASCII character as \u, large ones as surrogate pairs.

    Raises:
        RequestRejectedError: an escape is not a character.
    """
    return _replaced(_ANSI, text)


def _from_printed(text: str) -> bytes:
    """Decode what `printf %b` would print."""
    return _replaced(_PRINTED, text)


def _replaced(escape: re.Pattern[str], text: str) -> bytes:
    found = bytearray()
    end = 0
    for match in escape.finditer(text):
        found += text[end : match.start()].encode() + _escaped_bytes(match)
        end = match.end()
    return bytes(found + text[end:].encode())


def _escaped_bytes(escape: re.Match[str]) -> bytes:
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
        raise RequestRejectedError("The command contains an invalid escape sequence.", advice="Copy it again.")
    return chr(code).encode()
