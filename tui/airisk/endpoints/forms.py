"""The user's input until it becomes a request: an endpoint's form or a raw request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.raw_request import read_raw
from tui.airisk.endpoints.variables import Into
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
