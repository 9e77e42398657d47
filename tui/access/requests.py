"""The requests of a matrix: the chosen endpoints, with the values that they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from tui.access.model import Column
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.merge import complete
from tui.airisk.endpoints.model import Endpoint
from tui.airisk.endpoints.uploads import read_upload
from tui.airisk.endpoints.variables import Variables
from tui.airisk.http.methods import METHODS, SAFE_METHODS
from tui.airisk.http.request import Request, validate_request
from tui.airisk.models import Draft, Identity, Upload
from tui.airisk.redaction import DOTS, hide_secrets, holds_a_secret
from tui.airisk.responses.volatile_fields import digest_of_bytes
from tui.errors import PlanError, RequestRejectedError

_SAMPLE_IDENTITIES = (Identity("user", "one", "One"), Identity("user", "another", "Another"))
_IN_BRACES = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")


class RequestInputs(msgspec.Struct, frozen=True, omit_defaults=True):
    """The input for a request: values by field name, for a file its path, or a whole body.

    `skipped` names secret inputs, which are not stored with the run.
    """

    values: dict[str, str] = {}
    body: str | None = None
    skipped: tuple[str, ...] = ()

    @classmethod
    def of(cls, form: EndpointForm) -> RequestInputs:
        """Return what may be stored of a form."""
        endpoint, values, body = form.endpoint, dict(form.values), form.body
        skipped = [each.name for each in endpoint.fields if each.is_secret and values.pop(each.name, "")]
        if body and holds_a_secret(body.encode("utf-8", "replace"), endpoint.secrets):
            body = None
            skipped.append("the body")
        return cls(values, body, tuple(skipped))


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
        cls, name: str, form: EndpointForm, known: Variables | None = None, uploads: Mapping[str, Upload] | None = None
    ) -> MatrixRequest:
        """Create a request whose placeholders may have other values for each identity.

        Args:
            name: the name of its column.
            form: the typed values.
            known: the values of placeholders.
            uploads: the files to send, by field name.

        Raises:
            RequestRejectedError: a value is missing, or unknown for every identity.
        """
        filled = known or Variables()

        def make(identity: Identity) -> Draft:
            return form.draft(lambda text, into: filled.fill(text, identity, into), uploads or {})

        inputs = RequestInputs.of(form)
        one, other = map(make, _SAMPLE_IDENTITIES)
        if one == other:
            return cls.of(name, one, title=form.endpoint.title, group=form.endpoint.group, inputs=inputs)
        return cls(Column(name, form.endpoint.title, form.endpoint.group), make, inputs, one.is_safe and other.is_safe)


@dataclass(frozen=True, slots=True)
class SkippedEndpoint:
    """An endpoint that gets no request, and the reason."""

    name: str
    why: str


def default_requests(
    endpoints: Iterable[Endpoint], values: Mapping[str, str]
) -> Iterator[MatrixRequest | SkippedEndpoint]:
    """Yield a request for each safe endpoint, or a skipped endpoint if a value is missing."""
    for endpoint in endpoints:
        if endpoint.is_path_unknown or endpoint.method not in SAFE_METHODS:
            continue
        form = _form(endpoint, values)
        try:
            yield MatrixRequest.of_form(endpoint.key, form)
        except RequestRejectedError as refusal:
            unknown = [field.name for field in endpoint.fields if field.required and field.name not in values]
            needs = ", ".join(f"--value {name}=…" for name in unknown)
            yield SkippedEndpoint(endpoint.key, f"missing value: {needs}" if needs else refusal.message)


def parse_request(
    text: str, endpoints: Sequence[Endpoint], values: Mapping[str, str], body: str | None = None
) -> MatrixRequest:
    """Create the request for a `METHOD PATH`, with an optional query. Reads files that are sent.

    Args:
        text: the method and the path; `{name}` in it is a value, `{{user.id}}` the sending identity's.
        endpoints: the known endpoints, whose fields may be needed.
        values: the values by field name, for a file its path.
        body: the body to send.

    Raises:
        PlanError: the text is invalid, or a value is missing.
    """
    method, _, path = (part.strip() for part in text.strip().partition(" "))
    method = method.upper()
    if method not in METHODS or not path.startswith("/"):
        raise PlanError(f"“{text}” is not METHOD PATH.", advice="For example: --endpoint 'GET /api/Chat/ListAgents'.")
    name = f"{method} {path}"
    # A whole body replaces the fields that would form one.
    known = next((each for each in endpoints if each.key.casefold() == name.casefold() and body is None), None)
    try:
        if known is None and not _IN_BRACES.search(path) and "{{" not in path:
            return _of_bare(_bare(method, path, body))
        return _of_typed(name, replace(_form(known or _free(method, path), values), body=body))
    except RequestRejectedError as refusal:
        raise PlanError(f"{name}: {refusal.message}", advice="Pass values with --value NAME=VALUE.") from None


def restore_request(
    column: Column, inputs: RequestInputs, endpoints: Mapping[str, Endpoint]
) -> MatrixRequest | SkippedEndpoint:
    """Restore a stored request; skip it if it would be another one today. Reads files that are sent.

    Args:
        column: the stored name and target.
        inputs: the stored input.
        endpoints: the known endpoints by their keys.
    """
    known = endpoints.get(column.name)
    if inputs.skipped:
        return SkippedEndpoint(
            column.name, f"{', '.join(inputs.skipped)} held a secret, which is not stored with a run. Start a new run."
        )
    try:
        if known:
            request = _of_typed(column.name, EndpointForm(known, inputs.values, inputs.body))
        else:
            request = parse_request(column.name, (), inputs.values, inputs.body)
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


def _of_typed(name: str, form: EndpointForm) -> MatrixRequest:
    return MatrixRequest.of_form(name, form, uploads={field: read_upload(path) for field, path in form.files.items()})


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
