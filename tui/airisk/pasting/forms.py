"""What curl's -F makes of its values."""

from __future__ import annotations

import re
from pathlib import PurePath

from tui.airisk.errors import Refused
from tui.airisk.http.request import file_type, written_in_form
from tui.airisk.models import Upload
from tui.airisk.pasting.data import Sources, text_of

_VALUE = rb'(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"[^;]*|(?P<plain>[^;]*))'
_CONTENT = re.compile(_VALUE, re.DOTALL)
_TOLD = re.compile(rb";\s*(?:(?P<name>type|filename|headers|encoder)=)?" + _VALUE, re.DOTALL)


def plain_part(value: bytes) -> Upload:
    """`name=value`, whatever the value begins with.

    Raises:
        Refused: there is no name, or it is not text.
    """
    name, sign, content = value.partition(b"=")
    if not (name and sign):
        raise Refused("A part of the form has no name.", advice="Write -F name=value.")
    return Upload(_name(name), "", content)


def part(value: bytes, sources: Sources) -> Upload:
    """`name=value`, `name=<file` or `name=@file`, with what is told behind semicolons.

    Raises:
        Refused: it is not of that form, or the file cannot be read.
    """
    plain = plain_part(value)
    kind, rest = plain.content[:1], plain.content
    content = _CONTENT.match(rest, 1 if kind in {b"@", b"<"} else 0)
    assert content  # noqa: S101 - it takes the empty text, too
    if kind == b"(" or (kind == b"@" and b"," in (content["plain"] or b"")):
        raise Refused("A part of the form holds several, which cannot be read here.", advice="Leave it out.")
    told = {each["name"]: _unquoted(each) for each in _TOLD.finditer(rest, content.end())}
    filename = _name(told.get(b"filename", b""))
    if kind == b"@":
        read = _file(plain.name, filename, _unquoted(content), sources)
    else:
        read = Upload(plain.name, filename, (sources.read if kind == b"<" else bytes)(_unquoted(content)))
    usual = file_type(read.filename).encode() if read.filename else b""
    if told.get(b"type", usual) != usual:
        sources.notes.append(f"The type of {read.name} was left out: it follows from a file's name.")
    return read


def _file(name: str, filename: str, path: bytes, sources: Sources) -> Upload:
    # A name may be given as it will be written into the form: the file knows better.
    basename = PurePath(text_of(path, "A file's name")).name
    written = _name(written_in_form(basename).encode())
    name, filename = (basename if each == written else each for each in (name, filename or basename))
    return Upload(name, filename, sources.read(path))


def _unquoted(value: re.Match[bytes]) -> bytes:
    return value["plain"] if value["quoted"] is None else re.sub(rb'\\(["\\])', rb"\1", value["quoted"])


def _name(name: bytes) -> str:
    """A name of a form. The wire doubles every backslash in it."""
    return text_of(name, "A name in the form").replace(r"\\", "\\")
