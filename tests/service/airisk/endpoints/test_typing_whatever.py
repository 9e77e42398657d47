"""Whatever is typed into a form, and whatever a placeholder stands for, it is one request to this deployment or none.

Judged by a port that keeps every byte it is sent, not by a parser of ours.
"""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.kit.drafting import FILENAMES
from tests.kit.overhearing import TOKEN, Ear, Heard, overhearing, send, understood
from tui.airisk.endpoints.forms import EndpointForm, Form, RawForm
from tui.airisk.endpoints.merge import complete
from tui.airisk.endpoints.model import Endpoint, Field
from tui.airisk.endpoints.variables import Variables
from tui.airisk.identity import Identity
from tui.airisk.json_schema.schema import ANY_JSON
from tui.airisk.models import Draft, Exchange, Upload, User
from tui.errors import RequestRejectedError

_FIELDS = (
    Field("one", "path", required=True),
    Field("two", "path", required=True),
    Field("list", "path", kind="array", style="comma", required=True),
    Field("q"),
    Field("many", kind="array", style="repeat"),
    Field("deep", kind="object", style="deep"),
    Field("X-Trace", "header"),
)
_PATH = "/api/{one}/x/{two}/y/{list}"
ENDPOINTS = (
    Endpoint("Ask", "Odd", "GET", _PATH, fields=_FIELDS),
    Endpoint("Tell", "Odd", "POST", _PATH, fields=_FIELDS, body=ANY_JSON),
    Endpoint("Say", "Odd", "POST", _PATH, fields=(*_FIELDS, Field("text", "body"))),
    Endpoint("Fill", "Odd", "PUT", _PATH, fields=(*_FIELDS, Field("text", "form"))),
    Endpoint("Attach", "Odd", "POST", _PATH, fields=(*_FIELDS, Field("text", "form"), Field("file", "file"))),
    Endpoint("Go", "Odd", "DELETE", _PATH, fields=_FIELDS),
)
_SMUGGLED = (
    "\r\nHost: evil.example\r\n\r\n",
    " HTTP/1.1\r\nX: y",
    "../../..",
    "..",
    "%2e%2e",
    "//evil.example/",
    "\\\\evil.example",
    "@evil.example",
    "?x=y#z",
    "{two}",
    "a\0b",
    "\u2028",
    "\x85",
    "ĊHost:ĠX",
    "\ud800",
    '"; filename="x"\r\n\r\n--',
)
_NAMES = ("{{user.id}}", "{{ user.name }}", "{{kept}}", "{{response.0.id}}", "{{agent.id}}", "\\{{x}}", "{{nobody}}")

NASTY = st.sampled_from(_SMUGGLED) | st.text("/\\.%2eE?#@:;&=[]{}<>\"'| \t\r\n\0\x7f\x85éü€aZ09,", max_size=10)
TYPED = st.lists(NASTY | st.sampled_from(_NAMES), min_size=1, max_size=3).map("".join)
LISTS = TYPED | st.lists(NASTY.filter(str.isprintable), max_size=3).map(json.dumps)
OBJECTS = st.dictionaries(NASTY.filter(str.isprintable), NASTY.filter(str.isprintable), max_size=2).map(json.dumps)
BOUNDED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def ear() -> Iterator[Ear]:
    with overhearing() as listening:
        yield listening


@st.composite
def known_things(draw: st.DrawFn) -> tuple[Variables, Identity]:
    """A user, a kept value and an answer that hold whatever they like."""
    user = User(draw(NASTY), draw(NASTY))
    identity = Identity.of(user)
    known = Variables().choose(user)
    with contextlib.suppress(RequestRejectedError):
        known = known.keep("kept", draw(NASTY))
    body = json.dumps([{"id": draw(NASTY), "name": "x"}]).encode()
    answer = Exchange(
        status=200,
        reason="OK",
        headers=(("Content-Type", "application/json"),),
        draft=Draft("GET", "/api/Chat/ListAgents"),
        identity=identity,
        body=body,
        seconds=0.1,
        at=datetime.now(UTC),
    )
    return known.learn(answer), identity


def heard_of(
    ear: Ear, form: Form, known: tuple[Variables, Identity], uploads: dict[str, Upload]
) -> tuple[Draft, Heard] | None:
    """What a form makes, and what came of it on the wire; None where it was refused."""
    things, identity = known
    try:
        draft = form.draft(lambda text, into: things.fill(text, identity, into), uploads)
        asyncio.run(send(draft, ear.origin, has_token=True))
    except RequestRejectedError as refusal:
        if TOKEN in refusal.message:
            raise
        return None
    return draft, understood(ear.last())


