"""Which texts can be sent, have something to be seen, or are plainly names, so that no quotes are needed."""

from __future__ import annotations

import re
import unicodedata

QUOTES = re.compile("[\"“”„‟‶″‴⁗〝〞〟＂«»˝ʺˮ˵˶״❝❞🙶🙷🙸]|['‘’‚‛′‵＇`´ʹʼˊˋ]{2,}")

_PARTICLE = 3
"""Letters of the longest lower-case word that counts as part of a name: `van`, `de`."""

_NUMBER = 4
"""Digits of the largest number that counts as part of a name: `User 7`."""

_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols in Unicode that are invisible: Hangul fillers, and Braille without a dot."""


def has_words(text: str) -> bool:
    """Return whether any of it is visible: not only blanks, controls, combining marks or invisible fillers."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _FILLERS for each in text)


def is_text(value: str) -> bool:
    """Return whether it can be sent: text with invalid Unicode (a lone surrogate) cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def encodable(text: str) -> str:
    """Return the text with unpaired surrogates escaped as in Python: UTF-8 and SQLite cannot hold them."""
    return text.encode("utf-8", "backslashreplace").decode()


def is_plainly_a_name(name: str) -> bool:
    """Return whether it cannot be mistaken for the program's own words: see `tui.text.set_apart`."""
    return all(map(_is_of_a_name, name.split(" ")))


def as_a_name(name: str) -> str:
    """Return a name, quoted where it is not plainly one."""
    name = " ".join(name.split())
    return name if is_plainly_a_name(name) else _quoted(name)


def as_an_id(identifier: str) -> str:
    """Return an id, quoted where it is more than one word."""
    is_plain = re.fullmatch(r"\S+", identifier) and not QUOTES.search(identifier)
    return identifier if is_plain else _quoted(identifier)


def _quoted(text: str) -> str:
    within = QUOTES.sub("'", text)
    return f'"{within}"'


def _is_of_a_name(word: str) -> bool:
    if word.isdecimal() and len(word) <= _NUMBER:
        return True
    letters = re.sub("[-.,'’]", "", word)
    if not letters or any(unicodedata.category(each)[0] not in "LM" for each in letters):
        return False
    if letters[0].islower():
        return len(letters) <= _PARTICLE
    return len(letters) == 1 or not letters.isupper()
