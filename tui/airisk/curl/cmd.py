"""A command for the command prompt of Windows taken apart into its words, as browsers write them.

Browsers double every backslash, which Windows undoes only in front of a quote: what the browser sent is read, not what
the prompt would send.
"""

from __future__ import annotations

import re

from tui.airisk.curl.shell_words import Command, ShellWord, not_closed

_CARET = re.compile(
    r"\^\n(?P<after>.)|\^(?P<escaped>.)|(?P<quote>\")|(?P<end>[\n&|<>])|(?P<plain>[^^\n&|<>\"]++|\^)", re.DOTALL
)
_PIECE = re.compile(
    r'(?P<gap>[ \t\n]++)|"(?P<quoted>(?>[^"\\]|\\.|"")*+)"|(?P<plain>(?>[^ \t\n"\\]|\\.|\\\Z)++)', re.DOTALL
)
_ESCAPED = re.compile(r'\\(["\\])|"(")')


def is_for_windows(text: str) -> bool:
    """Whether carets stand where only the command prompt has them: before a first quote or at a first line's end."""
    return re.match(r"curl(?:\.exe)?\s[^'\n]*?\^(?:\"|\n)", text, re.IGNORECASE) is not None


def windows_command_of(text: str) -> Command:
    """The first command of a text, as the command prompt understands it.

    Raises:
        Refused: a quote is not closed.
    """
    line, rest = _line(text)
    words: list[bytes] = []
    is_within = False
    start = 0
    while start < len(line):
        piece = _PIECE.match(line, start)
        if not piece:
            raise not_closed()
        if piece.lastgroup != "gap":
            before = words.pop() if is_within else b""
            words.append(before + _ESCAPED.sub(r"\1\2", piece[str(piece.lastgroup)]).encode())
        is_within = piece.lastgroup != "gap"
        start = piece.end()
    return Command(tuple(map(ShellWord, words)), has_more=bool(rest.strip(" \t\n&")))


def _line(text: str) -> tuple[str, str]:
    """What the prompt hands over, its carets taken off, and what stands behind the command."""
    line: list[str] = []
    start, is_quoted = 0, False
    while start < len(text):
        piece = _CARET.match(text, start)
        assert piece  # noqa: S101 - every character is one of its alternatives
        kind = str(piece.lastgroup)
        if kind == "end" and not is_quoted:
            break
        is_quoted ^= kind == "quote"
        # Between bare quotes a caret is a character like any other.
        line.append(piece[0] if is_quoted else piece[kind])
        start = piece.end()
    return "".join(line), text[start:]