def check(ear: Ear, heard: Heard, method: str, own: set[str]) -> str:
    """It is one request to this deployment with these headers and no others; its target."""
    verb, target, version = heard.line.decode("ascii").split(" ")
    assert (verb, version) == (method, "HTTP/1.1")
    assert target.startswith("/")
    assert not target.startswith("//")
    names = [name.decode("ascii").lower() for name, _ in heard.headers.elements()]
    usual = {"host", "accept", "accept-encoding", "user-agent", "authorization"}
    assert all(names.count(name) == 1 for name in usual)
    assert names.count("content-length") <= 1
    assert usual <= set(names) <= usual | {"content-length", "content-type"} | own
    assert heard.headers[b"Host", ear.origin.name.encode()] == 1
    assert heard.headers[b"Authorization", f"Bearer {TOKEN}".encode()] == 1
    return target


NOBODY = (Variables(), Identity("application"))
VALUES = st.fixed_dictionaries(
    {"one": TYPED, "two": TYPED, "list": LISTS},
    optional={"q": TYPED, "many": LISTS, "deep": OBJECTS, "X-Trace": TYPED, "text": TYPED},
)


@settings(BOUNDED, max_examples=400)
@given(st.sampled_from(ENDPOINTS), VALUES, known_things(), st.tuples(TYPED, FILENAMES))
@example(ENDPOINTS[0], {"one": "..", "two": "x", "list": "y"}, NOBODY, ("", "x"))
@example(ENDPOINTS[0], {"one": "{two}", "two": "{one}", "list": "{two}"}, NOBODY, ("", "x"))
def test_fields_are_one_request_or_none(
    ear: Ear, endpoint: Endpoint, values: dict[str, str], known: tuple[Variables, Identity], contents: tuple[str, str]
) -> None:
    body, filename = contents
    uploads = {"file": Upload(filename, filename, b"content")} if endpoint.title == "Attach" else {}
    text = json.dumps({"text": body}) if endpoint.body else None
    came = heard_of(ear, EndpointForm(endpoint, values, text), known, uploads)
    if came is None:
        return
    target = check(ear, came[1], endpoint.method, {"x-trace"})
    path, _, query = target.partition("?")
    steps = path.split("/")
    assert (steps[1], steps[3], steps[5], len(steps)) == ("api", "x", "y", 7)
    things, identity = known
    assert unquote(steps[2]) == things.fill(values["one"], identity)
    assert unquote(steps[4]) == things.fill(values["two"], identity)
    assert all(pair.partition("=")[0].partition("%5B")[0] in {"q", "many", "deep"} for pair in query.split("&") if pair)


@settings(BOUNDED, max_examples=300)
@given(st.tuples(st.sampled_from(["GET", "POST", "PATCH"]), TYPED, st.lists(TYPED, max_size=2), TYPED), known_things())
def test_what_is_written_freely_with_names_in_it_is_one_request_or_none(
    ear: Ear, typed: tuple[str, str, list[str], str], known: tuple[Variables, Identity]
) -> None:
    method, target, headers, body = typed
    lines = "\n".join(f"X-{number}: {value}" for number, value in enumerate(headers))
    came = heard_of(ear, RawForm(ear.origin, method, f"/api/{target}", lines, body), known, {})
    if came is None:
        return
    draft, heard = came
    named = {line.partition(":")[0].strip().lower() for line in lines.split("\n") if line.strip()}
    assert check(ear, heard, method, named) == draft.target
    assert heard.body == draft.body


@settings(BOUNDED, max_examples=150)
@given(known_things())
def test_what_a_placeholder_stands_for_adds_no_step_no_value_and_no_header(
    ear: Ear, known: tuple[Variables, Identity]
) -> None:
    for name in ("{{user.id}}", "{{kept}}", "{{response.0.id}}"):
        form = RawForm(ear.origin, "POST", f"/api/{name}/x?a={name}&b=1", f"X-One: {name}", f'{{"a": "{name}"}}')
        came = heard_of(ear, form, known, {})
        if came is None:
            continue
        value = known[0].fill(name, known[1])
        path, _, query = check(ear, came[1], "POST", {"x-one"}).partition("?")
        assert [unquote(step) for step in path.split("/")] == ["", "api", value, "x"]
        assert [unquote(pair) for pair in query.split("&")] == [f"a={value}", "b=1"]
        assert json.loads(came[1].body) == {"a": value}


@settings(BOUNDED, max_examples=300)
@given(
    st.sampled_from(["GET", "post", " PUT ", "TRACE", "GET / HTTP/1.1\r\nX:"]) | NASTY,
    st.tuples(st.sampled_from(["/api/{one}", "/api/", "/", "//", ""]), NASTY).map("".join),
    TYPED,
    known_things(),
)
@example("POST", "/api/{a}/{a}?{b}={c}", "x/../y", NOBODY)
def test_what_is_known_by_name_only_is_completed_to_one_request_or_none(
    ear: Ear, method: str, path: str, value: str, known: tuple[Variables, Identity]
) -> None:
    try:
        endpoint = complete(Endpoint("Create user", "Odd"), method, path)
    except RequestRejectedError:
        return
    values = {each.name: value for each in endpoint.fields}
    came = heard_of(ear, EndpointForm(endpoint, values), known, {})
    if came:
        target = check(ear, came[1], method.strip().upper(), set())
        assert target.partition("?")[0].count("/") == endpoint.path.partition("?")[0].count("/")
