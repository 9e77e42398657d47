"""The requests of a matrix: the chosen endpoints, with the values that they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import quote

import msgspec

from tui.access.field_values import Values
from tui.access.model import Column, SkippedEndpoint
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.merge import complete
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.endpoints.variables import Variables
from tui.airisk.http.methods import METHODS, SAFE_METHODS
from tui.airisk.http.request import Request, validate_request
from tui.airisk.identity import Identity
from tui.airisk.models import Draft, Upload
from tui.airisk.redaction import DOTS, hide_secrets, holds_a_secret
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.errors import PlanError, RequestRejectedError

_SAMPLE_IDENTITIES = (Identity("user", "one", "One"), Identity("user", "another", "Another"))


class RequestInputs(msgspec.Struct, frozen=True, omit_defaults=True):
    """The input for a request: values by field name, for a file its path, or a whole body.

    `skipped` names secret inputs, which are not stored with the run. `endpoint` is the endpoint as it was chosen, where
    it has several columns, each with other values.
    """

    values: dict[str, str] = {}
    body: str | None = None
    skipped: tuple[str, ...] = ()
    endpoint: str = ""

    @classmethod
    def of(cls, form: EndpointForm, chosen_as: str = "") -> RequestInputs:
        """Return what may be stored of a form."""
        endpoint, values, body = form.endpoint, dict(form.values), form.body
        skipped = [each.name for each in endpoint.fields if each.is_secret and values.pop(each.name, "")]
        if body and holds_a_secret(body.encode("utf-8", "replace"), endpoint.secrets):
            body = None
            skipped.append("the body")
        return cls(values, body, tuple(skipped), chosen_as)


_NO_INPUTS = RequestInputs()


@dataclass(frozen=True, slots=True)
class MatrixRequest:
    """A request to one endpoint that can be sent as any identity.

    Args:
        column: its column in the matrix.
        make: returns the request for an identity; raises RequestRejectedError if a value is missing for it.
        inputs: the input, for `restore_request`.
        is_safe: whether it changes nothing.
    """

    column: Column
    make: Callable[[Identity], Draft]
    inputs: RequestInputs
    is_safe: bool

    @property
    def endpoint(self) -> str:
        """The `METHOD PATH` as it was chosen."""
        return self.inputs.endpoint or self.column.name

    @property
    def digest(self) -> str:
        """A digest that is equal for requests that send the same as any identity."""
        drafts = map(self.make, _SAMPLE_IDENTITIES)
        sent = [
            (
                *(draft.method, draft.target, draft.headers, draft.body),
                [(each.name, each.filename, digest_of_bytes(each.content)) for each in draft.files],
            )
            for draft in drafts
        ]
        return digest_of_bytes(msgspec.msgpack.encode(sent))

    @classmethod
    def of(
        cls, name: str, draft: Draft, *, title: str = "", group: str = "", inputs: RequestInputs = _NO_INPUTS
    ) -> MatrixRequest:
        """Create a request that is the same for every identity.

        Raises:
            RequestRejectedError: the program does not send such a request.
        """
        validate_request(Request(draft.method, draft.target, draft.headers))
        return cls(_column(name, draft, title, group), lambda _: draft, inputs, draft.is_safe)

    @classmethod
    def of_form(
        cls,
        name: str,
        form: EndpointForm,
        known: Variables | None = None,
        uploads: Mapping[str, Upload] | None = None,
        endpoint: str = "",
    ) -> MatrixRequest:
        """Create a request whose placeholders may have other values for each identity.

        Args:
            name: the name of its column.
            form: the typed values.
            known: the values of placeholders.
            uploads: the files to send, by field name.
            endpoint: the endpoint as it was chosen, if that is not the name.

        Raises:
            RequestRejectedError: a value is missing, or unknown for every identity.
        """
        filled = known or Variables()

        def make(identity: Identity) -> Draft:
            return form.draft(lambda text, into: filled.fill(text, identity, into), uploads or {})

        inputs = RequestInputs.of(form, endpoint)
        one, other = map(make, _SAMPLE_IDENTITIES)
        if one == other:
            return cls.of(name, one, title=form.endpoint.title, group=form.endpoint.group, inputs=inputs)
        target = endpoint.partition(" ")[2]  # the values differ, but a policy may name the endpoint
        column = Column(name, form.endpoint.title, form.endpoint.group, target)
        return cls(column, make, inputs, one.is_safe and other.is_safe)


def default_requests(endpoints: Iterable[Endpoint], values: Values) -> Iterator[MatrixRequest | SkippedEndpoint]:
    """Yield the requests for each safe endpoint, or a skipped endpoint if a value is missing.

    Raises:
        PlanError: there are too many values.
    """
    for endpoint in endpoints:
        if endpoint.is_path_unknown or endpoint.method not in SAFE_METHODS:
            continue
        for name, chosen in _columns(endpoint.key, endpoint, values):
            form = _form(endpoint, chosen)
            try:
                yield MatrixRequest.of_form(name, form, endpoint="" if name == endpoint.key else endpoint.key)
            except RequestRejectedError as refusal:
                unknown = [field.name for field in endpoint.fields if field.required and field.name not in chosen]
                needs = ", ".join(f"--value {name}=…" for name in unknown)
                yield SkippedEndpoint(name, f"missing value: {needs}" if needs else refusal.message)


def parse_requests(
    text: str, endpoints: Sequence[Endpoint], values: Values, body: str | None = None
) -> Iterator[MatrixRequest]:
    """Yield the requests for a `METHOD PATH`: one for each combination of values, see `parse_request`.

    Raises:
        PlanError: the text is invalid, a value is missing, or there are too many.
    """
    name, endpoint = _endpoint_named(text, endpoints, body)
    for column, chosen in _columns(name, endpoint, values):
        yield parse_request(text, endpoints, chosen, body, column)


def typed_endpoint(text: str, endpoints: Sequence[Endpoint]) -> Endpoint:
    """Return the endpoint that a `METHOD PATH` names; its path may be unknown so far.

    Raises:
        PlanError: the text is invalid.
    """
    return _endpoint_named(text, endpoints, None)[1]


def parse_request(
    text: str, endpoints: Sequence[Endpoint], values: Mapping[str, str], body: str | None = None, column: str = ""
) -> MatrixRequest:
    """Create the request for a `METHOD PATH`, with an optional query. Reads files that are sent.

    Args:
        text: the method and the path; `{name}` in it is a value, `{{user.id}}` the sending identity's.
        endpoints: the known endpoints, whose fields may be needed.
        values: the values by field name, for a file its path.
        body: the body to send.
        column: the name of its column, by default the method and the path.

    Raises:
        PlanError: the text is invalid, or a value is missing.
    """
    name, endpoint = _endpoint_named(text, endpoints, body)
    try:
        if endpoint not in endpoints and not endpoint.fields:
            return _of_bare(_bare(endpoint.method, endpoint.path, body))
        form = replace(_form(endpoint, values), body=body)
        return _of_typed(column or name, form, "" if column in {"", name} else name)
    except RequestRejectedError as refusal:
        raise PlanError(f"{name}: {refusal.message}", advice="Pass values with --value NAME=VALUE.") from None


def _endpoint_named(text: str, endpoints: Sequence[Endpoint], body: str | None) -> tuple[str, Endpoint]:
    """Return the `METHOD PATH` in one spelling, and the known endpoint or a free one."""
    method, _, path = (part.strip() for part in text.strip().partition(" "))
    method = method.upper()
    if method not in METHODS or not path.startswith("/"):
        raise PlanError(f"“{text}” is not METHOD PATH.", advice="For example: --endpoint 'GET /api/Chat/ListAgents'.")
    name = f"{method} {path}"
    # A whole body replaces the fields that would form one.
    known = next((each for each in endpoints if each.key.casefold() == name.casefold() and body is None), None)
    try:
        return name, known or _free(method, path)
    except RequestRejectedError as refusal:
        raise PlanError(f"{name}: {refusal.message}", advice="Pass values with --value NAME=VALUE.") from None


def _columns(name: str, endpoint: Endpoint, values: Values) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each column of an endpoint, and its values; several values are part of the name."""
    given = values.of(endpoint)
    several = [field for field in endpoint.fields if len(given.get(field.name, ())) > 1]
    names: set[str] = set()
    for chosen in values.combinations(endpoint):
        column = named = _name_with(name, several, chosen)
        for number in count(2):
            if column not in names:
                break
            column = f"{named} #{number}"  # masked values look the same
        names.add(column)
        yield column, chosen


