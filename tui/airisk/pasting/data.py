"""What curl's -d and its kin make of their values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote_plus

from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.errors import Refused

KINDS = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})


class Sources:
    """Where a command reads from: files of this machine, and what it is fed.

    `files` are those that it names, by their whole paths; `notes` says what was read of them. Unless it `reads`, all of
    them are taken for empty.
    """

    def __init__(self, fed: bytes | None, *, reads: bool) -> None:
        self._fed = fed
        self._reads = reads
        self.files: list[str] = []
        self.notes: list[str] = []

    def read(self, path: bytes) -> bytes:
        """The content of a file, or what the command is fed for `-`.

        Raises:
            Refused: it cannot be read.
        """
        if path == b"-":
            if self._fed is None:
                raise Refused("The command is fed by another one.", advice="Put what it is fed into the command.")
            return self._fed
        name = text_of(path, "A file's name")
        # From the root: curl does not take a ~ for somebody's home.
        self.files.append(str(Path(name).absolute()))
        if not self._reads:
            return b""
        content = read_upload(self.files[-1]).content
        self.notes.append(f"{name} was read from this machine: {len(content):,} bytes.")
        return content


def text_of(content: bytes, what: str) -> str:
    """The text of a value.

    Raises:
        Refused: it is not UTF-8.
    """
    text = _decoded(content)
    if text is None:
        raise Refused(f"{what} is not UTF-8.", advice="Write it in UTF-8.")
    return text


def _decoded(content: bytes) -> str | None:
    """Nothing instead of an error: that would hold the content."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def joined(pieces: Sequence[tuple[str, bytes]], sources: Sources) -> bytes:
    """The body that the values make, each with the long name of its option: curl puts & between all but JSON."""
    body = b""
    for index, (kind, value) in enumerate(pieces):
        body += (b"&" if index and kind != "json" else b"") + _content(kind, value, sources)
    return body


def _content(kind: str, value: bytes, sources: Sources) -> bytes:
    if kind == "data-raw":
        return value
    if kind == "data-urlencode":
        return urlencoded(value, sources)
    if not value.startswith(b"@"):
        return value
    content = sources.read(value[1:])
    return content.translate(None, b"\r\n\0") if kind in {"data", "data-ascii"} else content


def urlencoded(value: bytes, sources: Sources) -> bytes:
    """`content`, `=content`, `name=content`, `@file` or `name@file`; the name is sent as it is."""
    name, sign, content = min(value.partition(b"="), value.partition(b"@"), key=lambda parts: len(parts[0]))
    if not sign:
        name, content = b"", value
    elif sign == b"@":
        content = sources.read(content)
    encoded = quote_plus(content).encode()
    return name + b"=" + encoded if name else encoded
