"""The encodings that documents come in."""

from __future__ import annotations

import codecs

from tui.airisk.errors import NotOpenAPI

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def in_utf8(content: bytes) -> bytes:
    """The same text in UTF-8, without a byte order mark; whether it is text has yet to be seen."""
    if not content.startswith(_UTF16):
        return content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-16").encode()
    except UnicodeError:
        raise NotOpenAPI("The document is not text in UTF-16.") from None


def not_utf8(content: bytes) -> NotOpenAPI:
    """The words for bytes that are no text, with the line where they stop being one."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return NotOpenAPI(f"The document is not text in UTF-8: line {line}.", line=line)
    return NotOpenAPI("The document is not text in UTF-8.")