def _name_with(name: str, fields: Iterable[Field], values: Mapping[str, str]) -> str:
    """Return the name of an endpoint with values: in its path and query where they are sent there, else after it."""
    query, others = [], []
    for field in fields:
        value = DOTS if field.is_secret else values[field.name]
        shown = value if "{{" in value or field.is_secret else quote(value, safe="")
        in_path = "{" + field.wire_name + "}"
        if field.place == "path" and in_path in name:
            name = name.replace(in_path, shown)
        elif field.place == "query":
            query.append(f"{field.wire_name}={shown}")
        else:
            others.append(f"{field.wire_name}={value}")
    joint = "&" if "?" in name else "?"
    return name + (joint + "&".join(query) if query else "") + (f" ({', '.join(others)})" if others else "")


def restore_request(
    column: Column, inputs: RequestInputs, endpoints: Mapping[str, Endpoint]
) -> MatrixRequest | SkippedEndpoint:
    """Restore a stored request; skip it if it would be another one today. Reads files that are sent.

    Args:
        column: the stored name and target.
        inputs: the stored input.
        endpoints: the known endpoints by their keys.
    """
    name = inputs.endpoint or column.name
    known = endpoints.get(name)
    if inputs.skipped:
        return SkippedEndpoint(
            column.name, f"{', '.join(inputs.skipped)} held a secret, which is not stored with a run. Start a new run."
        )
    try:
        if known:
            request = _of_typed(column.name, EndpointForm(known, inputs.values, inputs.body), inputs.endpoint)
        else:
            request = parse_request(name, (), inputs.values, inputs.body, column.name)
    except (RequestRejectedError, PlanError) as error:
        return SkippedEndpoint(column.name, error.message)
    is_same = request.column.target == column.target
    return (
        replace(request, column=column)
        if is_same
        else SkippedEndpoint(column.name, "the request has changed since the run was started")
    )


