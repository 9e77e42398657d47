r"""JSON as deployments really write it, read in one way wherever one of them says something.

The fast reader takes what the standard takes. What it refuses, and a person would still call JSON, is read as well:
half a character (`\ud83d`, as .NET leaves of an emoji that was cut), a number beyond all floats (`1e400`), a byte of
Latin-1, and UTF-16. What cannot be told is half a character then, or infinite: it is never sent as something else.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec

_BOM = b"\xef\xbb\xbf"


class NotJSON(ValueError):
    """The bytes are no JSON, in any encoding."""


def read_json(body: bytes | str) -> Any:
    """Return the document; floats keep their digits only as far as Python's do.

    Raises:
        NotJSON: there is none, it breaks off, or it is nested deeper than makes sense.
    """
    # Raised out here, or the error that quotes the body would be its context.
    with suppress(ValueError, RecursionError):
        try:
            return msgspec.json.decode(body.removeprefix(_BOM) if isinstance(body, bytes) else body)
        except (msgspec.DecodeError, UnicodeError):
            return json.loads(body if isinstance(body, str) else _text(body))
    raise NotJSON


def json_bytes(value: Any) -> bytes:
    """Return a document as JSON again, members in the order of their names: equal bytes for what says the same."""
    try:
        return msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:  # half a character, which JSON can only hold escaped
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _text(body: bytes) -> str:
    """The text; a byte that is none becomes half a character, so that an id which holds it cannot be sent wrongly."""
    encoding = json.detect_encoding(body)
    try:
        return body.decode(encoding, errors="surrogatepass")
    except UnicodeDecodeError:
        return body.decode(encoding, errors="surrogateescape" if encoding.startswith("utf-8") else "replace")
