"""Compare user ids by one normal form: a deployment may spell one id in several ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

_PREFIX = re.compile(r"\A(?:urn:)?(?:uuid|guid):")
_BRACED = re.compile(r"\{(.*)\}|\((.*)\)", re.DOTALL)
_GUID = re.compile(r"[0-9a-f]{32}")
_HEX_PARTS = re.compile(r"0x[0-9a-f]+(?:[\s,{}]+0x[0-9a-f]+){10}[\s}]*")
"""A GUID as .NET also reads it: `{0x3f2504e0,0x4f89,0x11d3,{0x9a,0x0c,0x03,0x05,0xe8,0x2c,0x33,0x01}}`."""
_HEX_SIZES = (8, 4, 4, *[2] * 8)
_WHOLE_NUMBER = re.compile(r"\+?0*([0-9]+)")


_LONGEST = 1024
"""Characters of an id; a longer one is compared literally."""
_LAYERS = 4
"""Of blanks, prefixes and braces around an id."""


@lru_cache(maxsize=8192)
def normal_id(text: str) -> str:
    """Return the normal form of an id, equal for all spellings: for comparing only, never for sending.

    Case, surrounding blanks, invisible characters, braces, `urn:uuid:` and the dashes of a GUID are ignored.
    """
    if len(text) > _LONGEST:
        return text
    if not (text.isascii() and text.isprintable()):
        text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isspace() or _shows(sign))
    text = text.casefold()
    for _ in range(_LAYERS):
        text = _bare(text)
    if _HEX_PARTS.fullmatch(text):
        parts = re.findall("0x([0-9a-f]+)", text)
        text = "".join(part.zfill(size) for part, size in zip(parts, _HEX_SIZES, strict=True))
    guid = text.replace("-", "")
    return guid if _GUID.fullmatch(guid) else text


def _shows(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf"}


def _bare(text: str) -> str:
    text = _PREFIX.sub("", text.strip(), count=1)
    braced = _BRACED.fullmatch(text)
    return (braced[1] or braced[2] or "") if braced else text


def is_same_id(one: str, other: str) -> bool:
    """Return whether both may refer to the same user."""
    return one == other or normal_id(one) == normal_id(other)


def is_among(user_id: str, ids: Collection[str]) -> bool:
    """Return whether one of these ids, which protect a user, may refer to that user.

    Leading zeros of numbers are ignored here, because a deployment may parse ids as numbers.
    """
    return _guarded(user_id) in _all_guarded(frozenset(ids))


@lru_cache(maxsize=8)
def _all_guarded(ids: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_guarded, ids))


def _guarded(user_id: str) -> str:
    normal = normal_id(user_id)
    number = _WHOLE_NUMBER.fullmatch(normal)
    return number[1] if number else normal
