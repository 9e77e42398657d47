"""What AIRisk can be asked: endpoints, and the values they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

import msgspec

from tui.airisk.errors import Refused
from tui.airisk.models import Draft, Headers, Upload
from tui.airisk.values import typed

Place = Literal["path", "query", "header", "body", "file"]
Kind = Literal["string", "integer", "number", "boolean", "array", "object"]


@dataclass(frozen=True, slots=True)
class Field:
    """One value that an endpoint takes. `kind` is a JSON Schema type; `place` is where the value travels.

    `default` is what is typed into the form beforehand, and may name values that are known by then: `{{agent.id}}`.
    """

    name: str
    place: Place = "query"
    kind: Kind = "string"
    required: bool = False
    default: str = ""
    example: str = ""
    meaning: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation that AIRisk offers. Without a `path` it is known by name only."""

    title: str
    group: str
    method: str = ""
    path: str = ""
    token: Literal["generic", "user"] = "user"
    fields: tuple[Field, ...] = ()
    source: str = ""
    trait: Literal["", "pages", "streams", "uploads"] = ""

    @property
    def key(self) -> str:
        """What it is remembered by: `GET /api/ListUsers`, or its title where that is all that is known."""
        return f"{self.method} {self.path}" if self.path else self.title

    @property
    def is_known_by_name_only(self) -> bool:
        """Whether its path, method and body are not documented."""
        return not self.path

    def target(self, values: Mapping[str, str]) -> str:
        """The path and the query with the fields filled in; empty optional ones are left out.

        Raises:
            Refused: a required field is empty, or a value is not of its kind.
        """
        return self._bare(values).target

    def draft(self, values: Mapping[str, str], *, file: Upload | None = None) -> Draft:
        """A request with the fields filled in; empty optional ones are not sent.

        Raises:
            Refused: a required field is empty, or a value is not of its kind.
        """
        if any(each.place == "file" for each in self.fields) and file is None:
            raise Refused("Choose a file to send.")
        headers: Headers = (("Accept", "text/event-stream"),) if self.trait == "streams" else ()
        body = b""
        if any(each.place == "body" for each in self.fields):
            headers += (("Content-Type", "application/json"),)
            body = msgspec.json.encode(self._given("body", values))
        return replace(self._bare(values), headers=headers, body=body, files=(file,) if file else ())

    def _bare(self, values: Mapping[str, str]) -> Draft:
        path = self.path
        for name, value in self._given("path", values).items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        query = tuple((name, str(value)) for name, value in self._given("query", values).items())
        return Draft(self.method, path, query)

    def _given(self, place: str, values: Mapping[str, str]) -> dict[str, object]:
        given: dict[str, object] = {}
        for each in self.fields:
            value = values.get(each.name, "")
            if each.place == place and value:
                given[each.name] = _typed(each, value)
            elif each.place == place and each.required:
                raise Refused(f"{each.name} is required.")
        return given


def _typed(each: Field, value: str) -> object:
    if each.choices and value not in each.choices:
        raise Refused(f"{each.name} must be one of {', '.join(each.choices)}.")
    read = typed(value, each.kind, each.name)
    return value if each.kind == "integer" and each.place != "body" else read
