"""The user's input until it becomes a request: an endpoint's form or a raw request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import parse_qsl, unquote

import msgspec

from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.raw_request import read_raw, with_target
from tui.airisk.endpoints.variables import Into, Variables, escaped
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft, Upload
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

Fill = Callable[[str, Into], str]
"""Replaces `{{names}}` by their values, or raises if one is unknown."""


class Form(Protocol):
    """Input that becomes a request once its placeholders are filled in and its files are read."""

    @property
    def files(self) -> Mapping[str, str]:
        """The paths of the files to send, by field name."""
        ...

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:
        """Return the request.

        Raises:
            RequestRejectedError: a value is missing, malformed, or not known yet.
        """
        ...


@dataclass(frozen=True, slots=True)
class EndpointForm:
    """The values of an endpoint's fields, and its body if that is one text."""

    endpoint: Endpoint
    values: Mapping[str, str]
    body: str | None = None

    @classmethod
    def of(cls, draft: Draft, endpoint: Endpoint) -> EndpointForm | None:
        """Return the endpoint's form filled in so that it makes this very request; None if it cannot."""
        if draft.method != endpoint.method or not draft.path.startswith(endpoint.path.partition("{")[0]):
            return None
        try:
            draft = with_target(draft, draft.target)
            form = cls(endpoint, _values(draft, endpoint), escaped(draft.body.decode()) if endpoint.body else None)
            made = form.draft(lambda text, into: Variables().fill(text, APPLICATION, into), {})
        except (RequestRejectedError, UnicodeDecodeError):
            return None
        is_same = with_target(made, made.target) == replace(draft, body=made.body)
        return form if is_same and _is_same_body(made.body, draft.body) else None

    @classmethod
    def without_body(cls, draft: Draft, endpoint: Endpoint) -> EndpointForm | None:
        """Return the endpoint's form for a request whose body is unknown; None if it makes no body of that kind."""
        sent = next((value for name, value in draft.headers if name.lower() == "content-type"), "")
        outside = tuple(each for each in endpoint.fields if each.place in {"path", "query", "header"})
        headers = tuple(header for header in draft.headers if header[0].lower() != "content-type")
        bare = replace(endpoint, fields=outside, body=None, media_type="")
        has_body = endpoint.body is not None or len(outside) < len(endpoint.fields)
        form = cls.of(replace(draft, headers=headers), bare) if has_body and sent == endpoint.content_type else None
        return cls(endpoint, {each.name: "" for each in endpoint.fields} | dict(form.values)) if form else None

    @property
    def files(self) -> Mapping[str, str]:
        """The paths of the files to send, by field name."""
        typed = ((each.name, self.values.get(each.name, "")) for each in self.endpoint.fields if each.place == "file")
        return {name: path for name, path in typed if path}

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:
        """Return the request.

        Raises:
            RequestRejectedError: a value is missing, malformed, or not known yet.
        """
        in_headers = {each.name for each in self.endpoint.fields if each.place == "header"}
        values = {
            name: fill(value, "headers" if name in in_headers else "value")
            for name, value in self.values.items()
            if name not in self.files
        }
        body = None if self.body is None else fill(self.body, "json")
        return self.endpoint.draft(values, files=uploads, body=body)


def literal(draft: Draft) -> Draft:
    """Return a request in which braces stand for themselves once it is edited as text.

    Raises:
        RequestRejectedError: it has braces behind a backslash, which cannot be typed so that they stay.
    """
    if rb"\{{" in draft.body or any(r"\{{" in value for _, value in draft.headers):
        raise RequestRejectedError(r"Cannot open the request: it contains \{{.", advice="Resend it from the history.")
    headers = tuple((name, escaped(value)) for name, value in draft.headers)
    return replace(draft, headers=headers, body=draft.body.replace(b"{{", rb"\{{"))


def _values(draft: Draft, endpoint: Endpoint) -> dict[str, str]:
    """Return what was probably typed into the form to make this request, an empty text for what is not in it."""
    members = _members(draft.body) if any(each.place == "body" for each in endpoint.fields) else {}
    pairs = {"path": _path_values(draft.path, endpoint.path), "query": draft.query, "header": draft.headers}
    if any(each.place == "form" for each in endpoint.fields):
        typed = parse_qsl(draft.body.decode(errors="replace"), keep_blank_values=True)
        pairs["form"] = (*draft.plain_parts, *typed)
    values = {}
    for each in endpoint.fields:
        if each.place == "body":
            text = _as_typed(members[each.wire_name], each) if each.wire_name in members else ""
        else:
            text = ",".join(value for name, value in pairs.get(each.place, ()) if name == each.wire_name)
        values[each.name] = escaped(text)
    return values


def _path_values(path: str, template: str) -> Sequence[tuple[str, str]]:
    """Return the names in a path's template with their decoded values; none if the path is another one."""
    plain, names = re.split(r"\{[^{}]*\}", template), re.findall(r"\{([^{}]*)\}", template)
    found = re.fullmatch("([^/]*)".join(map(re.escape, plain)), path)
    return [(name, unquote(value)) for name, value in zip(names, found.groups(), strict=True)] if found else []


def _members(body: bytes) -> Mapping[str, msgspec.Raw]:
    try:
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}


def _as_typed(value: msgspec.Raw, field: Field) -> str:
    """Return JSON as it is typed into a field: a text without quotes, anything else as it is."""
    text = bytes(value).decode()
    return str(json.loads(text)) if text.startswith('"') and field.kind == "string" else text


def _is_same_body(made: bytes, sent: bytes) -> bool:
    """Return whether two bodies are the same bytes, or the same JSON in another order or spacing."""
    try:
        return made == sent or _exactly(made) == _exactly(sent)
    except (ValueError, RecursionError):
        return False


def _exactly(body: bytes) -> object:
    """Parse JSON so that only what means the same is equal: 1 is not 1.0, and a name that comes twice is not lost."""
    return json.loads(
        body,
        parse_int=lambda text: (text,),
        parse_float=lambda text: (text,),
        object_pairs_hook=lambda pairs: members if len(members := dict(pairs)) == len(pairs) else pairs,
    )


@dataclass(frozen=True, slots=True)
class RawForm:
    """A free-form request: `headers` one per line, `target` a path or an address of the deployment.

    `parts` are those of a multipart form, which cannot be edited here, but are kept. `secrets` are the names that a
    description marks as secret.
    """

    origin: Origin
    method: str = "GET"
    target: str = "/api/"
    headers: str = ""
    body: str = ""
    parts: tuple[Upload, ...] = ()
    secrets: frozenset[str] = frozenset()

    @classmethod
    def of(cls, draft: Draft, origin: Origin) -> RawForm:
        """Convert a request to a free-form one.

        Raises:
            RequestRejectedError: its body is not text.
        """
        try:
            body = draft.body.decode()
        except UnicodeDecodeError:
            raise RequestRejectedError(
                "The body is not text and cannot be edited here.", advice="Send it as a file."
            ) from None
        headers = "\n".join(f"{name}: {value}" for name, value in draft.headers)
        return cls(origin, draft.method, draft.target, headers, body, draft.files, draft.secrets)

    @property
    def files(self) -> Mapping[str, str]:
        """No files."""
        return {}

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:  # noqa: ARG002 - it sends no files
        """Return the request.

        Raises:
            RequestRejectedError: it cannot be sent, or a value is not known yet.
        """
        target, headers = fill(self.target, "target"), fill(self.headers, "headers")
        draft = read_raw(self.method, target, headers, fill(self.body, "json"), self.origin)
        return replace(draft, files=self.parts, secrets=self.secrets)
