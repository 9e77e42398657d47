"""Preview of the request: every header and the body, with the token hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from textual.content import Content

from tui.airisk.http.request import sent_headers
from tui.airisk.identity import ANONYMOUS, Identity
from tui.airisk.models import Draft, Upload
from tui.airisk.redaction import DOTS, names_a_secret, shown_body
from tui.format import size
from tui.text import clean

_LINES, _WIDTH = 40, 400
"""Lines and columns of a body that the preview shows."""


def preview(draft: Draft, identity: Identity, host: str, sizes: Mapping[str, int]) -> Content:
    """Return the request as it will be sent as `identity`. `sizes` maps file names to sizes in bytes."""
    lines = [Content.styled(f"{draft.method} {clean(draft.shown_target, limit=_WIDTH)} HTTP/1.1", "bold")]
    lines.append(_header("Host", host))
    if identity != ANONYMOUS:
        lines.append(_header("Authorization", f"Bearer {DOTS} (token of {identity})"))
    lines += [
        _header(name, DOTS if names_a_secret(name, draft.secrets) else value) for name, value in sent_headers(draft)
    ]
    if draft.files:
        lines.append(_header("Content-Type", "multipart/form-data; boundary=…"))
    return Content("\n").join([*lines, *([Content(""), *body] if (body := body_lines(draft, sizes)) else [])])


def _header(name: str, value: str) -> Content:
    return Content.assemble((f"{clean(name, limit=60)}: ", "$foreground-muted"), clean(value, limit=_WIDTH))


def _part(file: Upload, sizes: Mapping[str, int], secrets: Collection[str]) -> Content:
    if not file.filename:
        text = file.content[: 4 * _WIDTH].decode(errors="replace")
        shown = DOTS if names_a_secret(file.name, secrets) else clean(text, limit=_WIDTH)
        return Content(f"{clean(file.name, limit=60)}={shown}")
    length = len(file.content) or sizes.get(file.filename)
    length_words = size(length) if length is not None else "size not known yet"
    names = dict.fromkeys(clean(each, limit=60) for each in (file.name, file.filename))
    return Content(f"{': '.join(names)}, {length_words}")


def body_lines(
    draft: Draft, sizes: Mapping[str, int], *, lines: int = _LINES, width: int = _WIDTH, by_member: bool = False
) -> list[Content]:
    """Return the beginning of a body, or the parts of a form. If `by_member`, each member of an object has a line."""
    if draft.files:
        more = [Content(f"… {len(draft.files)} parts in all")] if len(draft.files) > lines else []
        return [_part(file, sizes, draft.secrets) for file in draft.files[:lines]] + more
    if not draft.body:
        return []
    body = _by_member(draft.body) if by_member and len(draft.body) <= lines * width else draft.body
    start = shown_body(body[: lines * width].decode("utf-8", errors="replace"), draft.secrets)
    text = clean(start, keep_lines=True).split("\n")
    shown = [line[:width] for line in text[:lines]]
    is_cut = len(text) > lines or len(body) > lines * width or any(len(line) > width for line in text)
    return [*map(Content, shown), *([Content(f"… {size(len(draft.body))} in all")] if is_cut else [])]


def _by_member(body: bytes) -> bytes:
    """Return a body that is an object of JSON without blanks with a line for each member, any other as it is."""
    try:
        members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return body
    if msgspec.json.encode(members) != body:  # A name that comes twice, for one, would be lost.
        return body
    return b"{" + b",\n ".join(msgspec.json.encode(name) + b": " + value for name, value in members.items()) + b"}"
