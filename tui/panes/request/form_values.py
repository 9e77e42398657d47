"""What is typed into forms, and what requests that makes: without a widget, and without sending anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui.airisk.endpoints.forms import EndpointForm, Form, RawForm
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.variables import Variables
from tui.airisk.models import APPLICATION, Draft, Identity, Upload
from tui.airisk.redaction import holds_a_secret
from tui.bindings import format_keys
from tui.config.origin import Origin
from tui.errors import RequestRejectedError

BODY = ""
"""The name under which a body is remembered among the values."""


class FormValues:
    """The form in use, an endpoint's or a free one, and what was typed into all others before.

    Attributes:
        raw: the request written freely, while one is.
        known: what its placeholders stand for.
        identity: in whose name it would go.
        origin: where it would go, once that is known.
    """

    def __init__(self) -> None:
        self.raw: RawForm | None = None
        self.known = Variables()
        self.identity: Identity = APPLICATION
        self.origin: Origin | None = None
        self._opened: Endpoint | None = None
        self._typed: dict[str, dict[str, str]] = {}

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the form is for; None where it is a free one."""
        return None if self.raw else self._opened

    @property
    def is_ready(self) -> bool:
        """Whether there is a request that could be sent."""
        return self.raw is not None or (self._opened is not None and not self._opened.is_path_unknown)

    @property
    def values(self) -> dict[str, str]:
        """What stands in the form: what was typed, and elsewhere what it begins with, as far as that is known yet."""
        return self._values_of(self._opened) if self._opened else {}

    def _values_of(self, endpoint: Endpoint) -> dict[str, str]:
        beginning = {each.name: each.default if self._is_known(each.default) else "" for each in endpoint.fields}
        if endpoint.body and endpoint.body.is_required:
            beginning[BODY] = endpoint.body.template()
        return beginning | self._typed.get(endpoint.key, {})

    @property
    def typed(self) -> dict[str, str]:
        """What was typed into it and may be kept: no secret."""
        endpoint = self._opened
        if endpoint is None:
            return {}
        secret = {each.name for each in endpoint.fields if each.is_secret}
        typed = {name: value for name, value in self._typed.get(endpoint.key, {}).items() if name not in secret}
        if endpoint.body and holds_a_secret(typed.get(BODY, "").encode("utf-8", "replace"), endpoint.secrets):
            del typed[BODY]
        return typed

    @property
    def begun(self) -> tuple[str, str]:
        """The method and the path, even where they make no request yet."""
        if self.raw:
            return self.raw.method, self.raw.target
        return (self._opened.method, self._opened.path) if self._opened else ("", "")

    def open(self, endpoint: Endpoint) -> None:
        """Go to an endpoint's form."""
        self._opened, self.raw = endpoint, None

    def toggle_raw(self) -> None:
        """Write the request freely, beginning with what the form makes of it; or go back to the form."""
        if self.raw and self._opened:
            self.raw = None
        elif self.raw is None and self.origin:
            self.raw = self._as_raw(self.origin)

    def remember(self, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Begin with what was typed before, where nothing was typed since."""
        self._typed = {key: dict(values) for key, values in typed.items()} | self._typed

    def keep(self, name: str, value: str) -> None:
        """Remember what was typed; a form that is only opened leaves nothing behind."""
        if self._opened and self.values.get(name, "") != value:
            self._typed.setdefault(self._opened.key, {})[name] = value

    def form(self) -> Form | None:
        """The form as it is filled in."""
        if self.raw or self._opened is None:
            return self.raw
        return self.form_of(self._opened)

    def form_of(self, endpoint: Endpoint) -> EndpointForm:
        """An endpoint's form as it is filled in, whichever is opened."""
        values = self._values_of(endpoint)
        body = values.pop(BODY, None)
        return EndpointForm(endpoint, values, body if endpoint.body else None)

    def draft(self) -> Draft:
        """The request that it makes just now, with files of no content.

        Raises:
            RequestRejectedError: it makes none.
        """
        form = self.form()
        if form is None:
            advice = format_keys("Choose an endpoint in the explorer ({go_to_explorer|2}).")
            raise RequestRejectedError("There is no request to send.", advice=advice)
        named = {name: Upload(filename := Path(path).name, filename, b"") for name, path in form.files.items()}
        return form.draft(lambda text, into: self.known.fill(text, self.identity, into), named)

    def _is_known(self, default: str) -> bool:
        try:
            self.known.fill(default, self.identity)
        except RequestRejectedError:
            return False
        return True

    def _as_raw(self, origin: Origin) -> RawForm:
        """The request that the form makes, as far as it makes one."""
        try:
            return RawForm.of(self.draft(), origin)
        except RequestRejectedError:
            method, path = self.begun
            return RawForm(origin, method or "GET", path or "/api/")
