"""A request that was sent is put back into the form of its endpoint only if the form makes the very same one."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import EndpointForm
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.variables import Into, Variables
from tui.airisk.identity import APPLICATION
from tui.airisk.json_schema.schema import ANY_JSON
from tui.airisk.models import Draft, Upload
from tui.errors import RequestRejectedError

JSON = (("Content-Type", "application/json"),)
ASK = next(each for each in ENDPOINTS if each.title == "Ask agent")
CREATE = next(each for each in ENDPOINTS if each.title == "Create conversation")
ATTACH = next(each for each in ENDPOINTS if each.title == "Add file to conversation")
READ = next(each for each in ENDPOINTS if each.title == "Get conversation")
LIST = next(each for each in ENDPOINTS if each.title == "List conversations")
ODD = Endpoint(
    "Odd",
    "Odd",
    "POST",
    "/api/{one}/x({two})",
    fields=(
        Field("one", "path", required=True),
        Field("two", "path", required=True),
        Field("number", kind="integer"),
        Field("many", kind="array", style="repeat"),
        Field("X-Trace", "header"),
        Field("text", "body", required=True),
        Field("count", "body", kind="number"),
        Field("is_on", "body", kind="boolean"),
        Field("more", "body", kind="object"),
    ),
)
DESCRIBED = Endpoint("Described", "Odd", "PUT", "/api/things/{id}", fields=(Field("id", "path"),), body=ANY_JSON)
FORM = Endpoint("Form", "Odd", "POST", "/api/form", fields=(Field("a", "form"), Field("b", "form")))

TYPED = st.text("/%?#&=[]{}<>\"'|\\ \n\0éü€aZ09,.-", max_size=8) | st.sampled_from(
    ["{{", "{{x}}", "\\{{x}}", "1e3", "[]"]
)
VALUES = st.dictionaries(
    st.sampled_from([field.name for each in (ODD, DESCRIBED, FORM) for field in each.fields]), TYPED
)


def as_is(text: str, _: Into) -> str:
    """Send what is typed."""
    return text


def filled(text: str, into: Into) -> str:
    """Fill in placeholders, of which none is known."""
    return Variables().fill(text, APPLICATION, into)


@given(st.sampled_from([ODD, DESCRIBED, FORM]), VALUES, st.none() | TYPED.map(json.dumps))
@example(ODD, {"one": "a/b", "two": "{{x}}", "text": "\\{{", "more": '{"a": 1.50}', "many": "1,2"}, None)
def test_whatever_was_sent_the_form_makes_it_again_or_there_is_none(
    endpoint: Endpoint, values: dict[str, str], body: str | None
) -> None:
    with suppress(RequestRejectedError):
        sent = EndpointForm(endpoint, values, body).draft(as_is, {})
        if form := EndpointForm.of(sent, endpoint):
            made = form.draft(filled, {})
            assert (made.method, made.target, made.headers) == (sent.method, sent.target, sent.headers)
            assert made.body == sent.body or json.loads(made.body) == json.loads(sent.body)


@pytest.mark.parametrize(
    ("endpoint", "values", "body"),
    [
        (ASK, {"conversationID": "c-1", "text": 'line 1\n"line 2" {{literal}}'}, None),
        (CREATE, {"title": "7", "agentId": "a-1", "metadata": '[{"a":1.0}]'}, None),
        (LIST, {"agentid": "", "results": "20", "skip": "40", "metadatasearch": "a&b=c d/é"}, None),
        (READ, {"conversationId": "a/b c"}, None),
        (ODD, {"one": "1", "two": "2", "number": "5", "many": "a,b", "X-Trace": "t", "text": "x"}, None),
        (ODD, {"one": "1", "two": "2", "text": "x", "count": "1.5", "is_on": "true", "more": '{"a":[1]}'}, None),
        (DESCRIBED, {"id": "7"}, '{\n  "a": "{{b}}"\n}'),
        (FORM, {"a": "1 + 1", "b": "é"}, None),
    ],
)
def test_what_was_typed_comes_back(endpoint: Endpoint, values: dict[str, str], body: str | None) -> None:
    sent = EndpointForm(endpoint, values, body).draft(as_is, {})
    form = EndpointForm.of(sent, endpoint)
    assert form
    assert form.draft(filled, {}) == sent
    typed = {name: text.replace("{{", "\\{{") for name, text in values.items()}
    assert {name: text for name, text in form.values.items() if text} == {k: v for k, v in typed.items() if v}


def test_the_order_of_members_does_not_matter() -> None:
    sent = EndpointForm(ASK, {"conversationID": "c", "text": "t"}).draft(as_is, {})
    form = EndpointForm.of(replace(sent, body=b'{ "text": "\\u0074", "conversationID": "c" }'), ASK)
    assert form
    assert form.values == {"conversationID": "c", "text": "t"}


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"path": "/api/Chat/AskAgent/"},
        {"query": (("trace", "1"),)},
        {"headers": (*JSON, ("X-More", "1"))},
        {"headers": JSON},
        {"body": b'{"conversationID":"c","text":"t","more":1}'},
        {"body": b'{"conversationID":"c","text":7}'},
        {"body": b'{"conversationID":"c","text":""}'},
        {"body": b'{"conversationID":"c","text":"t","text":"t"}'},
        {"body": b'["c","t"]'},
        {"body": b"\xff"},
        {"body": b""},
        {"files": (Upload("a", "a", b"a"),)},
    ],
    ids=str,
)
def test_what_the_form_would_send_otherwise_is_none_of_its_requests(change: dict[str, object]) -> None:
    sent = EndpointForm(ASK, {"conversationID": "c", "text": "t"}).draft(as_is, {})
    assert EndpointForm.of(sent, ASK)
    assert EndpointForm.of(replace(sent, **change), ASK) is None  # type: ignore[arg-type]


def test_a_file_cannot_be_typed_again() -> None:
    assert EndpointForm.of(ATTACH.draft({"conversationId": "c"}, file=Upload("a", "a", b"a")), ATTACH) is None


def test_of_a_request_without_its_body_the_path_and_the_query_are_known() -> None:
    sent = EndpointForm(ODD, {"one": "1", "two": "2", "number": "5", "text": "x"}).draft(as_is, {})
    form = EndpointForm.without_body(replace(sent, body=b""), ODD)
    assert form
    assert form.values == {each.name: "" for each in ODD.fields} | {"one": "1", "two": "2", "number": "5"}
    with pytest.raises(RequestRejectedError, match="text is required"):
        form.draft(filled, {})
    assert EndpointForm.without_body(Draft("POST", "/api/1/x(2)", headers=(("X-More", "1"),)), ODD) is None


@pytest.mark.parametrize("endpoint", [ODD, DESCRIBED, FORM, ATTACH], ids=lambda each: each.title)
def test_a_request_without_its_body_is_of_no_endpoint_that_makes_another_kind_of_body_or_none(
    endpoint: Endpoint,
) -> None:
    path = endpoint.path.replace("{", "").replace("}", "")
    headers = (("Content-Type", endpoint.content_type),) if endpoint.content_type else ()
    assert EndpointForm.without_body(Draft(endpoint.method, path, headers=headers), endpoint)
    other = (("Content-Type", "text/plain"),)
    assert EndpointForm.without_body(Draft(endpoint.method, path, headers=other), endpoint) is None
    bare = replace(endpoint, fields=tuple(each for each in endpoint.fields if each.place == "path"), body=None)
    assert EndpointForm.without_body(Draft(endpoint.method, path, headers=headers), bare) is None
