"""A pasted command taken apart into its words, as a shell does it, and without doing anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui.airisk.errors import Refused
from tui.airisk.pasting.escapes import from_ansi, from_printed


@dataclass(frozen=True, slots=True)
class Word:
    """One word without its quotes. `is_unfinished`: it names a variable or a command, for a shell to fill in."""

    content: bytes
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """The words of the first command, what another one in front of it feeds it, and whether more follows."""

    words: tuple[Word, ...]
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


def not_closed() -> Refused:
    """The command ends within quotes."""
    return Refused("The command has a quote that is not closed.", advice="Copy all of it.")


def command_of(text: str) -> Command:
    """The first command of a text, as bash understands it.

    Raises:
        Refused: a quote is not closed.
    """
    words, rest = _split(text)
    is_feeding = [word.content for word in words[:2]] == [b"printf", b"%b"] and len(words) == 3
    if is_feeding and rest.startswith("|"):
        command = command_of(rest[1:].lstrip())
        return Command(command.words, from_printed(words[2].content.decode()), command.has_more)
    return Command(tuple(words), has_more=bool(rest.strip(" \t\n;&")))


def _split(text: str) -> tuple[list[Word], str]:
    """The words up to the first character that ends a command, and the rest of the text from there."""
    words: list[Word] = []
    is_within = False
    start = 0
    while start < len(text):
        piece = _PIECE.match(text, start)
        if not piece:
            raise not_closed()
        if piece.lastgroup == "end":
            break
        if piece.lastgroup != "gap":
            before = words.pop() if is_within else Word(b"")
            added = _meaning(piece)
            words.append(Word(before.content + added.content, before.is_unfinished or added.is_unfinished))
        is_within = piece.lastgroup != "gap"
        start = piece.end()
    return words, text[start:]


def _meaning(piece: re.Match[str]) -> Word:
    kind = str(piece.lastgroup)
    text = piece[kind]
    if kind == "ansi":
        return Word(from_ansi(text))
    if kind == "double":
        parts = [_double(part) for part in _IN_DOUBLE.finditer(text)]
        return Word(b"".join(part.content for part in parts), any(part.is_unfinished for part in parts))
    return Word(text.encode(), kind == "variable")


def _double(part: re.Match[str]) -> Word:
    if part["printing"]:
        printed = part["printing"].partition("'")[2].removesuffix("')")
        return Word(from_printed(printed).rstrip(b"\n"))
    if part["escaped"]:
        return Word(part["escaped"].replace("\n", "").encode())
    return Word(part[0].encode(), part["variable"] is not None)
