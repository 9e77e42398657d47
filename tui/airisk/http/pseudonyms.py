"""Replace values by their type and a stable number, so that a recording can be given to others.

Equal values get equal pseudonyms within one recording. What remains readable is the structure: names of headers,
parameters and fields, types, lengths, and which values are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tui.airisk.redaction import names_a_secret

_KINDS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "mail": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "URL": re.compile(r"https?://\S+", re.IGNORECASE),
    "time": re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?"),
    "JWT": re.compile(r"[\w-]+\.[\w-]+\.[\w-]*"),
    "digits": re.compile(r"\d+"),
    "blanks": re.compile(r"\s+"),
}
"""Kinds of texts by their form; any other is a text."""

_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z_$@. -]{0,39}")
"""Names that are certainly no one's id."""

_STEPS = frozenset(
    {"", "account", "api", "auth", "authorize", "callback", "error", "login", "oauth2", "signin", "token"}
)
"""Steps of a path that are certainly no one's id or name, in lower case."""

_LARGEST_RECORD = 40
"""Fields of an object. One with more is a mapping, and its keys are values."""

_SHOWN = 3
"""Items of a list that are shown, in addition to those of another shape."""

_SHAPES = 20
"""Items of another shape that are shown."""

_DEEPEST = 60

_PROTOCOL = frozenset(
    {status.phrase for status in HTTPStatus}
    | {"access_denied", "insufficient_scope", "invalid_client", "invalid_grant", "invalid_request", "invalid_scope"}
    | {"invalid_token", "server_error", "temporarily_unavailable", "unauthorized_client", "unsupported_grant_type"}
    | {"unsupported_response_type"}
)
"""Reason phrases, and the error codes of RFC 6749 and RFC 6750, which identify no user or deployment."""

_PROTOCOL_PARAMETERS = {"grant_type": "authorization_code", "response_type": "code", "token_type": "Bearer"}
"""Parameters whose value is the protocol's own."""


class Pseudonyms:
    """Pseudonyms of one recording.

    Args:
        paths: of the recorded requests. This program's own paths hold no value, so their steps stay readable.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._steps = _STEPS.union(step.lower() for path in paths for step in path.split("/"))
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: Counter[str] = Counter()

    def text(self, value: str, kind: str = "") -> str:
        """Return the pseudonym of a text, such as `<mail 3, 21 characters>`. An empty text stays empty."""
        if not value or value in _PROTOCOL:
            return value
        kind = kind or next((name for name, form in _KINDS.items() if form.fullmatch(value)), "text")
        return f"<{kind} {self._number(kind, value)}, {len(value)} characters>"

    def parameter(self, name: str, value: str) -> str:
        """Return the pseudonym of a parameter's value; the protocol's own values stay."""
        if _PROTOCOL_PARAMETERS.get(name) == value:
            return value
        return self.text(value, "secret" if names_a_secret(name) else "")

    def json(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """Return a JSON value with each text and number replaced. Long lists keep one item of each shape."""
        if depth > _DEEPEST:
            return "<deeper>"
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return self._list(value, name, depth)
        if isinstance(value, str):
            return self.parameter(name, value)
        if value is None or isinstance(value, bool):
            return value
        kind = "integer" if isinstance(value, int) else "number"
        return f"<{kind} {self._number(kind, str(value))}>"

    def url(self, url: str) -> str:
        """Return a URL or path: steps and names of parameters that could be a value are replaced too."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{self.text(parts.netloc, 'host')}" if parts.netloc else ""
        steps = parts.path.split("/")
        path = "/".join(step if step.lower() in self._steps else self.text(step, "step") for step in steps)
        query = "&".join(f"{self.field(name)}={value}" for name, value in self.parameters(parts.query))
        return host + path + (f"?{query}" if query else "")

    def parameters(self, query: str) -> list[tuple[str, str]]:
        """Return the parameters of a query or form, their values replaced."""
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=1000)
        return [(name, self.parameter(name, value)) for name, value in pairs]

    def field(self, name: str) -> str:
        """Return the name of a field, or its pseudonym if it could be a value."""
        return name if _FIELD.fullmatch(name) else self.text(name, "name")

    def _object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        named = self.field if self._is_record(value) else partial(self.text, kind="name")
        return {named(name): self.json(item, name, depth + 1) for name, item in value.items()}

    @staticmethod
    def _is_record(value: dict[str, Any]) -> bool:
        """Return whether its keys are names of fields: a mapping by ids is large, or has values of one shape."""
        if len(value) > _LARGEST_RECORD:
            return False
        inner = [item for item in value.values() if isinstance(item, dict)]
        is_mapping = len(inner) == len(value) > 1 and len({_shape(item) for item in inner}) == 1
        return not is_mapping

    def _list(self, value: list[Any], name: str, depth: int) -> list[Any]:
        seen: set[str] = set()
        shown: list[Any] = []
        for item in value:
            is_new = (shape := _shape(item)) not in seen and len(seen) < _SHAPES
            if len(shown) < _SHOWN or is_new:
                shown.append(self.json(item, name, depth + 1))
            seen.add(shape)
        left = len(value) - len(shown)
        return [*shown, f"<{left} more>"] if left else shown

    def _number(self, kind: str, value: str) -> int:
        if (kind, value) not in self._numbers:
            self._counts[kind] += 1
            self._numbers[kind, value] = self._counts[kind]
        return self._numbers[kind, value]


def _shape(value: Any) -> str:
    """Return the names and types of an item's fields."""
    if isinstance(value, dict):
        return ",".join(f"{name}:{type(item).__name__}" for name, item in sorted(value.items())[:_LARGEST_RECORD])
    return type(value).__name__
