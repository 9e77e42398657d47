"""Decode a body for display: JSON, text, HTML or binary data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

import msgspec

from tui.airisk.models import ResponseHead
from tui.airisk.responses.event_stream import EVENT_STREAM, rebuild_reply
from tui.format import count, size
from tui.key_labels import format_keys
from tui.widgets.json_viewer.line_buffer import LineBuffer
from tui.widgets.json_viewer.objects import Objects, find_objects
from tui.widgets.json_viewer.viewer import AlternateView

_PAGE = 1_000_000
"""Characters of an HTML page that are converted; the raw text has the rest."""

_BYTES = 256 * 1024
"""Bytes that are shown in hexadecimal."""


@dataclass(frozen=True, slots=True)
class DecodedBody:
    """A body as lines. `raw` is an alternate view, such as the unformatted text; `objects` can be shown as a table."""

    lines: LineBuffer
    is_json: bool = False
    raw: AlternateView | None = None
    objects: Objects | None = None


def decode_body(head: ResponseHead, body: bytes) -> DecodedBody:
    """Decode a body for display. Slow for megabytes, so call it off the event loop."""
    if not body:
        return DecodedBody(LineBuffer("(no body)"))
    text = _text(body, head)
    if text is None:
        return DecodedBody(LineBuffer("\n".join(_hexadecimal(body, head.content_type))))
    if head.content_type == EVENT_STREAM:
        reply = rebuild_reply(body)
        words = f"{count(reply.count)} events"
        events = AlternateView(lambda: _formatted(reply.events_as_json()), words, is_json=True)
        return DecodedBody(
            LineBuffer.of(reply.text.splitlines() if reply.is_of_agent else text.splitlines()), raw=events
        )
    if "json" in head.content_type or text.lstrip()[:1] in {"{", "["}:
        try:
            encoded = text.encode()
            if encoded == body:
                encoded = body  # held anyway: large responses are not held twice
            lines = LineBuffer(_formatted(encoded))
            return DecodedBody(lines, is_json=True, raw=AlternateView(encoded.decode), objects=find_objects(encoded))
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            pass  # Invalid JSON is shown as text.
    if "html" in head.content_type:
        return DecodedBody(LineBuffer.of(_page(text).splitlines()), raw=AlternateView(lambda: text))
    return DecodedBody(LineBuffer.of(text.splitlines()))


def _formatted(encoded: bytes) -> str:
    return msgspec.json.format(encoded, indent=2).decode()


class _PageWords(HTMLParser):
    """Collects the words of a page, but not its scripts, styles and templates."""

    _HIDDEN = frozenset({"script", "style", "template"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._depth_hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the library's
        """Hide the content of a hidden tag."""
        self._depth_hidden += tag in self._HIDDEN

    def handle_endtag(self, tag: str) -> None:
        """Show content again after a hidden tag."""
        self._depth_hidden -= tag in self._HIDDEN and self._depth_hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._depth_hidden and data.strip():
            self.words.append(data.strip())


def _page(text: str) -> str:
    """Return the words of a page."""
    page = _PageWords()
    with suppress(AssertionError):  # of a marked section that the library does not know
        page.feed(text[:_PAGE])
        page.close()
    return "\n".join(page.words) or "(empty page)"


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF file (WebP, WAV or AVI)"),
    (b"%PDF-", "PDF document"),
    (b"PK\x03\x04", "ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "gzip archive"),
)


def _hexadecimal(body: bytes, content_type: str) -> Iterator[str]:
    """Yield a description, then the bytes: sixteen per line in groups of four, which fits beside a list."""
    known = next((name for signature, name in _SIGNATURES if body.startswith(signature)), "")
    named = " · ".join(filter(None, (known, content_type or "unknown type", _measures(body), size(len(body)))))
    yield named + format_keys(" · {save_response|s} saves it")
    yield ""
    for start in range(0, min(len(body), _BYTES), 16):
        row = body[start : start + 16]
        readable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        yield f"{start:06x}  {row.hex(' ', -4):<35}  {readable}"
    if len(body) > _BYTES:
        yield f"… {size(len(body) - _BYTES)} more"


def _measures(body: bytes) -> str:
    """Return the dimensions of a PNG or GIF image, or an empty string."""
    if body.startswith(b"\x89PNG") and len(body) >= 24:
        return f"{int.from_bytes(body[16:20])} × {int.from_bytes(body[20:24])}"
    if body.startswith(b"GIF8") and len(body) >= 10:
        return f"{int.from_bytes(body[6:8], 'little')} × {int.from_bytes(body[8:10], 'little')}"
    return ""


_CHARSET = re.compile(
    r"""charset=["']?((?:iso-8859|windows|cp|euc|utf|gb|shift|big|koi8|latin|ascii)[\w-]*)""", re.IGNORECASE
)
"""The charsets that a server may declare; Python's other codecs are not charsets, or raise."""

_BINARY = re.compile("(image|audio|video|font)/|application/(octet-stream|pdf|zip|gzip)$")
"""Content types shown as bytes, unless the body decodes as text."""


def _text(body: bytes, head: ResponseHead) -> str | None:
    """Return the body as text, or None if binary. Tries the detected Unicode encoding, then the declared charset."""
    charset = _CHARSET.search(head.header("content-type"))
    for encoding in (json.detect_encoding(body[:4]), charset[1] if charset else "utf-8"):
        try:
            text = body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    is_binary = b"\0" in body[:4096] or any(body.startswith(signature) for signature, _ in _SIGNATURES)
    return None if is_binary or _BINARY.match(head.content_type) else body.decode("utf-8", errors="replace")
