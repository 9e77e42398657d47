"""Endpoints, their fields, and the values that they accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

import msgspec

from tui.airisk.endpoints.parameter_values import Kind, Style, as_text, in_path, in_style, typed
from tui.airisk.json_schema.json_text import JSONSyntaxError, read_json
from tui.airisk.models import Draft, Headers, Upload
from tui.airisk.redaction import DOTS, names_a_secret
from tui.errors import RequestRejectedError

if TYPE_CHECKING:
    from tui.airisk.json_schema.schema import Schema

Place = Literal["path", "query", "header", "body", "form", "file"]
"""Where a value is sent. A `body` is JSON; a `form` has `Endpoint.media_type`, and may hold a `file`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that an endpoint accepts.

    `name` is its own among the endpoint's fields; `sent_as` is what AIRisk calls it, where that differs. A file without
    one is sent under its own file's name, as AIRisk wants it. `default` is what is typed into the form beforehand, and
    may name variables: `{{agent.id}}`. An empty one of the `choices` means: not sent. `items` and
    `item_choices` are for lists. `is_password`: the description marks it as a password.
    """

    name: str
    place: Place = "query"
    kind: Kind = "string"
    required: bool = False
    default: str = ""
    example: str = ""
    meaning: str = ""
    choices: tuple[str, ...] = ()
    items: Kind = "string"
    item_choices: tuple[str, ...] = ()
    style: Style = "text"
    sent_as: str = ""
    is_password: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether its name or the description marks it as secret: typed masked, and never stored."""
        return self.is_password or names_a_secret(self.wire_name)

    @property
    def wire_name(self) -> str:
        """AIRisk's name for it."""
        return self.sent_as or self.name

    def read(self, value: str) -> object:
        """Convert typed text to a value of the field's kind.

        Raises:
            RequestRejectedError: it is not of that kind, or none of the choices.
        """
        read = typed(value, self.kind, self.name, items=self.items)
        if self.choices and value not in self.choices:
            raise RequestRejectedError(f"{self.name} must be one of {', '.join(filter(None, self.choices))}.")
        unrecognized = (
            [each for each in read if as_text(each) not in self.item_choices] if isinstance(read, list) else []
        )
        if unrecognized and self.item_choices:
            raise RequestRejectedError(f"Each of {self.name} must be one of {', '.join(self.item_choices)}.")
        return read


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation of AIRisk. Without a `path`, its path is unknown.

    A JSON body is either typed as one text, of which `body` knows the shape, or made of the fields whose place it is.
    `returns` are the media types that its description says come back, where JSON is not among them. `alternatives` are
    the same operation with bodies of other kinds, such as a form with files instead of JSON.
    """

    title: str
    group: str
    method: str = ""
    path: str = ""
    token: Literal["generic", "user"] = "user"
    fields: tuple[Field, ...] = ()
    source: str = ""
    trait: Literal["", "pages", "streams", "uploads"] = ""
    meaning: str = ""
    operation_id: str = ""
    is_deprecated: bool = False
    body: Schema | None = None
    media_type: str = ""
    returns: tuple[str, ...] = ()
    alternatives: tuple[Endpoint, ...] = ()

    @property
    def key(self) -> str:
        """Key under which it is stored: `GET /api/ListUsers`, or its title if nothing else is known."""
        return f"{self.method} {self.path}" if self.path else self.title

    @property
    def is_path_unknown(self) -> bool:
        """Whether its path, method and body are not documented."""
        return not self.path

    @property
    def content_type(self) -> str:
        """The media type of its bodies; empty if it has none, or if the boundary of its parts is not known yet."""
        if self.media_type == _MULTIPART or (not self.media_type and next(self._at("file"), None)):
            return ""
        if next(self._at("form"), None):
            return _FORM
        return self.media_type or (_JSON if self.body or next(self._at("body"), None) else "")

    def target(self, values: Mapping[str, str]) -> str:
        """Return path and query with the fields filled in, without empty optional ones.

        Raises:
            RequestRejectedError: a required field is empty, or a value is not of its kind.
        """
        return self._bare(values).target

    def draft(
        self,
        values: Mapping[str, str],
        *,
        file: Upload | None = None,
        files: Mapping[str, Upload] | None = None,
        body: str | None = None,
    ) -> Draft:
        """Return a request with the fields filled in, without empty optional ones.

        Args:
            values: what was typed, by the fields' names.
            file: what the first field for a file takes.
            files: what each field for a file takes, by its name.
            body: the JSON, or other text, where the endpoint has a `body`; by default its template, if it is required.

        Raises:
            RequestRejectedError: a required field is empty, or a value is not of its kind.
        """
        uploads = dict(files or {})
        if file and (first := next(self._at("file"), None)):
            uploads.setdefault(first.name, file)
        content = self._content(values, uploads, body)
        return replace(
            self._bare(values),
            headers=self._headers(values, content.media_type),
            body=content.body,
            files=content.files,
            secrets=self.secrets,
        )

    @property
    def secrets(self) -> frozenset[str]:
        """The names that its description marks as secret."""
        marked = frozenset(each.wire_name for each in self.fields if each.is_password)
        return marked | self.body.secrets if self.body else marked

    def _bare(self, values: Mapping[str, str]) -> Draft:
        path = hidden = self.path
        secret = any(each.is_secret for each in self._at("path"))
        for each, value in self._given("path", values):
            name, text = "{" + each.wire_name + "}", in_path(each.wire_name, value, each.style)
            path = path.replace(name, text)
            hidden = hidden.replace(name, DOTS if each.is_secret else text)
        return Draft(self.method, path, tuple(self._texts("query", values)), hidden_path=hidden if secret else "")

    def _headers(self, values: Mapping[str, str], media_type: str) -> Headers:
        wanted = ("text/event-stream",) if self.trait == "streams" else self.returns
        accept: Headers = (("Accept", ", ".join((*wanted, "*/*;q=0.1"))),) if wanted else ()
        content_type: Headers = (("Content-Type", media_type),) if media_type else ()
        return (*accept, *content_type, *self._texts("header", values))

    def _content(self, values: Mapping[str, str], uploads: Mapping[str, Upload], body: str | None) -> _Content:
        files = tuple(self._files(uploads))
        if files and self.media_type not in {"", _MULTIPART}:
            return _Content(self.media_type, files[0].content)
        if files or self.media_type == _MULTIPART:
            texts = tuple(Upload(name, "", text.encode()) for name, text in self._texts("form", values))
            return _Content(files=texts + files)
        if next(self._at("form"), None):
            pairs = self._texts("form", values)
            written = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)
            return _Content(_FORM if written else "", written.encode())
        if self.body:
            return self._typed_body(self.body, body)
        if next(self._at("body"), None):
            given = {each.wire_name: value for each, value in self._given("body", values)}
            return _Content(_JSON, msgspec.json.encode(given))
        return _Content()

    def _typed_body(self, schema: Schema, text: str | None) -> _Content:
        if text is None:
            text = schema.template() if schema.is_required else ""
        if not text.strip():
            if schema.is_required:
                raise RequestRejectedError("A body is required.")
            return _Content()
        try:
            if schema.is_json:
                read_json(text)
            return _Content(self.media_type or _JSON, text.encode())
        except JSONSyntaxError as error:
            raise RequestRejectedError(f"The body is not JSON: {error}.") from None
        except UnicodeEncodeError:
            raise RequestRejectedError("The body contains invalid Unicode (an unpaired surrogate).") from None

    def _files(self, uploads: Mapping[str, Upload]) -> Iterator[Upload]:
        for each in self._at("file"):
            upload = uploads.get(each.name)
            if upload:
                yield replace(upload, name=each.sent_as) if each.sent_as else upload
            elif each.required:
                raise RequestRejectedError("Choose a file to send.")

    def _texts(self, place: Place, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield names and texts of the fields in one place."""
        for each, value in self._given(place, values):
            yield from in_style(each.wire_name, value, each.style)

    def _given(self, place: Place, values: Mapping[str, str]) -> Iterator[tuple[Field, object]]:
        for each in self._at(place):
            value = values.get(each.name, "")
            if value:
                read = each.read(value)
                yield each, value.strip() if place != "body" and each.kind in {"integer", "number"} else read
            elif each.required:
                raise RequestRejectedError(f"{each.name} is required.")

    def _at(self, place: Place) -> Iterator[Field]:
        return (each for each in self.fields if each.place == place)


class _Content(NamedTuple):
    media_type: str = ""
    body: bytes = b""
    files: tuple[Upload, ...] = ()


_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
