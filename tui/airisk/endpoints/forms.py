"""What the user typed, until it is a request: an endpoint's form or a raw request."""

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
"""Puts what is known in the place of `{{names}}`, or refuses."""


class Form(Protocol):
    """Something that becomes a request once its placeholders are filled in and its files are read."""

    @property
    def files(self) -> Mapping[str, str]:
        """The paths of the files that are to be sent, by the names of their fields."""
        ...

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:
        """Return the request.

        Raises:
            RequestRejectedError: something is missing, malformed, or not known yet.
        """
        ...


@dataclass(frozen=True, slots=True)
class EndpointForm:
    """The values typed into the fields of an endpoint, and its body where that is one text."""

    endpoint: Endpoint
    values: Mapping[str, str]
    body: str | None = None

    @property
    def files(self) -> Mapping[str, str]:
        """The paths of the files that are to be sent, by the names of their fields."""
        typed = ((each.name, self.values.get(each.name, "")) for each in self.endpoint.fields if each.place == "file")
        return {name: path for name, path in typed if path}

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:
        """Return the request.

        Raises:
            RequestRejectedError: something is missing, malformed, or not known yet.
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
    """A request written freely: `headers` one a line, `target` a path or an address of the deployment.

    `parts` are those of a multipart form, which cannot be written here, but were brought along. `secrets` are the names
    of which a description told that their values are secret.
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
        """Turn a request into a form to write on freely.

        Raises:
            RequestRejectedError: its body is not text.
        """
        try:
            body = draft.body.decode()
        except UnicodeDecodeError:
            raise RequestRejectedError(
                "Its body is not text, and cannot be written here.", advice="Send it as a file."
            ) from None
        headers = "\n".join(f"{name}: {value}" for name, value in draft.headers)
        return cls(origin, draft.method, draft.target, headers, body, draft.files, draft.secrets)

    @property
    def files(self) -> Mapping[str, str]:
        """None."""
        return {}

    def draft(self, fill: Fill, uploads: Mapping[str, Upload]) -> Draft:  # noqa: ARG002 - it sends no files
        """Return the request.

        Raises:
            RequestRejectedError: it cannot be sent, or something is not known yet.
        """
        target, headers = fill(self.target, "target"), fill(self.headers, "headers")
        draft = read_raw(self.method, target, headers, fill(self.body, "json"), self.origin)
        return replace(draft, files=self.parts, secrets=self.secrets)
