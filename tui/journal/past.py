"""An exchange as it is remembered: who asked for what, and how it was answered; no secret, and not what came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from tui.airisk.models import Draft, Identity, Upload
from tui.airisk.redaction import hide_secrets, holds_a_secret, names_a_secret

LONGEST = 8_000
"""Characters of a path, an id or a value that are kept; the longer ones are left out."""

CONTENT_CAP = 64 * 1024
"""Bytes of a body and its files that are kept where bodies are kept."""

BODY = "body"
"""How `PastExchange.left_out` names a body or a file that was not kept because bodies are not."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class PastExchange:
    """A request that was sent and answered.

    `draft` has no body; `has_content` tells whether one, or a file, was kept with it. `left_out` names what was sent
    and not kept: without it the request cannot be sent again. `size` is the answer's, in bytes.
    """

    number: int
    at: datetime
    identity: Identity
    draft: Draft
    status: int
    reason: str
    seconds: float
    size: int
    left_out: tuple[str, ...] = ()
    has_content: bool = False


@dataclass(slots=True)
class Sifted:
    """A draft and an identity without what is not kept, the names of which are in `left_out`."""

    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    content: bytes | None
    user_id: str
    name: str
    left_out: list[str] = field(default_factory=list)


def sift(draft: Draft, identity: Identity, *, keep_bodies: bool) -> Sifted:
    """Take what may be kept of a request: no value whose name tells of a secret, nothing endless, a body if wished."""
    left_out: list[str] = []
    content, reason = _content(draft, keep_bodies=keep_bodies)
    kept = Sifted(
        path=_path(draft, left_out),
        query=_pairs(draft.query, "the value of", draft.secrets, left_out),
        headers=_pairs(draft.headers, "the header", draft.secrets, left_out),
        content=content,
        user_id=_whole(identity.id, "the user's id", left_out),
        name=identity.name[:_LONGEST_NAME],
        left_out=left_out,
    )
    left_out += [reason] if reason else []
    return kept


def _content(draft: Draft, *, keep_bodies: bool) -> tuple[bytes | None, str]:
    """The body and the files, packed; or how what is left out of them is called."""
    if not draft.body and not draft.files:
        return None, ""
    if not keep_bodies:
        return None, BODY
    if len(draft.body) + sum(len(file.content) for file in draft.files) > CONTENT_CAP:
        return None, f"a body of more than {CONTENT_CAP // 1024} kB"
    if _holds_a_secret(draft):
        return None, "a body with a secret in it"
    return msgspec.msgpack.encode((draft.body, draft.files)), ""


def _holds_a_secret(draft: Draft) -> bool:
    values = (each.name for each in draft.files if not each.filename)
    return holds_a_secret(draft.body, draft.secrets) or any(names_a_secret(each, draft.secrets) for each in values)


def unpack(draft: Draft, content: bytes) -> Draft:
    """The draft with the body and the files that were kept with it.

    Raises:
        ValueError: these bytes are not what was kept.
    """
    try:
        body, files = msgspec.msgpack.decode(content, type=tuple[bytes, tuple[Upload, ...]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError from None
    return replace(draft, body=body, files=files)


def _pairs(
    pairs: Iterable[tuple[str, str]], kind: str, secrets: Collection[str], left_out: list[str]
) -> list[tuple[str, str]]:
    kept = []
    for name, value in pairs:
        if len(name) + len(value) > LONGEST or names_a_secret(name, secrets):
            left_out.append(f"{kind} {name[:_LONGEST_NAME]}")
        else:
            kept.append((name, value))
    return kept


def _path(draft: Draft, left_out: list[str]) -> str:
    """A path may have a query of its own, typed into it."""
    bare, names = hide_secrets(draft.hidden_path or draft.path, also=draft.secrets)
    left_out += ["a part of the path"] if draft.hidden_path else []
    left_out += [f"the value of {name[:_LONGEST_NAME]}" for name in names]
    return _whole(bare, "the end of the path", left_out)


def _whole(text: str, what: str, left_out: list[str]) -> str:
    if len(text) > LONGEST:
        left_out.append(what)
    return text[:LONGEST]
