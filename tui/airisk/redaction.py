"""Which names tell of a secret: such values are masked on the screen and never kept."""

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
"""What stands on a screen in the place of a secret."""

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
"""Words that make a secret of the `code` behind them."""
_USUAL_KEYS = frozenset(
    {"cache", "foreign", "group", "idempotency", "index", "message", "object", "order", "parent", "partition"}
    | {"primary", "public", "row", "search", "sort", "translation"}
)
"""Words behind which a `key` is no secret."""
_LONGEST_NAME = 200
_IN_TARGET = re.compile(r"(?<=[?&])([^=&]*)=([^&]*)")
_MEMBER = re.compile(
    r"""(?:["']([^"'\\]{1,200})["']\s*:\s*|<([\w:.-]{1,200})>|(?:(?<=[&\s])|^)([^=&\s<>"'{]{1,200})=)"""
    r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,&<>\]}"'\[{]+)"""
)


def names_a_secret(name: str, also: Collection[str] = ()) -> bool:
    """Whether the name of a header, a parameter, a field or a member tells that its value is a secret.

    Args:
        name: as it is sent, decoded.
        also: names of which something else told it.
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
    """Put `put` in the place of each secret of a path with a query; return it and the names of the secrets."""
    names: list[str] = []

    def blank(pair: re.Match[str]) -> str:
        name = unquote_plus(pair[1])
        if not pair[2] or not names_a_secret(name, also):
            return pair[0]
        names.append(name)
        return f"{pair[1]}={put}"

    return _IN_TARGET.sub(blank, target), names


def shown_body(text: str, also: Collection[str] = ()) -> str:
    """Return a body for the screen, with dots for each secret."""

    def blank(member: re.Match[str]) -> str:
        if not _is_secret(member, also):
            return member[0]
        start = member.start(4) - member.start()
        quoted = member[4][0] if member[4][0] in "\"'" else ""
        return f"{member[0][:start]}{quoted}{DOTS}{quoted}"

    return _MEMBER.sub(blank, text)


def holds_a_secret(body: bytes, also: Collection[str] = ()) -> bool:
    """Whether a body, JSON, a form or some other text, has a member that is a secret."""
    return any(names_a_secret(name, also) for name, _ in _texts_in(body))


def secrets_of(draft: Draft) -> Iterator[Secret]:
    """Yield what a request sends as a secret, as far as names tell."""
    pairs = [*draft.headers, *draft.query]
    pairs += [(unquote_plus(each[1]), unquote(each[2])) for each in _IN_TARGET.finditer(draft.path)]
    pairs += [*draft.plain_parts, *_texts_in(draft.body)]
    yield from (Secret(value) for name, value in pairs if names_a_secret(name, draft.secrets))


def _texts_in(body: bytes) -> Iterator[tuple[str, str]]:
    """The names and texts in a body, JSON, a form or some other text, as far as these are filled in."""
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
    """Whether anything is there to be kept secret: neither a number of tokens nor an empty field is."""
    return isinstance(value, str) and bool(value) and value not in {"null", "true", "false"}
