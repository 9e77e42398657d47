"""The effective method of a request: a header, the query or a form may override its request line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote_to_bytes

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = (*sorted(SAFE_METHODS), "DELETE", "PATCH", "POST", "PUT")

_OVERRIDES = frozenset({"x-http-method-override", "x-method-override", "x-http-method", "_method"})
_IN_BODY = re.compile(
    rb"(?i)(?<![\w-])(?:_method|x-http-method(?:-override)?|x-method-override)[\"']?"
    rb"(?:\s*[=:]\s*[\"']?|[^\n]*\r?\n\r?\n)([a-z]+)"
)
"""A value of a form, of a part of a form, or of JSON."""


def effective_method(method: str, query: str, pairs: Iterable[tuple[str, str]] = (), body: bytes = b"") -> str:
    """Return the method that a server may apply: one that changes data, wherever it is given.

    Args:
        method: of the request line.
        query: of the request line.
        pairs: headers, and values of the query and of a form that are held apart.
        body: as it is sent.
    """
    if method.upper() not in SAFE_METHODS:
        return method
    given = [*pairs, *parse_qsl(query.replace(";", "&"), keep_blank_values=True)]
    said = [value for name, value in given if name.strip().lower() in _OVERRIDES]
    said += [found.decode() for found in _IN_BODY.findall(unquote_to_bytes(body))] if body else []
    overriding = (each.strip().upper() for each in said)
    return next((each for each in overriding if each and each not in SAFE_METHODS), method)
