"""Whatever is brought as a document, it is read or refused in words, and what was read can be used."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.shaking import shaken
from tests.unit.airisk.openapi.writing import HERE
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.models import Upload
from tui.airisk.openapi.document import Document, read_document
from tui.airisk.openapi.yaml_loader import read_yaml
from tui.errors import OpenAPIError, RequestRejectedError

NAMES = (
    *(
        "openapi",
        "swagger",
        "info",
        "title",
        "servers",
        "url",
        "variables",
        "default",
        "basePath",
        "paths",
        "get",
        "post",
    ),
    *("parameters", "name", "in", "schema", "content", "requestBody", "application/json", "multipart/form-data"),
    *("type", "properties", "items", "required", "enum", "allOf", "oneOf", "discriminator", "propertyName", "$ref"),
    *("example", "examples", "style", "explode", "minimum", "minLength", "pattern", "format", "consumes", "tags"),
)
WORDS = (
    "3.0.0",
    "3.1.0",
    "2.0",
    "/a/{b}",
    "query",
    "path",
    "body",
    "object",
    "array",
    "string",
    "#/paths",
    "#",
    "x.json",
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 500)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(WORDS)
)
KEYS = st.sampled_from(NAMES) | st.sampled_from(WORDS) | st.text(max_size=5)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))
GOOD: list[Any] = [
    read_yaml((HERE / "library.yaml").read_text())[0],
    *(json.loads((HERE / name).read_text()) for name in ("workshop.json", "post_office.json")),
]

WRONG: list[Any] = [None, 7, [], "#/paths", {"parameters": 7}, {"$ref": "#/nowhere"}]


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="surrogatepass")))
def test_junk_is_refused_in_words(content: bytes) -> None:
    for begin in (b"", b"{", b'{"openapi": "3.0.0", ', b"openapi: 3.0.0\npaths:\n "):
        try:
            _use_all(read_document(begin + content))
        except OpenAPIError as refusal:
            words = refusal.message
        else:
            words = "It is no junk."
        assert words.endswith(".")


@given(VALUES)
def test_any_values_at_all_can_be_read(values: Any) -> None:
    content = json.dumps({"openapi": "3.1.0", "paths": {"/a/{b}": values}, "components": values}).encode()
    _use_all(read_document(content))


@given(st.data())
def test_a_document_with_a_part_gone_wrong_can_be_used_or_has_no_version(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    bad = shaken(good, data, VALUES)
    if all(bad.get(keyword) == good.get(keyword) for keyword in ("openapi", "swagger")):
        _use_all(read_document(json.dumps(bad).encode()))


@pytest.mark.parametrize("good", GOOD, ids=["library", "workshop", "post office"])
def test_an_operation_gone_wrong_takes_no_other_with_it(good: dict[str, Any]) -> None:
    operations = _operations(good)
    for method, path in operations:
        for wrong in WRONG:
            item = {**good["paths"][path], method.lower(): wrong}
            lost = operations - _operations({**good, "paths": {**good["paths"], path: item}})
            assert lost <= {(method, path)}, wrong


def _operations(document: dict[str, Any]) -> set[tuple[str, str]]:
    """The operations that are read, each with its path as the document has it."""
    found = read_document(json.dumps(document).encode()).endpoints
    return {(each.method, next(filter(each.path.endswith, document["paths"]))) for each in found}


def _use_all(document: Document) -> None:
    assert all(document.problems)
    for endpoint in document.endpoints:
        _use(endpoint)


def _use(endpoint: Endpoint) -> None:
    hash(endpoint)
    uploads = {each.name: Upload("f", "f", b"") for each in endpoint.fields if each.place == "file"}
    with contextlib.suppress(RequestRejectedError):
        assert endpoint.draft({each.name: _typed(each) for each in endpoint.fields}, files=uploads).target
    if endpoint.body and endpoint.body.is_json:
        text = endpoint.body.template(optional=True)
        json.loads(text)
        endpoint.body.errors(text)


def _typed(field: Field) -> str:
    return field.default or field.example or next(filter(None, field.choices), "1")
