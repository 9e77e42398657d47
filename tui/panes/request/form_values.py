"""Typed form values and the requests they make. Uses no widgets and sends nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from tui.airisk.endpoints.forms import EndpointForm, Form, RawForm, literal
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.variables import Variables
from tui.airisk.identity import APPLICATION, Identity
from tui.airisk.models import Draft, Upload
from tui.airisk.redaction import holds_a_secret
from tui.config.origin import Origin
from tui.errors import RequestRejectedError
from tui.key_labels import format_keys

BODY = ""
"""The name of the body among the values."""


class FormValues:
    """The current form (an endpoint's or a raw request) and the values typed into all forms.

    Attributes:
        raw: the raw request, while one is edited.
        known: the values of placeholders.
        identity: the identity that the request is sent as.
        origin: where the request is sent, once known.
    """

    def __init__(self) -> None:
        self.raw: RawForm | None = None
        self.known = Variables()
        self.identity: Identity = APPLICATION
        self.origin: Origin | None = None
        self._opened: Endpoint | None = None
        self._typed: dict[str, dict[str, str]] = {}
        self._media_types: dict[str, str] = {}

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint of the form; None for a raw request."""
        return None if self.raw else self._opened

    @property
    def variants(self) -> tuple[Endpoint, ...]:
        """The endpoint with each kind of body that it takes."""
        return (self._opened, *self._opened.alternatives) if self._opened and not self.raw else ()

    @property
    def variant(self) -> Endpoint | None:
        """The endpoint of the form, with the chosen kind of body; None for a raw request."""
        return self._variant_of(self._opened) if self._opened and not self.raw else None

    def _variant_of(self, endpoint: Endpoint) -> Endpoint:
        chosen = self._media_types.get(endpoint.key)
        return next((each for each in endpoint.alternatives if each.media_type == chosen), endpoint)

    def choose(self, media_type: str) -> None:
        """Choose the kind of body."""
        if self._opened:
            self._media_types[self._opened.key] = media_type

    @property
    def is_ready(self) -> bool:
        """Whether there is a request to send."""
        return self.raw is not None or (self._opened is not None and not self._opened.is_path_unknown)

    @property
    def values(self) -> dict[str, str]:
        """The values in the form: typed ones, else the defaults whose placeholders are known."""
        return self._values_of(self._variant_of(self._opened)) if self._opened else {}

    def _values_of(self, endpoint: Endpoint) -> dict[str, str]:
        beginning = {each.name: each.default if self._is_known(each.default) else "" for each in endpoint.fields}
        if endpoint.body and endpoint.body.is_required:
            beginning[BODY] = endpoint.body.template()
        return beginning | self._typed.get(endpoint.key, {})

    @property
    def typed(self) -> dict[str, str]:
        """The typed values that may be saved, without secrets."""
        if self._opened is None:
            return {}
        endpoint = self._variant_of(self._opened)
        secret = {each.name for each in endpoint.fields if each.is_secret}
        typed = {name: value for name, value in self._typed.get(endpoint.key, {}).items() if name not in secret}
        if endpoint.body and holds_a_secret(typed.get(BODY, "").encode("utf-8", "replace"), endpoint.secrets):
            del typed[BODY]
        return typed

    @property
    def begun(self) -> tuple[str, str]:
        """The method and the path, even if the request is incomplete."""
        if self.raw:
            return self.raw.method, self.raw.target
        return (self._opened.method, self._opened.path) if self._opened else ("", "")

    def open(self, endpoint: Endpoint, filled: EndpointForm | None = None) -> None:
        """Switch to an endpoint's form, with the values of `filled`, or those typed last."""
        self._opened, self.raw = endpoint, None
        if filled:
            self.choose(filled.endpoint.media_type)
            body = {} if filled.body is None else {BODY: filled.body}
            self._typed[endpoint.key] = {**filled.values, **body}

    def toggle_raw(self) -> None:
        """Switch between the form and a raw request, which starts with what the form has."""
        if self.raw and self._opened:
            self.raw = None
        elif self.raw is None and self.origin:
            self.raw = self._as_raw(self.origin)

    def remember(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Restore earlier values of endpoints for which nothing was typed since."""
        self._typed = {key: dict(values) for key, values in typed.items()} | self._typed

    def keep(self, name: str, value: str) -> None:
        """Store a typed value, unless the form has it already: opening a form stores nothing."""
        if self._opened and self.values.get(name, "") != value:
            self._typed.setdefault(self._opened.key, {})[name] = value

    def form(self) -> Form | None:
        """Return the current form as filled in; None if there is none."""
        if self.raw or self._opened is None:
            return self.raw
        return self.form_of(self._opened)

    def form_of(self, endpoint: Endpoint) -> EndpointForm:
        """Return an endpoint's form as filled in, even if another one is open."""
        endpoint = self._variant_of(endpoint)
        values = self._values_of(endpoint)
        body = values.pop(BODY, None)
        return EndpointForm(endpoint, values, body if endpoint.body else None)

    def draft(self) -> Draft:
        """Return the current request, with empty file contents.

        Raises:
            RequestRejectedError: there is no request, or it is invalid.
        """
        form = self.form()
        if form is None:
            advice = format_keys("Pick an endpoint in the explorer (press {go_to_explorer|2}).")
            raise RequestRejectedError("No request to send.", advice=advice)
        named = {name: Upload(filename := Path(path).name, filename, b"") for name, path in form.files.items()}
        return form.draft(lambda text, into: self.known.fill(text, self.identity, into), named)

    def meaning_of(self, value: str) -> str:
        """Return what a typed value with placeholders stands for, with the names of its ids; empty if it has none."""
        if "{{" not in value:
            return ""
        try:
            return " · ".join([self.known.fill(value, self.identity), *self.known.named(value, self.identity).values()])
        except RequestRejectedError:
            return ""

    def _is_known(self, default: str) -> bool:
        try:
            self.known.fill(default, self.identity)
        except RequestRejectedError:
            return False
        return True

    def _as_raw(self, origin: Origin) -> RawForm:
        """Return the form's request as a raw one. An incomplete one names what is missing, and cannot be sent."""
        try:
            return RawForm.of(literal(self.draft()), origin)
        except RequestRejectedError:
            return self._unfinished(self.variant, origin) if self.variant else RawForm(origin)

    def _unfinished(self, endpoint: Endpoint, origin: Origin) -> RawForm:
        """Return a form as typed, with the name of each missing value as an unknown placeholder."""
        typed = dict(self.values)
        missing = (each for each in endpoint.fields if each.required and each.place != "file" and not typed[each.name])
        typed |= {each.name: f"{{{{{each.wire_name}}}}}" for each in missing}
        fields = [each if _is_valid(each, typed[each.name]) else _unchecked(each) for each in endpoint.fields]
        try:
            form = RawForm.of(replace(endpoint, fields=tuple(fields)).draft(typed, body=typed.get(BODY)), origin)
        except RequestRejectedError:
            form = RawForm(origin, endpoint.method, endpoint.path, body=typed.get(BODY, ""))
        return replace(form, target=_PLACEHOLDER.sub(lambda found: unquote(found[0]), form.target))


_PLACEHOLDER = re.compile(r"%7B%7B[\w.]+%7D%7D")


def _is_valid(field: Field, value: str) -> bool:
    try:
        field.read(value)
    except RequestRejectedError:
        return False
    return bool(value) or not field.required


def _unchecked(field: Field) -> Field:
    """Return the field so that it accepts any text, or none."""
    return replace(field, kind="string", choices=(), required=False)