def _of_bare(draft: Draft) -> MatrixRequest:
    """Create a request from a path typed as a whole; a secret in it is neither shown nor stored."""
    shown, skipped = hide_secrets(draft.path, DOTS)
    body: str | None = draft.body.decode() if draft.body else None
    if body and holds_a_secret(draft.body):
        body = None
        skipped.append("the body")
    return MatrixRequest.of(f"{draft.method} {shown}", draft, inputs=RequestInputs(body=body, skipped=tuple(skipped)))


def _of_typed(name: str, form: EndpointForm, endpoint: str = "") -> MatrixRequest:
    uploads = {field: read_upload(path) for field, path in form.files.items()}
    return MatrixRequest.of_form(name, form, uploads=uploads, endpoint=endpoint)


def _form(endpoint: Endpoint, values: Mapping[str, str]) -> EndpointForm:
    """Return a form with the given values, and with defaults for required fields."""
    usual = {field.name: field.default for field in endpoint.fields if field.required and field.default}
    given = {field.name: values[field.name] for field in endpoint.fields if field.name in values}
    return EndpointForm(endpoint, usual | given)


def _free(method: str, path: str) -> Endpoint:
    """Return an endpoint that no description has, with the names in braces as its fields."""
    bare = Endpoint(path, "", method)
    names = dict.fromkeys(re.findall(r"\{\{\s*([^{}]+?)\s*\}\}", path))
    # A placeholder becomes the default of a field, so that its value is encoded like a field's.
    for number, each in enumerate(names):
        path = re.sub(r"\{\{\s*" + re.escape(each) + r"\s*\}\}", f"{{~{number}}}", path)
    endpoint = complete(bare, method, path)
    usual = {f"~{number}": "{{" + each + "}}" for number, each in enumerate(names)}
    fields = tuple(replace(field, default=usual.get(field.name, "")) for field in endpoint.fields)
    return replace(endpoint, fields=fields, title="")


def _bare(method: str, path: str, body: str | None) -> Draft:
    headers = (("Content-Type", "application/json"),) if body else ()
    return Draft(method, path, headers=headers, body=(body or "").encode())


def _column(name: str, draft: Draft, title: str, group: str) -> Column:
    target = draft.shown_target
    return Column(name, title, group, "" if name == f"{draft.method} {target}" else target)
