"""A request is what a header, its query or its form makes of it: refused and confirmed as that."""

from dataclasses import replace

import pytest

from tests.kit.trails import ADA, SETTINGS
from tui.access.model import SkippedEndpoint
from tui.access.plan import filter_confirmed
from tui.access.requests import parse_request
from tui.airisk.curl.parse import read_curl
from tui.airisk.endpoints.catalog import ENDPOINTS
from tui.airisk.endpoints.forms import RawForm
from tui.airisk.guard_rails import check_request, needs_confirmation
from tui.airisk.http.request import Request
from tui.airisk.identity import APPLICATION
from tui.airisk.models import Draft, Upload
from tui.airisk.responses.pagination import page_of
from tui.config.origin import parse_origin
from tui.errors import RequestRejectedError

ORIGIN = parse_origin("https://demo.aicrisk.com")
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
PART = b'--x\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDelete\r\n--x--\r\n'


def by_header(name: str, value: str) -> Draft:
    return Draft("GET", "/api/x", headers=((name, value),))


OVERRIDDEN = {
    "a header": by_header("X-HTTP-Method-Override", "DELETE"),
    "a header in any case": by_header("x-Http-METHOD-override", "delete"),
    "another header": by_header("X-Method-Override", " Put "),
    "a third header": by_header("X-HTTP-Method", "MERGE"),
    "the second of two": Draft("GET", "/", headers=(("X-HTTP-Method", "GET"), ("X-Method-Override", "POST"))),
    "a method nobody knows": by_header("X-HTTP-Method", "GET, DELETE"),
    "the query": Draft("GET", "/api/x?a=1&_method=delete"),
    "the query, encoded": Draft("GET", "/api/x?%5Fmethod=%44ELETE"),
    "the query, by semicolons": Draft("GET", "/api/x?a=1;_method=DELETE"),
    "a query held apart": Draft("GET", "/api/x", query=(("_METHOD", "Patch"),)),
    "a form": Draft("HEAD", "/api/x", headers=FORM, body=b"a=1&%5Fmethod=delete"),
    "a part of a form": Draft("GET", "/api/x", files=(Upload("_method", "", b"DELETE"),)),
    "a part written by hand": Draft("GET", "/api/x", body=PART),
    "JSON": Draft("GET", "/api/x", body=b'{"_method": "DELETE"}'),
    "a free request": RawForm(ORIGIN, "GET", "/api/x", "X-HTTP-Method-Override: DELETE").draft(
        lambda text, _: text, {}
    ),
    "a pasted command": read_curl(f"curl -H 'x-http-method-override: delete' {ORIGIN}/api/x", ORIGIN).draft,
    "any method in small letters": Draft("delete", "/api/x"),
}


@pytest.mark.parametrize("draft", OVERRIDDEN.values(), ids=OVERRIDDEN)
def test_what_makes_a_change_of_a_request_is_refused_and_confirmed(draft):
    assert not draft.is_safe
    assert not Request.of(draft).is_safe
    with pytest.raises(RequestRejectedError, match=f"{draft.effective_method} blocked: read-only mode is on"):
        check_request(replace(SETTINGS, read_only=True), draft, APPLICATION, None)
    assert needs_confirmation(SETTINGS, draft, ADA)
    assert needs_confirmation(replace(SETTINGS, label="production"), draft, APPLICATION)


STILL_SAFE = {
    "the same said twice": by_header("X-HTTP-Method-Override", "get"),
    "nothing said": by_header("X-HTTP-Method-Override", " "),
    "another header's value": by_header("X-Note", "_method=DELETE"),
    "a value of the query": Draft("GET", "/api/x?note=_method"),
    "a file's content": Draft("GET", "/api/x", files=(Upload("_method", "a.txt", b"DELETE"),)),
    "another name": Draft("GET", "/api/x", headers=FORM, body=b"payment_method=DELETE&the_method=x"),
}


@pytest.mark.parametrize("draft", STILL_SAFE.values(), ids=STILL_SAFE)
def test_what_makes_none_of_it_is_left_alone(draft):
    assert draft.is_safe
    assert Request.of(draft).is_safe


def test_a_matrix_leaves_it_out_until_it_is_confirmed_by_name():
    name = "GET /api/Chat/ListAgents?_method=DELETE"
    question = parse_request(name, ENDPOINTS, {})
    assert filter_confirmed([question], [])[1] == (
        SkippedEndpoint(name, f"may change data (allow with --allow-unsafe '{name}')"),
    )
    assert filter_confirmed([question], [name])[0] == (question,)


def test_there_are_no_pages_of_it():
    listing = Draft("GET", "/api/Chat/GetConversations", query=(("results", "20"), ("skip", "0")))
    assert page_of(listing)
    assert page_of(replace(listing, headers=(("X-HTTP-Method-Override", "DELETE"),))) is None
