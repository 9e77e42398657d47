"""The text of a document, JSON or YAML, as nested values that know their lines."""

from __future__ import annotations

from typing import Any, Protocol

from tui.airisk.errors import NotOpenAPI
from tui.airisk.openapi.encodings import in_utf8, not_utf8
from tui.airisk.openapi.json_text import JsonLines, read_json


class Lines(Protocol):
    """Where the parts of a document stand."""

    def line(self, pointer: str) -> int:
        """The line of what is at a JSON pointer; 0 where it cannot be told."""


def read_text(content: bytes, name: str) -> tuple[Any, Lines]:
    """What a document holds, and where.

    Raises:
        NotOpenAPI: it is neither JSON nor YAML.
    """
    content = in_utf8(content)
    begin = content.lstrip()[:1]
    if begin == b"<":
        raise NotOpenAPI(
            "This is a web page, or XML: no OpenAPI document.", advice="A login page may stand in between."
        )
    if begin in {b"{", b"["} and not name.lower().endswith((".yaml", ".yml")):
        return read_json(content), JsonLines(content)
    from tui.airisk.openapi.yaml_text import read_yaml  # noqa: PLC0415 - most documents are JSON

    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise not_utf8(content) from None
    return read_yaml(text)
