"""Recognize secrets by their names, so that their values are masked on screen and never stored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

import msgspec

from tui.config.keyring import Secret

if TYPE_CHECKING:
    from tui.airisk.models import Draft

DOTS = "••••"
"""Replacement for a secret on the screen."""

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+")
_STEMS = re.compile(
    r"authori[sz]|cookie|token(?!s)|secret|passw|passphrase|passcode|credential|signature|assertion|[cx]srf|bearer"
    r"|api-?key|access-?key|private-?key|subscription-?key|session-?id"
)
_WORDS = frozenset(
    {"auth", "cred", "creds", "hmac", "jwt", "mfa", "otp", "pass", "pat", "pin", "psk", "pw", "pwd", "saml", "sas"}
    | {"session", "sid", "sig", "totp"}
)
_CODES = frozenset({"access", "auth", "authorization", "login", "otp", "recovery", "security", "sms", "verification"})
"""Words that make a following `code` a secret."""
_USUAL_KEYS = frozenset(
    {"cache", "foreign", "group", "idempotency", "index", "message", "object", "order", "parent", "partition"}
    | {"primary", "public", "row", "search", "sort", "translation"}
)
"""Words after which a `key` is not a secret."""
_LONGEST_NAME = 200
_IN_TARGET = re.compile(r"(?<=[?&])([^=&]*)=([^&]*)")
_MEMBER = re.compile(
    r"""(?:["']([^"'\\]{1,200})["']\s*:\s*|<([\w:.-]{1,200})>|(?:(?<=[&\s])|^)([^=&\s<>"'{]{1,200})=)"""
    r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,&<>\]}"'\[{]+)"""
)


def names_a_secret(name: str, also: Collection[str] = ()) -> bool:
    """Return whether the name of a header, parameter, field or member shows that its value is a secret.

    Args:
        name: as it is sent, decoded.
        also: further names that are known to be secret.
    """
    if name in also:
        return True
    words = [word.lower() for word in _BOUNDARY.split(name[:_LONGEST_NAME]) if word]
    if _STEMS.search("-".join(words)) or _STEMS.search("".join(words)) or not _WORDS.isdisjoint(words):
        return True
    before = ["", *words]
    named = set(zip(before, words, strict=False))
    return words == ["code"] or any(
        (word == "key" and first not in _USUAL_KEYS) or (word == "code" and first in _CODES) for first, word in named
    )


def hide_secrets(target: str, put: str = "", also: Collection[str] = ()) -> tuple[str, list[str]]:
    """Replace each secret in a path with a query by `put`; return it and the names of the secrets."""
    names: list[str] = []

    def blank(pair: re.Match[str]) -> str:
        name = unquote_plus(pair[1])
        if not pair[2] or not names_a_secret(name, also):
            return pair[0]
        names.append(name)
        return f"{pair[1]}={put}"

    return _IN_TARGET.sub(blank, target), names


def shown_body(text: str, also: Collection[str] = ()) -> str:
    """Return a body for the screen, with each secret masked."""

    def blank(member: re.Match[str]) -> str:
        if not _is_secret(member, also):
            return member[0]
        start = member.start(4) - member.start()
        quoted = member[4][0] if member[4][0] in "\"'" else ""
        return f"{member[0][:start]}{quoted}{DOTS}{quoted}"

    return _MEMBER.sub(blank, text)


def holds_a_secret(body: bytes, also: Collection[str] = ()) -> bool:
    """Return whether a body (JSON, a form or other text) has a member that is a secret."""
    return any(names_a_secret(name, also) for name, _ in _texts_in(body))


def secrets_of(draft: Draft) -> Iterator[Secret]:
    """Yield the secrets that a request sends, as far as names reveal them."""
    pairs = [*draft.headers, *draft.query]
    pairs += [(unquote_plus(each[1]), unquote(each[2])) for each in _IN_TARGET.finditer(draft.path)]
    pairs += [*draft.plain_parts, *_texts_in(draft.body)]
    yield from (Secret(value) for name, value in pairs if names_a_secret(name, draft.secrets))


def _texts_in(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the non-empty names and texts in a body: JSON, a form or other text."""
    try:
        members = _members(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        found = _MEMBER.finditer(body.decode("utf-8", "replace"))
        members = ((_name_of(member), unquote_plus(member[4].strip("\"'"))) for member in found)
    yield from ((name, value) for name, value in members if _is_filled(value))


def _members(document: Any) -> Iterator[tuple[str, Any]]:
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from each.items()
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _is_secret(member: re.Match[str], also: Collection[str]) -> bool:
    return names_a_secret(_name_of(member), also) and _is_filled(member[4].strip("\"'"))


def _name_of(member: re.Match[str]) -> str:
    return unquote_plus(next(filter(None, member.groups()[:3]), ""))


def _is_filled(value: object) -> bool:
    """Return whether the value can be a secret: a number of tokens or an empty field is not."""
    return isinstance(value, str) and bool(value) and value not in {"null", "true", "false"}
